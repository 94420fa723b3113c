"""The search page, suggestions as somebody types, and how a browser learns to search here."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import loader

from papers import parameters
from papers.addresses import PickedAddress, paper_address
from papers.pages import search, suggestions
from papers.queries import search as search_queries
from papers.views.answers import (
    answer,
    answer_unsearchable,
    origin_of,
    reading_page,
    render_page,
)
from search.errors import IndexUnusable

_OPENSEARCH = "application/opensearchdescription+xml"
_COMPLETIONS = "application/x-suggestions+json"


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """What was found; identifiers go to their papers at once."""
    address = parameters.read_search(request.GET)
    if typed := parameters.read_typed_identifiers(address.query):
        one = typed[0]
        target = paper_address(one.id, one.version) if len(typed) == 1 else PickedAddress(typed)
        redirect = HttpResponseRedirect(str(target))
        redirect["Cache-Control"] = "public, max-age=60"
        return redirect
    try:
        # A page of the cache is as new as the index, which may lag behind the database.
        state = search_queries.read_state() if address.query else ""
        return answer(
            request,
            f"{address} {state}",
            lambda: render_page("search.html", search.build(address)),
        )
    except IndexUnusable as error:
        return answer_unsearchable(error)


@reading_page
def suggest(request: HttpRequest) -> HttpResponse:
    """What somebody who has typed so far may mean, as JSON; nothing while there is no index."""
    typed = parameters.read_query(request.GET)
    try:
        found = suggestions.build(typed)
        keep = "public, max-age=300"
    except IndexUnusable:
        found, keep = suggestions.Suggestions(), "no-store"
    if request.GET.get("form") == "opensearch":
        texts = [one.completion for one in found.all]
        response = JsonResponse([typed, texts], safe=False, content_type=_COMPLETIONS)
    else:
        response = JsonResponse(found.describe())
    response["Cache-Control"] = keep
    response["X-Robots-Tag"] = "noindex"
    return response


@reading_page
def describe(request: HttpRequest) -> HttpResponse:
    """The OpenSearch description: a browser adds this site's search by it."""
    body = loader.get_template("opensearch.xml").render({"origin": origin_of(request)})
    response = HttpResponse(body, content_type=_OPENSEARCH)
    response["Cache-Control"] = "public, max-age=86400"
    return response
