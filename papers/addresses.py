"""The addresses of reading pages, both ways: what an address asks for, and the address of a thing.

No database. Whatever a browser sends is read here into one typed object, or refused as a
`BadAddress` that says what is wrong; every page builds its links here.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from papers import selection as selections
from papers.arxiv import identifiers, taxonomy
from papers.arxiv.calendar import FIRST_DAY
from papers.arxiv.identifiers import Identifier, WrongIdentifier
from papers.selection import Selection

DEFAULT_SHOW = 25
MOST_SHOWN = 200
# The view of titles has a whole day on one page: more than arXiv's busiest in most selections.
TITLES_SHOWN = 1_000
LONGEST_RANGE = 31
MOST_PICKED = 500
LONGEST_QUERY = 1_000
MOST_FILTERS = 5
# What finds its neighbours: more than any abstract, and short enough for an address.
LONGEST_TEXT = 3_000

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_IDENTIFIERS = re.compile(r"\d{3}")
_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_ID_FIELD = re.compile(r"^id:(?!\s*$)", re.IGNORECASE)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")


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


def read_selection(what: str) -> Selection:
    """The selection in a path. BadAddress names the nearest categories for an unknown one."""
    try:
        return selections.parse(what)
    except selections.UnknownCategory as unknown:
        raise BadAddress(
            404,
            _("There is no category “%(code)s”") % {"code": shorten(unknown.asked)},
            _("arXiv has no category or archive of this name. Perhaps you mean one of these:"),
            (
                (f"{code} · {selections.name_of(code)}", str(ListingAddress(Selection((code,)))))
                for code in unknown.nearest
            ),
        ) from None
    except selections.MalformedSelection:
        raise BadAddress(
            400,
            _("This address does not say which categories"),
            _(
                "A listing needs at least one category to show, and at most %(most)s in all: "
                "cs.AI, or cs.AI,cs.CL, or cs.AI+cs.LG-cs.CY."
            )
            % {"most": selections.MOST_TERMS},
        ) from None


def read_identifiers(what: str) -> tuple[Identifier, ...]:
    """The identifiers in a path, each once. BadAddress says which one is wrong, and why."""
    found: dict[Identifier, None] = {}
    for piece in re.split(r"[,\s+]+", what.strip("/ ")):
        if not piece:
            continue
        try:
            found[identifiers.read(piece)] = None
        except WrongIdentifier as wrong:
            reason = clean(_(wrong.fault) % wrong.values)
            raise BadAddress(
                404,
                _("There is no paper “%(identifier)s”") % {"identifier": shorten(piece)},
                _("This cannot be an arXiv identifier: %(reason)s.") % {"reason": reason},
                (
                    (_("Search for it"), str(SearchAddress(shorten(piece)))),
                    (_("All categories"), "/"),
                ),
            ) from None
        if len(found) > MOST_PICKED:
            raise BadAddress(
                400,
                _("This list is too long"),
                _("A hand-picked list holds at most %(most)s papers.") % {"most": MOST_PICKED},
            )
    return tuple(found)


def read_slice(query: QueryDict) -> Slice:
    """`show` and `skip`. BadAddress for what is no number, or out of bounds."""
    return Slice(
        _read_number(query, "show", DEFAULT_SHOW, 1, MOST_SHOWN),
        _read_number(query, "skip", 0, 0, 99_999_999),
    )


def read_dates(query: QueryDict) -> tuple[date | None, date | None]:
    """`date`: a day, or two with `..` between. BadAddress for what is no date, or before arXiv."""
    text = _read_once(query, "date")
    if not text:
        return None, None
    start, dots, end = text.partition("..")
    first = _read_day(start)
    last = _read_day(end) if dots else first
    if last < first:
        first, last = last, first
    if (last - first).days >= LONGEST_RANGE:
        raise BadAddress(
            400,
            _("This range is too long"),
            _("A listing covers at most %(days)s days at once.") % {"days": LONGEST_RANGE},
        )
    return first, last


def read_search(query: QueryDict) -> SearchAddress:
    """A search with all that narrows it. BadAddress for what cannot be."""
    return SearchAddress(
        read_query(query),
        read_slice(query),
        read_sort(query),
        _read_categories(query),
        _read_year(query),
    )


def read_view(query: QueryDict) -> bool:
    """`view` of a listing: whether only titles are shown. BadAddress for what is no view."""
    view = _read_once(query, "view")
    if view not in {"", "abstracts", "titles"}:
        raise BadAddress(
            400,
            _("“%(name)s=%(value)s” cannot be") % {"name": "view", "value": shorten(view, 20)},
            _("A listing is shown as “abstracts” or as “titles”."),
        )
    return view == "titles"


def more_address(address: str) -> str:
    """Where the cards of a page of a list are, without the page around them."""
    path, question, query = address.partition("?")
    return f"{path}/more{question}{query}"


def read_order(query: QueryDict) -> Order:
    """`sort` of a listing. BadAddress for what is no order."""
    sort = _read_once(query, "sort")
    if sort not in {"", *Order}:
        raise BadAddress(
            400,
            _("“%(name)s=%(value)s” cannot be") % {"name": "sort", "value": shorten(sort, 20)},
            _("A listing is sorted by “arxiv”, by “time” or by “stars”."),
        )
    return Order(sort or Order.ARXIV)


def read_sort(query: QueryDict) -> bool:
    """`sort` of a search: whether the newest come first, not the best. BadAddress for others."""
    sort = _read_once(query, "sort")
    if sort not in {"", "relevance", "date"}:
        raise BadAddress(
            400,
            _("“%(name)s=%(value)s” cannot be") % {"name": "sort", "value": shorten(sort, 20)},
            _("Results are sorted by “relevance” or by “date”."),
        )
    return sort == "date"


def read_query(query: QueryDict) -> str:
    """What to search for, without what cannot be typed. BadAddress when it is far too long."""
    text = " ".join(_UNPRINTABLE.sub(" ", _read_once(query, "query")).split())
    if len(text) > LONGEST_QUERY:
        raise BadAddress(
            400,
            _("This search is too long"),
            _("A search holds at most %(most)s characters.") % {"most": LONGEST_QUERY},
        )
    return text


def read_text(query: QueryDict) -> str:
    """A pasted `text` on one line. BadAddress when it is far too long."""
    text = " ".join(_UNPRINTABLE.sub(" ", _read_once(query, "text")).split())
    if len(text) > LONGEST_TEXT:
        raise BadAddress(
            400,
            _("This text is too long"),
            _("An abstract is enough: at most %(most)s characters.") % {"most": LONGEST_TEXT},
        )
    return text


def read_typed_identifiers(text: str) -> tuple[Identifier, ...]:
    """The papers that somebody typed into the search box, if it is nothing but identifiers."""
    found = []
    text = _ID_FIELD.sub("", text)
    for piece in text.replace(",", " ").split():
        try:
            found.append(identifiers.read(piece))
        except ValueError:
            return ()
    return tuple(dict.fromkeys(found[:MOST_PICKED]))


def clean(text: str) -> str:
    """Text from an address, fit to be shown."""
    return _UNPRINTABLE.sub("\ufffd", text)


def shorten(text: str, most: int = 60) -> str:
    """The same, and not longer than a line."""
    text = clean(text)
    return text if len(text) <= most else text[: most - 1] + "…"


def _read_once(query: QueryDict, name: str) -> str:
    values = query.getlist(name)
    if len(values) > 1:
        raise BadAddress(
            400,
            _("This address says “%(name)s” twice") % {"name": name},
            _("Each part of an address may be given once: it is not clear which one is meant."),
        )
    return values[0].strip() if values else ""


def _read_number(query: QueryDict, name: str, default: int, least: int, most: int) -> int:
    text = _read_once(query, name)
    if not text:
        return default
    number = int(text) if _NUMBER.fullmatch(text) else None
    if number is None or not least <= number <= most:
        raise BadAddress(
            400,
            _("“%(name)s=%(value)s” cannot be") % {"name": name, "value": shorten(text, 20)},
            _("“%(name)s” is a whole number from %(least)s to %(most)s.")
            % {"name": name, "least": least, "most": most},
        )
    return number


def _read_categories(query: QueryDict) -> tuple[str, ...]:
    """Each `cat`, as arXiv spells it: categories, and archives; each once."""
    found: dict[str, None] = {}
    for text in filter(None, map(str.strip, query.getlist("cat"))):
        code = text.lower()
        if code not in taxonomy.ARCHIVES:
            try:
                code = taxonomy.canonical(code)
            except KeyError:
                # One that arXiv founded since is as good as any; its papers say so.
                if not taxonomy.is_category_like(text):
                    raise BadAddress(
                        404,
                        _("There is no category “%(code)s”") % {"code": shorten(text)},
                        _("arXiv has no category or archive of this name."),
                    ) from None
        found[code] = None
    if len(found) > MOST_FILTERS:
        raise BadAddress(
            400,
            _("This address names too many categories"),
            _("A search is held to at most %(most)s categories at once.") % {"most": MOST_FILTERS},
        )
    return tuple(found)


def _read_year(query: QueryDict) -> int | None:
    text = _read_once(query, "year")
    if text and not _YEAR.fullmatch(text):
        raise BadAddress(
            400,
            _("“%(name)s=%(value)s” cannot be") % {"name": "year", "value": shorten(text, 20)},
            _("A year has four digits."),
        )
    return int(text) if text else None


def _read_day(text: str) -> date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
    except ValueError:
        raise BadAddress(
            400,
            _("“%(date)s” is not a date") % {"date": shorten(text, 30)},
            _("A date looks like 2026-08-11, a range like 2026-08-10..2026-08-14."),
        ) from None
    if day < FIRST_DAY:
        raise BadAddress(
            404,
            _("There was no arXiv yet on %(date)s") % {"date": day.isoformat()},
            _("arXiv began in August 1991; its first listing is of %(first)s.")
            % {"first": FIRST_DAY.isoformat()},
        )
    return day


def _join(path: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    return f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
