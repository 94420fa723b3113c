"""Damaged, hostile and oversized answers: typed errors only, in bounded time, and no good row lost.

Every mutation comes from a seed that is in the failure's message. A few hundred run each time; with
`TORTURE_MUTATIONS=5000` as many as it says. What single kinds of damage lead to is stated in
`test_rss`, `test_api`, `test_oai` and `test_markup`.
"""

import contextlib
import gzip
import json
import os
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import FrameType
from typing import ClassVar
from urllib.request import urlopen

import pytest

from papers.arxiv import api, oai, rss
from papers.arxiv.client import LARGEST_ANSWER, Addresses, Client
from papers.arxiv.errors import ArxivError, MalformedAnswer, OversizedAnswer
from papers.arxiv.records import Listing, Page
from papers.arxiv.replay import Collection, ReplayServer
from tests.conftest import SHARED

MUTATIONS = int(os.environ.get("TORTURE_MUTATIONS", "") or 400)
CHUNKS = 8
# Real seconds for one answer of some kilobytes; far above what a loaded machine needs.
LIMIT = 10.0
DAY = date(2026, 8, 11)
SECRET = "the-secret-that-no-answer-may-read"

Parse = Callable[[bytes], Listing | Page]


class TooSlowError(AssertionError):
    """A parser that did not come back in time."""


@dataclass(frozen=True)
class Document:
    """A good answer, who reads it, and where its entries lie."""

    name: str
    parse: Parse
    body: bytes
    entries: tuple[tuple[int, int], ...]


def read_feed(body: bytes) -> Listing:
    return rss.parse(body, "cs.AI")


def make_document(name: str, parse: Parse, item: str, body: bytes) -> Document:
    pattern = rb"<%s[\s>].*?</%s>" % (item.encode(), item.encode())
    spans = tuple(match.span() for match in re.finditer(pattern, body, re.DOTALL))
    return Document(name, parse, body, spans)


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    """Each kind of answer as the replay server renders it, and what was recorded at arXiv."""
    folder = tmp_path_factory.mktemp("papers")
    lines = [
        {
            "id": f"2608.{n:05}", "title": f'On $x<y$ & Schr\\"odinger, {n}',
            "authors": ["Erwin Schrödinger (Zürich; Dublin)", "李雷"], "abstract": f"For {n} > 0.",
            "categories": ["cs.AI", "math.PR"], "primary_category": "cs.AI", "comments": "5 pages",
        }
        for n in range(1, 13)
    ]  # fmt: skip
    (folder / f"{DAY}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with ReplayServer(Collection.load(folder), DAY, oai_page=9) as server:
        atom = server.rss_url.replace("/rss", "/atom")
        found = [
            make_document("rss", read_feed, "item", ask(f"{server.rss_url}/cs.AI")),
            make_document("atom", read_feed, "entry", ask(f"{atom}/cs.AI")),
            make_document(
                "api", api.parse, "entry", ask(f"{server.api_url}?search_query=cat:cs.AI")
            ),
            *(
                make_document(
                    prefix, oai.parse, "record",
                    ask(f"{server.oai_url}?verb=ListRecords&metadataPrefix={prefix}"),
                )
                for prefix in ("arXiv", "arXivRaw")
            ),
        ]  # fmt: skip
    return [*found, *read_recordings()]


def ask(url: str) -> bytes:
    with urlopen(url) as answer:
        body = answer.read()
    assert isinstance(body, bytes)
    return body


def read_recordings() -> Iterator[Document]:
    """The recordings beside the project that hold two papers or more and are not huge."""
    kinds: dict[str, tuple[Parse, str]] = {
        "atom_api": (api.parse, "entry"),
        "oai": (oai.parse, "record"),
        "rss": (read_feed, "item"),
    }
    for folder, (parse, item) in kinds.items():
        for path in sorted((SHARED / "responses" / folder).glob("*.xml")):
            body = path.read_bytes()
            tag = "entry" if folder == "rss" and b"<feed" in body[:500] else item
            document = make_document(path.name, parse, tag, body)
            if len(body) < 60_000 and len(document.entries) > 1 and list_rows(document, body):
                yield document


@lru_cache(maxsize=100)
def read_original(parse: Parse, body: bytes) -> Mapping[str, object]:
    return name_rows(parse(body))


def list_rows(document: Document, body: bytes) -> Mapping[str, object]:
    try:
        return read_original(document.parse, body)
    except ArxivError:
        return {}


def name_rows(answer: Listing | Page) -> dict[str, object]:
    """Identifier to what was read of it, apart from its place."""
    if isinstance(answer, Listing):
        return {entry.record.identifier: (entry.record, entry.kind) for entry in answer.entries}
    return {record.identifier: record for record in answer.records}


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TooSlowError in the middle of what does not end."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError(f"longer than {seconds} s")

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


# --- damage within an entry ------------------------------------------------------------------

_PIECES = (
    b"<", b">", b"&", b"&amp;", b"&foo;", b"&#0;", b"&#xFFFFFF;", b"\x00", b"\x0b", b"\xff",
    b"\xc3", b"\xed\xa0\x80", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml", b"?>", b"<b>",
    b"</title>", b"<title>", b"'", b'"', b"v0", b"-1", b"99999999999999999999",
    b"<x:y/>", b" xmlns='urn:z'", "\u202e\U0001f4a9".encode(), b"<!DOCTYPE x>", b"$\\frac{", b"%s",
)  # fmt: skip


def damage_bytes(text: bytes, dice: random.Random) -> bytes:
    """A few bytes changed, lost, doubled or put in."""
    damaged = bytearray(text)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(damaged))
        length = dice.choice((1, 1, 3, 40))
        match dice.randrange(5):
            case 0:
                damaged[place] = dice.randrange(256)
            case 1:
                del damaged[place : place + length]
            case 2:
                damaged[place:place] = damaged[place : place + length]
            case 3:
                damaged[place:place] = dice.choice(_PIECES)
            case _:
                damaged[place : place + length] = dice.randbytes(length)
        if not damaged:
            return b"x"
    return bytes(damaged)


def damage_element(text: bytes, dice: random.Random) -> bytes:
    """An element lost, emptied, doubled, filled too full or nested too deep."""
    elements = list(re.finditer(rb"<([\w:-]+)[^<>]*>([^<]*)</\1>", text))
    if not elements:
        return damage_bytes(text, dice)
    element = dice.choice(elements)
    tag = element[1]
    whole = {
        0: b"",
        1: b"<%s/>" % tag,
        2: element[0] * 2,
        3: b"<%s>%s</%s>" % (tag, b"long " * 30_000, tag),
        4: b"<%s>%s</%s>" % (tag, b"<i>" * 3_000 + b"</i>" * 3_000, tag),
        5: element[0].removesuffix(b"</%s>" % tag),
        6: b"<%s>%s</%s>" % (tag, dice.choice(_PIECES), tag),
        7: element[0].replace(element[2], element[2][::-1]) if element[2] else b"",
    }[dice.randrange(8)]
    return text[: element.start()] + whole + text[element.end() :]


# --- damage to the whole ---------------------------------------------------------------------

_LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)  # A gigabyte of laughter, were it expanded.


def make_hostile(body: bytes, dice: random.Random, secret: Path) -> bytes:
    """The answer with a document type that declares entities, and one of them used."""
    declaration, used = dice.choice(
        (
            (f"<!DOCTYPE x [{_LAUGHS}]>", "&l9;"),
            (f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>', "&e;"),
            (f'<!DOCTYPE x [<!ENTITY % e SYSTEM "{secret.as_uri()}"> %e;]>', ""),
            (f'<!DOCTYPE x SYSTEM "{secret.as_uri()}">', ""),
            ('<!DOCTYPE x [<!ENTITY e "x">]>', "&e;"),
            (f'<!DOCTYPE x [<!ENTITY e "{"A" * 100_000}">]>', "&e;" * 10_000),
        )
    )
    head = re.match(rb"\s*(<\?xml.*?\?>)?", body, re.DOTALL)
    assert head
    text = body.decode("utf-8", "replace")
    start = len(head[0].decode())
    text = text[:start] + declaration + text[start:].replace("</title>", f"{used}</title>")
    encoding = dice.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-16-le", "utf-32", "utf-7"))
    if encoding != "utf-8":
        text = re.sub(r"encoding=['\"].*?['\"]", f"encoding='{encoding}'", text, count=1)
    return text.encode(encoding, "replace")


def damage_whole(body: bytes, dice: random.Random) -> bytes:
    """Anything anywhere: cut, shuffled, declared as what it is not, damaged in its frame."""
    half = len(body) // 2
    match dice.randrange(9):
        case 0:
            return body[: dice.randrange(len(body))]
        case 1:
            return body[dice.randrange(len(body)) :]
        case 2:
            return body * 2
        case 3:
            name = dice.choice((b"utf-16", b"latin-1", b"ebcdic", b"utf-7", b"idna", b"zlib", b"x"))
            return re.sub(rb"encoding=['\"].*?['\"]", b"encoding='%s'" % name, body, count=1)
        case 4:
            return b"\xef\xbb\xbf" + body
        case 5:
            return body[:half] + b"<a>" * 20_000 + body[half:]
        case 6:
            return dice.randbytes(dice.randrange(1, 2000))
        case 7:
            return body[half:] + body[:half]
        case _:
            return damage_bytes(body, dice)


# --- the rules -------------------------------------------------------------------------------


def try_parse(document: Document, body: bytes) -> Mapping[str, object] | None:
    """What was read, also of what was cut short; None where a typed error said that it cannot be.

    Any other exception goes on.
    """
    with time_limit(LIMIT):
        try:
            return name_rows(document.parse(body))
        except MalformedAnswer as error:
            return name_rows(error.salvaged) if error.salvaged else None
        except ArxivError:
            return None


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_damage_within_one_entry_costs_no_other(documents: list[Document], chunk: int) -> None:
    for number in range(chunk, MUTATIONS // 2, CHUNKS):
        document = documents[number % len(documents)]
        dice = random.Random(f"entry {number}")
        original = read_original(document.parse, document.body)
        start, end = dice.choice(document.entries)
        # Its own tags stay: without them it is not one entry that is damaged.
        inner = document.body.index(b">", start) + 1
        outer = document.body.rindex(b"<", start, end)
        damage = dice.choice((damage_bytes, damage_element))
        own = document.body[inner:outer]
        damaged = damage(own, dice)
        body = document.body[:inner] + damaged + document.body[outer:]
        rows = try_parse(document, body)
        where = f"{document.name}, mutation {number}: {damaged[:3000]!r}"
        assert rows is not None, f"given up: {where}"
        for name, row in original.items():
            if name.encode() not in own:
                assert rows.get(name) == row, f"{name} is lost or changed: {where}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_any_damage_ends_in_an_answer_or_a_typed_error(
    documents: list[Document], chunk: int
) -> None:
    for number in range(chunk, MUTATIONS * 3 // 8, CHUNKS):
        document = documents[number % len(documents)]
        dice = random.Random(f"whole {number}")
        body = document.body
        for _ in range(dice.randint(1, 2)):
            body = damage_whole(body, dice) or b"x"
        try:
            try_parse(document, body)
        except Exception as error:
            error.add_note(f"{document.name}, mutation {number}")
            raise


def test_entities_are_never_expanded_nor_fetched(documents: list[Document], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    for number in range(MUTATIONS // 8):
        document = documents[number % len(documents)]
        body = make_hostile(document.body, random.Random(f"hostile {number}"), secret)
        began = time.monotonic()
        rows = try_parse(document, body)
        assert rows is None, f"{document.name}, mutation {number} was taken"
        assert time.monotonic() - began < LIMIT / 2


@pytest.mark.parametrize("parse", [read_feed, api.parse, oai.parse])
def test_a_body_of_more_than_50_mb_is_refused(parse: Parse) -> None:
    with pytest.raises(OversizedAnswer):
        parse(b"<rss>" + b" " * LARGEST_ANSWER)


class OpenGate:
    """A gate that lets everybody pass."""

    def passage(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close_for(self, seconds: float) -> None:
        return None


class Bomb(BaseHTTPRequestHandler):
    """Answers with half a megabyte that unpacks to 100 MB."""

    PACKED: ClassVar[bytes] = gzip.compress(b" " * 100_000_000, 1)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self.PACKED)))
        self.end_headers()
        # Whoever has had enough hangs up.
        with contextlib.suppress(ConnectionError):
            self.wfile.write(self.PACKED)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.mark.parametrize("fault", ["huge=60", "huge=60:unsized"])
def test_the_client_hangs_up_on_an_answer_of_more_than_50_mb(tmp_path: Path, fault: str) -> None:
    (tmp_path / f"{DAY}.jsonl").write_text(
        '{"id": "2608.00001", "title": "A", "abstract": "B", "authors": ["C"], '
        '"categories": ["cs.AI"], "primary_category": "cs.AI"}\n'
    )
    with ReplayServer(Collection.load(tmp_path), DAY) as server:
        server.add_fault(fault)
        addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
        with Client(addresses, OpenGate(), "test") as client, pytest.raises(OversizedAnswer):
            client.fetch_listing("cs.AI")
        assert len(server.requests) == 1


def test_the_client_hangs_up_on_an_answer_that_unpacks_to_more_than_50_mb() -> None:
    with HTTPServer(("127.0.0.1", 0), Bomb) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        with (
            Client(Addresses(url, url, url), OpenGate(), "test") as client,
            time_limit(LIMIT),
            pytest.raises(OversizedAnswer),
        ):
            client.fetch_listing("cs.AI")
        thread.join()
