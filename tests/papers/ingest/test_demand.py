"""Papers on demand: what readers ask for comes through the gate, bounded, joined, in turn."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from coolpapers import clock
from papers.arxiv import calendar, identifiers
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import check, demand, rounds
from papers.ingest import day as days
from papers.ingest.demand import State, Wish
from papers.models import AnnouncedDay, DayCheck, FetchRun, Paper, Wanted
from tests.papers.ingest.collections import MONDAY, TUESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)
READER = demand.client_key("192.0.2.7")
LATER = calendar.rss_due_at(DAY) + timedelta(hours=12)


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return write_collection(
        tmp_path,
        {
            MONDAY: [paper(f"2608.{n:05}", "cs.AI") for n in range(1, 6)],
            TUESDAY: [paper("2608.00011", "cs.AI"), paper("hep-th/9901001", "hep-th")],
        },
    )


@pytest.fixture
def server(collection: Collection, settings: Settings) -> Iterator[ReplayServer]:
    set_time(LATER)
    with ReplayServer(collection, DAY) as running:
        settings.ARXIV_RSS_URL = running.rss_url
        settings.ARXIV_API_URL = running.api_url
        settings.ARXIV_OAI_URL = running.oai_url
        yield running


@pytest.fixture
def nothing_due(server: ReplayServer) -> None:
    """The day is done: only wishes are due."""
    check.plan_checks()
    DayCheck.objects.update(complete=True)
    AnnouncedDay.objects.bulk_create(
        AnnouncedDay(category_id=code, date=DAY, complete=True) for code in days.list_categories()
    )


def set_time(moment: datetime) -> None:
    clock.set_clock(clock.Clock(moment, rate=1))


def want(text: str, client: str = READER) -> State:
    return demand.want(identifiers.parse(text), client).state


def run_round() -> int:
    return rounds.fetch_due(timedelta(minutes=5))


def api_requests(server: ReplayServer) -> list[str]:
    return [request.target for request in server.requests if request.route == "api"]


@pytest.mark.usefixtures("nothing_due")
def test_a_wanted_paper_is_fetched_with_all_that_the_api_knows(server: ReplayServer) -> None:
    assert want("2608.00003") == State.WAITING
    assert rounds.is_due()
    run_round()
    assert Paper.objects.get().identifier == "2608.00003"
    assert want("2608.00003") == State.HERE
    assert not Wanted.objects.exists()
    assert not rounds.is_due()
    run = FetchRun.objects.get(source="api")
    assert (run.asked, run.outcome, run.new, run.requests) == ("2608.00003", "complete", 1, 1)


@pytest.mark.usefixtures("nothing_due")
def test_many_wishes_are_one_request_and_the_same_wish_is_noted_once(server: ReplayServer) -> None:
    for text in ("2608.00001", "2608.00002v3", "math.GT/0309136", "hep-th/9901001", "2608.00002"):
        assert want(text) == State.WAITING
    assert Wanted.objects.count() == 4
    run_round()
    assert len(api_requests(server)) == 1
    assert set(Paper.objects.values_list("identifier", flat=True)) == {
        "2608.00001", "2608.00002", "hep-th/9901001",
    }  # fmt: skip


@pytest.mark.usefixtures("nothing_due")
def test_what_arxiv_twice_leaves_out_is_absent_for_a_day(server: ReplayServer) -> None:
    want("2608.04242")
    run_round()
    assert want("2608.04242") == State.WAITING
    assert not rounds.is_due()
    set_time(LATER + timedelta(minutes=2))
    run_round()
    assert want("2608.04242") == State.ABSENT
    set_time(LATER + timedelta(hours=23))
    assert want("2608.04242") == State.ABSENT
    assert len(api_requests(server)) == 2
    set_time(LATER + timedelta(hours=25))
    assert want("2608.04242") == State.WAITING


@pytest.mark.usefixtures("nothing_due")
def test_a_single_empty_page_makes_no_paper_absent(server: ReplayServer) -> None:
    server.add_fault("lag=100@api*1")
    want("2608.00003")
    run_round()
    set_time(LATER + timedelta(minutes=2))
    run_round()
    assert want("2608.00003") == State.HERE


@pytest.mark.usefixtures("nothing_due")
def test_a_sick_api_is_left_in_peace_and_the_wish_stays(server: ReplayServer) -> None:
    server.add_fault("503@api")
    want("2608.00003")
    run_round()
    assert len(api_requests(server)) == 1
    assert demand.want(identifiers.parse("2608.00003"), READER) == Wish(State.WAITING, True)
    assert not rounds.is_due()
    server.clear_faults()
    set_time(LATER + timedelta(minutes=2))
    run_round()
    assert want("2608.00003") == State.HERE


def test_a_sick_api_does_not_stop_the_feeds(server: ReplayServer) -> None:
    server.add_fault("503@api")
    want("2608.00003")
    run_round()
    assert sum(request.route == "rss" for request in server.requests) == 149


@pytest.mark.usefixtures("nothing_due")
def test_one_wish_that_arxiv_refuses_holds_up_no_other(server: ReplayServer) -> None:
    server.add_fault("400@api*1")
    for text in ("2608.00001", "2608.00002", "2608.00003"):
        want(text)
    run_round()
    assert Paper.objects.count() == 0
    set_time(LATER + timedelta(minutes=2))
    server.add_fault("400@api*1")
    run_round()
    set_time(LATER + timedelta(minutes=6))
    run_round()
    assert [want(f"2608.0000{n}") for n in (1, 2, 3)] == [State.FAILED, State.HERE, State.HERE]


def test_wishes_take_turns_with_the_feeds(server: ReplayServer) -> None:
    for number in range(1, 120):
        Wanted.objects.create(
            identifier=f"2608.{number:05}", asked_at=clock.now(), next_try_at=clock.now()
        )
    run_round()
    routes = [r.route for r in server.requests if r.route != "oai"]
    assert routes[:11] == ["rss"] * 4 + ["api"] + ["rss"] * 4 + ["api", "rss"]


@pytest.mark.usefixtures("nothing_due")
def test_wishes_take_turns_with_the_checks(server: ReplayServer) -> None:
    DayCheck.objects.filter(date=DAY).update(complete=False)
    want("2608.04242")
    run_round()
    assert DayCheck.objects.get(date=DAY).attempts == 1
    assert len(api_requests(server)) == 1


def test_a_paper_of_a_month_to_come_is_refused_at_once() -> None:
    set_time(LATER)
    assert want("2609.00001") == State.IMPOSSIBLE
    assert want("3501.00001") == State.IMPOSSIBLE
    assert not Wanted.objects.exists()
    # On the last day of a month arXiv may begin to number the next.
    set_time(LATER.replace(month=8, day=31))
    assert want("2609.00001") == State.WAITING


def test_the_queue_is_bounded() -> None:
    set_time(LATER)
    now = clock.now()
    Wanted.objects.bulk_create(
        Wanted(identifier=f"2607.{n:05}", asked_at=now, next_try_at=now)
        for n in range(1, demand.MOST_WAITING + 1)
    )
    assert want("2608.00001") == State.BUSY
    assert want("2607.00001") == State.WAITING
    assert Wanted.objects.count() == demand.MOST_WAITING


def test_a_client_may_wish_for_so_many_and_other_clients_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_time(LATER)
    monkeypatch.setattr(demand, "WISHES_A_CLIENT", 3)
    states = [want(f"2608.0000{n}") for n in range(1, 6)]
    assert states == [State.WAITING] * 3 + [State.BUSY] * 2
    assert want("2608.00001") == State.WAITING
    assert want("2608.00009", demand.client_key("198.51.100.1")) == State.WAITING


def test_without_redis_the_bounded_queue_alone_protects(settings: Settings) -> None:
    set_time(LATER)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert want("2608.00001") == State.WAITING


def test_a_client_is_a_network_that_its_key_does_not_tell() -> None:
    key = demand.client_key
    assert key("192.0.2.7") == key("192.0.2.200") == key("::ffff:192.0.2.9")
    assert key("192.0.2.7") != key("192.0.3.7")
    assert key("2001:db8:0:7::1") == key("2001:db8:0:9:abcd::2")
    assert key("2001:db8:0:7::1") != key("2001:db8:1:7::1")
    assert key("") == key("unix:") and "192" not in key("192.0.2.7")


def test_a_hidden_paper_is_not_fetched_again(server: ReplayServer) -> None:
    with rounds.open_client() as client:
        days.sync_category(client, "cs.AI", DAY)
    Paper.objects.update(hidden=True)
    assert want("2608.00011") == State.HIDDEN
    assert not Wanted.objects.exists()


@pytest.mark.usefixtures("nothing_due")
def test_a_wish_that_came_true_by_a_feed_is_forgotten(server: ReplayServer) -> None:
    want("2608.00011")
    with rounds.open_client() as client:
        days.sync_category(client, "cs.AI", DAY)
    run_round()
    assert api_requests(server) == []
    assert not Wanted.objects.exists()


def test_a_wish_costs_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    set_time(LATER)
    with django_assert_max_num_queries(7):
        want("2608.00001")
    with django_assert_max_num_queries(3):
        want("2608.00001")
