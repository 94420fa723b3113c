"""From a source's raw fields to a `PaperRecord`: the rules that all sources share.

Text is decoded, categories are canonical, and what cannot be a paper is refused with a reason.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from papers.arxiv import identifiers, taxonomy
from papers.arxiv.identifiers import Identifier
from papers.arxiv.records import Author, PaperRecord, Precision, VersionRecord
from papers.arxiv.text import clean_text, decode_text
from papers.arxiv.withdrawals import is_withdrawn

# Far above the longest at arXiv (an abstract of 1,920 characters is the rule since 2010).
_LONGEST_TITLE = 3_000
_LONGEST_ABSTRACT = 50_000

_GUID = re.compile(rb"oai:arXiv\.org:[A-Za-z0-9./-]{1,60}")


def assemble_record(
    identifier: Identifier,
    *,
    title: str,
    abstract: str,
    authors: Sequence[Author],
    categories: Iterable[str],
    primary: str = "",
    comments: str | None = None,
    journal_ref: str | None = None,
    doi: str | None = None,
    licence: str | None = None,
    versions: Sequence[VersionRecord] = (),
    withdrawn: bool = False,
) -> PaperRecord:
    """A record from raw fields; None says that the source has no such field.

    The first of `categories` is the primary one, unless `primary` names it. Times come from the
    first and the newest of `versions`. Raises ValueError, saying why, for no title, no category of
    arXiv, or a text of impossible length.
    """
    codes = taxonomy.canonical_all([primary, *categories])
    if not codes:
        raise ValueError("it names no category of arXiv")
    title = decode_text(title[: _LONGEST_TITLE + 1])
    if not title:
        raise ValueError("it has no title")
    if len(title) > _LONGEST_TITLE:
        raise ValueError(f"its title has more than {_LONGEST_TITLE} characters")
    if len(abstract) > _LONGEST_ABSTRACT:
        raise ValueError(f"its abstract has more than {_LONGEST_ABSTRACT} characters")
    abstract = decode_text(abstract)
    comments = None if comments is None else decode_text(comments)
    withdrawn = withdrawn or is_withdrawn(comments or "", abstract)
    first = next((v.date for v in versions if v.number == 1), None)
    newest = max(versions, key=lambda v: v.number, default=None)
    return PaperRecord(
        identifier=identifier.id,
        version=newest.number if newest else identifier.version,
        title=title,
        abstract=abstract,
        authors=tuple(authors),
        primary_category=codes[0],
        categories=codes,
        comments=comments,
        journal_ref=None if journal_ref is None else decode_text(journal_ref),
        doi=None if doi is None else clean_text(doi),
        licence=None if licence is None else clean_text(licence),
        submitted_at=first,
        submitted_precision=Precision.SECOND if first else Precision.UNKNOWN,
        updated_at=newest.date if newest else None,
        # Without comments a source can tell a withdrawal, but not that there is none.
        withdrawn=withdrawn or (None if comments is None else False),
        versions=tuple(versions),
    )


def name_refused(name: str, source: bytes = b"") -> str:
    """What a refused record called itself: its canonical identifier where it has a possible one.

    `source` is the record's own markup, searched where it was too broken to find a name in it.
    """
    if match := _GUID.search(source):
        name = match[0].decode()
    try:
        return identifiers.from_oai(name).id
    except ValueError:
        return name.strip()[:200]


def read_time(text: str) -> datetime | None:
    """An ISO 8601 or RFC 1123 time, in UTC; None where it is neither or names no zone."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text) if "-" in text[:5] else parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None
