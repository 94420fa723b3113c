"""What a fault does to an answer and to its delivery, where the answer itself was right."""

import re
from datetime import timedelta
from email.utils import format_datetime

from coolpapers import clock
from papers.arxiv.replay.answer import Answer, plain
from papers.arxiv.replay.faults import Fault
from papers.arxiv.replay.wire import Delivery

_PAGE = """<!DOCTYPE html>
<html><head><title>arXiv.org</title></head>
<body><h1>We are down for maintenance</h1><p>Please come back in a moment & try again.<br></body>
</html>
"""
_ENTRY = re.compile(rb"<item>.*?</item>|<entry>.*?</entry>", re.DOTALL)
_IDENTIFIER = re.compile(
    rb"(?<=arXiv:)[^ ]+ |(?<=oai:arXiv.org:)[^<]+|(?<=https://arxiv.org/abs/)[^<\"]+"
)
_NAMING = re.compile(
    rb"\s*<guid.*?</guid>|\s*<id>.*?</id>|\s*<link>.*?</link>|\s*<link [^>]*/>|arXiv:[^ ]+ "
)


def refuse(fault: Fault) -> Answer | None:
    """The answer that comes instead of the right one, None where the fault is of another sort."""
    if fault.kind.isdigit():
        status = int(fault.kind)
        text = "Rate exceeded." if status == 429 else "Service temporarily unavailable."
        answer = plain(text, status)
        if fault.value is not None:
            answer.headers["Retry-After"] = _retry_after(fault.value)
        return answer
    if fault.kind == "html":
        return Answer(200, "text/html; charset=utf-8", _PAGE.encode())
    return None


def spoil(answer: Answer, fault: Fault) -> tuple[Answer, Delivery]:
    """A right answer as it leaves under this fault: damaged, or delivered badly."""
    body = answer.body
    delivery = Delivery()
    match fault.kind:
        case "reset":
            delivery = Delivery(reset_after=fault.number(0.0))
        case "drip":
            delivery = Delivery(drip=fault.number(5.0))
        case "delay":
            delivery = Delivery(delay=fault.number(5.0))
        case "huge":
            sized = not (fault.value or "").endswith("unsized")
            delivery = Delivery(endless=int(fault.number(60.0) * 1_000_000), sized=sized)
        case "truncate":
            body = body[: int(len(body) * fault.number(0.5))]
        case "blank":
            body = b""
        case "noid" | "badid":
            body = _damage_entry(body, int(fault.number(0)), named=fault.kind == "badid")
    return Answer(answer.status, answer.content_type, body, answer.headers), delivery


def _damage_entry(body: bytes, place: int, *, named: bool) -> bytes:
    entries = list(_ENTRY.finditer(body))
    if not entries:
        return body
    entry = entries[place % len(entries)]
    if named:
        # A month 13 has no papers.
        text = _IDENTIFIER.sub(
            lambda match: b"2613.99999 " if match[0].endswith(b" ") else b"2613.99999v1", entry[0]
        )
    else:
        text = _NAMING.sub(b"", entry[0])
    return body[: entry.start()] + text + body[entry.end() :]


def _retry_after(value: str) -> str:
    """`30` as it is, `date:30` as the HTTP date in 30 seconds of the clock."""
    form, _, seconds = value.rpartition(":")
    if form != "date":
        return value
    return format_datetime(clock.now() + timedelta(seconds=float(seconds)), usegmt=True)
