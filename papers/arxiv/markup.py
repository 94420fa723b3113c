"""XML from a stranger: read without entities or document types, bounded, and mended where one item
is broken. What the elements mean is the business of `rss`, `api` and `oai`.
"""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from papers.arxiv.errors import MalformedAnswer, OversizedAnswer

LARGEST_BODY = 50_000_000
# A full page of OAI-PMH has about 100,000 tags; each costs memory many times its length.
_MOST_TAGS = 2_000_000
_MOST_ITEMS = 50_000

# Control characters that XML forbids but old records contain; never part of a UTF-8 sequence.
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


class IllFormed(MalformedAnswer):
    """The body breaks the grammar of XML somewhere (and nothing worse is wrong with it)."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A body made whole. Broken items stand in it empty, so that the others keep their places.

    `broken`: an item's place (from 0) to its bytes and what was wrong. `cut`: the body had no end.
    """

    body: bytes
    broken: dict[int, tuple[bytes, str]]
    cut: bool


def clean_body(body: bytes) -> bytes:
    """`body` without control characters. Raises `OversizedAnswer`; `MalformedAnswer` if empty."""
    if len(body) > LARGEST_BODY:
        raise OversizedAnswer(f"the answer has {len(body)} bytes")
    if body.count(b"<") > _MOST_TAGS:
        raise OversizedAnswer(f"the answer has more than {_MOST_TAGS} tags")
    if not body.strip():
        raise MalformedAnswer("the answer is empty")
    if body.startswith(_WIDE):
        raise MalformedAnswer("the answer is not UTF-8")
    return body.translate(None, _CONTROLS)


def parse_markup(body: bytes) -> Element:
    """The root element. Raises `IllFormed`; `MalformedAnswer` for a document type or entities."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise IllFormed(f"broken XML: {error}") from error
    except DefusedXmlException as error:
        raise MalformedAnswer("the answer declares a document type or entities") from error
    except (ValueError, LookupError) as error:
        raise MalformedAnswer(f"the answer cannot be read as XML: {error}") from error
    return root


def mend_body(body: bytes, item: str, closing: dict[str, str]) -> Mended:
    """Ill-formed XML with each broken `<item>` emptied, and closed where it was cut short.

    `closing` has, for each root element, what ends a document after its last item. Raises
    `IllFormed` where nothing can be mended. Takes time in proportion to the length.
    """
    starts = [match.start() for match in re.finditer(rb"<%s[\s>]" % item.encode(), body)]
    head = body[: starts[0]] if starts else body
    root = re.search(rb"<(%s)\b[^<>]*>" % "|".join(closing).encode(), head)
    if not 0 < len(starts) <= _MOST_ITEMS or not root:
        raise IllFormed("broken XML, and nothing in it that can be told apart")
    end_tag, empty = f"</{item}>".encode(), f"<{item}></{item}>".encode()
    root_end = b"</" + root[1] + b">"
    cut = not body.rstrip().endswith(root_end)
    chunks: list[bytes] = []
    broken: dict[int, tuple[bytes, str]] = {}
    tail = b""
    for start, limit in zip(starts, [*starts[1:], len(body)], strict=True):
        end = body.find(end_tag, start, limit)
        if end < 0 and cut and limit == len(body):
            break
        chunk = body[start : end + len(end_tag)] if end >= 0 else body[start:limit]
        tail = body[start + len(chunk) : limit]
        try:
            parse_markup(root[0] + chunk + root_end)
        except IllFormed as error:
            broken[len(chunks)] = (chunk, str(error))
            chunk = empty
        chunks.append(chunk)
    if cut or not tail.strip():
        tail = closing[root[1].decode()].encode()
    mended = Mended(head + b"".join(chunks) + tail, broken, cut)
    parse_markup(mended.body)
    return mended
