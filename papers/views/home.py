"""The home page."""

from django.http import HttpRequest, HttpResponse

from coolpapers import clock
from papers.pages import home
from papers.views.answers import answer, reading_page, redirect_to, render_page


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """Today's categories and the latest days."""
    return answer(request, "/", lambda: render_page("home.html", home.build(clock.now())))


@reading_page
def go_home(_request: HttpRequest) -> HttpResponse:
    """`/arxiv` names nothing: its contents stand on the home page."""
    return redirect_to("/")
