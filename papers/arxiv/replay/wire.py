"""HTTP/1.1 in its barest form, so that an answer can also be sent wrongly.

A thread with an event loop of its own, on loopback only. It reads requests, asks one function for
each answer and sends it as told: whole, bit by bit, cut off, reset. What answers say is elsewhere.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit

from coolpapers import clock
from papers.arxiv.replay.answer import Answer

_LONGEST_HEAD = 64 * 1024
_LONGEST_BODY = 16 * 1024 * 1024
_BLOCK = b"<!-- all work and no play -->" * 2048
_PHRASES = {int(status): status.phrase for status in HTTPStatus}
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came; `params` are the query's and a form's, the first of each name."""

    method: str
    target: str
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer goes out. Seconds are real ones, since they are for time-outs.

    `drip`: over so many seconds. `delay`: after so many. `reset_after`: the connection is reset
    when this share of the body is sent. `endless`: so many bytes instead of the body, announced
    by Content-Length where `sized`.
    """

    delay: float = 0.0
    drip: float = 0.0
    reset_after: float | None = None
    endless: int = 0
    sized: bool = True


class Exchange:
    """What the handler makes of a request; `finish` is told how it ended."""

    answer: Answer
    delivery: Delivery = Delivery()

    def finish(self, *, complete: bool) -> None:
        """The answer has left, or the connection has ended before (`complete` false)."""


class _ResetAskedError(Exception):
    """The connection was reset on purpose."""


class Wire:
    """A server on `host` (loopback), `port` (0: any free one), answering with `handle`.

    `begin` makes an Exchange when a request has arrived; `handle` fills in its answer.
    """

    def __init__(
        self,
        host: str,
        port: int,
        begin: Callable[[Request], Exchange],
        handle: Callable[[Request, Exchange], None],
        latency: float = 0.0,
    ) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"{host} is not loopback; this server is for this machine only")
        self.host = host
        self.port = port
        self.latency = latency
        self._begin = begin
        self._handle = handle
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._connections: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Listen; returns when connections are accepted. Raises OSError where it can't."""
        family = socket.AF_INET6 if self.host == "::1" else socket.AF_INET
        listener = socket.create_server((self.host, self.port), family=family, backlog=128)
        self.port = listener.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(listener, ready)), name="replay", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close every connection and wait for the thread to end."""
        if self._thread is None or self._loop is None or self._stop is None:
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._thread = None

    async def _run(self, listener: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, sock=listener, limit=_LONGEST_HEAD)
        ready.set()
        await self._stop.wait()
        server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        with contextlib.suppress(OSError):
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while await self._serve(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # The other side went away, or never spoke HTTP.
        except _ResetAskedError:
            _reset(writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; false when the connection is to be closed."""
        request = await _read(reader)
        exchange = self._begin(request)
        complete = False
        try:
            # At least one turn of the loop, so that requests that came together are seen together.
            await asyncio.sleep(self.latency)
            self._handle(request, exchange)
            keep = await _send(writer, request, exchange.answer, exchange.delivery)
            complete = True
        finally:
            exchange.finish(complete=complete)
        return keep


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    target = rest.rpartition(" ")[0] or "/"
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    length = headers.get("content-length", "0")
    body = b""
    if length.isdigit() and 0 < int(length) <= _LONGEST_BODY:
        body = await reader.readexactly(int(length))
    split = urlsplit(target)
    query = split.query
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        query = "&".join(part for part in (query, body.decode("utf-8", "replace")) if part)
    params: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        params.setdefault(name, value)
    return Request(method, target, unquote(split.path), params, headers, body)


async def _send(
    writer: asyncio.StreamWriter, request: Request, answer: Answer, delivery: Delivery
) -> bool:
    if delivery.delay:
        await asyncio.sleep(delivery.delay)
    if delivery.reset_after == 0:
        raise _ResetAskedError
    keep = request.headers.get("connection", "").lower() != "close"
    length: int | None = delivery.endless or len(answer.body)
    if delivery.endless and not delivery.sized:
        length, keep = None, False
    head = _head(answer, length, keep=keep)
    if not (delivery.endless or delivery.drip or delivery.reset_after) and request.method != "HEAD":
        # One write: two small ones would wait for each other in the kernel (Nagle).
        writer.write(head + answer.body)
        await writer.drain()
        return keep
    writer.write(head)
    if request.method == "HEAD":
        await writer.drain()
    elif delivery.endless:
        await _send_endless(writer, delivery.endless)
    elif delivery.reset_after is not None:
        writer.write(answer.body[: int(len(answer.body) * delivery.reset_after)])
        await writer.drain()
        # What is still in the socket's buffer would be lost with the reset.
        await asyncio.sleep(0.02)
        raise _ResetAskedError
    elif delivery.drip:
        pieces = 20
        size = max(1, -(-len(answer.body) // pieces))
        for start in range(0, len(answer.body), size):
            await asyncio.sleep(delivery.drip / pieces)
            writer.write(answer.body[start : start + size])
            await writer.drain()
    return keep


async def _send_endless(writer: asyncio.StreamWriter, size: int) -> None:
    while size > 0:
        block = _BLOCK[:size]
        writer.write(block)
        size -= len(block)
        await writer.drain()


def _head(answer: Answer, length: int | None, *, keep: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Error')}",
        f"Content-Type: {answer.content_type}",
        f"Date: {format_datetime(clock.now(), usegmt=True)}",
        f"Connection: {'keep-alive' if keep else 'close'}",
        *(f"{name}: {value}" for name, value in answer.headers.items()),
    ]
    if length is not None and answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST and not with FIN, as a crashed server does."""
    raw = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
