"""The addresses of reading pages, as they are written: every page builds its links here.

No database. What an address means that somebody asks for is read in `papers.parameters`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

from papers.arxiv.identifiers import Identifier
from papers.selection import Selection

DEFAULT_SHOW = 25
MOST_SHOWN = 200
# The view of titles has a whole day on one page: more than arXiv's busiest in most selections.
TITLES_SHOWN = 1_000
MOST_FILTERS = 5
# What finds its neighbours: more than any abstract, and short enough for an address.
LONGEST_TEXT = 3_000
# Of what readers send: control characters, also those that turn what is written after them.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")

_IDENTIFIERS = re.compile(r"\d{3}")


class BadAddress(Exception):
    """An address that asks for nothing there is: the status, and sentences for the reader.

    `links` are ways on: (text, address).
    """

    def __init__(
        self, status: int, heading: str, explanation: str, links: Iterable[tuple[str, str]] = ()
    ) -> None:
        super().__init__(heading)
        self.status = status
        self.heading = heading
        self.explanation = explanation
        self.links = tuple(links)


class Order(StrEnum):
    """The orders of a listing: arXiv's; the newest submitted first; the most starred first."""

    ARXIV = "arxiv"
    TIME = "time"
    STARS = "stars"


@dataclass(frozen=True, slots=True)
class Slice:
    """Which of a list's papers: `show` of them from `skip` on."""

    show: int = DEFAULT_SHOW
    skip: int = 0

    def parameters(self) -> dict[str, str]:
        """What an address has to say of it: nothing of what is usual."""
        found = {}
        if self.show != DEFAULT_SHOW:
            found["show"] = str(self.show)
        if self.skip:
            found["skip"] = str(self.skip)
        return found


@dataclass(frozen=True, slots=True)
class ListingAddress:
    """A listing of a selection: of its latest announced day, or from `first` to `last`."""

    selection: Selection
    first: date | None = None
    last: date | None = None
    slice: Slice = field(default_factory=Slice)
    titles: bool = False
    order: Order = Order.ARXIV

    def __str__(self) -> str:
        order = {"sort": str(self.order)} if self.order is not Order.ARXIV else {}
        view = {"view": "titles"} if self.titles else {}
        parameters = {**self._dates(), **order, **view, **self.slice.parameters()}
        return _join(f"/arxiv/{self.selection}", parameters)

    def in_view(self, *, titles: bool) -> "ListingAddress":
        """The same listing from its beginning, as titles or with abstracts."""
        return replace(self, titles=titles, slice=Slice())

    def in_order(self, order: Order) -> "ListingAddress":
        """The same listing from its beginning, in an order."""
        return replace(self, order=order, slice=replace(self.slice, skip=0))

    def of(self, day: date | None) -> "ListingAddress":
        """The same listing from its beginning, of another day; None for the latest."""
        return replace(self, first=day, last=day, slice=replace(self.slice, skip=0))

    def from_(self, skip: int) -> "ListingAddress":
        """The same listing from another paper on."""
        return replace(self, slice=replace(self.slice, skip=skip))

    def _dates(self) -> dict[str, str]:
        if self.first is None or self.last is None:
            return {}
        one = self.first == self.last
        return {"date": f"{self.first}" if one else f"{self.first}..{self.last}"}


@dataclass(frozen=True, slots=True)
class PickedAddress:
    """A hand-picked list of papers."""

    picked: tuple[Identifier, ...]
    slice: Slice = field(default_factory=Slice)

    def __str__(self) -> str:
        path = "/arxiv/" + ",".join(quote(str(one)) for one in self.picked)
        return _join(path, self.slice.parameters())

    def from_(self, skip: int) -> "PickedAddress":
        """The same list from another paper on."""
        return replace(self, slice=replace(self.slice, skip=skip))


@dataclass(frozen=True, slots=True)
class SearchAddress:
    """A search for what a reader typed, among papers that are in all of `categories` (or archives)
    and were first submitted in `year`."""

    query: str
    slice: Slice = field(default_factory=Slice)
    by_date: bool = False
    categories: tuple[str, ...] = ()
    year: int | None = None

    def __str__(self) -> str:
        parameters: dict[str, str | Sequence[str]] = {"query": self.query} if self.query else {}
        if self.categories:
            parameters["cat"] = self.categories
        if self.year:
            parameters["year"] = str(self.year)
        if self.by_date:
            parameters["sort"] = "date"
        return _join("/arxiv/search", {**parameters, **self.slice.parameters()})

    def from_(self, skip: int) -> "SearchAddress":
        """The same search from another result on."""
        return replace(self, slice=replace(self.slice, skip=skip))

    def within(self, category: str) -> "SearchAddress":
        """The same search from its beginning, in one more category."""
        return replace(self.from_(0), categories=(*self.categories, category))

    def outside(self, category: str) -> "SearchAddress":
        """The same search from its beginning, no longer held to a category."""
        kept = tuple(code for code in self.categories if code != category)
        return replace(self.from_(0), categories=kept)

    def of(self, year: int | None) -> "SearchAddress":
        """The same search from its beginning, of a year; None for all years."""
        return replace(self.from_(0), year=year)


@dataclass(frozen=True, slots=True)
class NearAddress:
    """The papers nearest to a text that somebody pasted."""

    text: str

    def __str__(self) -> str:
        return _join("/arxiv/related", {"text": self.text} if self.text else {})


def paper_address(identifier: str, version: int | None = None) -> str:
    """The page of a paper, or of one of its versions."""
    return f"/arxiv/{quote(identifier)}" + (f"v{version}" if version else "")


def related_address(identifier: str) -> str:
    """The papers nearest to a paper."""
    return f"{paper_address(identifier)}/related"


def author_address(name: str) -> str:
    """The search for an author's papers."""
    # Written out, since a page has hundreds of them.
    return "/arxiv/search?query=" + quote_plus(f'author:"{name.replace(chr(34), " ").strip()}"')


def in_form(address: str, form: str) -> str:
    """The same list or paper as `feed`, `json`, `bib` or `ris`."""
    path, question, query = address.partition("?")
    return f"{path}{'/feed' if form == 'feed' else '.' + form}{question}{query}"


def list_forms(address: str) -> list[tuple[str, str]]:
    """The forms that the page of an address has, and where: none but for lists and papers.

    The feed is of the list as it grows, not of the day or the part that the page shows; BibTeX and
    RIS are of the whole list.
    """
    path, _question, query = address.partition("?")
    what = path.removeprefix("/arxiv/")
    if what == path or (what == "search" and not query):
        return []
    if what.rpartition("/")[2] == "related":
        return []
    asked: dict[str, list[str]] = {}
    for name, text in parse_qsl(query):
        asked.setdefault(name, []).append(text)
    whole = {name: texts for name, texts in asked.items() if name not in ("show", "skip", "view")}
    listed = {name: texts for name, texts in asked.items() if name in ("query", "cat", "year")}
    found = [
        ("json", in_form(address, "json")),
        ("bib", in_form(_join(path, whole), "bib")),
        ("ris", in_form(_join(path, whole), "ris")),
    ]
    if names_papers(what) and "," not in what:
        return found
    return [("feed", in_form(_join(path, listed), "feed")), *found]


def names_papers(what: str) -> bool:
    """Whether the part behind `/arxiv/` speaks of papers; categories have no digits in a row."""
    return _IDENTIFIERS.search(what) is not None


def more_address(address: str) -> str:
    """Where the cards of a page of a list are, without the page around them."""
    path, question, query = address.partition("?")
    return f"{path}/more{question}{query}"


def clean(text: str) -> str:
    """Text from an address, fit to be shown."""
    return UNPRINTABLE.sub("\ufffd", text)


def shorten(text: str, most: int = 60) -> str:
    """The same, and not longer than a line."""
    text = clean(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _join(path: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    return f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
