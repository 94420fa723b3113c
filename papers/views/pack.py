"""`<any listing>/pack.json`: the whole listing in one cached, compressed file."""

from django.http import HttpRequest, HttpResponse

from coolpapers import clock
from papers import parameters
from papers.addresses import ListingAddress
from papers.pages import pack
from papers.views.answers import Rendered, answer, reading_page, redirect_to


@reading_page
def show(request: HttpRequest, what: str) -> HttpResponse:
    """The pack of a listing's days; `show`, `skip` and `view` mean nothing here."""
    first, last = parameters.read_dates(request.GET)
    listed = ListingAddress(parameters.read_selection(what), first, last)
    path, question, query = str(listed).partition("?")
    address = f"{path}/pack.json{question}{query}"
    if request.path != f"{path}/pack.json":
        return redirect_to(address)

    def make() -> Rendered:
        text, keep = pack.build(listed, clock.now(), clock.today())
        return Rendered(
            text,
            keep,
            content_type="application/json; charset=utf-8",
            headers=(("X-Robots-Tag", "noindex"),),
        )

    return answer(request, address, make)
