"""The search page."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from papers import addresses
from papers.addresses import PickedAddress, SearchAddress, paper_address
from papers.pages import search
from papers.views.answers import answer_not_indexed, answer_now, reading_page, render_page
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
        return answer_not_indexed()
