"""A hand-picked list of papers: `/arxiv/2401.00001,2402.00002`, in the order given."""

from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers.addresses import BadAddress, PickedAddress
from papers.formatting import count
from papers.pages.card import Card, make_card
from papers.pages.frame import Frame, Pager, make_pager
from papers.queries import papers as paper_queries


@dataclass(frozen=True, slots=True)
class PickedPage:
    """The papers that are here, and the identifiers of those that are not: (text, at arXiv)."""

    frame: Frame
    heading: str
    cards: tuple[Card, ...]
    missing: tuple[tuple[str, str], ...]
    pager: Pager | None


def build(address: PickedAddress) -> PickedPage:
    """The page of a hand-picked list. One query. BadAddress beyond its end."""
    found = paper_queries.list_papers([one.id for one in address.picked])
    here = [found[one.id] for one in address.picked if one.id in found]
    show, skip = address.slice.show, address.slice.skip
    if skip and skip >= len(here):
        raise BadAddress(
            404,
            _("There is nothing behind the last paper"),
            ngettext("This list has %(count)s paper.", "This list has %(count)s papers.", len(here))
            % {"count": count(len(here))},
            ((_("From the beginning"), str(address.from_(0))),),
        )
    heading = ngettext("%(count)s picked paper", "%(count)s picked papers", len(here)) % {
        "count": count(len(here))
    }
    cards = tuple(
        make_card(paper, number)
        for number, paper in enumerate(islice(here, skip, skip + show), skip + 1)
    )
    return PickedPage(
        frame=Frame(
            title=heading,
            canonical=str(address),
            samples=any(card.sample for card in cards),
            indexed=False,
        ),
        heading=heading,
        cards=cards,
        missing=tuple(
            (one.id, f"https://arxiv.org/abs/{one.id}")
            for one in address.picked
            if one.id not in found
        ),
        pager=make_pager(address, skip, show, len(here)),
    )
