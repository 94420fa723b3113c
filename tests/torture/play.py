"""One play: arXiv's week on a fast clock, the worker living several lives in it.

The clock runs hundreds of times as fast while a worker lives. Nobody lives through the hours in
which nothing is due: there the worker is killed and the next one is started at the next hour of
which the database or the calendar says that something is due. So a week takes half a minute, and a
down-time costs nothing.
"""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import redis
from django.conf import settings

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.replay import Collection, RandomFaults, ReplayServer
from papers.arxiv.replay.faults import RANDOM_KINDS
from papers.models import AnnouncedDay, DayCheck
from papers.tasks import tick
from tests.torture import processes
from tests.torture.processes import Process

# A day's feeds take seconds of real time, on a busy machine a minute; they must not take the day.
RATE = 400.0
# Less than this is waited for, more is jumped over.
_WORTH_WAITING = timedelta(minutes=15)
_BOOTING = timedelta(minutes=10)
_LONGEST_REAL = 600.0
_MOST_LIVES = 80
_BLOWS = ("group", "group", "main", "children", "connections", "broker")
# What the replay server draws from, and what else a feed can suffer from. A range that is left out
# of every harvest is known to nobody, so that fault falls once in a while instead.
KINDS_AT_RANDOM = (
    *(kind for kind in RANDOM_KINDS if kind != "skip"),
    *("stale=redated", "badid=1", "noid=1"),
)


class DoesNotRestError(AssertionError):
    """The play did not come to an end: something stays due for ever."""


@dataclass(frozen=True)
class Blow:
    """A stroke of fate: `how`, once `after` requests have come, `delay` real seconds later.

    `down`: how long nobody restarts the worker, where the blow ends it.
    """

    how: str
    after: int
    delay: float = 0.0
    down: timedelta = timedelta(0)


@dataclass(frozen=True)
class Script:
    """What happens in a play. `outage`: from when to when the service does not run at all."""

    start: datetime
    end: datetime
    faults: RandomFaults | None = None
    once: tuple[str, ...] = ()
    blows: tuple[Blow, ...] = ()
    outage: tuple[datetime, datetime] | None = None


@dataclass
class Play:
    """A play under way."""

    server: ReplayServer
    script: Script
    lives: int = 0
    fallen: list[Blow] = field(default_factory=list)
    last_log: str = ""

    def run(self) -> None:
        """Play to the end. Raises DoesNotRestError."""
        moment = self.script.start
        begun = time.monotonic()
        while moment < self.script.end:
            self.lives += 1
            if self.lives > _MOST_LIVES or time.monotonic() - begun > _LONGEST_REAL:
                raise DoesNotRestError(f"life {self.lives} at {moment}: {self._describe()}")
            moment = self._skip_outage(self._live(moment))

    def _live(self, start: datetime) -> datetime:
        """One life of a worker; returns when the next one begins."""
        environment = processes.set_clock(start, RATE) | processes.addresses(self.server)
        # As at arXiv: three seconds of the clock.
        environment["ARXIV_MIN_INTERVAL"] = "3"
        with processes.start_worker(environment) as worker:
            try:
                return self._watch(worker)
            finally:
                self.last_log = worker.read_log()

    def _watch(self, worker: Process) -> datetime:
        ticked = looked = 0.0
        deadline = time.monotonic() + _LONGEST_REAL / 2
        while time.monotonic() < deadline:
            if (blow := self._next_blow()) and self._strike(blow, worker):
                return clock.now() + blow.down
            time.sleep(0.003)
            if time.monotonic() < looked + 0.05:
                continue
            looked, now = time.monotonic(), clock.now()
            if self._is_out(now) or now >= self.script.end:
                return now
            if not worker.is_running:
                raise DoesNotRestError(f"the worker ended by itself: {worker.read_log()}")
            fetching = processes.is_fetching()
            if not fetching and (due := next_due(now)) > now + _WORTH_WAITING:
                return due - _BOOTING
            if time.monotonic() - ticked > (0.5 if fetching else 0.05):
                tick.apply_async(expires=5)
                ticked = time.monotonic()
        raise DoesNotRestError(f"since long at {clock.now()}: {self._describe()}")

    def _next_blow(self) -> Blow | None:
        waiting = self.script.blows[len(self.fallen) :]
        if waiting and len(self.server.requests) >= waiting[0].after:
            return waiting[0]
        return None

    def _strike(self, blow: Blow, worker: Process) -> bool:
        """Let it fall; whether the worker is gone with it."""
        self.fallen.append(blow)
        time.sleep(blow.delay)
        match blow.how:
            case "group":
                worker.kill()
            case "main":
                worker.kill_main()
            case "children":
                worker.kill_children()
            case "connections":
                processes.cut_connections()
            case "broker":
                flush_broker()
            case unknown:
                raise ValueError(unknown)
        return blow.how in {"group", "main"}

    def _is_out(self, now: datetime) -> bool:
        return (
            self.script.outage is not None and self.script.outage[0] <= now < self.script.outage[1]
        )

    def _skip_outage(self, moment: datetime) -> datetime:
        return self.script.outage[1] if self.script.outage and self._is_out(moment) else moment

    def _describe(self) -> str:
        checks = DayCheck.objects.filter(complete=False).values_list("date", "reason")
        days = AnnouncedDay.objects.filter(complete=False).values_list(
            "date", "category_id", "missing", "next_check_at"
        )
        return f"{list(checks)} {list(days)[:20]}\n{self.last_log[-4000:]}"


def next_due(now: datetime) -> datetime:
    """When something is due next, by the database and the calendar alone."""
    latest = calendar.latest_listing_date(now)
    if not DayCheck.objects.filter(date=latest).exists():
        return now
    today = now.astimezone(clock.EASTERN).date()
    due = [calendar.rss_due_at(calendar.next_listing_date(today))]
    if latest == today:
        if AnnouncedDay.objects.filter(date=latest).count() < 149:
            return now
        waits = AnnouncedDay.objects.filter(date=latest).exclude(next_check_at=None)
        due += [when for when in waits.values_list("next_check_at", flat=True) if when]
    for check in DayCheck.objects.filter(complete=False):
        due.append(check.next_check_at or now)
    return min(due)


def flush_broker() -> None:
    """Empty the test's Redis database, queue and cache and all."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.flushdb()


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """A time of `day` in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@contextmanager
def open_server(collection: Collection, script: Script) -> Iterator[ReplayServer]:
    """arXiv, following the clock, in small pages, sick as the script says."""
    with ReplayServer(collection, "clock", random_faults=script.faults, oai_page=20) as server:
        for fault in script.once:
            server.add_fault(fault)
        yield server


def weekend_before(monday: date) -> datetime:
    """When plays begin: an empty database, the last five days to be filled, no feed yet."""
    return at(monday - timedelta(days=2), 12)


def draw_script(seed: int, first: date, last: date) -> Script:
    """The play of a seed, from the Saturday before the Monday `first` to the evening of `last`.

    Always the same faults and blows at the same requests, though not to the microsecond.
    """
    dice = random.Random(seed)
    days = len(list(calendar.list_listing_dates(first, last)))
    blows = [
        Blow(
            how=dice.choice(_BLOWS),
            after=dice.randrange(1, 30 + 155 * days),
            delay=dice.uniform(0, 0.03),
            down=dice.choice((timedelta(0), timedelta(minutes=dice.randrange(1, 300)))),
        )
        for _ in range(dice.randint(1, 2 * days))
    ]
    kinds = list(KINDS_AT_RANDOM)
    # Some plays suffer from everything, others from one thing or three.
    chosen = kinds if dice.random() < 0.5 else dice.sample(kinds, dice.choice((1, 3)))
    return Script(
        start=weekend_before(first),
        end=at(last, 22),
        # The client asks five times: some faults outlast its patience.
        faults=RandomFaults(seed, dice.choice((0.02, 0.1, 0.3)), chosen, dice.choice((3, 8))),
        once=(f"skip@oai*1+{dice.randrange(12)}",) if dice.random() < 0.3 else (),
        blows=tuple(sorted(blows, key=lambda blow: blow.after)),
    )
