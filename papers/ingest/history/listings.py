"""Listings of days before the site began: computed, marked so, never in place of a feed's.

A paper is listed on the day whose submission window holds its first version: as new where it is
primary, as a cross-list elsewhere; and as a replacement on the day of its newest version, as far as
feeds name those. arXiv's own day may have been later (moderation), which no source tells.
"""

from datetime import date, datetime

from django.db import connection, transaction

from coolpapers import clock
from papers import schedule
from papers.ingest.check import FIRST_UNLISTED_VERSION
from papers.ingest.history.lines import LISTING_COLUMNS
from papers.ingest.store import copy_into, lock_changes
from papers.models import Category

_STAGING = """
DROP TABLE IF EXISTS incoming_listing;
CREATE TEMP TABLE incoming_listing (
    identifier text, version integer, date date, replaced boolean, position integer
) ON COMMIT DROP
"""

# Left alone: the day that feeds still tell of; a category's day that was read from its feed; what
# a feed called new, whatever day this was; and what is announced already.
# The categories are given: a join to their table, which has no statistics, makes a bad plan.
_ANNOUNCE = """
WITH named AS MATERIALIZED (
    SELECT l.date, shown.code, p.id AS paper_id, located.fresh, l.version, l.replaced, l.position,
        CASE WHEN l.replaced THEN 3 ELSE 1 END + (shown.code <> p.primary_category)::integer AS kind
    FROM incoming_listing l
    JOIN located USING (identifier)
    JOIN papers_paper p ON p.id = located.paper_id
    CROSS JOIN unnest(p.categories) AS shown(code)
    WHERE l.date < %(latest)s
      AND NOT (l.replaced AND l.version >= %(unlisted)s)
      AND shown.code = ANY (%(categories)s::varchar[])
)
INSERT INTO papers_announcement
    (date, category_id, paper_id, version, kind, position, reconstructed)
SELECT n.date, n.code, n.paper_id, n.version, n.kind, n.position, true
FROM named n
WHERE NOT EXISTS (
    SELECT 1 FROM papers_announcedday d
    WHERE d.category_id = n.code AND d.date = n.date AND NOT d.reconstructed
) AND (n.fresh OR NOT EXISTS (
    SELECT 1 FROM papers_announcement a WHERE a.paper_id = n.paper_id AND CASE
        WHEN n.replaced THEN a.category_id = n.code AND a.version = n.version
        ELSE (a.category_id = n.code AND a.kind <= 2) OR (a.kind = 1 AND NOT a.reconstructed)
    END
))
ORDER BY n.code, n.date, n.position
ON CONFLICT (category_id, date, paper_id) DO NOTHING
"""

# Only what is to be written: days without an account (`id` is null) and accounts that are wrong.
_COUNT = """
CREATE TEMP TABLE counted ON COMMIT DROP AS
SELECT n.date, n.present, n.replaced, d.id
FROM (
    SELECT date, count(*) FILTER (WHERE kind <= 2) AS present,
        count(*) FILTER (WHERE kind > 2) AS replaced
    FROM papers_announcement
    WHERE category_id = %(category)s AND date < %(latest)s
    GROUP BY date HAVING bool_or(reconstructed)
) n
LEFT JOIN papers_announcedday d ON d.category_id = %(category)s AND d.date = n.date
WHERE d.id IS NULL OR (
    d.reconstructed AND d.missing = '{}'
    AND (d.announced, d.present, d.replaced, d.complete)
        IS DISTINCT FROM (n.present, n.present, n.replaced, true))
"""

_INSERT_DAYS = """
INSERT INTO papers_announcedday
    (date, category_id, announced, present, replaced, missing, explained, complete, reconstructed,
     attempts, checked_at, next_check_at)
SELECT date, %(category)s, present, present, replaced, '{}', '{}', true, true, 0, %(now)s, NULL
FROM counted WHERE id IS NULL ORDER BY date
"""

_UPDATE_DAYS = """
UPDATE papers_announcedday d SET
    announced = n.present, present = n.present, replaced = n.replaced, complete = true,
    checked_at = %(now)s, next_check_at = NULL
FROM counted n WHERE d.id = n.id
"""


def announce(listings: bytes) -> int:
    """Announce a batch on its days; how many lines of listings were made.

    In the transaction of `store_batch`, after it. The same batch again makes none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STAGING)
        copy_into("incoming_listing", LISTING_COLUMNS, listings)
        cursor.execute(
            _ANNOUNCE,
            {
                "latest": _feed_day(),
                "unlisted": FIRST_UNLISTED_VERSION,
                "categories": _list_categories(),
            },
        )
        return int(cursor.rowcount)


def account_for_days() -> int:
    """Give each reconstructed day its account, which counts what is announced; how many changed.

    A transaction a category. Days that a feed told of are left as they are. A category's day
    without a paper has no account.
    """
    return sum(map(_account_for_category, _list_categories()))


@transaction.atomic
def _account_for_category(category: str) -> int:
    arguments: dict[str, str | date | datetime] = {
        "category": category,
        "latest": _feed_day(),
        "now": clock.now(),
    }
    lock_changes()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS counted")
        cursor.execute(_COUNT, arguments)
        cursor.execute("SELECT count(*), count(id) FROM counted")
        written, known = cursor.fetchone()
        # A statement that changes no row would still make every cached page stale.
        if known < written:
            cursor.execute(_INSERT_DAYS, arguments)
        if known:
            cursor.execute(_UPDATE_DAYS, arguments)
    return int(written)


def _list_categories() -> list[str]:
    rows = Category.objects.filter(alias_of=None).order_by("code")
    return list(rows.values_list("code", flat=True))


def _feed_day() -> date:
    """The newest listing date: its feeds are still there to be asked, so nothing is computed."""
    return schedule.latest_listing_date(clock.now())
