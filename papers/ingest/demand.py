"""Papers on demand: a page notes the wish for one that is not here, the worker fetches it.

A page never waits for arXiv. What keeps readers from hammering arXiv through this site, or from
delaying the day's fetch, is here (a bounded queue, a limit a client, wishes joined, many papers a
request) and in the order of `papers.ingest.rounds`.
"""

import ipaddress
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from coolpapers import clock
from papers.arxiv.client import Client
from papers.arxiv.errors import ArxivError, Transient
from papers.arxiv.identifiers import Identifier
from papers.arxiv.records import Page
from papers.ingest import runs
from papers.ingest.store import Detail, store_records
from papers.models import Paper, Wanted

logger = logging.getLogger(__name__)

MOST_WAITING = 200
PAPERS_A_REQUEST = 50
# New wishes from one network in so many seconds of real time.
WISHES_A_CLIENT = 60
_WISHES_COUNTED = 600

# An API page without a paper may be a fault or a lag; who is missing twice is absent.
_LOOKS = 2
_SECOND_LOOK = timedelta(minutes=1)
_BELIEVED = timedelta(days=1)
_FORGOTTEN = timedelta(days=7)


class State(StrEnum):
    """How it stands with a wish."""

    HERE = "here"  # it has come, or was here already
    HIDDEN = "hidden"  # it is here, and this site does not show it
    WAITING = "waiting"  # it is being fetched
    ABSENT = "absent"  # arXiv has no such paper
    FAILED = "failed"  # arXiv's answer for it could not be used
    IMPOSSIBLE = "impossible"  # there can be no such paper yet
    BUSY = "busy"  # too many wishes; nothing was noted


@dataclass(frozen=True, slots=True)
class Wish:
    """How it stands with a wish. `troubled`: arXiv does not answer well at the moment."""

    state: State
    troubled: bool = False


def want(identifier: Identifier, client: str) -> Wish:
    """Note that a reader wants a paper that no page shows, and say how it stands with that.

    `client` is from `client_key`. The version does not matter: the newest is fetched. Of a paper
    that is waited for already, or known to be absent, nothing is noted. At most `MOST_WAITING` wait
    (and one more for each page that is answered at this very moment); a client may add
    `WISHES_A_CLIENT` in ten minutes, unless Redis is lost. At most seven statements.
    """
    if not _can_exist(identifier):
        return Wish(State.IMPOSSIBLE)
    papers = Paper.objects.filter(source=Paper.Source.ARXIV, identifier=identifier.id)
    hidden = papers.values_list("hidden", flat=True).first()
    if hidden is not None:
        return Wish(State.HIDDEN if hidden else State.HERE)
    now = clock.now()
    row = Wanted.objects.filter(identifier=identifier.id).first()
    if row and row.state != Wanted.State.WAITING and row.next_try_at > now:
        return Wish(State(row.state))
    if row is None or row.state != Wanted.State.WAITING:
        if not (_has_room() and _may_wish(client)):
            return Wish(State.BUSY)
        _note(identifier)
    return Wish(State.WAITING, troubled=bool(row and row.error) or runs.is_resting(now))


def client_key(address: str) -> str:
    """A key that stands for the network of an IP address and does not tell it.

    IPv4 by 256 addresses, IPv6 by what a household gets. Anything else counts as one client.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return salted_hmac(__name__, "").hexdigest()[:32]
    ip = getattr(ip, "ipv4_mapped", None) or ip
    network = ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False)
    return salted_hmac(__name__, str(network)).hexdigest()[:32]


def ask_again(rows: Iterable[int]) -> int:
    """Make these wishes wait anew, whatever became of them; returns how many. One query."""
    now = clock.now()
    return Wanted.objects.filter(pk__in=list(rows)).update(
        state=Wanted.State.WAITING, next_try_at=now, misses=0, error=""
    )


def is_due() -> bool:
    """Whether a paper is to be asked for now, and the API is not left in peace. Two queries."""
    now = clock.now()
    return _list_due().exists() and not runs.is_resting(now, runs.ON_DEMAND)


def fetch_wanted(client: Client) -> int:
    """Ask the API for up to `PAPERS_A_REQUEST` wanted papers; returns how many came.

    One request, not repeated: a sick API must not hold up the day's fetch. Leaves a FetchRun. What
    the answer leaves out is asked for once more a minute later, then called absent for a day.
    Raises nothing that is arXiv's.
    """
    _tidy()
    batch = _choose_batch()
    if not batch:
        return 0
    names = [row.identifier for row in batch]
    try:
        with runs.record_run(runs.ON_DEMAND, _say(names)) as run:
            page = client.recording(run.attempt).fetch_papers(names, patient=False)
            run.refuse(page.refusals)
            with transaction.atomic():
                asked = [record for record in page.records if record.identifier in names]
                stored = store_records(asked, Detail.API)
                run.count(stored.new, stored.changed, stored.unchanged)
                _settle(batch, page)
    except Transient as error:
        logger.warning("Wanted papers have to wait: %s", error)
        _update(batch, attempts=F("attempts") + 1, error=str(error))
        return 0
    except ArxivError as error:
        logger.warning("arXiv refuses %s: %s", _say(names), error)
        if len(batch) > 1:
            _update(batch, attempts=F("attempts") + 1, error=str(error), alone=True)
        else:
            _give_up(batch, Wanted.State.FAILED, str(error))
        return 0
    logger.info("%d of %d wanted papers came", len(stored.ids), len(batch))
    return len(stored.ids)


def _can_exist(identifier: Identifier) -> bool:
    """Whether the month of an identifier has begun, with a day's grace at the end of a month."""
    tomorrow = clock.today() + timedelta(days=1)
    return identifier.month <= (tomorrow.year, tomorrow.month)


def _has_room() -> bool:
    return Wanted.objects.filter(state=Wanted.State.WAITING).count() < MOST_WAITING


def _may_wish(client: str) -> bool:
    key = f"wishes:{client}"
    try:
        cache.add(key, 0, _WISHES_COUNTED)
        return cache.incr(key) <= WISHES_A_CLIENT
    except ValueError:
        return True  # The count ended between the two: a new one begins.
    except (RedisError, OSError):
        return True  # The bounded queue alone protects then.


def _note(identifier: Identifier) -> None:
    now = clock.now()
    Wanted.objects.bulk_create(
        [Wanted(identifier=identifier.id, asked_at=now, next_try_at=now)],
        update_conflicts=True,
        unique_fields=["identifier"],
        update_fields=[
            "state", "asked_at", "next_try_at", "attempts", "misses", "alone", "error",
        ],
    )  # fmt: skip


def _list_due() -> QuerySet[Wanted]:
    return Wanted.objects.filter(state=Wanted.State.WAITING, next_try_at__lte=clock.now()).order_by(
        "asked_at", "pk"
    )


def _choose_batch() -> list[Wanted]:
    """The longest waiting, as many as fit into a request; alone, where a request was refused."""
    due = _list_due()
    first = due.first()
    if first is None:
        return []
    return [first] if first.alone else list(due.filter(alone=False)[:PAPERS_A_REQUEST])


def _settle(batch: Sequence[Wanted], page: Page) -> None:
    """Bring the wishes up to date with an answer to them."""
    came = {record.identifier for record in page.records}
    reasons = {refusal.identifier.partition("v")[0]: refusal.reason for refusal in page.refusals}
    _rows([row for row in batch if row.identifier in came]).delete()
    left = [row for row in batch if row.identifier not in came]
    for row in left:
        if row.identifier in reasons:
            _give_up([row], Wanted.State.FAILED, reasons[row.identifier])
    missing = [row for row in left if row.identifier not in reasons]
    _update(
        [row for row in missing if row.misses + 1 < _LOOKS],
        attempts=F("attempts") + 1,
        misses=F("misses") + 1,
        next_try_at=clock.now() + _SECOND_LOOK,
        error="",
    )
    _give_up([row for row in missing if row.misses + 1 >= _LOOKS], Wanted.State.ABSENT, "")


def _give_up(batch: Sequence[Wanted], state: Wanted.State, reason: str) -> None:
    _update(
        batch,
        attempts=F("attempts") + 1,
        state=state,
        next_try_at=clock.now() + _BELIEVED,
        error=reason,
    )


def _tidy() -> None:
    """Forget the wishes that came true by another way, and what nobody asked about for long."""
    papers = Paper.objects.filter(source=Paper.Source.ARXIV, identifier=OuterRef("identifier"))
    Wanted.objects.filter(Exists(papers)).delete()
    Wanted.objects.exclude(state=Wanted.State.WAITING).filter(
        next_try_at__lt=clock.now() - _FORGOTTEN
    ).delete()


def _rows(batch: Sequence[Wanted]) -> QuerySet[Wanted]:
    return Wanted.objects.filter(pk__in=[row.pk for row in batch])


def _update(batch: Sequence[Wanted], **fields: object) -> None:
    if batch:
        _rows(batch).update(**fields)


def _say(names: Sequence[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= 200 else f"{text[:180]} … ({len(names)})"
