"""Papers as JSON, for programs; described in docs/exports.md, and kept as it is described.

Texts are as stored: one line, accents as letters, LaTeX maths as LaTeX. What is not known is null.
Characters that mean something in HTML or JavaScript are escaped, so that a JSON text is harmless
wherever it is pasted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from papers.addresses import paper_address
from papers.arxiv.records import Precision
from papers.exports.citations import read_doi
from papers.models import KINDS, Announcement, Paper, PaperVersion

FORMAT = 1

_KIND_NAMES = {number: str(kind) for kind, number in KINDS.items()}
_HARMLESS = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029\x7f\ufeff"}


@dataclass(frozen=True, slots=True)
class Announced:
    """When, as what and in which version a paper was announced in a listing."""

    date: date
    kind: int
    version: int


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list this is. Addresses are whole; empty where there is none.

    `details` are the list's own: a listing's days and completeness, a search's query.
    """

    kind: str
    title: str
    url: str
    total: int
    skip: int
    next: str
    details: dict[str, Any]


def describe(paper: Paper, origin: str, announced: Announced | None = None) -> dict[str, Any]:
    """A paper as JSON-ready data; with `announced`, as a line of a listing."""
    sample = paper.source == Paper.Source.SAMPLE
    found: dict[str, Any] = {
        "id": paper.identifier,
        "version": paper.version,
        "url": origin + paper_address(paper.identifier),
        "arxiv_url": None if sample else f"https://arxiv.org/abs/{paper.identifier}",
        "pdf_url": None if sample else f"https://arxiv.org/pdf/{paper.identifier}",
        "title": paper.title,
        "authors": [_describe_author(author) for author in paper.authors or ()],
        "abstract": paper.abstract,
        "primary_category": paper.primary_category,
        "categories": list(paper.categories),
        "submitted": _describe_submitted(paper),
        "updated": _write_moment(paper.updated_at),
        "comments": paper.comments or None,
        "journal_ref": paper.journal_ref or None,
        "doi": read_doi(paper.doi) or None,
        "licence": paper.licence or None,
        "withdrawn": paper.withdrawn,
        "sample": sample,
    }
    if announced:
        found["announced"] = {
            "date": announced.date.isoformat(),
            "kind": _KIND_NAMES[announced.kind],
            "version": announced.version,
        }
    return found


def render_list(papers: Sequence[dict[str, Any]], part: Part) -> str:
    """A part of a list of described papers."""
    return _dump(
        {
            "format": FORMAT,
            "kind": part.kind,
            "title": part.title,
            "url": part.url,
            **part.details,
            "total": part.total,
            "skip": part.skip,
            "count": len(papers),
            "next": part.next or None,
            "papers": list(papers),
        }
    )


def render_paper(
    paper: dict[str, Any],
    versions: Sequence[PaperVersion],
    announcements: Sequence[Announcement],
) -> str:
    """One described paper with its history: versions newest first, announcements oldest first."""
    return _dump(
        {
            "format": FORMAT,
            "kind": "paper",
            **paper,
            "versions": [
                {"version": row.number, "date": _write_moment(row.date)} for row in versions
            ],
            "announcements": [
                {
                    "date": row.date.isoformat(),
                    "category": row.category_id,
                    "kind": _KIND_NAMES[row.kind],
                    "version": row.version,
                    "reconstructed": row.reconstructed,
                }
                for row in announcements
            ],
        }
    )


def _describe_author(author: object) -> dict[str, Any]:
    """Whatever a correction by hand left in the row, the form is the one promised."""
    person = author if isinstance(author, dict) else {"name": author}
    affiliations = person.get("affiliations")
    return {
        "name": str(person.get("name") or ""),
        "affiliations": list(map(str, affiliations)) if isinstance(affiliations, list) else [],
    }


def _describe_submitted(paper: Paper) -> str | None:
    """A time where it is known to the second, a date where it is known to the day."""
    if paper.submitted_at is None or paper.submitted_precision == Precision.UNKNOWN:
        return None
    if paper.submitted_precision == Precision.DAY:
        return paper.submitted_at.date().isoformat()
    return _write_moment(paper.submitted_at)


def _write_moment(moment: datetime | None) -> str | None:
    """In UTC to the second: `2026-08-11T04:12:00Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _dump(found: dict[str, Any]) -> str:
    text = json.dumps(found, ensure_ascii=False, indent=1)
    # A lone surrogate has no UTF-8; PostgreSQL stores none, but this relies on nobody.
    return text.translate(_HARMLESS).encode("utf-8", "replace").decode() + "\n"
