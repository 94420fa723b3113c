"""The server itself: what is asked for, what may be seen yet, which fault strikes, what is logged.

`ReplayServer` is for tests (in this process) and for `manage.py replay`; other processes steer it
over HTTP under `/-/` (`docs/replay.md`). It listens on loopback only.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from coolpapers import clock
from papers.arxiv.replay import mischief
from papers.arxiv.replay.answer import Answer, plain
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.faults import Fault, Faults, RandomFaults
from papers.arxiv.replay.routes import Routes, Sight, name_key
from papers.arxiv.replay.wire import Delivery, Exchange, Request, Wire

logger = logging.getLogger(__name__)

Today = date | datetime | Literal["clock"] | None


@dataclass(slots=True)
class LoggedRequest:
    """A request and how it went.

    `at` is real time (Unix seconds) and `clock_time` the project's clock (UTC), both at its
    beginning; `seconds` is real. `status` is None where the connection was reset. `in_flight` is
    how many requests were under way when it came, itself among them.
    """

    at: float
    clock_time: datetime
    method: str
    target: str
    route: str
    key: str
    in_flight: int
    status: int | None = None
    fault: str | None = None
    size: int = 0
    seconds: float = 0.0
    finished: bool = False


class _Exchange(Exchange):
    def __init__(self, server: "ReplayServer", logged: LoggedRequest) -> None:
        self.logged = logged
        self._server = server

    def finish(self, *, complete: bool) -> None:
        self._server._finish(self.logged, complete=complete)


class ReplayServer:
    """arXiv on a port of this machine, from a collection or its folder.

    `today` is a date (seen at noon, New York), an exact time, `"clock"` to follow the project's
    clock, or None for the collection's last day. Use it as a context manager, or start and stop it.
    `latency` real seconds pass before each answer; with some, requests that overlap are sure to be
    counted so (`max_in_flight`).
    """

    def __init__(
        self,
        collection: Collection | Path | str,
        today: Today = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        random_faults: RandomFaults | None = None,
        feed_limit: int = 2000,
        oai_page: int = 2500,
        oai_identifiers_page: int = 20000,
        pdf_bytes: int = 0,
        pdf_cors: bool = True,
        latency: float = 0.0,
        on_request: Callable[[LoggedRequest], None] | None = None,
    ) -> None:
        if not isinstance(collection, Collection):
            collection = Collection.load(collection)
        self.collection = collection
        self.requests: list[LoggedRequest] = []
        self.max_in_flight = 0
        self.faults = Faults(random_faults)
        self._on_request = on_request
        self._in_flight = 0
        self._lock = threading.Lock()
        self._routes = Routes(
            collection,
            feed_limit=feed_limit,
            oai_page=oai_page,
            oai_identifiers_page=oai_identifiers_page,
            pdf_bytes=pdf_bytes,
            pdf_cors=pdf_cors,
        )
        self._wire = Wire(host, port, self._begin, self._handle, latency)
        self.set_today(today)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        self._wire.start()

    def stop(self) -> None:
        """Close all connections and the port."""
        self._wire.stop()

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        host = f"[{self._wire.host}]" if ":" in self._wire.host else self._wire.host
        return f"http://{host}:{self._wire.port}"

    @property
    def rss_url(self) -> str:
        """For ARXIV_RSS_URL."""
        return f"{self.url}/rss"

    @property
    def atom_url(self) -> str:
        """The Atom form of the feeds."""
        return f"{self.url}/atom"

    @property
    def api_url(self) -> str:
        """For ARXIV_API_URL."""
        return f"{self.url}/api/query"

    @property
    def oai_url(self) -> str:
        """For ARXIV_OAI_URL."""
        return f"{self.url}/oai"

    @property
    def pdf_url(self) -> str:
        """For ARXIV_PDF_URL."""
        return f"{self.url}/pdf"

    def set_today(self, today: Today) -> None:
        """Change what day it is; takes effect with the next request."""
        if today is None:
            today = self.collection.days[-1]
        if isinstance(today, datetime):
            if today.tzinfo is None:
                raise ValueError("an exact time needs a time zone")
            self._moment: datetime | None = today.astimezone(UTC)
        elif isinstance(today, date):
            noon = datetime.combine(today, clock_time(12), clock.EASTERN)
            self._moment = noon.astimezone(UTC)
        else:
            self._moment = None

    def now(self) -> datetime:
        """The time by which papers are shown or not, in UTC."""
        return self._moment or clock.now()

    def add_fault(self, fault: Fault | str) -> None:
        """Let a fault wait for its request (`"503@rss/cs.AI*2"`). Raises FaultSpecError."""
        self.faults.add(Fault.parse(fault) if isinstance(fault, str) else fault)

    def clear_faults(self) -> None:
        """No more faults, scripted or at random."""
        self.faults.clear()

    def forget_requests(self) -> None:
        """Begin the log anew."""
        with self._lock:
            self.requests = []
            self.max_in_flight = self._in_flight

    def _begin(self, request: Request) -> Exchange:
        route, key = name_key(request)
        with self._lock:
            self._in_flight += 1
            logged = LoggedRequest(
                at=time.time(),
                clock_time=clock.now(),
                method=request.method,
                target=request.target,
                route=route,
                key=key,
                in_flight=self._in_flight,
            )
            if route != "control":
                self.requests.append(logged)
                self.max_in_flight = max(self.max_in_flight, self._in_flight)
        return _Exchange(self, logged)

    def _finish(self, logged: LoggedRequest, *, complete: bool) -> None:
        with self._lock:
            self._in_flight -= 1
        logged.seconds = time.time() - logged.at
        logged.finished = complete
        if not complete:
            logged.status = None
        if self._on_request and logged.route != "control":
            self._on_request(logged)

    def _handle(self, request: Request, exchange: Exchange) -> None:
        assert isinstance(exchange, _Exchange)
        logged = exchange.logged
        exchange.delivery = Delivery()
        try:
            if logged.route == "control":
                exchange.answer = self._control(request)
            else:
                exchange.answer, exchange.delivery = self._answer(request, logged)
        except Exception:  # The test that asked must see it, not hang.
            logger.exception("replay: %s failed", request.target)
            exchange.answer = plain("The replay server itself failed; see its log.", 500)
        logged.status = exchange.answer.status
        logged.size = len(exchange.answer.body)

    def _answer(self, request: Request, logged: LoggedRequest) -> tuple[Answer, Delivery]:
        fault = self.faults.take(logged.route, logged.key)
        logged.fault = str(fault) if fault else None
        if fault and (refusal := mischief.refuse(fault)):
            return refusal, Delivery()
        answer = self._routes.answer(request, logged.route, Sight.at(self.now()), fault)
        if fault:
            return mischief.spoil(answer, fault)
        if answer.headers.get("ETag") and self._known(request, answer):
            return Answer(304, answer.content_type, b"", answer.headers), Delivery()
        return answer, Delivery()

    @staticmethod
    def _known(request: Request, answer: Answer) -> bool:
        tags = request.headers.get("if-none-match", "").replace("W/", "").split(",")
        return answer.headers["ETag"] in (tag.strip().strip('"') for tag in tags)

    def _control(self, request: Request) -> Answer:
        match (request.method, request.path.removeprefix("/-/")):
            case ("GET", "today"):
                return _json({"now": self.now().isoformat(), "follows_clock": not self._moment})
            case ("GET", "faults"):
                return _json([str(fault) for fault in self.faults.waiting()])
            case ("GET", "requests"):
                return _json(
                    {
                        "max_in_flight": self.max_in_flight,
                        "requests": [asdict(logged) for logged in self.requests],
                    }
                )
            case ("DELETE", "faults"):
                self.clear_faults()
            case ("DELETE", "requests"):
                self.forget_requests()
            case ("POST", "today" | "faults" as what):
                try:
                    self._steer(what, json.loads(request.body))
                except (ValueError, TypeError, KeyError) as error:
                    return plain(f"{type(error).__name__}: {error}", 400)
            case _:
                return plain("There are /-/today, /-/faults and /-/requests.", 404)
        return _json({"ok": True})

    def _steer(self, what: str, wish: Any) -> None:
        if not isinstance(wish, dict):
            raise TypeError("not a JSON object")
        if what == "today":
            text = wish["today"]
            if text in (None, "clock"):
                self.set_today(text)
            else:
                exact = isinstance(text, str) and "T" in text
                self.set_today((datetime if exact else date).fromisoformat(text))
            return
        faults = [Fault.parse(spec) for spec in wish.get("add", ())]
        if "random" in wish:
            self.faults.at_random = RandomFaults(**wish["random"]) if wish["random"] else None
        for fault in faults:
            self.add_fault(fault)


def _json(value: object) -> Answer:
    return Answer(200, "application/json", json.dumps(value, default=str).encode())
