"""The numbers by which an operator watches the site (docs/operating.md says what each means).

All of them come from the database, the queue and the index, so that any process gives the same
answer. What cannot be asked at the moment is left out, and its `_up` is 0.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models import Count, Q, Sum
from redis.exceptions import RedisError

import coolpapers
from coolpapers.exposition import Metric, Sample
from papers import documents, schedule
from papers.arxiv import calendar
from papers.models import KINDS, Alarm, AnnouncedDay, DayCheck, FetchRun, Gate, Paper, Tally, Wanted
from search.errors import IndexUnusable

# Counting so many rows costs a few milliseconds; above, PostgreSQL's estimate will do.
_COUNTED = 50_000
_RECENT = timedelta(days=30)
_DAY = timedelta(days=1)


def measure(now: datetime) -> Iterator[Metric]:
    """Every metric. About a dozen queries, none of which reads many papers."""
    yield Metric(
        "coolpapers_info",
        "Which release answers.",
        [Sample(1, {"version": coolpapers.__version__})],
    )
    yield _count_papers()
    yield from _measure_days(now)
    yield from _measure_fetches(now)
    yield _count_wanted()
    yield Metric(
        "coolpapers_alarms",
        "Alarms that administrators were told of and that are not over.",
        [Sample(Alarm.objects.filter(ended_at=None).count())],
    )
    yield from _count_interest()
    yield from _measure_queues()
    yield from _measure_index()


def _count_papers() -> Metric:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = 'papers_paper'::regclass"
        )
        (total,) = cursor.fetchone()
    samples = Paper.objects.filter(source=Paper.Source.SAMPLE).count()
    if total < _COUNTED:
        # Never analysed, or few.
        total = Paper.objects.count()
    return Metric(
        "coolpapers_papers",
        "Papers stored, by source; estimated where there are many.",
        [
            Sample(max(total - samples, 0), {"source": Paper.Source.ARXIV.value}),
            Sample(samples, {"source": Paper.Source.SAMPLE.value}),
        ],
    )


def _measure_days(now: datetime) -> Iterator[Metric]:
    latest = schedule.latest_listing_date(now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM (SELECT min(kind) AS kind FROM papers_announcement "
            "WHERE date = %s GROUP BY paper_id) strongest GROUP BY kind",
            [latest],
        )
        counts = dict(cursor.fetchall())
    yield Metric(
        "coolpapers_announced_papers",
        "Papers of the latest listing date by their strongest kind.",
        [Sample(counts.get(number, 0), {"kind": kind.value}) for kind, number in KINDS.items()],
    )
    check = DayCheck.objects.filter(date=latest).first()
    complete = bool(check and check.complete)
    end = check.checked_at if check and complete and check.checked_at else now
    yield Metric(
        "coolpapers_announcement_lag_seconds",
        "From the announcement of the latest listing date until it was complete, or until now.",
        [Sample((end - calendar.announced_at(latest)).total_seconds())],
    )
    yield Metric(
        "coolpapers_latest_day_complete",
        "Whether the latest listing date is complete.",
        [Sample(complete)],
    )
    since = latest - _RECENT
    yield Metric(
        "coolpapers_days_incomplete",
        "Listing dates of the last 30 days that are not complete.",
        [Sample(DayCheck.objects.filter(date__gt=since, complete=False).count())],
    )
    counted = AnnouncedDay.objects.filter(date__gt=since, complete=False).aggregate(
        categories=Count("pk"), missing=Sum("missing__len", default=0)
    )
    yield Metric(
        "coolpapers_category_days_incomplete",
        "Categories' days of the last 30 days that are not complete.",
        [Sample(counted["categories"])],
    )
    yield Metric(
        "coolpapers_papers_missing",
        "Announcements of the last 30 days that were named and are not stored.",
        [Sample(counted["missing"])],
    )


def _measure_fetches(now: datetime) -> Iterator[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT source, CASE WHEN a->>'answer' ~ '^[0-9]{3}$' THEN a->>'answer' ELSE 'none' END,
                   count(*)
            FROM papers_fetchrun r, jsonb_array_elements(r.attempts) a
            WHERE r.started_at > %s AND r.started_at <= %s GROUP BY 1, 2 ORDER BY 1, 2
            """,
            [now - _DAY, now],
        )
        answers = cursor.fetchall()
    yield Metric(
        "coolpapers_requests_last_day",
        "Requests to arXiv in the last 24 hours, by source and HTTP status (none: no answer).",
        [
            Sample(number, {"source": source, "answer": answer})
            for source, answer, number in answers
        ],
    )
    runs = FetchRun.objects.filter(started_at__gt=now - _DAY, started_at__lte=now)
    by_outcome = runs.values_list("source", "outcome").annotate(Count("pk"))
    yield Metric(
        "coolpapers_fetch_runs_last_day",
        "Fetches begun in the last 24 hours, by source and outcome.",
        [
            Sample(number, {"source": source, "outcome": outcome})
            for source, outcome, number in by_outcome.order_by("source", "outcome")
        ],
    )
    gate = Gate.objects.get(id=1)
    yield Metric(
        "coolpapers_gate_passages_total",
        "Requests let through the gate to arXiv.",
        [Sample(gate.passages)],
        "counter",
    )
    yield Metric(
        "coolpapers_gate_wait_seconds_total",
        "Seconds that requests waited at the gate to arXiv.",
        [Sample(gate.waited)],
        "counter",
    )
    closed = (gate.closed_until - now).total_seconds() if gate.closed_until else 0
    yield Metric(
        "coolpapers_gate_closed_seconds",
        "Seconds for which arXiv still asked to be left alone.",
        [Sample(max(closed, 0))],
    )


def _count_wanted() -> Metric:
    counts = Wanted.objects.aggregate(
        **{state.value: Count("pk", filter=Q(state=state)) for state in Wanted.State}
    )
    return Metric(
        "coolpapers_wanted_papers",
        "Papers that readers asked for and that are not here, by state.",
        [Sample(number, {"state": state}) for state, number in counts.items()],
    )


def _count_interest() -> Iterator[Metric]:
    tally = Tally.objects.get(id=1)
    yield Metric(
        "coolpapers_opens_total",
        "Papers that readers opened, each once per reader and day.",
        [Sample(tally.opens)],
        "counter",
    )
    yield Metric(
        "coolpapers_stars",
        "Stars that readers gave, less those taken away on the same day.",
        [Sample(tally.stars)],
    )


def _measure_queues() -> Iterator[Metric]:
    routes = settings.CELERY_TASK_ROUTES.values()
    names = sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *(route["queue"] for route in routes)})
    lengths = []
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1
        ) as broker:
            lengths = [Sample(float(broker.llen(name)), {"queue": name}) for name in names]
    except (RedisError, OSError):
        pass
    yield Metric("coolpapers_redis_up", "Whether Redis answers.", [Sample(bool(lengths))])
    yield Metric("coolpapers_queue_length", "Tasks that wait in a queue.", lengths)


def _measure_index() -> Iterator[Metric]:
    head = documents.PaperChanges().head()
    try:
        checkpoint = documents.index().checkpoint()
    except IndexUnusable:
        checkpoint = None
    yield Metric(
        "coolpapers_index_up",
        "Whether this host has a search index of this database.",
        [Sample(bool(checkpoint and checkpoint.database == head.database))],
    )
    if checkpoint and checkpoint.database == head.database:
        yield Metric(
            "coolpapers_index_lag_changes",
            "Changes of papers that the search index of this host has not taken in yet.",
            [Sample(max(head.seq - checkpoint.seq, 0))],
        )
