"""The page of starred papers."""

from django.http import HttpRequest, HttpResponse

from papers.pages import stars
from papers.views.answers import answer, reading_page, render_page


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """An empty page: which papers are starred only the browser knows."""
    return answer(request, "/stars", lambda: render_page("stars.html", stars.build()))
