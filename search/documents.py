"""What the search room speaks about: documents in, hits out.

A document is anything with a title, an abstract, authors, categories and a date. What it stands
for is the business of whoever fills the index; nothing here knows papers or a database.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

# What fits the engines' signed 64-bit fields with room for a composed sort key.
LARGEST_ROW = 2**40 - 1
LARGEST_SEQ = 2**62
LARGEST_VERSION = 2**31 - 1
LARGEST_MOMENT = 2**34


@dataclass(frozen=True, slots=True)
class Document:
    """One searchable document.

    `row` is its number in the database and identifies it here; `key` is the name readers know,
    found by `id:`. `seq` is the change that made this state. `categories` are canonical codes, the
    primary first; archives (`cs` of `cs.AI`) are found without being named. `day` answers date
    ranges; `moment` (Unix seconds, at least 0) orders results by date. Both are None where unknown.
    """

    row: int
    key: str
    version: int
    seq: int
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    day: date | None = None
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """A document that is to be found no longer, as of change `seq`."""

    row: int
    seq: int


Change = Document | Removal


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far something has come: the database it follows, and the last change it has taken in."""

    database: str
    seq: int


@dataclass(frozen=True, slots=True)
class State:
    """What the index holds of one document; for comparing index and database."""

    row: int
    version: int
    seq: int


class Sort(StrEnum):
    """Best first, or newest first."""

    RELEVANCE = "relevance"
    DATE = "date"


class Hit(NamedTuple):
    """A found document's row, its score (higher is better; 0 when sorted by date) and its day.

    The day is a proleptic ordinal, None where unknown.
    """

    row: int
    score: float
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A value and how many documents have it."""

    value: str
    number: int


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of all found documents, on every page, are of which category, archive and year.

    Codes are lower case. A document counts once for each of its categories and archives, so each
    number is what `Category(value)` as one more filter leaves. Most first; years newest first, and
    undated documents count for none. An archive without subjects (`hep-th`) is a category too.
    """

    categories: tuple[Count, ...] = ()
    archives: tuple[Count, ...] = ()
    years: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, how many documents match in all, and the time it took in milliseconds.

    `loosened` says that too few documents had all the words, so those with some were let in;
    `complete` is then how many have all. `facets` is None unless it was asked for.
    """

    hits: tuple[Hit, ...]
    total: int
    took_ms: float
    loosened: bool = False
    complete: int = 0
    facets: Facets | None = None

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a document, as it was given, and the document's row."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What somebody who typed so far may mean: documents, and authors with their numbers."""

    titles: tuple[Title, ...] = ()
    authors: tuple[Count, ...] = ()


def make_facets(terms: Mapping[str, int], years: Mapping[int, int]) -> Facets:
    """Facets of the numbers of documents by category term (`category_terms`) and by year."""
    counts = [Count(value, number) for value, number in terms.items() if number]
    counts.sort(key=lambda count: (-count.number, count.value))
    divided = {archive_of(count.value) for count in counts if "." in count.value}
    return Facets(
        categories=tuple(c for c in counts if "." in c.value or c.value not in divided),
        archives=tuple(c for c in counts if "." not in c.value),
        years=tuple(Count(str(year), years[year]) for year in sorted(years, reverse=True)),
    )


def archive_of(code: str) -> str:
    """The archive a category belongs to: `cs` of `cs.AI`, `hep-th` of itself."""
    return code.partition(".")[0]


def category_terms(categories: Sequence[str]) -> list[str]:
    """What a document's categories are found under: codes and archives, lower case, each once."""
    codes = [code.lower() for code in categories]
    return list(dict.fromkeys([*codes, *map(archive_of, codes)]))


def sort_key(document: Document) -> int:
    """Newest first when sorted downwards, and never a tie between two documents."""
    return ((document.moment or 0) << 28) | (document.row & 0xFFFFFFF)


def why_unfit(change: Change) -> str | None:
    """What makes a change impossible to index, or None.

    Checked before an engine's writer sees it: a wrong value there fails later, and ends the writer.
    """
    for name, largest in (("row", LARGEST_ROW), ("seq", LARGEST_SEQ)):
        number = getattr(change, name)
        if type(number) is not int or not 0 <= number <= largest:
            return f"{name} is {number!r}"
    if isinstance(change, Removal):
        return None
    if type(change.version) is not int or not 0 <= change.version <= LARGEST_VERSION:
        return f"version is {change.version!r}"
    if change.moment is not None and (
        type(change.moment) is not int or not 0 <= change.moment < LARGEST_MOMENT
    ):
        return f"moment is {change.moment!r}"
    if change.day is not None and not isinstance(change.day, date):
        return f"day is {change.day!r}"
    for name in ("key", "title", "abstract"):
        if not isinstance(getattr(change, name), str):
            return f"{name} is no text"
    for name in ("authors", "categories"):
        if not all(isinstance(text, str) for text in getattr(change, name)):
            return f"{name} are no texts"
    return None
