"""The languages of the site, by address: `/zh/...` is the page of `/...` in Chinese.

The address alone decides, neither a cookie nor what the browser prefers, so that a page is the same
bytes for everyone. Views know nothing of it: they see the address without its prefix, and links get
theirs when a page is finished.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

PREFIXES = {"en": "", "zh-hans": "/zh"}
"""A language's code, and what its addresses begin with."""

_PREFIXED = re.compile(r"/zh(?=/|$)")
# What is the same in every language: files, and what other programs read.
_COMMON = re.compile(
    r"/(?:static/|admin|healthz|readyz|metrics|zh(?:/|$)|opensearch\.xml|robots\.txt|/)"
    r"|[^?]*(?:/feed|\.(?:json|bib|ris))(?:\?|$)"
)
# Text has no bare angle brackets, so this finds our own markup alone. A link that names a language
# keeps it.
_TAG = re.compile(r'<[a-z][^<>]*="/[^<>]*>')
_LINK = re.compile(r'(?<=\s)((?:href|action|data-[a-z-]+)=")(/[^"]*)"')


def choose_language(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the language that the address names, from its start to its last redirect."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _PREFIXED.match(request.path_info):
            with translation.override(settings.LANGUAGE_CODE):
                return get_response(request)
        request.path = _strip(request.path)
        request.path_info = _strip(request.path_info)
        with translation.override("zh-hans"):
            response = get_response(request)
            if location := response.get("Location"):
                response["Location"] = localise(location)
            return response

    return middleware


def localise(address: str) -> str:
    """An address of this site, from the root on, in the language of the moment."""
    prefix = PREFIXES.get(translation.get_language(), "")
    if not prefix or not address.startswith("/") or _COMMON.match(address):
        return address
    return prefix + address


def localise_links(html: str) -> str:
    """A finished page whose links keep the language of the moment. Costs a millisecond, in English
    nothing."""
    if not PREFIXES.get(translation.get_language()):
        return html
    return _TAG.sub(_localise_tag, html)


def _localise_tag(match: re.Match[str]) -> str:
    tag = match[0]
    if "hreflang=" in tag:
        return tag
    return _LINK.sub(lambda link: f'{link[1]}{localise(link[2])}"', tag)


def _strip(path: str) -> str:
    return _PREFIXED.sub("", path, count=1) or "/"
