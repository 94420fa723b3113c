"""A snapshot file, plain or gzip, or standard input, as blocks of whole lines.

Positions are counted in the plain text, so that they mean the same for a file, its gzip form and a
pipe. What the lines say is not known here.
"""

import gzip
import hashlib
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from papers.arxiv.snapshot import LONGEST_LINE

STANDARD_INPUT = "-"

_BLOCK = 4 << 20
_HEAD = 64 << 10
_TAIL = 4 << 10
_GZIP, _ZIP = b"\x1f\x8b", b"PK"


class UnreadableSnapshotError(Exception):
    """The file cannot be read, or not from where the import stands; one line that says why."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: the first one's number (from 1), and where the next block begins.

    `tail` names what stands before that place (see `Source.blocks`); `share` is the part of the
    file that was read when the block was, from 0 to 1, None for a pipe.
    """

    text: bytes
    line: int
    next_line: int
    end: int
    tail: str
    share: float | None


class Source:
    """An open snapshot. `key` is its identity: size and beginning, for a pipe the beginning."""

    def __init__(self, name: str, raw: BinaryIO, size: int | None) -> None:
        self.name = name
        self._raw = raw
        self._size = size
        start = raw.peek(2)[:2] if isinstance(raw, io.BufferedReader) else b""
        if start == _ZIP:
            raise UnreadableSnapshotError(
                f"{name} is a zip archive; give what is in it: unzip -p {name} | "
                "manage.py import_snapshot -"
            )
        self._plain = gzip.GzipFile(fileobj=raw) if start == _GZIP else raw
        self._seekable = size is not None and start != _GZIP
        self._head = b""
        self._head = self._read(_HEAD)
        self.key = hashlib.sha256(b"%d\n" % (size or 0) + self._head).hexdigest()

    def blocks(self, offset: int = 0, line: int = 1, tail: str = "") -> Iterator[Block]:
        """The lines from `offset` on, some 4 MB at a time, so memory is bounded. Once a source.

        To go on, give `end`, `next_line` and `tail` of the last block; raises
        `UnreadableSnapshotError` where other text stands before that place, or when the file ends
        in the middle of its compression. A line longer than any real one comes as a block of its
        own, cut after `LONGEST_LINE` bytes and one.
        """
        self._go_to(offset, tail)
        pending = b""
        cut = 0
        while chunk := self._read(_BLOCK):
            end = chunk.rfind(b"\n") + 1
            if not end:
                pending += chunk
                excess = max(0, len(pending) - LONGEST_LINE - 1)
                pending, cut = pending[: LONGEST_LINE + 1], cut + excess
                continue
            if cut:
                # The overlong line ends in this chunk.
                rest = chunk.find(b"\n") + 1
                offset += len(pending) + cut + rest
                yield self._make(pending + b"\n", line, offset, "")
                line, cut, pending = line + 1, 0, b""
                chunk, end = chunk[rest:], end - rest
                if not end:
                    pending = chunk
                    continue
            text, pending = pending + chunk[:end], chunk[end:]
            offset += len(text)
            block = self._make(text, line, offset, _name_tail(text))
            line = block.next_line
            yield block
        if pending:
            yield self._make(pending, line, offset + len(pending) + cut, "")

    def _make(self, text: bytes, line: int, end: int, tail: str) -> Block:
        count = text.count(b"\n") + (not text.endswith(b"\n"))
        share = self._raw.tell() / self._size if self._size else None
        return Block(text, line, line + count, end, tail, share)

    def _go_to(self, offset: int, tail: str) -> None:
        length = int(tail.partition(":")[0] or 0)
        if self._seekable and offset > len(self._head):
            self._head = b""
            self._plain.seek(offset - length)
        else:
            remaining = offset - length
            while remaining > 0:
                skipped = len(self._read(min(remaining, _BLOCK)))
                if not skipped:
                    break
                remaining -= skipped
        if _name_tail(self._read(length)) != tail:
            raise UnreadableSnapshotError(
                f"{self.name} is not what it was when its import was broken off; "
                "import it from the beginning with --restart"
            )

    def _read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end; the head that was read first comes first."""
        parts = []
        if self._head:
            parts.append(self._head[:size])
            self._head = self._head[size:]
            size -= len(parts[0])
        try:
            while size and (part := self._plain.read(size)):
                parts.append(part)
                size -= len(part)
        except (EOFError, OSError, zlib.error) as error:
            raise UnreadableSnapshotError(f"{self.name} cannot be read on: {error}") from error
        return b"".join(parts)


def _name_tail(text: bytes) -> str:
    """The length and hash of the last bytes of `text`; empty for no text."""
    tail = text[-_TAIL:]
    return f"{len(tail)}:{hashlib.sha256(tail).hexdigest()[:40]}" if tail else ""


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """The snapshot at `path`, `-` for standard input; raises `UnreadableSnapshotError`."""
    if path == STANDARD_INPUT:
        yield Source("standard input", sys.stdin.buffer, None)
        return
    try:
        with Path(path).open("rb") as raw:
            yield Source(Path(path).name, raw, os.fstat(raw.fileno()).st_size)
    except OSError as error:
        raise UnreadableSnapshotError(f"{path} cannot be read: {error.strerror}") from error
