"""The addresses of reading pages (DESIGN's URL grammar; see docs/urls.md)."""

from django.urls import URLPattern, path, re_path

from papers.views import (
    arxiv,
    crawlers,
    exports,
    home,
    interest,
    metrics,
    offline,
    pack,
    related,
    search,
    stars,
    status,
    viewer,
)

urlpatterns: list[URLPattern] = [
    path("", home.show, name="home"),
    path("robots.txt", crawlers.show),
    path("offline", offline.show, name="offline"),
    path("worker.js", offline.show_worker),
    path("manifest.webmanifest", offline.describe_app, name="manifest"),
    path("metrics", metrics.show),
    path("status", status.show, name="status"),
    path("choose", home.choose, name="choose"),
    path("stars", stars.show, name="stars"),
    path("viewer", viewer.show),
    path("interest", interest.take, name="interest"),
    path("arxiv", home.go_home),
    path("arxiv/", home.go_home),
    re_path(r"^arxiv/(?P<what>.+)/(?P<form>feed)$", exports.show),
    path("arxiv/<path:what>/pack.json", pack.show),
    path("arxiv/<path:what>/more", arxiv.show_more),
    path("arxiv/<path:what>/overview", home.show_overview),
    re_path(r"^arxiv/(?P<what>.+)\.(?P<form>json|bib|ris)$", exports.show),
    path("arxiv/search", search.show, name="search"),
    path("arxiv/search/suggest", search.suggest, name="suggest"),
    path("opensearch.xml", search.describe, name="opensearch"),
    path("arxiv/related", related.show_for_text, name="related"),
    path("arxiv/<path:what>/related", related.show),
    path("arxiv/<path:what>", arxiv.show, name="arxiv"),
]
