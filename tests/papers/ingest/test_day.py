"""A category's announcement, from the replay server through the client into the database."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.client import Addresses, Client
from papers.arxiv.errors import ArxivError, Transient
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import day as days
from papers.ingest import samples
from papers.ingest.gate import PostgresGate
from papers.ingest.walk import walk
from papers.models import AnnouncedDay, Announcement, FetchRun, Paper
from tests.papers.ingest.collections import MONDAY, TUESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)


def set_time(moment: datetime, rate: float = 1000.0) -> None:
    """Let the clock show `moment`, and run fast, so that retries are not waited for."""
    clock.set_clock(clock.Clock(moment, rate=rate))


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return write_collection(
        tmp_path,
        {
            MONDAY: [paper("2608.00001", "cs.AI", "cs.CL"), paper("2608.00002", "cs.AI")],
            TUESDAY: [
                paper("2608.00011", "cs.AI", "cs.CL"),
                paper("2608.00010", "cs.CL", "cs.AI"),
                paper("2608.00012", "cs.AI", title='Maths <b>and</b> Schr\\"odinger & $x$'),
                paper("2608.00001", "cs.AI", "cs.CL", kind="replace", version=2, title="Again"),
            ],
        },
    )


@pytest.fixture
def server(collection: Collection) -> Iterator[ReplayServer]:
    set_time(calendar.rss_due_at(DAY) + timedelta(minutes=10))
    with ReplayServer(collection, DAY) as running:
        yield running


@pytest.fixture
def client(server: ReplayServer) -> Iterator[Client]:
    addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
    with Client(addresses, PostgresGate(0), "test") as client:
        yield client


def lines(category: str, day: date = DAY) -> list[tuple[str, int, int]]:
    rows = Announcement.objects.filter(category=category, date=day).order_by("kind", "position")
    return list(rows.values_list("paper__identifier", "version", "kind"))


def test_a_feed_becomes_papers_and_announcements_in_arxivs_order(client: Client) -> None:
    outcome = days.sync_category(client, "cs.AI", DAY)
    assert lines("cs.AI") == [
        ("2608.00011", 1, 1), ("2608.00012", 1, 1), ("2608.00010", 1, 2), ("2608.00001", 2, 3),
    ]  # fmt: skip
    row = outcome.day
    assert (row.announced, row.present, row.replaced, row.complete) == (3, 3, 1, True)
    assert Paper.objects.get(identifier="2608.00012").title == "Maths <b>and</b> Schrödinger & $x$"


def test_kinds_are_relative_to_the_category(client: Client) -> None:
    days.sync_category(client, "cs.CL", DAY)
    assert lines("cs.CL") == [("2608.00010", 1, 1), ("2608.00011", 1, 2), ("2608.00001", 2, 4)]


def test_the_same_feed_again_changes_no_paper_and_no_announcement(client: Client) -> None:
    days.sync_category(client, "cs.AI", DAY)
    before = list(Paper.objects.order_by("id").values()), list(Announcement.objects.values())
    days.sync_category(client, "cs.AI", DAY)
    assert (
        list(Paper.objects.order_by("id").values()),
        list(Announcement.objects.values()),
    ) == before
    run = FetchRun.objects.order_by("-started_at").first()
    assert run and (run.new, run.changed, run.unchanged) == (0, 0, 4)


def test_every_fetch_leaves_a_run_with_its_attempts(client: Client, server: ReplayServer) -> None:
    server.add_fault("503=1@rss/cs.AI*2")
    days.sync_category(client, "cs.AI", DAY)
    run = FetchRun.objects.get()
    assert (run.outcome, run.requests, run.new) == ("complete", 3, 4)
    assert [a["answer"] for a in run.attempts] == ["503", "503", "200"]


def test_a_failed_fetch_leaves_a_run_and_a_time_to_ask_again(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("500@rss/cs.AI")
    with pytest.raises(Transient):
        days.sync_category(client, "cs.AI", DAY)
    run = FetchRun.objects.get()
    row = AnnouncedDay.objects.get()
    assert run.outcome == "failed" and "500" in run.error and run.finished_at
    assert not row.complete and row.next_check_at and row.next_check_at > clock.now()
    assert "cs.AI" not in days.list_due(DAY, clock.now())
    assert "cs.AI" in days.list_due(DAY, row.next_check_at + timedelta(seconds=1))


@pytest.mark.parametrize("fault", ["noid", "badid"])
def test_a_bad_entry_is_refused_alone_with_its_reason(
    client: Client, server: ReplayServer, fault: str
) -> None:
    server.add_fault(f"{fault}@rss/cs.AI*1")
    days.sync_category(client, "cs.AI", DAY)
    run = FetchRun.objects.get()
    assert (run.new, run.refused) == (3, 1)
    assert run.refusals[0]["reason"]


@pytest.mark.parametrize("fault", ["reset", "truncate", "blank", "html", "429=2", "503=date:3"])
def test_a_passing_fault_is_outlasted(client: Client, server: ReplayServer, fault: str) -> None:
    server.add_fault(f"{fault}@rss/cs.AI*2")
    assert days.sync_category(client, "cs.AI", DAY).day.complete


def test_a_feed_that_stays_cut_short_gives_what_it_has_and_is_incomplete(
    client: Client, server: ReplayServer
) -> None:
    server.add_fault("truncate=0.7@rss/cs.AI")
    outcome = days.sync_category(client, "cs.AI", DAY)
    assert not outcome.day.complete and outcome.day.next_check_at
    assert 0 < len(lines("cs.AI")) < 4


@pytest.mark.parametrize("fault", ["stale", "stale=redated"])
def test_a_stale_feed_is_not_taken_for_today(
    client: Client, server: ReplayServer, fault: str
) -> None:
    server.set_today(date.fromisoformat(MONDAY))
    days.sync_category(client, "cs.AI", date.fromisoformat(MONDAY))
    server.set_today(DAY)
    server.add_fault(f"{fault}@rss/cs.AI*1")
    outcome = days.sync_category(client, "cs.AI", DAY)
    assert not outcome.day.complete
    assert lines("cs.AI") == []
    assert days.sync_category(client, "cs.AI", DAY).day.complete
    assert len(lines("cs.AI")) == 4


def test_an_answer_without_end_is_refused(client: Client, server: ReplayServer) -> None:
    server.add_fault("huge=60@rss/cs.AI")
    with pytest.raises(ArxivError):
        days.sync_category(client, "cs.AI", DAY)


def test_samples_leave_when_real_papers_come(client: Client, collection: Collection) -> None:
    walk(collection, ["cs.AI"], lambda _line: None, Paper.Source.SAMPLE)
    assert samples.are_shown()
    days.sync_category(client, "cs.AI", DAY)
    assert not samples.are_shown()
    assert not Announcement.objects.filter(paper__source=Paper.Source.SAMPLE).exists()
    assert len(lines("cs.AI")) == 4


def test_a_walk_plays_every_day_and_goes_on_where_it_was(collection: Collection) -> None:
    report: list[str] = []
    walk(collection, ["cs.AI"], report.append)
    walk(collection, ["cs.AI", "cs.CL"], report.append)
    assert FetchRun.objects.count() == 4
    assert report[0] == "Mon 10 Aug 2026: 2 papers announced"
    assert Paper.objects.get(identifier="2608.00001").version == 2


@pytest.fixture
def waits() -> Callable[[], list[timedelta]]:
    def ask() -> list[timedelta]:
        row = AnnouncedDay.objects.get()
        assert row.next_check_at and row.checked_at
        return [row.next_check_at - row.checked_at]

    return ask


def test_an_incomplete_day_is_asked_for_ever_more_slowly(
    client: Client, server: ReplayServer, waits: Callable[[], list[timedelta]]
) -> None:
    server.add_fault("404@rss/cs.AI")
    seen = []
    for _ in range(4):
        with pytest.raises(ArxivError):
            days.sync_category(client, "cs.AI", DAY)
        seen += waits()
    assert seen == sorted(seen) and seen[0] < seen[-1]
