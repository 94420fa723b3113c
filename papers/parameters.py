"""What an address asks for: its path and parameters as typed objects, or a `BadAddress`.

No database. Whatever a browser sends is read here into one typed object, or refused with what is
wrong. How addresses are written is `papers.addresses`.
"""

import re
from collections.abc import Sequence
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from papers import selection as selections
from papers.addresses import (
    DEFAULT_SHOW,
    LONGEST_TEXT,
    MOST_FILTERS,
    MOST_SHOWN,
    UNPRINTABLE,
    BadAddress,
    ListingAddress,
    NearAddress,
    Order,
    SearchAddress,
    Slice,
    clean,
    shorten,
)
from papers.arxiv import identifiers, taxonomy
from papers.arxiv.calendar import FIRST_DAY
from papers.arxiv.identifiers import Identifier, WrongIdentifier
from papers.selection import Selection

LONGEST_RANGE = 31
MOST_PICKED = 500
LONGEST_QUERY = 1_000

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d{2}", re.ASCII)
_ID_FIELD = re.compile(r"^id:(?!\s*$)", re.IGNORECASE)
# What stands behind an identifier on the first page of arXiv's PDFs.
_STAMP = re.compile(r"\s+\[[A-Za-z.-]+\](?:\s+\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})?")


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
    explanation = _("A listing is shown as “abstracts” or as “titles”.")
    return _read_choice(query, "view", ("abstracts", "titles"), explanation) == "titles"


def read_order(query: QueryDict) -> Order:
    """`sort` of a listing. BadAddress for what is no order."""
    explanation = _("A listing is sorted by “arxiv”, by “time” or by “stars”.")
    return Order(_read_choice(query, "sort", tuple(Order), explanation))


def read_sort(query: QueryDict) -> bool:
    """`sort` of a search: whether the newest come first, not the best. BadAddress for others."""
    explanation = _("Results are sorted by “relevance” or by “date”.")
    return _read_choice(query, "sort", ("relevance", "date"), explanation) == "date"


def read_query(query: QueryDict) -> str:
    """What to search for, without what cannot be typed. BadAddress when it is far too long."""
    text = _read_line(query, "query")
    if len(text) > LONGEST_QUERY:
        raise BadAddress(
            400,
            _("This search is too long"),
            _("A search holds at most %(most)s characters.") % {"most": LONGEST_QUERY},
            ((_("Find papers like an abstract"), str(NearAddress(text[:LONGEST_TEXT]))),),
        )
    return text


def read_text(query: QueryDict) -> str:
    """A pasted `text` on one line. BadAddress when it is far too long."""
    text = _read_line(query, "text")
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
    text = _STAMP.sub("", _ID_FIELD.sub("", text))
    for piece in text.replace(",", " ").split():
        try:
            found.append(identifiers.read(piece))
        except ValueError:
            return ()
    return tuple(dict.fromkeys(found[:MOST_PICKED]))


def _read_once(query: QueryDict, name: str) -> str:
    values = query.getlist(name)
    if len(values) > 1:
        raise BadAddress(
            400,
            _("This address says “%(name)s” twice") % {"name": name},
            _("Each part of an address may be given once: it is not clear which one is meant."),
        )
    return values[0].strip() if values else ""


def _read_line(query: QueryDict, name: str) -> str:
    return " ".join(UNPRINTABLE.sub(" ", _read_once(query, name)).split())


def _read_choice(query: QueryDict, name: str, choices: Sequence[str], explanation: str) -> str:
    """One of `choices`, of which the first is meant where nothing is said."""
    text = _read_once(query, name) or choices[0]
    if text not in choices:
        raise _cannot_be(name, text, explanation)
    return text


def _cannot_be(name: str, text: str, explanation: str) -> BadAddress:
    heading = _("“%(name)s=%(value)s” cannot be") % {"name": name, "value": shorten(text, 20)}
    return BadAddress(400, heading, explanation)


def _read_number(query: QueryDict, name: str, default: int, least: int, most: int) -> int:
    text = _read_once(query, name)
    if not text:
        return default
    number = int(text) if _NUMBER.fullmatch(text) else None
    if number is None or not least <= number <= most:
        raise _cannot_be(
            name,
            text,
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
        raise _cannot_be("year", text, _("A year has four digits."))
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
