"""The worker and beat as they run in production, against a replay server: what survives what."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from django.db import connection

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.replay import Collection, ReplayServer
from papers.models import KINDS, AnnouncedDay, Announcement, DayCheck, FetchRun, Paper
from papers.tasks import tick
from tests.papers.ingest.collections import MONDAY, TUESDAY, WEDNESDAY, paper, write_collection
from tests.torture import processes
from tests.torture.play import flush_broker

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(WEDNESDAY)
CATEGORIES = ("cs.AI", "cs.CL", "cs.LG", "stat.ML")
PATIENCE = 120.0


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    return write_collection(
        tmp_path,
        {
            "2026-08-06": [paper("2608.00001", "cs.AI")],
            "2026-08-07": [paper("2608.00002", "cs.LG")],
            MONDAY: [paper(f"2608.{n:05}", "cs.AI", "cs.CL") for n in range(11, 16)],
            TUESDAY: [paper(f"2608.{n:05}", "cs.CL", "cs.LG") for n in range(21, 31)],
            WEDNESDAY: [
                *(paper(f"2608.{n:05}", "cs.LG", "stat.ML", "cs.AI") for n in range(31, 41)),
                paper("2608.00011", "cs.AI", "cs.CL", kind="replace", version=2),
            ],
        },
    )


@pytest.fixture
def server(collection: Collection) -> Iterator[ReplayServer]:
    # A little latency, so that requests that overlap are seen as such.
    with ReplayServer(collection, "clock", oai_page=8, latency=0.01) as running:
        yield running


@pytest.fixture
def environment(server: ReplayServer) -> dict[str, str]:
    """Ten past midnight Eastern of the newest day, hundreds of times as fast."""
    start = calendar.rss_due_at(DAY) + timedelta(minutes=10)
    return {
        **processes.set_clock(start, 400),
        **processes.addresses(server),
        "ARXIV_MIN_INTERVAL": "3",
    }


def wait_until(reached: Callable[[], bool], *, ticking: bool = True) -> None:
    """Wait, ticking ten times a second as beat would; fails when it takes too long."""
    ticked = 0.0
    deadline = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < deadline, f"in vain; {FetchRun.objects.count()} runs"
        if ticking and time.monotonic() > ticked + 0.1:
            tick.apply_async(expires=5)
            ticked = time.monotonic()
        time.sleep(0.02)


def is_all_there() -> bool:
    return (
        DayCheck.objects.filter(complete=True).count() == 5
        and AnnouncedDay.objects.filter(date=DAY, complete=True).count() == 149
    )


def assert_nothing_is_missing_or_doubled(collection: Collection) -> None:
    for day in collection.days:
        for category in CATEGORIES:
            announced = [
                (one.line.identifier, one.line.version, KINDS[one.kind])
                for one in collection.announcement(day, [category])
            ]
            stored = Announcement.objects.filter(date=day, category=category).order_by("position")
            assert list(stored.values_list("paper__identifier", "version", "kind")) == announced, (
                day,
                category,
            )
    assert Paper.objects.count() == len(collection.current(DAY))


@pytest.mark.parametrize("end", ["kill", "kill_children"])
def test_a_worker_killed_in_the_middle_of_a_fetch_loses_nothing(
    collection: Collection, server: ReplayServer, environment: dict[str, str], end: str
) -> None:
    server.add_fault("delay=0.5@rss*1+40")
    with processes.start_worker(environment) as worker:
        wait_until(lambda: len(server.requests) == 41)
        getattr(worker, end)()
        if end == "kill_children":
            wait_until(is_all_there)
        else:
            assert not is_all_there()
            with processes.start_worker(environment):
                wait_until(is_all_there)
    assert_nothing_is_missing_or_doubled(collection)
    asked = [request.target for request in server.requests if request.route == "rss"]
    # One feed was on its way when the blow fell; what was stored is not asked for again.
    assert 149 <= len(asked) <= 151


def test_a_killed_harvest_goes_on_with_the_page_it_had_come_to(
    collection: Collection, server: ReplayServer
) -> None:
    # A Saturday: no feed shows anything, the last five days come by OAI-PMH.
    environment = {
        **processes.set_clock(datetime(2026, 8, 15, 12, tzinfo=UTC), 1000),
        **processes.addresses(server),
    }

    def all_days_are_there() -> bool:
        return DayCheck.objects.filter(complete=True).count() == 3

    server.add_fault("delay=0.5@oai*1+2")
    with processes.start_worker(environment) as worker:
        wait_until(lambda: len(server.requests) == 3)
        worker.kill()
    with processes.start_worker(environment):
        wait_until(all_days_are_there)
    assert server.requests[3].target == server.requests[2].target
    for category in CATEGORIES:
        rows = Announcement.objects.filter(date=DAY, category=category)
        assert rows.count() == len(collection.announcement(DAY, [category]))


def test_a_broker_that_forgets_everything_loses_nothing(
    collection: Collection, server: ReplayServer, environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**environment, "COOLPAPERS_TICK": "0.2"}
    with (
        processes.start_beat(environment, tmp_path / "beat"),
        processes.start_worker(environment),
    ):
        for number in (1, 60, 120):
            wait_until(lambda n=number: len(server.requests) >= n, ticking=False)  # type: ignore[misc]  # mypy takes no defaults in lambdas
            flush_broker()
        wait_until(is_all_there, ticking=False)
    assert_nothing_is_missing_or_doubled(collection)


@pytest.fixture
def passages() -> Iterator[Callable[[], list[datetime]]]:
    """When each passage of the gate began, as the gate itself wrote it down."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE passages (began timestamptz);
            CREATE FUNCTION note_passage() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO passages VALUES (NEW.last_start); RETURN NULL; END $$;
            CREATE TRIGGER note_passage AFTER UPDATE OF last_start ON papers_gate
                FOR EACH ROW EXECUTE FUNCTION note_passage();
            """
        )

    def read() -> list[datetime]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT began FROM passages ORDER BY began")
            return [began for (began,) in cursor.fetchall()]

    yield read
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION note_passage() CASCADE; DROP TABLE passages")


def test_whoever_asks_there_is_one_request_in_flight_and_the_interval_is_kept(
    server: ReplayServer, passages: Callable[[], list[datetime]]
) -> None:
    start = calendar.rss_due_at(DAY) + timedelta(minutes=10)
    environment = {
        **processes.set_clock(start, 20),
        **processes.addresses(server),
        "ARXIV_MIN_INTERVAL": "3",
    }
    with (
        processes.start_worker(environment),
        processes.start_worker(environment),
        subprocess.Popen(
            [sys.executable, "manage.py", "fetch", *CATEGORIES * 3],
            cwd=processes.PROJECT,
            env=processes.make_environment(environment),
            stdout=subprocess.PIPE,
        ) as command,
    ):
        wait_until(lambda: command.poll() is not None and len(server.requests) > 50)
        assert command.stdout and b"12/12" in command.stdout.read()
    assert server.max_in_flight == 1
    began = passages()
    assert len(began) > 50
    assert min(later - earlier for earlier, later in pairwise(began)) >= timedelta(seconds=3)
    # Seen from the server: the way there takes its time on a machine with other work.
    asked = [request.clock_time for request in server.requests]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(asked)]
    assert median(gaps) > 2.5
    assert clock.now() > start
