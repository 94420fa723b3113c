"""A paper that was asked for by its identifier and is not here."""

from django.http import HttpRequest, HttpResponse

from coolpapers import visitors
from papers.arxiv.identifiers import Identifier
from papers.ingest import demand
from papers.pages import arrival
from papers.views.answers import fill

_ASK_AGAIN = 120


class NotHere(Exception):
    """The paper of an address is not shown by this site."""


def answer_wish(request: HttpRequest, asked: Identifier) -> HttpResponse:
    """Have the paper fetched in the background, and say how it stands with that.

    202 while it is awaited, on a page that loads itself again; 404 where there is no such paper.
    """
    wish = demand.want(asked, demand.client_key(visitors.address_of(request)))
    page = arrival.build(asked, wish)
    response = HttpResponse(fill("arrival.html", page), status=page.status)
    response["Cache-Control"] = "public, max-age=10" if page.status == 404 else "no-store"
    response["X-Robots-Tag"] = "noindex"
    if page.status == 503:
        response["Retry-After"] = str(_ASK_AGAIN)
    return response
