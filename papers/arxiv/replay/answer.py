"""An answer as the routes make it and the wire sends it, and the escaping all XML shares."""

import re
from dataclasses import dataclass, field

# Characters XML 1.0 has no way to carry, not even as references; arXiv never sends them either.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and headers (beside Content-Type, Content-Length, Date and Connection)."""

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def plain(text: str, status: int = 200) -> Answer:
    """An answer of plain text."""
    return Answer(status, "text/plain; charset=utf-8", text.encode())


def escape(text: str) -> str:
    """Text as it stands between tags, the way lxml writes it; what XML can't carry is dropped."""
    text = _NOT_XML.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def escape_attribute(text: str) -> str:
    """Text as it stands between double quotes."""
    return escape(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
