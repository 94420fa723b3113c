"""A paper's PDF and its abstract page, made on the spot: valid, small, plainly not the real ones.

A PDF is there for what reads it in a browser: it has the abstract, as many pages as papers often
have, a link to arXiv and one to its last page, and can be padded to the size of a real one.
"""

import html
import textwrap
import zlib
from collections.abc import Sequence
from datetime import date

from papers.arxiv import identifiers
from papers.arxiv.replay.answer import Answer, plain
from papers.arxiv.replay.collection import Collection, Line

_PAGES = 12


def render_pdf(
    collection: Collection, name: str, until: date, *, size: int = 0, cors: bool = True
) -> Answer:
    """The PDF of `name` (with or without version or `.pdf`), at least `size` bytes; 404 if none.

    With `cors` scripts of any site may read it.
    """
    line = find(collection, name.removesuffix(".pdf"), until)
    if line is None:
        return plain(f"No paper {name}", 404)
    headers = {"ETag": f"pdf-{line.versioned}", "Cache-Control": "max-age=3600"}
    if cors:
        headers["Access-Control-Allow-Origin"] = "*"
    first = [
        line.versioned,
        f"Page {_PAGES}",
        *textwrap.wrap(line.title, 80),
        "",
        *textwrap.wrap(line.abstract, 80),
    ]
    others = [[f"{line.versioned}, page {number}"] for number in range(2, _PAGES + 1)]
    file = make_pdf([first, *others], f"https://arxiv.org/abs/{line.versioned}", size)
    return Answer(200, "application/pdf", file, headers)


def render_abstract(collection: Collection, name: str, until: date) -> Answer:
    """A page with the paper's title and abstract; 404 if there is none."""
    line = find(collection, name, until)
    if line is None:
        return plain(f"No paper {name}", 404)
    title, abstract = html.escape(line.title), html.escape(line.abstract)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>[{line.identifier}] {title}</title></head>\n"
        f"<body><h1>{title}</h1><p>{abstract}</p></body></html>\n"
    )
    return Answer(200, "text/html; charset=utf-8", page.encode())


def find(collection: Collection, name: str, until: date) -> Line | None:
    """The line of an identifier, at the version it names or the newest; None if not there."""
    try:
        identifier = identifiers.parse(name)
    except ValueError:
        return None
    lines = collection.versions(identifier.id, until)
    if not lines or identifier.version is None:
        return lines[-1] if lines else None
    return find_version(lines, identifier.version)


def find_version(lines: list[Line], version: int) -> Line | None:
    """The text of a version: its own line, else the nearest newer one's; None if there is none."""
    newer = [line for line in lines if line.version >= version]
    own = [line for line in newer if line.version == version]
    return own[-1] if own else (newer[0] if newer else None)


def make_pdf(pages: Sequence[Sequence[str]], address: str, size: int = 0) -> bytes:
    """A PDF of these pages, each of some lines, padded with a comment stream to `size` bytes.

    Its first line leads to `address`, its second to the last page.
    """
    # A page and what is drawn on it are two objects, after five that they share.
    numbers = range(6, 6 + 2 * len(pages), 2)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Dests << /last [%d 0 R /XYZ 60 742 null] >> >>"
        % numbers[-1],
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Annot /Subtype /Link /Rect [60 726 200 742] /A << /S /URI /URI (%b) >> >>"
        % _quote(address).encode(),
        b"<< /Type /Annot /Subtype /Link /Rect [60 706 200 722] /Dest /last >>",
    ]
    links = b"/Annots [4 0 R 5 0 R] "
    for lines in pages:
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R %b"
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (len(objects) + 2, links),
            _stream(_draw(lines), b"/Filter /FlateDecode "),
        ]
        links = b""
    if size > 2000:
        objects.append(_stream(b"% padding\n" * (size // 10), b""))
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % place for place in places)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    written += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(written)


def _draw(lines: Sequence[str]) -> bytes:
    shown = (line.encode("latin-1", "replace").decode("latin-1")[:90] for line in lines)
    drawn = "".join(f"({_quote(line)}) Tj 0 -20 Td " for line in shown)
    return zlib.compress(f"BT /F1 12 Tf 60 730 Td {drawn}ET".encode("latin-1"))


def _stream(content: bytes, entries: bytes) -> bytes:
    return b"<< %b/Length %d >>\nstream\n%b\nendstream" % (entries, len(content), content)


def _quote(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
