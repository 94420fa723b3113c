"""`/status`: how complete the last days are, for everyone."""

from django.http import HttpRequest, HttpResponse

from coolpapers import clock
from papers.pages import completeness
from papers.views.answers import answer, reading_page, render_page


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """The last thirty days as a calendar."""
    return answer(
        request,
        "/status",
        lambda: render_page("status.html", completeness.build(clock.now(), clock.today())),
    )
