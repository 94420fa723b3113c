"""Search: what was found, or what to try."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.addresses import BadAddress, SearchAddress
from papers.formatting import count
from papers.pages.card import Card, make_card
from papers.pages.frame import Frame, Pager, make_pager
from papers.queries import installation
from papers.queries import search as search_queries
from papers.queries.search import Found
from search.highlight import find_ranges
from search.query import Note, Scope


@dataclass(frozen=True, slots=True)
class Example:
    """A search to try: what it does, and how it is typed."""

    typed: str
    meaning: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Results, or advice. `remarks` say how the query was understood where that is not plain."""

    frame: Frame
    heading: str
    query: str
    remarks: tuple[str, ...]
    sorts: tuple[tuple[str, str], ...]
    cards: tuple[Card, ...]
    pager: Pager | None
    examples: tuple[Example, ...]


def build(address: SearchAddress) -> SearchPage:
    """The page of a search. Two queries at most.

    Raises IndexUnusable (`search.errors`) where there is no index, BadAddress beyond the end.
    """
    if not address.query:
        return _make_page(address, _("Search"), samples=installation.shows_samples())
    show, skip = address.slice.show, address.slice.skip
    found = search_queries.search(address.query, show, skip, address.by_date)
    if skip and skip >= found.reachable:
        raise BadAddress(
            404,
            _("There is nothing behind the last result"),
            ngettext(
                "%(count)s result can be paged through.",
                "%(count)s results can be paged through.",
                found.reachable,
            )
            % {"count": count(found.reachable)},
            ((_("From the beginning"), str(address.from_(0))),),
        )

    def find_marks(text: str, scope: Scope) -> Sequence[tuple[int, int]]:
        return find_ranges(text, found.query.root, scope)

    cards = tuple(
        make_card(paper, number, find_marks=find_marks)
        for number, paper in enumerate(found.papers, skip + 1)
    )
    if found.total:
        heading = ngettext("%(count)s paper", "%(count)s papers", found.total) % {
            "count": count(found.total)
        }
    else:
        heading = _("Nothing found")
    return _make_page(
        address,
        heading,
        cards=cards,
        remarks=tuple(_make_remarks(found)),
        pager=make_pager(address, skip, show, found.reachable),
        samples=any(card.sample for card in cards),
    )


def _make_page(
    address: SearchAddress,
    heading: str,
    *,
    cards: tuple[Card, ...] = (),
    remarks: tuple[str, ...] = (),
    pager: Pager | None = None,
    samples: bool = False,
) -> SearchPage:
    first = address.from_(0)
    return SearchPage(
        frame=Frame(
            title=f"{address.query} · {_('Search')}" if address.query else _("Search"),
            canonical=str(address),
            samples=samples,
            indexed=False,
            query=address.query,
        ),
        heading=heading,
        query=address.query,
        remarks=remarks,
        sorts=(
            (_("Best first"), str(replace(first, by_date=False)) if address.by_date else ""),
            (_("Newest first"), "" if address.by_date else str(replace(first, by_date=True))),
        )
        if cards
        else (),
        cards=cards,
        pager=pager,
        examples=() if cards else tuple(_make_examples()),
    )


def _make_remarks(found: Found) -> list[str]:
    remarks = []
    if found.loosened:
        remarks.append(_("Few papers have all of these words; those with some follow behind."))
    if found.reachable < found.total:
        remarks.append(
            _("The first %(count)s can be paged through.") % {"count": count(found.reachable)}
        )
    said = {
        Note.TOO_LONG: _("The search was too long: its end was left out."),
        Note.OPEN_QUOTE: _("A quotation mark without a partner was left out."),
        Note.NO_WORDS: _("There is no word in this to search for."),
    }
    remarks += [said[note] for note in found.query.notes if note in said]
    return remarks


def _make_examples() -> list[Example]:
    return [
        Example(typed, meaning, str(SearchAddress(typed)))
        for typed, meaning in (
            ("diffusion models", _("all of these words, in any form")),
            ('"mixture of experts"', _("these words together, in this order")),
            ("author:hinton", _("an author; also au:")),
            ("title:transformer -vision", _("in the title; without a word")),
            ("cat:cs.CL benchmark", _("in a category or archive")),
            ("date:2026-08-01..2026-08-14 agents", _("submitted between two days")),
        )
    ]
