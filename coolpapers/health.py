"""For operators and proxies: is this process alive, and is it ready to serve?"""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError


def live(_request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as the process can answer at all."""
    return _plain("ok\n")


def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when PostgreSQL answers, else 503. A lost Redis is named and stops no page."""
    lines = []
    status = 200
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        lines.append("postgresql ok")
    except DatabaseError as error:
        status = 503
        lines.append(f"postgresql {type(error).__name__}")
    try:
        cache.get("readyz")
        lines.append("redis ok")
    except (RedisError, OSError) as error:
        lines.append(f"redis {type(error).__name__}")
    return _plain("\n".join(lines) + "\n", status)


def _plain(body: str, status: int = 200) -> HttpResponse:
    return HttpResponse(
        body,
        status=status,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )
