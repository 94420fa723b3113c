"""How a public page is answered: the same bytes for everyone, cached, compressed, conditional.

Templates are rendered without the request, so nothing of a reader can get into a page.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import wraps
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template import loader
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coolpapers import clock
from coolpapers.languages import localise_links
from coolpapers.middleware import make_policy
from papers import page_cache, parameters
from papers.addresses import BadAddress
from papers.arxiv import calendar
from papers.page_cache import StoredPage
from papers.pages import problem
from papers.pages.frame import Frame
from papers.queries import installation
from search.errors import IndexTooSlow, IndexUnusable

LONGEST_ADDRESS = 8_000
_HTML = "text/html; charset=utf-8"
# A page that changes when the database does may be a minute old in a browser or a proxy.
_SETTLED = "public, max-age=60, stale-while-revalidate=600"
_UNSETTLED = "public, max-age=10, stale-while-revalidate=20"
_BRIEF = timedelta(minutes=5)
# What marks a link whose PDF opens under its card.
_PDF_LINK = " data-pdf>"
# What search engines read must name the host, too.
_NAMED_TO_ALL = re.compile(
    r'(?<=<link )(rel="(?:canonical|alternate" hreflang="[\w-]+)" href=")(?=/)'
)
_GZIP = re.compile(r"(?:^|[\s,])(?:gzip|\*)(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

View = Callable[..., HttpResponse]


class Page(Protocol):
    """What every page context has."""

    @property
    def frame(self) -> Frame: ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page before it is compressed, and how long it may be kept."""

    body: str
    keep: timedelta
    status: int = 200
    content_type: str = _HTML
    headers: tuple[tuple[str, str], ...] = ()


def reading_page(view: View) -> View:
    """A view of a reading page: GET and HEAD only; a BadAddress becomes a page that explains."""

    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            if len(request.get_full_path()) > LONGEST_ADDRESS:
                # What somebody typed or pasted has limits of its own, which say more.
                parameters.read_query(request.GET)
                parameters.read_text(request.GET)
                raise BadAddress(
                    414,
                    _("This address is too long"),
                    _("It may have been cut or glued together on its way here."),
                )
            return view(request, *args, **kwargs)
        except BadAddress as bad:
            return answer_problem(bad.status, bad.heading, bad.explanation, bad.links)

    return guarded


def render_page(template: str, page: Page, status: int = 200) -> Rendered:
    """A page context through its template. Where it opens PDFs, scripts may ask arXiv for them."""
    body = fill(template, page)
    policy = make_policy(_origin_of_pdfs()) if _PDF_LINK in body else ""
    headers = (("Content-Security-Policy", policy),) if policy else ()
    return Rendered(body, page.frame.keep, status, headers=headers)


def _origin_of_pdfs() -> str:
    parts = urlsplit(settings.ARXIV_PDF_URL)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def fill(template: str, page: object) -> str:
    """A page context through its template, with links that keep the language."""
    return localise_links(loader.get_template(template).render({"page": page}))


def answer(request: HttpRequest, address: str, make: Callable[[], Rendered]) -> HttpResponse:
    """The page of a canonical address, from the cache or made now. One query if it is there."""
    key = page_cache.make_key(
        installation.read_generation(),
        calendar.latest_listing_date(clock.now()),
        clock.today(),
        get_language(),
        origin_of(request),
        address,
    )
    stored = None if settings.DEBUG else page_cache.load(key)
    if stored is None:
        rendered = make()
        body = _NAMED_TO_ALL.sub(lambda m: m[1] + origin_of(request), rendered.body)
        rendered = replace(rendered, body=body)
        stored = _finish(rendered, _UNSETTLED if rendered.keep < _BRIEF else _SETTLED)
        if not settings.DEBUG and rendered.keep > timedelta(0):
            page_cache.save(key, stored, rendered.keep)
    return _send(request, stored)


def redirect_to(address: str) -> HttpResponse:
    """The one address of what was asked for, for good."""
    response = HttpResponsePermanentRedirect(address)
    response["Cache-Control"] = "public, max-age=3600"
    return response


def answer_unsearchable(error: IndexUnusable) -> HttpResponse:
    """503: a search that takes too long, or no search index (yet), or none that can be read."""
    if isinstance(error, IndexTooSlow):
        response = answer_problem(
            503,
            _("This search takes too long"),
            _(
                "It was stopped so that others are not held up. Fewer or rarer words, a category "
                "or a year make it shorter."
            ),
            ((_("What can be searched for"), "/arxiv/search"),),
        )
        response["Retry-After"] = "10"
        return response
    response = answer_problem(
        503,
        _("Search is not ready"),
        _(
            "The index is being built, or has to be built again. Everything else works; "
            "please try again in a minute."
        ),
        ((_("All categories"), "/"),),
    )
    response["Retry-After"] = "60"
    return response


def answer_problem(
    status: int, heading: str, explanation: str, links: tuple[tuple[str, str], ...] = ()
) -> HttpResponse:
    """A page that says what is wrong; home is always a way on. No queries."""
    page = problem.build(status, heading, explanation, links or ((_("All categories"), "/"),))
    response = HttpResponse(fill("problem.html", page), status=status)
    response["Cache-Control"] = "no-store" if status >= 500 else "public, max-age=10"
    return response


def origin_of(request: HttpRequest) -> str:
    """Scheme and host as the reader's browser wrote them."""
    return f"{request.scheme}://{request.get_host()}"


def _finish(rendered: Rendered, cache_control: str) -> StoredPage:
    return page_cache.make_stored(
        rendered.status,
        rendered.body,
        rendered.content_type,
        cache_control,
        clock.now(),
        rendered.headers,
    )


def _send(request: HttpRequest, page: StoredPage) -> HttpResponse:
    if _GZIP.search(request.headers.get("Accept-Encoding", "")):
        response = HttpResponse(page.body, status=page.status, content_type=page.content_type)
        response["Content-Encoding"] = "gzip"
    else:
        response = HttpResponse(
            gzip.decompress(page.body), status=page.status, content_type=page.content_type
        )
    for name, value in page.headers:
        response[name] = value
    response["ETag"] = page.etag
    # When it was made: no earlier time is sure, since a page changes with more than its papers.
    made = int(page.made.timestamp())
    response["Last-Modified"] = http_date(made)
    response["Cache-Control"] = page.cache_control
    patch_vary_headers(response, ["Accept-Encoding"])
    if page.status != 200:
        return response
    return get_conditional_response(request, page.etag, made, response) or response
