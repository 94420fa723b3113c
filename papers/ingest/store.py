"""Records into rows: idempotent, newest version wins, corrections by hand stay.

One batch is one COPY into a staging table and a handful of statements, whatever its size. The batch
takes the lock of all who change papers first, so its statements see the same rows and need no
ON CONFLICT, whose EXCLUDED row could not tell "unknown" from "empty". What changes is found out
before anything is written: a batch that brings nothing new touches no row and wakes no follower.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db import connection, transaction

from coolpapers import clock
from papers.arxiv.records import PaperRecord
from papers.ingest.rows import PAPER_COLUMNS, VERSION_COLUMNS, Batch, encode_records
from papers.models import Paper


class Detail(IntEnum):
    """How well a source knows a paper. A lesser one never describes the same version again."""

    FEED = 1
    SNAPSHOT = 2
    RAW = 3
    HARVEST = 4
    API = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """What a batch did: papers made, changed, left as they were."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class Stored(Counts):
    """What a batch did, and where each identifier lies."""

    ids: dict[str, int]


# `located` says which paper an identifier of the batch is, and whether this batch made it.
_STAGING = """
CREATE TEMP TABLE incoming (
    identifier text PRIMARY KEY, version integer, title text NOT NULL, abstract text NOT NULL,
    authors jsonb NOT NULL, primary_category text NOT NULL, categories varchar[] NOT NULL,
    comments text, journal_ref text, doi text, licence text,
    submitted_at timestamptz, submitted_precision text NOT NULL, updated_at timestamptz,
    withdrawn boolean
) ON COMMIT DROP;
CREATE TEMP TABLE incoming_version (
    identifier text, number integer, date timestamptz, title text, abstract text
) ON COMMIT DROP;
CREATE TEMP TABLE located (
    identifier text PRIMARY KEY, paper_id bigint, fresh boolean
) ON COMMIT DROP;
"""

# LIMIT keeps this a look-up for each identifier: as a join, before the first statistics of a table
# that is being filled, it is planned as a scan of all papers.
_LOCATE = """
INSERT INTO located
SELECT i.identifier, p.id, false FROM incoming i CROSS JOIN LATERAL (
    SELECT id FROM papers_paper WHERE source = %(source)s AND identifier = i.identifier LIMIT 1
) p
"""

# `newer`: the record is of a later version than the row. `taken`: it may describe the row, being
# newer, or of the same version (or of an unnamed one, which is the current) and as detailed.
# submitted_at is the first version's, so any record may sharpen it. Of two sources that name the
# same authors, the one with affiliations is right: arXivRaw has them, today's arXiv format not.
_CHANGED = """
CREATE TEMP TABLE changed ON COMMIT DROP AS
WITH seen AS (
    SELECT p.id, i.*, coalesce(i.version, p.version) AS v,
           coalesce(i.version, p.version) > p.version AS newer,
           coalesce(i.version, p.version) = p.version AS same,
           coalesce(i.version, p.version) > p.version
           OR (coalesce(i.version, p.version) = p.version AND %(detail)s >= p.detail) AS taken,
           array_position(ARRAY['unknown', 'day', 'second'], i.submitted_precision)
           > array_position(ARRAY['unknown', 'day', 'second'], p.submitted_precision::text)
           AS sharper
    FROM located l JOIN incoming i USING (identifier) JOIN papers_paper p ON p.id = l.paper_id
), merged AS (
    SELECT p.id,
        CASE WHEN s.newer THEN s.v ELSE p.version END AS version,
        CASE WHEN s.taken AND NOT 'title' = ANY(p.corrected)
             THEN s.title ELSE p.title END AS title,
        CASE WHEN s.taken AND NOT 'abstract' = ANY(p.corrected)
             THEN s.abstract ELSE p.abstract END AS abstract,
        CASE WHEN 'authors' = ANY(p.corrected) OR s.authors = p.authors THEN p.authors
             WHEN s.same AND jsonb_path_query_array(s.authors, '$[*].name')
                 = jsonb_path_query_array(p.authors, '$[*].name')
             THEN CASE WHEN jsonb_path_exists(s.authors, '$[*].affiliations[*]')
                       AND (s.taken OR NOT jsonb_path_exists(p.authors, '$[*].affiliations[*]'))
                  THEN s.authors ELSE p.authors END
             WHEN s.taken THEN s.authors ELSE p.authors END AS authors,
        CASE WHEN s.taken AND NOT 'primary_category' = ANY(p.corrected)
             THEN s.primary_category ELSE p.primary_category END AS primary_category,
        CASE WHEN 'categories' = ANY(p.corrected) THEN p.categories
             WHEN s.taken THEN s.categories
             WHEN s.same THEN p.categories
                 || ARRAY(SELECT c FROM unnest(s.categories) c WHERE NOT c = ANY(p.categories))
             ELSE p.categories END AS categories,
        CASE WHEN s.taken AND s.comments IS NOT NULL AND NOT 'comments' = ANY(p.corrected)
             THEN s.comments ELSE p.comments END AS comments,
        CASE WHEN s.taken AND s.journal_ref IS NOT NULL AND NOT 'journal_ref' = ANY(p.corrected)
             THEN s.journal_ref ELSE p.journal_ref END AS journal_ref,
        CASE WHEN s.taken AND s.doi IS NOT NULL AND NOT 'doi' = ANY(p.corrected)
             THEN s.doi ELSE p.doi END AS doi,
        CASE WHEN s.taken AND s.licence IS NOT NULL AND NOT 'licence' = ANY(p.corrected)
             THEN s.licence ELSE p.licence END AS licence,
        CASE WHEN s.sharper AND NOT 'submitted_at' = ANY(p.corrected)
             THEN s.submitted_at ELSE p.submitted_at END AS submitted_at,
        CASE WHEN s.sharper AND NOT 'submitted_at' = ANY(p.corrected)
             THEN s.submitted_precision ELSE p.submitted_precision END AS submitted_precision,
        CASE WHEN 'updated_at' = ANY(p.corrected) THEN p.updated_at
             WHEN s.newer THEN s.updated_at
             WHEN s.taken THEN coalesce(s.updated_at, p.updated_at)
             WHEN s.same THEN coalesce(p.updated_at, s.updated_at)
             ELSE p.updated_at END AS updated_at,
        CASE WHEN s.taken AND s.withdrawn IS NOT NULL AND NOT 'withdrawn' = ANY(p.corrected)
             THEN s.withdrawn ELSE p.withdrawn END AS withdrawn,
        CASE WHEN s.newer THEN %(detail)s
             WHEN s.same THEN greatest(p.detail, %(detail)s)
             ELSE p.detail END AS detail
    FROM seen s JOIN papers_paper p ON p.id = s.id
)
SELECT m.* FROM merged m JOIN papers_paper p ON p.id = m.id
WHERE (
    p.version, p.title, p.abstract, p.authors, p.primary_category, p.categories, p.comments,
    p.journal_ref, p.doi, p.licence, p.submitted_at, p.submitted_precision, p.updated_at,
    p.withdrawn, p.detail
) IS DISTINCT FROM (
    m.version, m.title, m.abstract, m.authors, m.primary_category, m.categories, m.comments,
    m.journal_ref, m.doi, m.licence, m.submitted_at, m.submitted_precision, m.updated_at,
    m.withdrawn, m.detail
)
"""

_UPDATE = """
UPDATE papers_paper p SET
    version = m.version, title = m.title, abstract = m.abstract, authors = m.authors,
    primary_category = m.primary_category, categories = m.categories, comments = m.comments,
    journal_ref = m.journal_ref, doi = m.doi, licence = m.licence,
    submitted_at = m.submitted_at, submitted_precision = m.submitted_precision,
    updated_at = m.updated_at, withdrawn = m.withdrawn, detail = m.detail
FROM changed m
WHERE p.id = m.id
"""

_INSERT = """
WITH made AS (
    INSERT INTO papers_paper (
        source, identifier, version, title, abstract, authors, primary_category, categories,
        comments, journal_ref, doi, licence, submitted_at, submitted_precision, updated_at,
        withdrawn, hidden, corrected, detail, first_seen_at
    )
    SELECT %(source)s, i.identifier, coalesce(i.version, 1), i.title, i.abstract, i.authors,
        i.primary_category, i.categories, coalesce(i.comments, ''), coalesce(i.journal_ref, ''),
        coalesce(i.doi, ''), coalesce(i.licence, ''), i.submitted_at, i.submitted_precision,
        i.updated_at, coalesce(i.withdrawn, false), false, '{}', %(detail)s, %(now)s
    FROM incoming i
    WHERE NOT EXISTS (SELECT 1 FROM located l WHERE l.identifier = i.identifier)
    ORDER BY i.identifier
    RETURNING identifier, id
)
INSERT INTO located SELECT identifier, id, true FROM made
"""

# A version's text is kept as first seen.
_UPDATE_VERSIONS = """
UPDATE papers_paperversion known SET
    date = coalesce(known.date, v.date),
    title = coalesce(known.title, v.title),
    abstract = coalesce(known.abstract, v.abstract)
FROM incoming_version v JOIN located l USING (identifier)
WHERE known.paper_id = l.paper_id AND known.number = v.number AND (
    (known.date IS NULL AND v.date IS NOT NULL)
    OR (known.title IS NULL AND v.title IS NOT NULL)
    OR (known.abstract IS NULL AND v.abstract IS NOT NULL)
)
"""

_INSERT_VERSIONS = """
INSERT INTO papers_paperversion (paper_id, number, date, title, abstract)
SELECT l.paper_id, v.number, v.date, v.title, v.abstract
FROM incoming_version v JOIN located l USING (identifier)
WHERE l.fresh OR NOT EXISTS (
    SELECT 1 FROM papers_paperversion known
    WHERE known.paper_id = l.paper_id AND known.number = v.number
)
"""


def lock_changes() -> None:
    """Become the one transaction that changes papers; the lock is the triggers' own (0002)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7070001)")


def store_records(
    records: Iterable[PaperRecord],
    detail: Detail,
    source: str = Paper.Source.ARXIV,
) -> Stored:
    """Store a batch in one transaction. The same batch again changes no row.

    An older version never overwrites a newer one, in whatever order they come; it only adds to the
    history. Of several records of one paper in a batch, the newest describes it.
    """
    batch = encode_records(list(records))
    if not batch.size:
        return Stored(0, 0, 0, {})
    with transaction.atomic(), connection.cursor() as cursor:
        counts = store_batch(batch, detail, source)
        cursor.execute("SELECT identifier, paper_id FROM located")
        ids = dict(cursor.fetchall())
    return Stored(counts.new, counts.changed, counts.unchanged, ids)


def store_batch(batch: Batch, detail: Detail, source: str = Paper.Source.ARXIV) -> Counts:
    """Store records that are encoded already, in the caller's transaction; see `store_records`.

    Until its end, the temporary table `located` says which row (`paper_id`) each identifier is, and
    whether it is `fresh`.
    """
    arguments: dict[str, str | int | datetime] = {
        "source": source,
        "detail": int(detail),
        "now": clock.now(),
    }
    lock_changes()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming, incoming_version, located, changed")
        cursor.execute(_STAGING)
        copy_into("incoming", PAPER_COLUMNS, batch.papers)
        copy_into("incoming_version", VERSION_COLUMNS, batch.versions)
        cursor.execute(_LOCATE, arguments)
        known, changed = cursor.rowcount, 0
        if known:
            cursor.execute(_CHANGED, arguments)
            if changed := cursor.rowcount:
                cursor.execute(_UPDATE)
            cursor.execute(_UPDATE_VERSIONS)
        if known < batch.size:
            cursor.execute(_INSERT, arguments)
        cursor.execute(_INSERT_VERSIONS)
    return Counts(batch.size - known, changed, known - changed)


def copy_into(table: str, columns: str, lines: bytes) -> None:
    """Send lines of COPY's text format into a table. The names are the caller's own, not input."""
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        copy.write(lines)
