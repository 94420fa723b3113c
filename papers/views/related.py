"""Related papers: of a paper, as a page and as a fragment for scripts; of a pasted text."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from papers import addresses, parameters
from papers.addresses import BadAddress, NearAddress, paper_address, related_address
from papers.pages import related
from papers.queries import papers as paper_queries
from papers.queries import search as search_queries
from papers.views.answers import (
    Rendered,
    answer,
    answer_unsearchable,
    reading_page,
    redirect_to,
    render_page,
)
from search.errors import IndexUnusable


@reading_page
def show(request: HttpRequest, what: str) -> HttpResponse:
    """The papers nearest to one; with `?fragment=1` only the list of them."""
    found = parameters.read_identifiers(what) if addresses.names_papers(what) else ()
    if len(found) != 1:
        raise BadAddress(
            404,
            _("Only single papers have related ones"),
            _("An address for them is that of a paper with “/related” behind it."),
            ((_("Find papers like an abstract"), str(NearAddress(""))),),
        )
    asked = found[0]
    address = related_address(asked.id)
    if request.path != address:
        return redirect_to(address)
    fragment = request.GET.get("fragment") == "1"

    def make() -> Rendered:
        paper = paper_queries.find_paper(asked.id)
        if paper is None:
            raise BadAddress(
                404,
                _("The paper %(identifier)s is not here") % {"identifier": asked.id},
                _("It can be asked for on its page."),
                ((asked.id, paper_address(asked.id)),),
            )
        template = "_related.html" if fragment else "related.html"
        return render_page(template, related.build(paper))

    try:
        return answer(request, f"{address} {fragment}", make)
    except IndexUnusable as error:
        return answer_unsearchable(error)


@reading_page
def show_for_text(request: HttpRequest) -> HttpResponse:
    """A form to paste an abstract into, and the papers nearest to it."""
    address = NearAddress(parameters.read_text(request.GET))
    try:
        state = search_queries.read_state() if address.text else ""
        return answer(
            request,
            f"{address} {state}",
            lambda: render_page("related.html", related.build_for_text(address.text)),
        )
    except IndexUnusable as error:
        return answer_unsearchable(error)
