"""The home page, what a reader's own categories put in its place, and the form to choose them."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from coolpapers import clock
from papers.addresses import ListingAddress
from papers.pages import choice, home, overview
from papers.parameters import read_selection
from papers.views.answers import Rendered, answer, reading_page, redirect_to, render_page


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """Today's categories and the latest days."""
    return answer(request, "/", lambda: render_page("home.html", home.build(clock.now())))


@reading_page
def go_home(_request: HttpRequest) -> HttpResponse:
    """`/arxiv` names nothing: its contents stand on the home page."""
    return redirect_to("/")


@reading_page
def show_overview(request: HttpRequest, what: str) -> HttpResponse:
    """`/arxiv/<selection>/overview`: a part of the home page, for scripts."""
    selection = read_selection(what)
    address = f"/arxiv/{selection}/overview"
    if request.path != address:
        return redirect_to(address)

    def make() -> Rendered:
        page = render_page("_overview.html", overview.build(selection, clock.now()))
        return replace(page, headers=(("X-Robots-Tag", "noindex"),))

    return answer(request, address, make)


@reading_page
def choose(request: HttpRequest) -> HttpResponse:
    """The form, or the union that was chosen in it."""
    if request.GET:
        address = ListingAddress(choice.read_selection(request.GET.dict()))
        response = HttpResponseRedirect(str(address))
        response["Cache-Control"] = "public, max-age=3600"
        return response
    return answer(request, choice.ADDRESS, lambda: render_page("choose.html", choice.build()))
