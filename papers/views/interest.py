"""`POST /interest`: a browser tells that its reader opened a paper, or gave or took a star.

No CSRF token, since a token needs a cookie and guards what somebody is logged in to do: here nobody
is, and no cookie is read. What is left of it, another site counting by its visitors, is kept out by
what browsers say of where a request comes from.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from coolpapers import visitors
from papers import interest
from papers.arxiv import identifiers

# More than any note is.
_LONGEST = 500
_WORD = re.compile(r"(?:[0-9a-f]{32})?")


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """204 whether it counts or not, 400 for what no page of ours sends, 403 for other sites.

    Asks Redis and no database.
    """
    if not _comes_from_here(request):
        return _answer(403, "This is counted from this site's own pages alone.")
    if len(request.body) > _LONGEST:
        return _answer(400, "This is longer than anything that is counted.")
    word = request.POST.get("reader", "")
    try:
        deed = interest.Deed(request.POST.get("did", ""))
        paper = identifiers.parse(request.POST.get("paper", "")).id
    except ValueError:
        return _answer(400, "Said are: paper, an identifier; did: open, star or unstar; reader.")
    if not _WORD.fullmatch(word):
        return _answer(400, "A reader is 32 hexadecimal digits, or nothing.")
    program = request.headers.get("User-Agent", "")
    interest.note(deed, paper, word, visitors.address_of(request), program)
    return _answer(204, "")


def _comes_from_here(request: HttpRequest) -> bool:
    """Sec-Fetch-Site where the browser sends it (by HTTPS, and on this machine), else Origin."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    _scheme, _, host = request.headers.get("Origin", "").partition("://")
    return bool(host) and host == request.get_host()


def _answer(status: int, text: str) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response
