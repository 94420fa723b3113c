"""What every source of papers is parsed into.

A source says only what it knows. `None` means "this source does not say" and never erases what
another source said; an empty string or tuple means "this source says there is none".
Text is decoded here already: TeX accents are letters, LaTeX maths stays LaTeX, white space is
single.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """How a paper appears in one category's announcement, strongest first."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


class Precision(StrEnum):
    """How exactly a submission time is known."""

    SECOND = "second"
    DAY = "day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Author:
    """One author, as given: `First Last Suffix`, with the affiliations the source names."""

    name: str
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """A version's number (from 1) and the UTC time it was submitted, where known."""

    number: int
    date: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """A paper as one source describes it.

    `identifier` is canonical and without version. `version` is None where the source does not give
    it (OAI-PMH's arXiv format). `categories` are canonical codes, aliases merged, the primary
    first, each once.
    Times are aware and in UTC. `submitted_at` is the first version's, `updated_at` this version's.
    """

    identifier: str
    version: int | None
    title: str
    abstract: str
    authors: tuple[Author, ...]
    primary_category: str
    categories: tuple[str, ...]
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    licence: str | None = None
    submitted_at: datetime | None = None
    submitted_precision: Precision = Precision.UNKNOWN
    updated_at: datetime | None = None
    withdrawn: bool | None = None
    versions: tuple[VersionRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was refused alone: where it stood (from 0), what it called itself, and why."""

    position: int
    identifier: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """One line of an announcement: the paper, its kind, its place in arXiv's order."""

    record: PaperRecord
    kind: Kind
    position: int


@dataclass(frozen=True, slots=True)
class Listing:
    """A category's announcement as a feed gave it.

    `date` is arXiv's listing date (US Eastern), read from the feed itself. A weekend gives an empty
    listing.
    `cut` is true when the feed is as long as a feed may be, so that papers may be missing.
    """

    category: str
    date: date
    entries: tuple[ListingEntry, ...]
    refusals: tuple[Refusal, ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Records of an API or OAI-PMH answer, the bad ones refused alone.

    `deleted` are the identifiers of records that OAI-PMH marks as deleted.
    """

    records: tuple[PaperRecord, ...]
    refusals: tuple[Refusal, ...] = ()
    total: int | None = None
    resumption_token: str | None = None
    deleted: tuple[str, ...] = ()
