"""The addresses of reading pages (DESIGN's URL grammar; see docs/urls.md)."""

from django.urls import URLPattern, path, re_path

from papers.views import arxiv, exports, home, metrics, search, status

urlpatterns: list[URLPattern] = [
    path("", home.show, name="home"),
    path("metrics", metrics.show),
    path("status", status.show, name="status"),
    path("arxiv", home.go_home),
    path("arxiv/", home.go_home),
    re_path(r"^arxiv/(?P<what>.+)/(?P<form>feed)$", exports.show),
    re_path(r"^arxiv/(?P<what>.+)\.(?P<form>json|bib|ris)$", exports.show),
    path("arxiv/search", search.show, name="search"),
    path("arxiv/<path:what>", arxiv.show, name="arxiv"),
]
