"""Every address, by room."""

from django.contrib import admin
from django.urls import include, path

from coolpapers import health

urlpatterns = [
    path("healthz", health.live),
    path("readyz", health.ready),
    path("admin/", admin.site.urls),
    path("", include("papers.urls")),
]

handler400 = "papers.views.problems.bad_request"
handler403 = "papers.views.problems.forbidden"
handler404 = "papers.views.problems.not_found"
