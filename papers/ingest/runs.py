"""What happened: every fetch leaves a FetchRun, also one that failed or was killed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from coolpapers import clock
from papers.arxiv.client import Attempt
from papers.arxiv.records import Refusal
from papers.models import FetchRun

# Sources of a FetchRun: what a day is made of, and single papers. Each rests for its own failures.
OF_DAYS = ("rss", "oai")
ON_DEMAND = "api"

# A fetch lives some minutes at most; one that says it runs after this was killed.
_LONGEST = timedelta(minutes=30)
_REFUSALS_KEPT = 200

_FAILURES = 5
_SHORTEST_REST = timedelta(minutes=1)
_LONGEST_REST = timedelta(minutes=15)


@dataclass
class Run:
    """A fetch under way: what it counts ends on its FetchRun."""

    row: FetchRun
    attempts: list[Attempt] = field(default_factory=list)
    outcome: FetchRun.Outcome = FetchRun.Outcome.COMPLETE
    remark: str = ""

    def attempt(self, attempt: Attempt) -> None:
        """Note one request, answered or not."""
        self.attempts.append(attempt)

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        """Note records that were refused alone, with their reasons."""
        self.row.refused += len(refusals)
        room = _REFUSALS_KEPT - len(self.row.refusals)
        self.row.refusals += [
            {"position": r.position, "identifier": r.identifier, "reason": r.reason}
            for r in refusals[:room]
        ]

    def count(self, new: int, changed: int, unchanged: int) -> None:
        """Add rows that a batch made, changed and left alone."""
        self.row.new += new
        self.row.changed += changed
        self.row.unchanged += unchanged


@contextmanager
def record_run(source: str, asked: str, day: date | None = None) -> Iterator[Run]:
    """Keep a FetchRun of what happens inside; an exception ends it as failed and goes on.

    The row is there (as running) from the beginning, so a killed fetch leaves its trace too.
    """
    run = Run(FetchRun.objects.create(source=source, asked=asked, date=day, started_at=clock.now()))
    try:
        yield run
    except BaseException as error:
        ended = isinstance(error, Exception)
        run.outcome = FetchRun.Outcome.FAILED if ended else FetchRun.Outcome.INTERRUPTED
        run.remark = str(error) or type(error).__name__
        raise
    finally:
        run.row.outcome = run.outcome
        run.row.error = run.remark
        run.row.requests = len(run.attempts)
        run.row.attempts = [
            {"url": a.url, "answer": a.answer, "seconds": a.seconds} for a in run.attempts
        ]
        run.row.finished_at = clock.now()
        run.row.save()


def close_interrupted() -> int:
    """Mark the runs whose process died before it could say so; returns how many."""
    return FetchRun.objects.filter(
        outcome=FetchRun.Outcome.RUNNING, started_at__lt=clock.now() - _LONGEST
    ).update(outcome=FetchRun.Outcome.INTERRUPTED, finished_at=clock.now())


def is_resting(now: datetime, *sources: str) -> bool:
    """Whether the last fetches all failed so recently that arXiv had better be left in peace.

    `sources` are those of days unless others are named. One minute after a failure, doubled with
    each further one, at most a quarter of an hour.
    """
    finished = FetchRun.objects.filter(source__in=sources or OF_DAYS, finished_at__isnull=False)
    last = list(finished.order_by("-started_at")[:_FAILURES])
    failures = 0
    for run in last:
        if run.outcome != FetchRun.Outcome.FAILED:
            break
        failures += 1
    if not failures or last[0].finished_at is None:
        return False
    rest = min(_SHORTEST_REST * (1 << failures - 1), _LONGEST_REST)
    return timedelta(0) <= now - last[0].finished_at < rest
