"""`robots.txt`: what search engines may fetch, which is what there is an end of: days, papers,
categories. Pages that can be reached otherwise and have no end say `noindex` themselves."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from coolpapers.languages import PREFIXES

# By RFC 9309 the longest rule that fits decides; `$` is the end of an address.
_LISTINGS = (
    # Of all parameters only one day, of one category or archive, as a page.
    "Allow: {}/arxiv/*?date=",
    "Disallow: {}/arxiv/*?date=*&",
    "Disallow: {}/arxiv/*?date=*..",
    "Disallow: {}/arxiv/*,*?date=",
    "Disallow: {}/arxiv/*+*?date=",
    "Disallow: {}/arxiv/*/*?date=",
    "Disallow: {}/arxiv/*.json?date=",
    "Disallow: {}/arxiv/*.bib?date=",
    "Disallow: {}/arxiv/*.ris?date=",
)
_RULES = (
    "Disallow: /*?",
    *(rule.format(prefix) for prefix in PREFIXES.values() for rule in _LISTINGS),
    # Unions, differences and hand-picked lists.
    "Disallow: /*,",
    "Disallow: /*+",
    # Searches, neighbours, parts of pages, and pages in other forms.
    "Disallow: /*arxiv/search",
    "Disallow: /*/related",
    "Disallow: /*/more",
    "Disallow: /*/overview",
    "Disallow: /*/pack.json",
    "Disallow: /*/feed",
    "Disallow: /*.json$",
    "Disallow: /*.bib$",
    "Disallow: /*.ris$",
    # What is nobody's but the reader's or the operator's.
    "Disallow: /*stars$",
    "Disallow: /*offline$",
    "Disallow: /*viewer$",
    "Disallow: /*interest$",
    "Disallow: /admin/",
    "Disallow: /metrics",
    "Disallow: /healthz",
    "Disallow: /readyz",
)


@require_safe
def show(_request: HttpRequest) -> HttpResponse:
    """The same rules for every crawler."""
    body = "\n".join(("User-agent: *", *_RULES, ""))
    response = HttpResponse(body, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response
