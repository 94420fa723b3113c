"""The only HTTP to arXiv: polite (a gate, a User-Agent of its own), patient (retries), bounded.

What the answers mean is the parsers' business (`rss`, `api`, `oai`); when and why to ask is
`papers.ingest`'s. The policy below decides only what is worth asking again, and when.
"""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Protocol, TypeVar

import httpx
import tenacity

from coolpapers import clock
from papers.arxiv import api, oai, rss
from papers.arxiv.errors import ArxivError, OversizedAnswer, RequestRefused, Transient
from papers.arxiv.records import Listing, Page

logger = logging.getLogger(__name__)

LARGEST_ANSWER = 50_000_000
_DEADLINE = 120.0
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_ATTEMPTS = 5
# Seconds of the clock after which no further attempt begins.
_PATIENCE = 600.0
_LONGEST_WAIT = 120.0

_Answer = TypeVar("_Answer")


class Unreachable(Transient):
    """No answer at all: no route, no name, refused, reset, timed out."""


class Unavailable(Transient):
    """arXiv answered that it cannot serve now. `retry_after` is what it asked for, in seconds."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Gate(Protocol):
    """Who may ask arXiv, and when (see `papers.ingest.gate`)."""

    def passage(self) -> AbstractContextManager[None]:
        """Wait for the turn and hold it."""
        ...

    def close_for(self, seconds: float) -> None:
        """Let nobody pass for a while."""
        ...


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where arXiv is: whole addresses, up to the category or the query string."""

    rss: str
    api: str
    oai: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: what was asked, what came (a status or an error's words), seconds it took."""

    url: str
    answer: str
    seconds: float


def _wait(state: tenacity.RetryCallState) -> float:
    """Exponential with jitter, or what arXiv asked for; in seconds of the clock."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, Unavailable) else None
    if asked is not None:
        return min(asked, _LONGEST_WAIT)
    exponential = tenacity.wait_exponential_jitter(multiplier=3, max=_LONGEST_WAIT, jitter=3)
    return float(exponential(state))


def _log(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    logger.warning(
        "%s; asking again in %.0f s (attempt %d of %d)",
        error, wait, state.attempt_number, _ATTEMPTS,
    )  # fmt: skip


class _Patience(tenacity.stop.stop_base):
    """Stop after a number of attempts, or when the clock says that it took too long."""

    def __init__(self) -> None:
        self._started = clock.now()

    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        waited = (clock.now() - self._started).total_seconds()
        return retry_state.attempt_number >= _ATTEMPTS or waited >= _PATIENCE


def persist(ask: Callable[[], _Answer]) -> _Answer:
    """The retry policy: ask again after what is transient, never after what is final."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(Transient),
        wait=_wait,
        stop=_Patience(),
        sleep=clock.sleep,
        before_sleep=_log,
        reraise=True,
    )(ask)


class Client:
    """Asks arXiv. Each attempt is told to `record`, also the failed ones.

    All methods raise `Transient` when patience ran out and `Final` when asking again is useless;
    a bad record within a good answer is refused alone and named in the result.
    """

    def __init__(
        self,
        addresses: Addresses,
        gate: Gate,
        user_agent: str,
        record: Callable[[Attempt], None] = lambda _attempt: None,
    ) -> None:
        self._addresses = addresses
        self._gate = gate
        self._record = record
        self._http = httpx.Client(
            headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
            timeout=_TIMEOUT,
            follow_redirects=True,
            max_redirects=3,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.close()

    def recording(self, record: Callable[[Attempt], None]) -> "Client":
        """The same client (connection, gate), telling its attempts to `record` from now on."""
        self._record = record
        return self

    def fetch_listing(self, category: str) -> Listing:
        """The feed of one category, as it is now."""
        url = f"{self._addresses.rss}/{category}"
        return persist(lambda: rss.parse(self._get(url), category))

    def fetch_papers(self, identifiers: Sequence[str], *, patient: bool = True) -> Page:
        """Papers by identifier (with or without version) from the API, unknown ones left out.

        With `patient` off, a single attempt.
        """
        url = httpx.URL(
            self._addresses.api,
            params={"id_list": ",".join(identifiers), "max_results": len(identifiers)},
        )

        def ask() -> Page:
            return api.parse(self._get(str(url)))

        return persist(ask) if patient else ask()

    def harvest(self, **arguments: str) -> Page:
        """One page of OAI-PMH: `verb` with `metadataPrefix`, `from`, ... or a token."""
        url = httpx.URL(self._addresses.oai, params=arguments)
        return persist(lambda: oai.parse(self._get(str(url))))

    def probe(self, category: str) -> Listing:
        """Like `fetch_listing`, with a single attempt: is arXiv there at all?"""
        return rss.parse(self._get(f"{self._addresses.rss}/{category}"), category)

    def _get(self, url: str) -> bytes:
        """One request through the gate. Raises `Transient` or `Final`; at most 50 MB, 120 s."""
        with self._gate.passage():
            started = time.monotonic()
            answer = ""
            try:
                body, status, headers = self._read(url)
                answer = str(status)
                self._check(url, status, headers, body)
                return body
            except httpx.HTTPError as error:
                answer = f"{type(error).__name__}: {error}"
                raise Unreachable(f"{url} cannot be reached ({answer})") from error
            except ArxivError as error:
                answer = answer or str(error)
                raise
            finally:
                self._record(Attempt(url, answer, round(time.monotonic() - started, 3)))

    def _read(self, url: str) -> tuple[bytes, int, httpx.Headers]:
        deadline = time.monotonic() + _DEADLINE
        with self._http.stream("GET", url) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    raise OversizedAnswer(f"{url} answers with more than {LARGEST_ANSWER} bytes")
                if time.monotonic() > deadline:
                    raise Unreachable(f"{url} did not end its answer within {_DEADLINE:.0f} s")
            return bytes(body), response.status_code, response.headers

    def _check(self, url: str, status: int, headers: httpx.Headers, body: bytes) -> None:
        if status == httpx.codes.OK:
            return
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
            retry_after = _read_retry_after(headers.get("Retry-After"))
            if retry_after is not None:
                self._gate.close_for(min(retry_after, _PATIENCE))
            raise Unavailable(f"{url} answers {status}", retry_after)
        if status == httpx.codes.BAD_REQUEST and body.lstrip().startswith(b"<"):
            return  # An error feed: the parser finds arXiv's own words in it.
        if status in {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY}:
            raise Unavailable(f"{url} answers {status}", None)
        raise RequestRefused(f"{url} answers {status}")


def _read_retry_after(value: str | None) -> float | None:
    """Seconds to wait: the header is a number of seconds or an HTTP date. None where unreadable."""
    if not value:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - clock.now()).total_seconds())
