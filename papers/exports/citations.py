"""What a paper is cited as, decided once for all formats: names, date, address, DOI.

Texts are as stored (LaTeX maths stays LaTeX); how they are written is each format's.
"""

import re
from dataclasses import dataclass

from papers.addresses import paper_address
from papers.arxiv import identifiers
from papers.arxiv.records import Precision
from papers.exports import names
from papers.exports.names import Name
from papers.models import Paper

_DOI = re.compile(r"10\.\d{4,9}/\S+")
# What a DOI may not hold in an address or a citation; braces would break BibTeX.
_UNSAFE = re.compile(r"[^!-~]|[\"%<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class Date:
    """A date known to the day, or to the month (`day` is 0)."""

    year: int
    month: int
    day: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper as it is cited. `date` is that of the first version; `doi` is its publication's, or
    else the one arXiv registers for every paper; a sample has none, and is at no archive."""

    identifier: str
    title: str
    abstract: str
    authors: tuple[Name, ...]
    date: Date | None
    primary_category: str
    categories: tuple[str, ...]
    url: str
    pdf: str
    doi: str
    journal: str
    comments: str
    withdrawn: bool
    sample: bool


def make_citation(paper: Paper, origin: str, version: int | None = None) -> Citation:
    """How to cite a paper, or the named version of it. `origin` is this site's, for samples."""
    sample = paper.source == Paper.Source.SAMPLE
    name = f"{paper.identifier}v{version}" if version else paper.identifier
    return Citation(
        identifier=paper.identifier,
        title=paper.title,
        abstract=paper.abstract,
        authors=tuple(map(names.parse, author_names(paper))),
        date=_date(paper),
        primary_category=paper.primary_category,
        categories=tuple(dict.fromkeys([paper.primary_category, *paper.categories])),
        url=origin + paper_address(paper.identifier, version)
        if sample
        else f"https://arxiv.org/abs/{name}",
        pdf="" if sample else f"https://arxiv.org/pdf/{name}",
        doi=read_doi(paper.doi) or ("" if sample else f"10.48550/arXiv.{paper.identifier}"),
        journal=paper.journal_ref,
        comments=paper.comments,
        withdrawn=paper.withdrawn,
        sample=sample,
    )


def author_names(paper: Paper) -> list[str]:
    """The names of a paper's authors, whatever a correction by hand left in the row."""
    found = (a.get("name") if isinstance(a, dict) else a for a in paper.authors or ())
    return [name for name in found if isinstance(name, str) and name.strip()]


def read_doi(text: str) -> str:
    """The first DOI in what an author gave as one; empty where there is none."""
    found = _DOI.search(text)
    return _UNSAFE.sub(_escape, found[0].rstrip(".,;")) if found else ""


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "ignore"))


def _date(paper: Paper) -> Date | None:
    """The submission, as well as it is known; else the month that the identifier names."""
    at = paper.submitted_at
    if at is not None and paper.submitted_precision != Precision.UNKNOWN:
        return Date(at.year, at.month, at.day)
    try:
        return Date(*identifiers.parse(paper.identifier).month)
    except ValueError:
        at = at or paper.updated_at
        return Date(at.year, at.month, at.day) if at else None
