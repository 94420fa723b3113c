"""Whole days against OAI-PMH: what the feeds left out is found, repaired or explained."""

import contextlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.client import Addresses, Client
from papers.arxiv.errors import Transient
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import check, harvest
from papers.ingest import day as days
from papers.ingest.gate import PostgresGate
from papers.models import AnnouncedDay, Announcement, DayCheck, FetchRun, Harvest, Paper
from tests.papers.ingest.collections import MONDAY, TUESDAY, WEDNESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return write_collection(
        tmp_path,
        {
            MONDAY: [paper(f"2608.{n:05}", "cs.AI", "cs.CL") for n in range(1, 6)],
            TUESDAY: [
                *(paper(f"2608.{n:05}", "cs.AI", "cs.CL") for n in range(11, 21)),
                paper("2608.00001", "cs.AI", "cs.CL", kind="replace", version=2),
                paper("2608.00002", "cs.AI", "cs.CL", kind="replace", version=6),
            ],
            WEDNESDAY: [paper(f"2608.{n:05}", "cs.CL", "stat.ML") for n in range(21, 31)],
        },
    )


@pytest.fixture
def server(collection: Collection) -> Iterator[ReplayServer]:
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(minutes=10), rate=1000))
    with ReplayServer(collection, DAY, oai_page=4) as running:
        yield running


@pytest.fixture
def client(server: ReplayServer) -> Iterator[Client]:
    addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
    with Client(addresses, PostgresGate(0), "test") as client:
        yield client


def content() -> list[tuple[object, ...]]:
    rows = Announcement.objects.order_by("date", "category", "kind", "position")
    return list(
        rows.values_list("date", "category", "paper__identifier", "version", "kind", "position")
    )


def test_a_day_whose_feeds_are_whole_needs_no_repair(client: Client) -> None:
    days.sync_category(client, "cs.AI", DAY)
    days.sync_category(client, "cs.CL", DAY)
    (result,) = check.check_days(client, [DAY])
    assert (result.complete, result.repaired) == (True, 0)
    assert AnnouncedDay.objects.filter(date=DAY, complete=True).count() == 149


def test_a_feed_cut_in_half_is_completed_as_if_it_had_been_whole(
    client: Client, server: ReplayServer
) -> None:
    days.sync_category(client, "cs.AI", DAY)
    days.sync_category(client, "cs.CL", DAY)
    whole = content()
    Announcement.objects.all().delete()
    server.add_fault("half=0.6@rss/cs.AI*1")
    days.sync_category(client, "cs.AI", DAY)
    days.sync_category(client, "cs.CL", DAY)
    (result,) = check.check_days(client, [DAY])
    assert content() == whole
    assert result.complete and result.repaired > 0
    row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
    assert (row.announced, row.present, row.replaced) == (10, 10, 1)


def test_a_stale_category_is_repaired_from_the_harvest(
    client: Client, server: ReplayServer
) -> None:
    days.sync_category(client, "cs.CL", DAY)
    server.add_fault("stale@rss/cs.AI")
    days.sync_category(client, "cs.AI", DAY)
    (result,) = check.check_days(client, [DAY])
    row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
    assert result.complete and row.complete and row.reconstructed and row.announced == 10


def test_replacements_from_version_six_on_are_explained_and_not_announced(client: Client) -> None:
    days.sync_category(client, "cs.AI", DAY)
    check.check_days(client, [DAY])
    row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
    assert row.explained == {"2608.00002v6": check.UNLISTED}
    assert not Announcement.objects.filter(paper__identifier="2608.00002", date=DAY).exists()


def test_a_day_that_was_missed_altogether_is_rebuilt_and_marked(
    client: Client, server: ReplayServer, collection: Collection
) -> None:
    for category in ("cs.AI", "cs.CL", "stat.ML"):
        days.sync_category(client, category, DAY)
    clean = content()
    Announcement.objects.all().delete()
    AnnouncedDay.objects.all().delete()
    server.set_today(date.fromisoformat(WEDNESDAY))
    (result,) = check.check_days(client, [DAY])
    assert result.complete
    assert content() == clean
    assert all(Announcement.objects.values_list("reconstructed", flat=True))
    assert Paper.objects.get(identifier="2608.00011").author_names[1] == "Émilie du Châtelet"


def test_the_first_start_plans_five_days_and_later_ones_all_that_were_missed() -> None:
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(minutes=10)))
    check.plan_checks()
    assert DayCheck.objects.count() == 5
    assert DayCheck.objects.latest("date").date == DAY
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(days=30)))
    check.plan_checks()
    dates = set(DayCheck.objects.values_list("date", flat=True))
    expected = calendar.list_listing_dates(DAY, DAY + timedelta(days=30))
    assert dates >= set(expected)


def test_a_day_is_not_called_complete_while_the_harvest_lags(
    client: Client, server: ReplayServer
) -> None:
    days.sync_category(client, "cs.AI", DAY)
    days.sync_category(client, "cs.CL", DAY)
    server.set_today(date.fromisoformat(MONDAY))
    (result,) = check.check_days(client, [DAY])
    assert not result.complete and result.next_check_at and result.next_check_at > clock.now()
    server.set_today(DAY)
    assert check.check_days(client, [DAY])[0].complete


def test_papers_that_the_feeds_named_and_the_harvest_left_out_make_it_ask_again(
    client: Client, server: ReplayServer
) -> None:
    # The feeds name 00011 to 00016.
    server.add_fault("half=0.6@rss*2")
    server.add_fault("skip=2608.00016..2608.00018@oai*3")
    for category in ("cs.AI", "cs.CL"):
        days.sync_category(client, category, DAY)
    (first,) = check.check_days(client, [DAY])
    assert not first.complete and "OAI-PMH lacks" in first.reason
    (second,) = check.check_days(client, [DAY])
    assert second.complete
    assert Paper.objects.filter(submitted_at=None).count() == 0
    assert Announcement.objects.filter(date=DAY, category="cs.AI").count() == 11


def test_what_oai_pmh_never_has_does_not_keep_a_day_open(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("skip=2608.00014..2608.00014@oai")
    for category in ("cs.AI", "cs.CL"):
        days.sync_category(client, category, DAY)
    complete = [check.check_days(client, [DAY])[0].complete for _ in range(4)]
    assert complete == [False, False, False, True]


def test_a_missed_day_is_harvested_twice_so_that_one_may_leave_papers_out(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("skip=2608.00013..2608.00017@oai*4")
    (result,) = check.check_days(client, [DAY])
    assert result.complete
    assert Announcement.objects.filter(date=DAY, category="cs.AI").count() == 11


def test_the_next_harvest_brings_what_the_last_one_left_out(
    client: Client, server: ReplayServer
) -> None:
    # Neither the feeds nor the harvest named them on their day.
    server.add_fault("half=0.3@rss")
    for category in ("cs.AI", "cs.CL"):
        days.sync_category(client, category, DAY)
    server.add_fault("skip=2608.00018..2608.00020@oai")
    (result,) = check.check_days(client, [DAY])
    assert result.complete
    assert Announcement.objects.filter(date=DAY, category="cs.AI").count() == 8
    server.clear_faults()
    server.set_today(date.fromisoformat(WEDNESDAY))
    check.check_days(client, [date.fromisoformat(WEDNESDAY)])
    assert Announcement.objects.filter(date=DAY, category="cs.AI").count() == 11


def test_a_feed_that_stays_cut_is_asked_again_and_not_for_ever(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("half=0.5@rss/cs.AI")
    asked = 0
    days.sync_category(client, "cs.AI", DAY)
    check.check_days(client, [DAY])
    while "cs.AI" in days.list_due(DAY, clock.now() + timedelta(hours=2)) and asked < 20:
        days.sync_category(client, "cs.AI", DAY)
        asked += 1
    assert asked == 5
    row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
    assert (row.complete, row.announced) == (True, 10)


@pytest.mark.parametrize("fault", ["half=0.5", "empty", "stale", "500"])
def test_a_feed_that_was_ill_is_read_again_for_what_only_it_tells(
    tmp_path: Path, fault: str
) -> None:
    old = paper("2608.00001", "cs.CL")
    collection = write_collection(
        tmp_path,
        {
            MONDAY: [old],
            TUESDAY: [
                *(paper(f"2608.{n:05}", "cs.AI") for n in range(11, 15)),
                {**old, "kind": "cross", "categories": ["cs.CL", "cs.AI"]},
            ],
        },
    )
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(minutes=10), rate=1000))
    with ReplayServer(collection, DAY) as server:
        server.add_fault(f"{fault}@rss*5")
        addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
        with Client(addresses, PostgresGate(0), "test") as client:
            with contextlib.suppress(Transient):
                days.sync_category(client, "cs.AI", DAY)
            (result,) = check.check_days(client, [DAY])
            assert result.complete
            clock.set_clock(clock.Clock(clock.now() + timedelta(minutes=6), rate=1000))
            server.clear_faults()
            assert "cs.AI" in days.list_due(DAY, clock.now())
            days.sync_category(client, "cs.AI", DAY)
            assert "cs.AI" not in days.list_due(DAY, clock.now())
    row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
    assert (row.announced, row.reconstructed, row.complete) == (5, False, True)


def test_a_paper_held_in_moderation_is_announced_on_its_own_day_alone(tmp_path: Path) -> None:
    held = paper("2608.00031", "cs.AI", submitted="2026-08-07T12:00:00Z")
    collection = write_collection(
        tmp_path,
        {
            MONDAY: [paper("2608.00001", "cs.AI")],
            TUESDAY: [*(paper(f"2608.{n:05}", "cs.AI") for n in range(21, 25)), held],
        },
    )
    monday = date.fromisoformat(MONDAY)
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(minutes=10), rate=1000))
    with ReplayServer(collection, DAY) as server:
        addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
        with Client(addresses, PostgresGate(0), "test") as client:
            check.check_days(client, [monday])
            row = AnnouncedDay.objects.get(date=monday, category="cs.AI")
            assert (row.announced, row.present) == (2, 2)
            days.sync_category(client, "cs.AI", DAY)
    row.refresh_from_db()
    assert (row.announced, row.present) == (1, 1)
    listed = Announcement.objects.order_by("date").values_list("date", "paper__identifier")
    assert (monday, "2608.00031") not in listed and (DAY, "2608.00031") in listed


def test_an_impossible_identifier_is_explained_when_the_feed_is_gone(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("badid=0@rss/cs.AI")
    days.sync_category(client, "cs.AI", DAY)
    (during,) = check.check_days(client, [DAY])
    assert not during.complete
    assert AnnouncedDay.objects.get(date=DAY, category="cs.AI").missing == [
        "oai:arXiv.org:2613.99999v1"
    ]
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(days=1), rate=1000))
    for _ in range(2):
        (afterwards,) = check.check_days(client, [DAY])
        row = AnnouncedDay.objects.get(date=DAY, category="cs.AI")
        assert afterwards.complete and row.complete and row.missing == []
        assert row.explained["oai:arXiv.org:2613.99999v1"] == check.UNKNOWN


def test_a_harvest_goes_on_from_its_token(client: Client, server: ReplayServer) -> None:
    server.add_fault("503@oai+2")
    with pytest.raises(Transient):
        check.check_days(client, [DAY])
    stopped = Harvest.objects.get()
    assert stopped.pages == 2 and stopped.token and stopped.finished_at is None
    server.clear_faults()
    check.check_days(client, [DAY])
    harvest = Harvest.objects.get(pk=stopped.pk)
    assert harvest.finished_at and harvest.pages > 2
    assert FetchRun.objects.filter(source="oai", outcome="failed").count() == 1


def test_a_harvest_begins_anew_when_the_next_day_was_announced_meanwhile(
    client: Client, server: ReplayServer
) -> None:
    # Two papers of Monday, seen on the first page already, are announced again on Tuesday: what
    # stands behind them moves up by two.
    clock.set_clock(clock.Clock(calendar.oai_due_at(DAY) - timedelta(hours=1), 1000))
    server.set_today(date.fromisoformat(MONDAY))
    server.add_fault("500@oai+1")
    since = date.fromisoformat(MONDAY)
    with pytest.raises(Transient):
        harvest.harvest(client, harvest.RAW, since)
    server.clear_faults()
    server.set_today(DAY)
    clock.set_clock(clock.Clock(calendar.oai_due_at(DAY) + timedelta(minutes=10), 1000))
    harvest.harvest(client, harvest.RAW, since)
    assert Paper.objects.count() == 15


@pytest.mark.parametrize(
    "fault", ["expired*1", "repeat*1", "503=1*2", "truncate*2", "429=1*1", "empty*2"]
)
def test_a_harvest_outlasts_faults_and_misses_nothing(
    client: Client, server: ReplayServer, fault: str
) -> None:
    kind, _, count = fault.partition("*")
    server.add_fault(f"{kind}@oai*{count}+1")
    (result,) = check.check_days(client, [DAY])
    assert result.complete
    assert Paper.objects.count() == 15
