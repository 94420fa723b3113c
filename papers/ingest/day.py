"""One category's announcement of one day: ask, store, check, and when to ask again.

Planning reads the database only, so that a lost queue or a killed worker loses nothing: what is due
is due until it is stored.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from coolpapers import clock
from papers import schedule
from papers.arxiv.client import Client
from papers.arxiv.errors import MalformedAnswer
from papers.arxiv.records import Listing
from papers.arxiv.taxonomy import CATEGORIES, DEFAULT_CATEGORIES
from papers.ingest import samples
from papers.ingest.runs import Run, record_run
from papers.ingest.store import Detail, lock_changes, store_records
from papers.models import KINDS, AnnouncedDay, FetchRun, Paper

logger = logging.getLogger(__name__)

# How long to wait before an incomplete day is asked for again: ever longer, at most two hours.
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=2)
# A feed that lacks papers is asked so often for what it may lack besides.
_DOUBTS = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fetch of a category brought: its day now, and a sentence for the log."""

    day: AnnouncedDay
    sentence: str


def list_categories() -> list[str]:
    """The canonical, active categories, those that newcomers see first at the front."""
    rest = [c.code for c in CATEGORIES.values() if c.active and c.alias_of is None]
    return [*DEFAULT_CATEGORIES, *(code for code in rest if code not in DEFAULT_CATEGORIES)]


def list_due(day: date, now: datetime) -> list[str]:
    """The categories that have to be asked for on listing date `day`, in order. One query."""
    waiting = set(
        AnnouncedDay.objects.filter(date=day).exclude(next_check_at__lte=now).values_list(
            "category_id", flat=True
        )
    )  # fmt: skip
    return [code for code in list_categories() if code not in waiting]


def latest_day() -> date:
    """The listing date that is due by the clock. One query."""
    return schedule.latest_listing_date(clock.now())


def sync_category(
    client: Client, category: str, day: date, source: str = Paper.Source.ARXIV
) -> Outcome:
    """Ask the feed of `category` and store what it says about listing date `day`.

    One request (more when arXiv is ill), one transaction. Leaves a FetchRun. Raises `ArxivError`
    after having noted the failure and the next check; of a feed that stays cut short, what stood
    before the cut is stored and the day is incomplete.
    """
    with record_run("rss", category, day) as run:
        try:
            listing = client.recording(run.attempt).fetch_listing(category)
        except MalformedAnswer as error:
            if error.salvaged is None:
                _postpone(category, day, str(error))
                raise
            listing = replace(error.salvaged, cut=True)
        except Exception as error:
            _postpone(category, day, str(error))
            raise
        run.refuse(listing.refusals)
        with transaction.atomic():
            lock_changes()
            run.remark = _find_fault(listing, day)
            if run.remark:
                announced_day = _postpone(category, day, run.remark)
            else:
                announced_day = _store_listing(run, listing, source)
        if listing.cut:
            run.remark = run.remark or "the feed is cut short"
        if not announced_day.complete or run.remark:
            run.outcome = FetchRun.Outcome.INCOMPLETE
    return Outcome(
        announced_day,
        f"{category} {day}: {announced_day.present} of {announced_day.announced} announced, "
        f"{announced_day.replaced} replacements{f' ({run.remark})' if run.remark else ''}",
    )


def _find_fault(listing: Listing, day: date) -> str:
    """Why a feed is not the day's announcement; empty when nothing speaks against it."""
    if listing.date != day:
        return f"the feed shows {listing.date}"
    if _repeats_earlier(listing):
        return "the feed repeats an earlier day's papers under today's date"
    return ""


def _repeats_earlier(listing: Listing) -> bool:
    """Whether most of the papers were announced here before, in the same versions. One query.

    Seen at arXiv on 2026-08-12: cs.AI showed the day before's batch while its date said today.
    """
    if not listing.entries:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(DISTINCT p.id)
            FROM unnest(%s::text[], %s::int[]) AS e (identifier, version)
            JOIN papers_paper p ON p.identifier = e.identifier
            JOIN papers_announcement a ON a.paper_id = p.id AND a.category_id = %s
                AND a.version = e.version AND a.date < %s AND a.date >= %s
            """,
            [
                [e.record.identifier for e in listing.entries],
                [e.record.version or 1 for e in listing.entries],
                listing.category,
                listing.date,
                listing.date - timedelta(days=7),
            ],
        )
        (repeated,) = cursor.fetchone()
    return bool(repeated * 2 > len(listing.entries))


def _store_listing(run: Run, listing: Listing, source: str) -> AnnouncedDay:
    """Papers, announcements and the day's account in the caller's transaction."""
    if source == Paper.Source.ARXIV and listing.entries:
        samples.retire()
    stored = store_records((e.record for e in listing.entries), Detail.FEED, source)
    run.count(stored.new, stored.changed, stored.unchanged)
    _store_announcements(listing, stored.ids)
    return _settle(listing)


def _store_announcements(listing: Listing, ids: dict[str, int]) -> None:
    if not listing.entries:
        return
    papers, versions, kinds, positions = zip(
        *(
            (ids[e.record.identifier], e.record.version or 1, int(KINDS[e.kind]), e.position)
            for e in listing.entries
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO papers_announcement AS known
                (date, category_id, paper_id, version, kind, position, reconstructed)
            SELECT %s, %s, paper, version, kind, position, false
            FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[])
                AS line (paper, version, kind, position)
            ON CONFLICT (category_id, date, paper_id) DO UPDATE SET
                version = excluded.version, kind = excluded.kind,
                position = excluded.position, reconstructed = false
            WHERE (known.version, known.kind, known.position, known.reconstructed)
                IS DISTINCT FROM (excluded.version, excluded.kind, excluded.position, false)
            """,
            [listing.date, listing.category, list(papers), list(versions), list(kinds),
             list(positions)],
        )  # fmt: skip
        cursor.execute(
            _TAKE_BACK,
            {"day": listing.date, "category": listing.category, "papers": list(papers),
             "versions": list(versions)},
        )  # fmt: skip


# A paper that moderation held has its time of submission in an earlier day's window, where a
# harvest that came before its feed has put it.
_TAKE_BACK = """
WITH gone AS (
    DELETE FROM papers_announcement a
    USING unnest(%(papers)s::bigint[], %(versions)s::int[]) AS line (paper, version)
    WHERE a.reconstructed AND a.category_id = %(category)s AND a.date <> %(day)s
      AND a.paper_id = line.paper AND a.version = line.version
    RETURNING a.date, a.kind
), lost AS (
    SELECT date, count(*) FILTER (WHERE kind <= 2) AS present,
        count(*) FILTER (WHERE kind > 2) AS replaced
    FROM gone GROUP BY date
)
UPDATE papers_announcedday d
SET present = d.present - lost.present, announced = d.announced - lost.present,
    replaced = d.replaced - lost.replaced
FROM lost WHERE d.date = lost.date AND d.category_id = %(category)s
"""


def _settle(listing: Listing) -> AnnouncedDay:
    """Bring the day's account up to date: what any feed of the day named against what is stored."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE kind <= 2), count(*) FILTER (WHERE kind > 2), "
            "count(*) FILTER (WHERE reconstructed) "
            "FROM papers_announcement WHERE category_id = %s AND date = %s",
            [listing.category, listing.date],
        )
        present, replaced, untold = cursor.fetchone()
    day, _created = AnnouncedDay.objects.select_for_update().get_or_create(
        category_id=listing.category, date=listing.date
    )
    missing = sorted({r.identifier for r in listing.refusals if r.identifier})
    day.present = present
    day.announced = present + len(missing)
    day.replaced = replaced
    day.missing = missing
    day.complete = not missing and not listing.cut
    day.reconstructed = False
    day.attempts += 1
    day.checked_at = clock.now()
    # A feed that lacks what OAI-PMH told of may lack more, of which it alone can tell.
    doubtful = untold > 0 and day.attempts < _DOUBTS
    again = doubtful or not day.complete
    day.next_check_at = day.checked_at + _wait(day.attempts) if again else None
    day.save()
    return day


def _postpone(category: str, day: date, reason: str) -> AnnouncedDay:
    """Note that the day was asked for in vain, and when to ask again."""
    with transaction.atomic():
        lock_changes()
        row, _created = AnnouncedDay.objects.select_for_update().get_or_create(
            category_id=category, date=day, defaults={"reconstructed": True}
        )
        row.attempts += 1
        row.checked_at = clock.now()
        read = row.complete and not row.reconstructed
        row.next_check_at = None if read else row.checked_at + _wait(row.attempts)
        row.save()
    logger.warning("%s %s is incomplete: %s", category, day, reason)
    return row


def _wait(attempts: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(attempts - 1, 10)), _LONGEST_WAIT)


def ask_again(days: Sequence[AnnouncedDay]) -> int:
    """Make days due now, whether complete or not; returns how many."""
    return AnnouncedDay.objects.filter(pk__in=[d.pk for d in days]).update(
        next_check_at=clock.now()
    )
