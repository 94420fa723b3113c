"""What Django calls when nothing else answers."""

import re

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from papers.addresses import SearchAddress, shorten
from papers.views.answers import answer_problem

_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_WORDS = 6


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: an address of nothing, whose words may be searched for."""
    links = [(_("All categories"), "/")]
    if words := " ".join(_WORD.findall(request.path)[:_MOST_WORDS]):
        search = SearchAddress(shorten(words))
        links.insert(0, (_("Search for “%(words)s”") % {"words": search.query}, str(search)))
    return answer_problem(
        404,
        _("There is no such page"),
        _(
            "The address may be mistyped, or the link that led here out of date. Papers have "
            "addresses such as /arxiv/2401.00001, categories such as /arxiv/cs.AI."
        ),
        tuple(links),
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
