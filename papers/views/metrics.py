"""`/metrics`, for Prometheus; it is not there for who is not allowed."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from coolpapers import clock, exposition, visitors
from papers.queries import metrics


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The metrics as they are now, for the networks of METRICS_ALLOW."""
    if not visitors.comes_from(request, settings.METRICS_ALLOW):
        raise Http404
    return HttpResponse(
        exposition.render(metrics.measure(clock.now())),
        content_type=exposition.CONTENT_TYPE,
        headers={"Cache-Control": "no-store"},
    )
