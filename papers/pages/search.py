"""Search: what was found, or what to try."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote_plus

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import markup
from papers.addresses import MOST_FILTERS, BadAddress, SearchAddress
from papers.arxiv import taxonomy
from papers.formatting import count
from papers.pages import explanation
from papers.pages.card import Card, make_card
from papers.pages.frame import Frame, Pager, make_pager
from papers.pages.loosening import Looser, list_looser
from papers.pages.status import BRIEFLY
from papers.queries import installation
from papers.queries import search as search_queries
from papers.queries.search import Found, Narrowing
from papers.selection import name_of
from search import Count
from search.highlight import Highlighter

# Values of a facet shown at once, and those behind a fold: together all of arXiv's years.
_FACETS_SHOWN = 6
_FACETS_FOLDED = 40
# Stands for a category or a year in an address, the last such number in it.
_ANY = "9999"


@dataclass(frozen=True, slots=True)
class Example:
    """A search to try: what it does, and how it is typed."""

    typed: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another search. `name` explains a `text` that is a code."""

    text: str
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow down what was found: links, each with the count of what is left then."""

    heading: str
    shown: tuple[SafeString, ...]
    folded: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results, or advice.

    `explanation` says the query in words, `remarks` what of it is not plain; `took` how long the
    search took when this page was made. `meant` is a better spelling, or None. `chosen` are the
    filters at work, each linking to the search without it. `end` stands behind the last result
    that can be reached; `looser` are searches that ask for less, where nothing was found.
    """

    frame: Frame
    heading: str
    query: str
    explanation: str = ""
    took: str = ""
    remarks: tuple[str, ...] = ()
    meant: Link | None = None
    chosen: tuple[Link, ...] = ()
    facets: tuple[Facet, ...] = ()
    sorts: tuple[tuple[str, str], ...] = ()
    cards: tuple[Card, ...] = ()
    pager: Pager | None = None
    end: str = ""
    looser: tuple[Looser, ...] = ()
    examples: tuple[Example, ...] = ()


def build(address: SearchAddress) -> SearchPage:
    """The page of a search. One query.

    Raises IndexUnusable (`search.errors`) where there is no index, BadAddress beyond the end.
    """
    if not address.query:
        return SearchPage(
            frame=_make_frame(address, samples=installation.shows_samples()),
            heading=_("Search"),
            query="",
            examples=_make_examples(),
        )
    show, skip = address.slice.show, address.slice.skip
    narrowing = Narrowing(address.categories, address.year)
    found = search_queries.search(
        address.query, show, skip, address.by_date, narrowing, for_reader=True
    )
    if skip and skip >= found.reachable:
        raise _beyond_end(address, found.reachable)

    find_marks = Highlighter(found.query.root).find_ranges
    cards = tuple(
        make_card(paper, number, find_marks=find_marks)
        for number, paper in enumerate(found.papers, skip + 1)
    )
    return SearchPage(
        frame=_make_frame(address, samples=any(card.sample for card in cards)),
        heading=_make_heading(found),
        query=address.query,
        explanation=explanation.describe(found.query, narrowing),
        took=_describe_time(found.took_ms),
        remarks=tuple(_make_remarks(found)),
        meant=Link(found.meant, str(replace(address.from_(0), query=found.meant)))
        if found.meant
        else None,
        chosen=_list_chosen(address),
        facets=_make_facets(address, found),
        sorts=_list_sorts(address) if cards else (),
        cards=cards,
        pager=make_pager(address, skip, show, found.reachable),
        end=_describe_end(found, skip + show),
        # As it was read: with “these” as quotation marks.
        looser=() if found.total else list_looser(replace(address, query=found.query.text)),
        examples=() if found.total else _make_examples(),
    )


def _make_frame(address: SearchAddress, *, samples: bool) -> Frame:
    return Frame(
        title=f"{address.query} · {_('Search')}" if address.query else _("Search"),
        canonical=str(address),
        keep=BRIEFLY if address.query else timedelta(hours=1),
        samples=samples,
        indexed=False,
        query=address.query,
    )


def _make_heading(found: Found) -> str:
    if not found.total:
        return _("Nothing found")
    return ngettext("%(count)s paper", "%(count)s papers", found.total) % {
        "count": count(found.total)
    }


def _describe_time(milliseconds: float) -> str:
    if milliseconds < 1:
        return _("Found in less than a millisecond.")
    rounded = round(milliseconds)
    return ngettext(
        "Found in %(count)s millisecond.", "Found in %(count)s milliseconds.", rounded
    ) % {"count": count(rounded)}


def _make_remarks(found: Found) -> list[str]:
    remarks = explanation.list_notes(found.query)
    if found.loosened:
        remarks.append(_describe_complete(found.complete))
    if found.reachable < found.total:
        remarks.append(
            _("The first %(count)s can be paged through.") % {"count": count(found.reachable)}
        )
    return remarks


def _describe_complete(number: int) -> str:
    if not number:
        return _("No paper has all of these words; these have some of them.")
    return ngettext(
        "%(count)s paper has all of these words; those with some follow behind.",
        "%(count)s papers have all of these words; those with some follow behind.",
        number,
    ) % {"count": count(number)}


def _describe_end(found: Found, shown: int) -> str:
    if shown < found.reachable or found.reachable == found.total:
        return ""
    return _(
        "This is the end: of %(total)s papers the first %(count)s are shown. To see others, "
        "narrow the search by category, year or another word, or order it by date."
    ) % {"total": count(found.total), "count": count(found.reachable)}


def _beyond_end(address: SearchAddress, reachable: int) -> BadAddress:
    return BadAddress(
        404,
        _("There is nothing behind the last result"),
        ngettext(
            "%(count)s result can be paged through.",
            "%(count)s results can be paged through.",
            reachable,
        )
        % {"count": count(reachable)},
        ((_("From the beginning"), str(address.from_(0))),),
    )


def _list_sorts(address: SearchAddress) -> tuple[tuple[str, str], ...]:
    first = address.from_(0)
    return (
        (_("Best first"), str(replace(first, by_date=False)) if address.by_date else ""),
        (_("Newest first"), "" if address.by_date else str(replace(first, by_date=True))),
    )


def _list_chosen(address: SearchAddress) -> tuple[Link, ...]:
    chosen = [Link(code, str(address.outside(code)), _name(code)) for code in address.categories]
    if address.year:
        chosen.append(Link(str(address.year), str(address.of(None))))
    return tuple(chosen)


def _make_facets(address: SearchAddress, found: Found) -> tuple[Facet, ...]:
    """Only what narrows down: a value that all of the papers have, or that is chosen, does not."""
    if found.facets is None:
        return ()

    def group(heading: str, values: Sequence[Count], link: Callable[[Count], SafeString]) -> Facet:
        useful = [one for one in values if one.number < found.total and one.value not in chosen]
        links = tuple(map(link, useful[: _FACETS_SHOWN + _FACETS_FOLDED]))
        return Facet(heading, links[:_FACETS_SHOWN], links[_FACETS_SHOWN:])

    # Dozens of addresses that differ in one value; what they share is written once.
    within = str(address.within(_ANY)).rpartition(_ANY)
    of = str(address.of(int(_ANY))).rpartition(_ANY)

    def in_category(one: Count) -> SafeString:
        code = _spell(one.value)
        url = within[0] + quote_plus(code) + within[2]
        return markup.link(code, url, _name(code), count=count(one.number))

    def of_year(one: Count) -> SafeString:
        return markup.link(one.value, of[0] + one.value + of[2], count=count(one.number))

    chosen = {code.lower() for code in address.categories}
    groups = []
    if len(address.categories) < MOST_FILTERS:
        # An archive without subjects is a category too; it is shown once.
        archives = [one for one in found.facets.archives if _is_divided(one.value)]
        groups = [
            group(_("Archive"), archives, in_category),
            group(_("Category"), found.facets.categories, in_category),
        ]
    if not address.year:
        groups.append(group(_("Year"), found.facets.years, of_year))
    return tuple(one for one in groups if one.shown)


def _is_divided(archive: str) -> bool:
    known = archive in taxonomy.ARCHIVES
    return not known or any("." in code for code in taxonomy.categories_of(archive))


def _spell(value: str) -> str:
    try:
        return taxonomy.spelling(value)
    except KeyError:
        return value


def _name(code: str) -> str:
    try:
        return name_of(code)
    except KeyError:
        return ""


def _make_examples() -> tuple[Example, ...]:
    return tuple(
        Example(typed, meaning, str(SearchAddress(typed)))
        for typed, meaning in (
            ("diffusion models", _("all of these words, in any form")),
            ('"mixture of experts"', _("these words together, in this order")),
            ("author:hinton", _("an author; also au:")),
            ("title:transformer -vision", _("in the title; without a word")),
            ("gan OR vae", _("either of them; parentheses group")),
            ("cat:cs.CL benchmark", _("in a category or archive")),
            ("date:2026-08-01..2026-08-14 agents", _("submitted between two days")),
        )
    )
