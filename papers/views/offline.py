"""Reading without a network: the page of what is kept, the service worker, the web manifest."""

import json
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override

from coolpapers.languages import PREFIXES
from papers.pages import offline
from papers.views.answers import Rendered, answer, fill, reading_page, render_page

_UNINDEXED = (("X-Robots-Tag", "noindex"),)


@reading_page
def show(request: HttpRequest) -> HttpResponse:
    """An almost empty page: what is kept only the browser knows."""
    address = offline.ADDRESS
    return answer(request, address, lambda: render_page("offline.html", offline.build()))


@reading_page
def show_worker(request: HttpRequest) -> HttpResponse:
    """`/worker.js`: at the root, since a service worker sees what lies below its own address."""

    def make() -> Rendered:
        pages = []
        for language in PREFIXES:
            with override(language):
                pages.append(fill("offline.html", offline.build()))
        worker = offline.write_worker(pages)
        script = "text/javascript; charset=utf-8"
        return Rendered(worker, timedelta(hours=1), content_type=script, headers=_UNINDEXED)

    return answer(request, "/worker.js", make)


@reading_page
def describe_app(request: HttpRequest) -> HttpResponse:
    """`/manifest.webmanifest`: how the site stands on a phone's home screen."""

    def make() -> Rendered:
        text = json.dumps(offline.describe_app(), ensure_ascii=False)
        kind = "application/manifest+json; charset=utf-8"
        return Rendered(text, timedelta(hours=1), content_type=kind, headers=_UNINDEXED)

    return answer(request, "/manifest.webmanifest", make)
