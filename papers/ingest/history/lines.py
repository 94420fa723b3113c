"""Lines of a snapshot into rows ready for COPY: the work of the parsing process.

Pure, and loaded without Django. One call is one block.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from papers.arxiv.calendar import HOLIDAYS, listing_date_of
from papers.arxiv.identifiers import Identifier
from papers.arxiv.records import PaperRecord, Refusal
from papers.arxiv.snapshot import name_line, parse_line
from papers.arxiv.taxonomy import ARCHIVES
from papers.ingest.rows import Batch, encode_line, encode_records, pick_newest

LISTING_COLUMNS = "identifier, version, date, replaced, position"

_ARCHIVE_RANK = {code: rank for rank, code in enumerate(sorted(ARCHIVES))}
_FIRST_YEAR = 1991


@dataclass(frozen=True, slots=True)
class Parsed:
    """A block as rows: papers and versions, days on which they were listed, and what was refused.

    A refusal's `position` is the line's number in the file, from 1.
    """

    batch: Batch
    listings: bytes
    refusals: tuple[Refusal, ...]


def parse_block(text: bytes, first_line: int, holidays: Mapping[date, str] = HOLIDAYS) -> Parsed:
    """Parse whole lines, the first of which is line `first_line`. Blank lines are passed over."""
    records: list[PaperRecord] = []
    refusals: list[Refusal] = []
    for number, line in enumerate(text.split(b"\n"), first_line):
        if not line or line.isspace():
            continue
        try:
            records.append(parse_line(line))
        except ValueError as error:
            refusals.append(Refusal(number, name_line(line), str(error)))
    listings = b"".join(
        encode_line(row)
        for record in pick_newest(records).values()
        for row in _list_days(record, holidays)
    )
    return Parsed(encode_records(records), listings, tuple(refusals))


def _list_days(
    record: PaperRecord, holidays: Mapping[date, str]
) -> list[tuple[str, int, date, bool, int]]:
    """The days that list a paper: its first version's, and its newest's if that is another.

    The versions between are in its history, but on no reconstructed day: most would be lines
    nobody reads, and there would be as many of them as of all others.
    """
    if record.submitted_at is None:
        return []
    first = listing_date_of(record.submitted_at, holidays)
    position = rank_identifier(record.identifier)
    version = record.version or 1
    newest = first
    if record.updated_at and version > 1:
        newest = listing_date_of(record.updated_at, holidays)
    if newest <= first:
        return [(record.identifier, version, first, False, position)]
    return [
        (record.identifier, 1, first, False, position),
        (record.identifier, version, newest, True, position),
    ]


def rank_identifier(identifier: str) -> int:
    """A number below 2**31 that orders identifiers as arXiv does: month, archive, number.

    So a paper's position in a listing is known without the others: a day can be filled in any
    order, and the same file gives the same positions.
    """
    year, month, archive, number, _version = Identifier(identifier).sort_key
    within = (_ARCHIVE_RANK[archive] << 10 | number) if archive else number
    return ((year - _FIRST_YEAR) * 12 + month) << 17 | within
