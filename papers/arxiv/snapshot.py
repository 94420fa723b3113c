"""Lines of the metadata snapshot (`arxiv-metadata-oai-snapshot.json`) into records.

A line is one paper as JSON: its newest version's texts, every version's time. Files that went
through a table program have identifiers that lost zeros and NaN where nothing was; both are mended.
Reading the file is not done here.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from papers.arxiv import identifiers
from papers.arxiv.assembly import assemble_record, read_time
from papers.arxiv.authors import make_author, split_authors
from papers.arxiv.identifiers import FIRST_FIVE_DIGIT_MONTH, Identifier
from papers.arxiv.records import Author, PaperRecord, VersionRecord
from papers.arxiv.text import decode_text

# The longest real lines, of collaborations with thousands of authors, have some 300 kB.
LONGEST_LINE = 8 << 20

_NUMBER = re.compile(r"(\d{3,4})\.(\d{1,5})", re.ASCII)
_VERSION = re.compile(r"v([1-9]\d{0,3})", re.ASCII)


def parse_line(line: bytes) -> PaperRecord:
    """The paper one line describes. About 0.06 ms. Raises ValueError, saying why, for a bad line.

    Authors are arXiv's own split (`authors_parsed`) as `First Last Suffix`, else the string split
    here. `submitted_at` is the first version's time, to the second; versions are in order.
    """
    fields = _load(line)
    identifier = _read_identifier(fields.get("id"))
    return assemble_record(
        identifier,
        title=_text(fields, "title"),
        abstract=_text(fields, "abstract"),
        authors=_read_authors(fields),
        categories=_read_categories(fields),
        comments=_text(fields, "comments"),
        journal_ref=_text(fields, "journal-ref"),
        doi=decode_text(_text(fields, "doi")),
        licence=decode_text(_text(fields, "license")),
        versions=_read_versions(fields.get("versions")),
    )


def name_line(line: bytes) -> str:
    """What a refused line calls itself, as far as can be told; empty where it cannot."""
    match = re.search(rb'"id"\s*:\s*"?([\w./-]{1,40})', line[:1000])
    return match[1].decode("ascii", "replace") if match else ""


def _load(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE >> 20} MB")
    try:
        fields = json.loads(line)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(fields, dict):
        raise ValueError("it is not a JSON object")
    return fields


def _is_absent(value: object) -> bool:
    """None, or the NaN that table programs write for it."""
    return value is None or (isinstance(value, float) and value != value)


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str):
        return value
    if _is_absent(value):
        return ""
    raise ValueError(f"its {name} is no text")


def _read_identifier(value: object) -> Identifier:
    if _is_absent(value) or value == "":
        raise ValueError("it has no id")
    if not isinstance(value, str | float | int) or isinstance(value, bool):
        raise ValueError("its id is no text")
    text = str(value).strip()
    if number := _NUMBER.fullmatch(text):
        text = _mend_number(*number.groups())
    return Identifier(identifiers.parse(text).id)


def _mend_number(yymm: str, number: str) -> str:
    """Give back the zeros that a number format dropped at both ends: 704.029 was 0704.0290."""
    yymm = yymm.zfill(4)
    short = int(yymm[:2])
    month = ((1900 if short >= 91 else 2000) + short, int(yymm[2:]))
    return f"{yymm}.{number.ljust(5 if month >= FIRST_FIVE_DIGIT_MONTH else 4, '0')}"


def _read_categories(fields: dict[str, Any]) -> list[str]:
    value = fields.get("categories")
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        # Some copies of the file hold them as a list, of codes or of one string.
        value = " ".join(value)
    if not isinstance(value, str):
        raise ValueError("it names no categories")
    return value.split()


def _read_authors(fields: dict[str, Any]) -> Sequence[Author]:
    parsed = fields.get("authors_parsed")
    if isinstance(parsed, list) and parsed:
        authors = [author for parts in parsed if (author := _read_author(parts))]
        if authors:
            return authors
    return split_authors(_text(fields, "authors"))


def _read_author(parts: object) -> Author | None:
    if not (isinstance(parts, list) and all(isinstance(part, str) for part in parts)):
        raise ValueError("an author in authors_parsed is no list of texts")
    last, first, suffix, *affiliations = [*parts, "", "", ""][: max(3, len(parts))]
    name = " ".join(part for part in (first, last, suffix) if part)
    return make_author(name, tuple(affiliations))


def _read_versions(value: object) -> list[VersionRecord]:
    if not isinstance(value, list) or not value:
        raise ValueError("it names no versions")
    versions: dict[int, VersionRecord] = {}
    for entry in value:
        label = entry.get("version") if isinstance(entry, dict) else None
        match = _VERSION.fullmatch(label) if isinstance(label, str) else None
        if not match:
            raise ValueError(f"it names a version {str(label)[:20]!r}")
        created = entry.get("created")
        number = int(match[1])
        versions[number] = VersionRecord(
            number, read_time(created) if isinstance(created, str) else None
        )
    return [versions[number] for number in sorted(versions)]
