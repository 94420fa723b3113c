"""The frame of a PDF that is opened under a card, for scripts."""

from django.http import HttpRequest, HttpResponse

from papers.pages import viewer
from papers.views.answers import fill, reading_page


@reading_page
def show(_request: HttpRequest) -> HttpResponse:
    """The same frame for every paper; which one it shows is put in by the browser."""
    response = HttpResponse(fill("viewer.html", viewer.build()))
    response["Cache-Control"] = "public, max-age=600"
    response["X-Robots-Tag"] = "noindex"
    return response
