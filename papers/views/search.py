"""The search page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from papers import addresses
from papers.addresses import PickedAddress, SearchAddress, paper_address
from papers.pages import search
from papers.views.answers import answer_now, answer_problem, reading_page, render_page
from search.errors import IndexUnusable


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """What was found; identifiers go to their papers at once."""
    text = addresses.read_query(request.GET)
    address = SearchAddress(
        text, addresses.read_slice(request.GET), addresses.read_sort(request.GET)
    )
    if typed := addresses.read_typed_identifiers(text):
        one = typed[0]
        target = paper_address(one.id, one.version) if len(typed) == 1 else PickedAddress(typed)
        redirect = HttpResponseRedirect(str(target))
        redirect["Cache-Control"] = "public, max-age=60"
        return redirect
    try:
        return answer_now(request, render_page("search.html", search.build(address)))
    except IndexUnusable:
        response = answer_problem(
            503,
            _("Search is not ready"),
            _(
                "The index is being built, or has to be built again. Everything else works; "
                "please try again in a minute."
            ),
            ((_("All categories"), "/"),),
        )
        response["Retry-After"] = "60"
        return response
