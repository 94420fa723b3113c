"""What every answer carries. Nothing here may set a cookie or vary on one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def make_policy(documents: str = "") -> str:
    """A Content-Security-Policy: all from this site only; no inline code, no inline style.

    Only a page that shows documents of another origin may ask there for them, or let the browser
    show them in a frame.
    """
    directives = {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": f"'self' {documents}".strip(),
        "frame-src": documents,
        "manifest-src": "'self'",
        "worker-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items() if sources)


PUBLIC_POLICY = make_policy()


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the strict Content-Security-Policy on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", PUBLIC_POLICY)
        return response

    return middleware
