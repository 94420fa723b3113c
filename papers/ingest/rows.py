"""Records in the form in which PostgreSQL's COPY takes them.

No database and no Django here, so that another process can do this work ahead (`ingest.history`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from json import JSONEncoder

from papers.arxiv.records import PaperRecord, Precision

PAPER_COLUMNS = (
    "identifier, version, title, abstract, authors, primary_category, categories, comments, "
    "journal_ref, doi, licence, submitted_at, submitted_precision, updated_at, withdrawn"
)
VERSION_COLUMNS = "identifier, number, date, title, abstract"

_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"))

_encode_json = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as lines for COPY: `size` papers, each once, and all versions they tell of."""

    papers: bytes
    versions: bytes
    size: int


def encode_records(records: Sequence[PaperRecord]) -> Batch:
    """A batch of `records`; of several of one paper, the newest describes it.

    Raises ValueError for text that PostgreSQL cannot hold (NUL, a lone surrogate).
    """
    newest = pick_newest(records)
    return Batch(
        b"".join(encode_line(_paper_row(record)) for record in newest.values()),
        b"".join(encode_line(row) for row in _version_rows(records)),
        len(newest),
    )


def pick_newest(records: Iterable[PaperRecord]) -> dict[str, PaperRecord]:
    """The record of the newest version of each paper by identifier; the later of equals."""
    newest: dict[str, PaperRecord] = {}
    for record in records:
        known = newest.get(record.identifier)
        if known is None or (record.version or 0) >= (known.version or 0):
            newest[record.identifier] = record
    return newest


def encode_line(values: Iterable[str | int | bool | date | None]) -> bytes:
    """One line of COPY's text format, as UTF-8. Raises ValueError for NUL and lone surrogates."""
    return ("\t".join(map(_encode_value, values)) + "\n").encode()


def _encode_value(value: str | int | bool | date | None) -> str:
    if isinstance(value, str):
        for char, escape in _ESCAPES:
            if char in value:
                value = value.replace(char, escape)
        if "\0" in value:
            raise ValueError("it holds a NUL character")
        return value
    if value is None:
        return "\\N"
    return value.isoformat() if isinstance(value, date) else str(value)


def _encode_array(values: Iterable[str]) -> str:
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    inner = '","'.join(quoted)
    return f'{{"{inner}"}}' if inner else "{}"


def _paper_row(record: PaperRecord) -> tuple[str | int | datetime | None, ...]:
    return (
        record.identifier,
        record.version,
        record.title,
        record.abstract,
        _encode_json([{"name": a.name, "affiliations": a.affiliations} for a in record.authors]),
        record.primary_category,
        _encode_array(record.categories),
        record.comments,
        record.journal_ref,
        record.doi,
        record.licence,
        record.submitted_at,
        record.submitted_precision.value,
        record.updated_at,
        record.withdrawn,
    )


def _version_rows(
    records: Sequence[PaperRecord],
) -> Iterable[tuple[str, int, datetime | None, str | None, str | None]]:
    """(identifier, number, date, title, abstract), each version once, the fullest row of each."""
    rows: dict[tuple[str, int], tuple[str, int, datetime | None, str | None, str | None]] = {}
    for record in records:
        for version in record.versions:
            key = (record.identifier, version.number)
            rows.setdefault(key, (*key, version.date, None, None))
        exact = record.submitted_precision is Precision.SECOND
        if exact and (record.identifier, 1) not in rows:
            rows[record.identifier, 1] = (record.identifier, 1, record.submitted_at, None, None)
        if record.version:
            key = (record.identifier, record.version)
            dated = record.updated_at or (rows[key][2] if key in rows else None)
            rows[key] = (*key, dated, record.title, record.abstract)
    return rows.values()
