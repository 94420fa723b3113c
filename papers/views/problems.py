"""What Django calls when nothing else answers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from papers.views.answers import answer_problem


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: an address of nothing."""
    return answer_problem(
        404,
        _("There is no such page"),
        _("The address may be mistyped, or the link that led here out of date."),
        ((_("All categories"), "/"),),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a request that makes no sense, such as for a host that is not ours."""
    return answer_problem(
        400,
        _("This request makes no sense"),
        _("Your browser, or something on the way, sent what this site cannot read."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not for this visitor."""
    return answer_problem(
        403, _("This is not for everyone"), _("You may have to log in as an administrator.")
    )
