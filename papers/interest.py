"""What readers open and star, counted at most once per reader and day, with nothing kept of them.

The web counts in Redis alone (`note`); the worker brings the counts into `PaperCounter` (`flush`).
A reader is a random word that the browser makes anew each day, or, where it cannot keep one, its
address and program. Redis holds keyed hashes of that: half of the key is the site's secret, half a
salt that is gone after the day, so nothing can be traced back from then on, nor one day's counts
linked to another's. What pages show of it is `papers.pages.interest`.
"""

import hmac
import logging
import os
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address, ip_network

import redis
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from redis.exceptions import RedisError

from coolpapers import clock
from coolpapers.outage import Outage
from papers.models import Paper, PaperCounter, Tally

logger = logging.getLogger(__name__)

# The braces keep all keys on one node of a Redis cluster.
_PREFIX = "coolpapers:{interest}:"
PENDING, BATCH = f"{_PREFIX}pending", f"{_PREFIX}batch"
# The field of a batch that holds its number: the time of Redis when it began, in microseconds.
_NUMBER = b"#"
# An address adds at most so many times what it may add to one paper.
_PAPERS_PER_READER = 100
# More than any day has; a site without a worker stops counting here.
_MOST_PENDING = 200_000
# Beyond the end of the day, so that a salt outlives what was made with it.
_GRACE_SECONDS = 3600
# What belongs to one household or office.
_IPV6_PREFIX = 56

outage = Outage(seconds=5.0)

# Once per reader and day, and within what an address may add. An `unstar` takes back what was
# counted today and nothing else. Never more than one step of one count.
_NOTE = """
local marks, limits, pending = KEYS[1], KEYS[2], KEYS[3]
local mark, address, paper, field = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local step = tonumber(ARGV[5])
if step > 0 then
    if redis.call('SISMEMBER', marks, mark) == 1
        or tonumber(redis.call('HGET', limits, paper) or 0) >= tonumber(ARGV[6])
        or tonumber(redis.call('HGET', limits, address) or 0) >= tonumber(ARGV[7])
        or redis.call('HLEN', pending) >= tonumber(ARGV[8]) then
        return 0
    end
    redis.call('SADD', marks, mark)
elseif redis.call('SREM', marks, mark) == 0 then
    return 0
end
for _, name in ipairs({paper, address}) do
    if step > 0 or tonumber(redis.call('HGET', limits, name) or 0) > 0 then
        redis.call('HINCRBY', limits, name, step)
    end
end
redis.call('EXPIRE', marks, ARGV[9])
redis.call('EXPIRE', limits, ARGV[9])
if redis.call('EXISTS', pending) == 0 then
    local now = redis.call('TIME')
    redis.call('HSET', pending, '#', now[1] .. string.format('%06d', now[2]))
end
redis.call('HINCRBY', pending, field, step)
return 1
"""

# The batch that a killed flush left, or else all that is pending, which is closed with that.
_TAKE = """
if redis.call('EXISTS', KEYS[2]) == 0 and redis.call('EXISTS', KEYS[1]) == 1 then
    redis.call('RENAME', KEYS[1], KEYS[2])
end
return redis.call('HGETALL', KEYS[2])
"""

# Only the batch that was brought in, not one that another flush has taken since.
_FORGET = """
if redis.call('HGET', KEYS[1], '#') == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""

_ADD = """
UPDATE papers_papercounter AS c
SET opens = greatest(c.opens + d.opens, 0), stars = greatest(c.stars + d.stars, 0)
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS d(paper_id, opens, stars)
WHERE c.paper_id = d.paper_id
"""


class Deed(StrEnum):
    """What a reader did with a paper."""

    OPEN = "open"
    STAR = "star"
    UNSTAR = "unstar"


def note(deed: Deed, identifier: str, word: str, address: str, program: str) -> bool:
    """Count what a reader did; whether it counted. Asks Redis twice and nothing else.

    `identifier` is a paper's without a version, known here or not; `word` the reader's of the day,
    or empty; `address` and `program` the client's IP address and User-Agent. Where Redis is out of
    reach nothing counts.
    """
    if not settings.COOLPAPERS_INTEREST_FROM or outage.lasts():
        return False
    now = clock.now()
    network = _widen(address)
    field = f"{'o' if deed is Deed.OPEN else 's'}{identifier}"
    try:
        key = settings.SECRET_KEY.encode() + _read_salt(now)

        def hide(*parts: str) -> str:
            return hmac.digest(key, "\0".join(parts).encode(), "sha256")[:12].hex()

        most = settings.COOLPAPERS_READERS_PER_ADDRESS
        counted = _redis().eval(
            _NOTE,
            3,
            _name_key("marks", now),
            _name_key("limits", now),
            PENDING,
            hide("word", word, field) if word else hide("program", network, program, field),
            hide("address", network),
            hide("address", network, field),
            field,
            str(-1 if deed is Deed.UNSTAR else 1),
            str(most),
            str(most * _PAPERS_PER_READER),
            str(_MOST_PENDING),
            str(_count_seconds_left(now)),
        )
    except (RedisError, OSError) as error:
        if outage.note():
            logger.warning("Nothing is counted: Redis is out of reach (%s).", error)
        return False
    outage.end()
    return bool(counted)


def flush() -> int:
    """Bring what was counted into the database; how many counts moved. For one at a time.

    Killed anywhere it neither loses nor doubles: what is taken stays in Redis until the transaction
    that added it has recorded its number, and a number that is not newer than the recorded one does
    not count, also where a Redis of yesterday was restored. Raises nothing where Redis is gone.
    """
    try:
        with transaction.atomic():
            tally = Tally.objects.select_for_update(skip_locked=True).first()
            if tally is None:
                return 0
            taken: dict[bytes, bytes] = _pair(_redis().eval(_TAKE, 2, PENDING, BATCH))
            if not taken:
                return 0
            number = int(taken.pop(_NUMBER))
            fresh = number > tally.batch
            if fresh:
                _apply(number, taken)
        _redis().eval(_FORGET, 1, BATCH, str(number))
    except (RedisError, OSError) as error:
        logger.warning("What readers opened is not brought in: %s", error)
        return 0
    return len(taken) if fresh else 0


def _apply(number: int, taken: Mapping[bytes, bytes]) -> None:
    """Add the counts of papers that are here, to a real one before a sample. Four queries."""
    steps: dict[str, list[int]] = {}
    for field, step in taken.items():
        name = field.decode()
        steps.setdefault(name[1:], [0, 0])["os".index(name[0])] = int(step)
    # "arxiv" comes before "sample".
    known = Paper.objects.filter(identifier__in=list(steps)).order_by("-source")
    ids = dict(known.values_list("identifier", "pk"))
    opens = [steps[identifier][0] for identifier in ids]
    stars = [steps[identifier][1] for identifier in ids]
    rows = [PaperCounter(paper_id=pk) for pk in sorted(ids.values())]
    PaperCounter.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(ids.values()), opens, stars])
    Tally.objects.update(batch=number, opens=F("opens") + sum(opens), stars=F("stars") + sum(stars))


def _read_salt(now: datetime) -> bytes:
    """The salt of the day, made by whoever asks first."""
    name = _name_key("salt", now)
    with _redis().pipeline(transaction=False) as asking:
        asking.set(name, os.urandom(32), nx=True, ex=_count_seconds_left(now))
        asking.get(name)
        salt: bytes | None = asking.execute()[1]
    if salt is None:
        raise RedisError("it does not keep what it is given")
    return salt


def _name_key(what: str, now: datetime) -> str:
    return f"{_PREFIX}{what}:{now:%Y-%m-%d}"


def _count_seconds_left(now: datetime) -> int:
    return 86_400 - (now.hour * 3600 + now.minute * 60 + now.second) + _GRACE_SECONDS


def _widen(address: str) -> str:
    """The network that counts as one client: an address, of IPv6 what one line is given."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    mapped = ip.ipv4_mapped
    return str(mapped or ip_network((ip, _IPV6_PREFIX), strict=False))


def _pair(flat: list[bytes]) -> dict[bytes, bytes]:
    """What Redis gives a script of a hash: names and values in turn."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


@lru_cache(maxsize=1)
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
