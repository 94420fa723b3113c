"""Finished pages in Redis, compressed, under a key that changes with everything they depend on.

Redis may be lost at any time: pages are then made anew, and the log says so once an outage.
"""

import gzip
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from coolpapers.outage import Outage

logger = logging.getLogger(__name__)

# Enough for text; 6 takes half as long again and gains one part in twenty.
_LEVEL = 4

outage = Outage(seconds=5.0)


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A finished answer: the body in gzip, its ETag, when it was made, its other headers."""

    status: int
    body: bytes
    etag: str
    content_type: str
    cache_control: str
    made: datetime
    headers: tuple[tuple[str, str], ...] = ()


def make_stored(
    status: int,
    body: str,
    content_type: str,
    cache_control: str,
    made: datetime,
    headers: tuple[tuple[str, str], ...] = (),
) -> StoredPage:
    """Compress a page made at a time (aware); the same page gives the same bytes."""
    raw = body.encode()
    etag = f'W/"{hashlib.sha256(raw).hexdigest()[:20]}"'
    compressed = gzip.compress(raw, _LEVEL, mtime=0)
    return StoredPage(status, compressed, etag, content_type, cache_control, made, headers)


def make_key(*parts: object) -> str:
    """A key of everything a page depends on; `parts` may be long and hold anything."""
    text = "\0".join(map(str, (*parts, _build())))
    return f"page:{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()[:40]}"


def load(key: str) -> StoredPage | None:
    """The page under `key`, or None, also where Redis is out of reach or holds something else."""
    if outage.lasts():
        return None
    try:
        found = cache.get(key)
    except (RedisError, OSError) as error:
        _note_outage(error)
        return None
    except Exception as error:  # what was stored by another release need not be readable
        logger.warning("A cached page cannot be read: %s", error)
        return None
    outage.end()
    return found if isinstance(found, StoredPage) else None


def save(key: str, page: StoredPage, keep: timedelta) -> None:
    """Keep a page for a while, where Redis can be reached."""
    if outage.lasts():
        return
    try:
        cache.set(key, page, keep.total_seconds())
    except (RedisError, OSError) as error:
        _note_outage(error)


def _note_outage(error: Exception) -> None:
    if outage.note():
        logger.warning("Pages are made without their cache: Redis is out of reach (%s).", error)


@lru_cache(maxsize=1)
def _build() -> str:
    """What tells two releases of this program apart: the newest of the files pages are made of."""
    newest = max(
        path.stat().st_mtime_ns
        for folder in ("papers", "templates", "static", "search", "locale", "coolpapers")
        for path in (Path(settings.BASE_DIR) / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".svg", ".mo"}
    )
    return str(newest)
