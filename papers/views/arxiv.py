"""Everything under `/arxiv/` but the search: listings, papers, hand-picked lists."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from coolpapers import clock
from papers import addresses, parameters
from papers.addresses import (
    BadAddress,
    ListingAddress,
    PickedAddress,
    Slice,
    more_address,
    paper_address,
)
from papers.arxiv.identifiers import Identifier
from papers.pages import listing, paper, picked
from papers.queries import papers as paper_queries
from papers.queries import related as related_queries
from papers.views.answers import (
    Page,
    Rendered,
    answer,
    origin_of,
    reading_page,
    redirect_to,
    render_page,
)
from papers.views.arrival import NotHere, answer_wish


@reading_page
def show(request: HttpRequest, what: str) -> HttpResponse:
    """A listing, a paper or a hand-picked list, whichever the path names."""
    if not addresses.names_papers(what):
        return _show_listing(request, what)
    found = parameters.read_identifiers(what)
    if len(found) == 1:
        return _show_paper(request, found[0])
    return _show_picked(request, found, parameters.read_slice(request.GET))


@reading_page
def show_more(request: HttpRequest, what: str) -> HttpResponse:
    """The cards of a page of a listing or hand-picked list alone, for a page that grows."""
    if addresses.names_papers(what):
        picks = PickedAddress(parameters.read_identifiers(what), parameters.read_slice(request.GET))
        return _answer_more(request, str(picks), lambda: picked.build(picks))
    listed = _read_listing(request, what)
    return _answer_more(
        request, str(listed), lambda: listing.build(listed, clock.now(), clock.today())
    )


def _answer_more(request: HttpRequest, address: str, build: Callable[[], Page]) -> HttpResponse:
    more = more_address(address)
    if not _is_canonical(request, more):
        return redirect_to(more)
    response = answer(request, more, lambda: render_page("more.html", build()))
    response["X-Robots-Tag"] = "noindex"
    return response


def _show_listing(request: HttpRequest, what: str) -> HttpResponse:
    address = _read_listing(request, what)
    if not _is_canonical(request, str(address)):
        return redirect_to(str(address))
    return answer(
        request,
        str(address),
        lambda: render_page("listing.html", listing.build(address, clock.now(), clock.today())),
    )


def _read_listing(request: HttpRequest, what: str) -> ListingAddress:
    first, last = parameters.read_dates(request.GET)
    return ListingAddress(
        parameters.read_selection(what),
        first,
        last,
        parameters.read_slice(request.GET),
        parameters.read_view(request.GET),
        parameters.read_order(request.GET),
    )


def _show_paper(request: HttpRequest, asked: Identifier) -> HttpResponse:
    address = paper_address(asked.id, asked.version)
    if not _is_canonical(request, address):
        return redirect_to(address)

    def make() -> Rendered:
        found = paper_queries.find_paper(asked.id)
        if found is None:
            raise NotHere
        account = paper_queries.read_account(found)
        around = related_queries.survey(found)
        page = paper.build(account, asked.version, origin_of(request), around)
        if page is None:
            raise _no_version(asked, found.version)
        return render_page("paper.html", page)

    try:
        return answer(request, address, make)
    except NotHere:
        return answer_wish(request, asked)


def _show_picked(request: HttpRequest, found: tuple[Identifier, ...], part: Slice) -> HttpResponse:
    address = PickedAddress(found, part)
    if not _is_canonical(request, str(address)):
        return redirect_to(str(address))
    return answer(request, str(address), lambda: render_page("picked.html", picked.build(address)))


def _is_canonical(request: HttpRequest, address: str) -> bool:
    return request.path == address.partition("?")[0]


def _no_version(asked: Identifier, newest: int) -> BadAddress:
    return BadAddress(
        404,
        _("%(identifier)s has no version %(version)s")
        % {"identifier": asked.id, "version": asked.version},
        _("The newest version known here is %(version)s.") % {"version": newest},
        ((_("The newest version"), paper_address(asked.id)),),
    )
