"""Whole days against a second source: what OAI-PMH has for a day's window and the feeds left out.

A day is complete when every id@version that a feed named is stored, and every record of OAI-PMH
whose version was submitted in that day's window was announced or is explained. What the feeds left
out is announced here from the harvest and marked as reconstructed; so a stale feed, a feed cut in
half and a day that was missed altogether are mended by the same act.
"""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min, Q

from coolpapers import clock
from papers import schedule
from papers.arxiv import calendar
from papers.arxiv.client import Client
from papers.ingest.harvest import NAMES, RAW, harvest
from papers.ingest.store import lock_changes
from papers.models import AnnouncedDay, DayCheck

logger = logging.getLogger(__name__)

# A first start fills this many listing dates, so that the first page is never empty.
FIRST_DAYS = 5
_LOOKED_BACK = timedelta(days=14)
# Feeds never name replacements from this version on (ARXIV: version_threshold).
FIRST_UNLISTED_VERSION = 6
LAGGING = "OAI-PMH does not have this day's papers yet"
UNLISTED = "version 6 or later: arXiv's feeds leave it out"
UNKNOWN = "named by a feed that could not be read there, and by no other source"
# So often is OAI-PMH asked for papers that the feeds named, before it is believed not to have them.
_LOOKS = 4
_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=4)


def plan_checks() -> None:
    """Note every listing date that has to be checked: five at first, then all that follow.

    Also those of the last weeks that turn out to have a listing after all; and plans for dates
    that turn out to have none are dropped. Three queries when there is nothing to do.
    """
    holidays = schedule.list_holidays()
    latest = calendar.latest_listing_date(clock.now(), holidays)
    # A day that somebody fetched by hand, years back, begins no plan.
    known = DayCheck.objects.exclude(planned_at=None).aggregate(first=Min("date"), last=Max("date"))
    if known["first"] is None:
        first = latest
        for _ in range(FIRST_DAYS - 1):
            first = calendar.previous_listing_date(first, holidays)
    else:
        first = max(known["first"], min(known["last"], latest - _LOOKED_BACK))
    rows = DayCheck.objects.filter(date__gte=first).values_list("date", "complete")
    planned = dict(rows)
    listed = set(calendar.list_listing_dates(first, latest, holidays))
    if missing := sorted(listed - set(planned)):
        now = clock.now()
        DayCheck.objects.bulk_create(
            [DayCheck(date=day, planned_at=now) for day in missing], ignore_conflicts=True
        )
    unlisted = [
        day
        for day, complete in planned.items()
        if not complete and not calendar.is_listing_date(day, holidays)
    ]
    if unlisted:
        _drop(unlisted)


def _drop(days: Sequence[date]) -> None:
    """Forget that anything was expected of dates that have no listing."""
    DayCheck.objects.filter(date__in=days, complete=False).delete()
    AnnouncedDay.objects.filter(date__in=days, complete=False, announced=0, replaced=0).delete()


def list_due_checks() -> list[date]:
    """The listing dates that are to be checked now, oldest first. One query."""
    now = clock.now()
    return list(
        DayCheck.objects.filter(complete=False)
        .filter(Q(next_check_at=None) | Q(next_check_at__lte=now))
        .order_by("date")
        .values_list("date", flat=True)
    )


def check_days(client: Client, days: Sequence[date]) -> list[DayCheck]:
    """Harvest since the oldest of `days` and settle each of them; requests as the harvest needs.

    The harvest begins with the listing date before, which is settled once more: what one harvest
    left out, the next one brings. Raises `ArxivError` when the harvest fails, after noting when to
    check again.
    """
    since = calendar.previous_listing_date(min(days), schedule.list_holidays())
    try:
        harvest(client, RAW, since)
        if _was_missed(days):
            harvest(client, NAMES, since)
            # Nothing else tells what a harvest left out of a day that no feed told of.
            harvest(client, RAW, since)
    except Exception as error:
        for day in days:
            _postpone(day, str(error))
        raise
    if since not in days and DayCheck.objects.filter(date=since, complete=True).exists():
        settle_day(since)
    return [settle_day(day) for day in days]


def settle_day(day: date) -> DayCheck:
    """Announce what the feeds of `day` left out, and bring the day's accounts up to date.

    One transaction, a fixed number of statements. Asks arXiv nothing.
    """
    window = calendar.submission_window(day, schedule.list_holidays())
    with transaction.atomic():
        lock_changes()
        if not _harvest_covers(day, window):
            return _postpone(day, LAGGING)
        with connection.cursor() as cursor:
            arguments: dict[str, date | datetime | str | int | bool] = {
                "day": day, "start": window.start, "end": window.end,
                "unlisted": FIRST_UNLISTED_VERSION, "reason": UNLISTED, "now": clock.now(),
                "over": day < clock.today(), "unknown": UNKNOWN,
            }  # fmt: skip
            cursor.execute("DROP TABLE IF EXISTS unannounced")
            cursor.execute(_FIND_UNANNOUNCED, arguments)
            cursor.execute(_ANNOUNCE, arguments)
            repaired = cursor.rowcount
            if repaired:
                cursor.execute(_RENUMBER, arguments)
            cursor.execute(_ACCOUNT, arguments)
            cursor.execute(_ASK_AGAIN, arguments)
            cursor.execute(_COUNT_UNDESCRIBED, arguments)
            (undescribed,) = cursor.fetchone()
        check, _created = DayCheck.objects.get_or_create(date=day)
        still_missing = AnnouncedDay.objects.filter(date=day, complete=False).count()
        check.repaired += repaired
        check.attempts += 1
        # A harvest that left out what the feeds named may have left out what they did not name.
        in_doubt = undescribed > 0 and not check.complete and check.attempts < _LOOKS
        check.complete = still_missing == 0 and not in_doubt
        check.checked_at = clock.now()
        check.next_check_at = None if check.complete else check.checked_at + _wait(check.attempts)
        if check.complete:
            check.reason = ""
        elif still_missing:
            check.reason = f"{still_missing} categories lack papers"
        else:
            check.reason = f"OAI-PMH lacks {undescribed} announced papers"
        check.save()
    if repaired:
        logger.warning("%s: %d announcements were missing and are repaired", day, repaired)
    return check


def ask_again(days: Sequence[date]) -> None:
    """Make listing dates due for a check now, whether complete or not, planned or not."""
    now = clock.now()
    for day in days:
        DayCheck.objects.update_or_create(
            date=day, defaults={"complete": False, "next_check_at": now}
        )
    DayCheck.objects.filter(date__in=days, planned_at__isnull=False).update(planned_at=now)


def _was_missed(days: Sequence[date]) -> bool:
    """Whether no feed was read on one of the days, so that names come from OAI-PMH alone."""
    read = AnnouncedDay.objects.filter(date__in=days, reconstructed=False, complete=True)
    return len(set(read.values_list("date", flat=True))) < len(set(days))


def _harvest_covers(day: date, window: calendar.Window) -> bool:
    """Whether OAI-PMH already shows the day: half of what the feeds call new, and at least a paper.

    The second source may lag too; to settle on it then would call a day complete that is not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*) FILTER (WHERE p.detail >= 3), count(*)
            FROM papers_paper p WHERE p.source = 'arxiv' AND p.id IN (
                SELECT paper_id FROM papers_announcement
                WHERE date = %s AND kind = 1 AND NOT reconstructed
            )
            """,
            [day],
        )
        described, named = cursor.fetchone()
        if named:
            return bool(described * 2 >= named)
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM papers_paperversion v JOIN papers_paper p "
            "ON p.id = v.paper_id WHERE p.source = 'arxiv' AND v.date >= %s AND v.date < %s)",
            [window.start, window.end],
        )
        (exists,) = cursor.fetchone()
        return bool(exists)


def _postpone(day: date, reason: str) -> DayCheck:
    check, _created = DayCheck.objects.get_or_create(date=day)
    check.attempts += 1
    check.next_check_at = clock.now() + _wait(check.attempts)
    check.reason = reason
    check.save()
    logger.warning("%s cannot be checked: %s", day, reason)
    return check


def _wait(attempts: int) -> timedelta:
    return min(_FIRST_WAIT * (1 << min(attempts - 1, 10)), _LONGEST_WAIT)


# A version of the window that no feed announced in one of its categories, on any day: a paper held
# in moderation is announced later, and is then explained by that announcement. Of several versions
# in one window, the newest is announced.
_FIND_UNANNOUNCED = """
CREATE TEMP TABLE unannounced ON COMMIT DROP AS
    SELECT p.id AS paper_id, p.identifier, v.number, c.code AS category_id,
           CASE WHEN v.number = 1 THEN CASE WHEN c.code = p.primary_category THEN 1 ELSE 2 END
                ELSE CASE WHEN c.code = p.primary_category THEN 3 ELSE 4 END END AS kind
    FROM papers_paperversion v
    JOIN papers_paper p ON p.id = v.paper_id AND p.source = 'arxiv'
    JOIN papers_category c ON c.code = ANY(p.categories) AND c.alias_of_id IS NULL AND c.active
    WHERE v.date >= %(start)s AND v.date < %(end)s
      AND NOT EXISTS (
          SELECT 1 FROM papers_paperversion later
          WHERE later.paper_id = v.paper_id AND later.number > v.number
            AND later.date >= %(start)s AND later.date < %(end)s
      )
      AND NOT EXISTS (
          SELECT 1 FROM papers_announcement a
          WHERE a.paper_id = p.id AND a.category_id = c.code AND a.version = v.number
      )
"""

_COUNT_UNDESCRIBED = """
SELECT count(DISTINCT a.paper_id)
FROM papers_announcement a
JOIN papers_paper p ON p.id = a.paper_id AND p.source = 'arxiv'
WHERE a.date = %(day)s AND NOT EXISTS (
    SELECT 1 FROM papers_paperversion v
    WHERE v.paper_id = a.paper_id AND v.number = a.version AND v.date IS NOT NULL
)
"""

_ANNOUNCE = """
INSERT INTO papers_announcement
    (date, category_id, paper_id, version, kind, position, reconstructed)
SELECT %(day)s, u.category_id, u.paper_id, u.number, u.kind, 0, true
FROM unannounced u
WHERE u.number < %(unlisted)s
ON CONFLICT (category_id, date, paper_id) DO NOTHING
"""

# Where papers were added, arXiv's own order is: by kind, then by identifier.
_RENUMBER = """
UPDATE papers_announcement a SET position = r.position
FROM (
    SELECT a.id, row_number() OVER (
        PARTITION BY a.category_id ORDER BY a.kind, p.identifier COLLATE "C") - 1 AS position
    FROM papers_announcement a JOIN papers_paper p ON p.id = a.paper_id
    WHERE a.date = %(day)s AND p.source = 'arxiv' AND a.category_id IN (
        SELECT category_id FROM papers_announcement WHERE date = %(day)s AND reconstructed)
) r
WHERE a.id = r.id AND a.position IS DISTINCT FROM r.position
"""

_ACCOUNT = """
WITH counted AS (
    SELECT c.code,
        count(a.id) FILTER (WHERE a.kind <= 2) AS present,
        count(a.id) FILTER (WHERE a.kind > 2) AS replaced,
        array_agg(p.identifier::text) FILTER (WHERE p.id IS NOT NULL) AS stored
    FROM papers_category c
    LEFT JOIN papers_announcement a ON a.category_id = c.code AND a.date = %(day)s
    LEFT JOIN papers_paper p ON p.id = a.paper_id
    WHERE c.active AND c.alias_of_id IS NULL
    GROUP BY c.code
), explained AS (
    SELECT u.category_id, jsonb_object_agg(u.identifier || 'v' || u.number, %(reason)s::text) AS ids
    FROM unannounced u WHERE u.number >= %(unlisted)s GROUP BY u.category_id
), account AS (
    SELECT n.code, n.present, n.replaced,
        coalesce(ARRAY(
            SELECT m FROM unnest(d.missing) m
            WHERE NOT regexp_replace(m, 'v[0-9]+$', '') = ANY(coalesce(n.stored, '{}'))
        ), '{}') AS missing,
        coalesce(e.ids, '{}'::jsonb) AS explained,
        d.explained AS before,
        d.id IS NULL OR d.reconstructed AS reconstructed
    FROM counted n
    LEFT JOIN papers_announcedday d ON d.category_id = n.code AND d.date = %(day)s
    LEFT JOIN explained e ON e.category_id = n.code
), judged AS (
    -- The feed is gone, OAI-PMH was asked: what is still missing cannot be had.
    SELECT code, present, replaced, reconstructed,
        CASE WHEN %(over)s THEN '{}' ELSE missing END AS missing,
        explained || CASE WHEN %(over)s
            THEN coalesce((SELECT jsonb_object_agg(m, %(unknown)s::text)
                           FROM unnest(missing) m), '{}')
            ELSE '{}' END
            || coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(before)
                         WHERE value = to_jsonb(%(unknown)s::text)), '{}') AS explained
    FROM account
)
INSERT INTO papers_announcedday AS known
    (date, category_id, announced, present, replaced, missing, explained, complete,
     reconstructed, attempts, checked_at, next_check_at)
SELECT %(day)s, code, present + cardinality(missing), present, replaced, missing, explained,
    cardinality(missing) = 0, reconstructed, 0, %(now)s, NULL
FROM judged
ON CONFLICT (category_id, date) DO UPDATE SET
    announced = excluded.announced, present = excluded.present, replaced = excluded.replaced,
    missing = excluded.missing, explained = excluded.explained, complete = excluded.complete,
    reconstructed = excluded.reconstructed, checked_at = excluded.checked_at,
    next_check_at = CASE WHEN NOT excluded.complete OR NOT %(over)s
        THEN known.next_check_at END
"""

# A feed that left papers out may have left out more: old papers newly listed in the category, of
# which no other source tells. While it shows this day it is asked once more.
_ASK_AGAIN = """
UPDATE papers_announcedday d SET next_check_at = %(now)s
WHERE d.date = %(day)s AND NOT %(over)s AND d.complete AND NOT d.reconstructed
  AND d.category_id IN (SELECT category_id FROM unannounced WHERE number < %(unlisted)s)
"""
