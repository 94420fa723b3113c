"""A week of papers with all that feeds and OAI-PMH treat differently, small enough to play often.

Two listing weeks: the first is what a first start finds in the past, the second is played. Every
day has new papers with cross-lists, replacements (one from version 6 on, which no feed names), a
newly cross-listed old paper, TeX in names, texts that need escaping, a withdrawal.
"""

import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from papers.arxiv import calendar
from papers.arxiv.records import Kind
from papers.arxiv.replay import Collection
from papers.ingest.check import FIRST_UNLISTED_VERSION
from papers.models import KINDS

FIRST = date(2026, 8, 3)
MONDAY, FRIDAY = date(2026, 8, 10), date(2026, 8, 14)
DAYS = tuple(calendar.list_listing_dates(FIRST, FRIDAY))

CATEGORIES = (
    "cs.AI", "cs.CL", "cs.LG", "stat.ML", "math.PR", "hep-th", "quant-ph", "q-bio.NC", "eess.SY",
    "econ.EM", "math.NA", "astro-ph.GA",
)  # fmt: skip
_NEW = 14
_NAMES = (
    "Erwin Schrödinger (University of Zürich; ETH)", "Émilie du Châtelet", "Paul Erdős",
    "Sofja Kowalewskaja", "李雷", "Søren Kierkegaard (København)", "Martin King Jr.",
)  # fmt: skip


@lru_cache(maxsize=1)
def load(folder: Path) -> Collection:
    """The two weeks, written to `folder` and read as the replay server reads any collection."""
    for day, lines in _write_days():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{day}.jsonl").write_text(text)
    return Collection.load(folder)


def list_announced(
    papers: Collection, day: date, category: str, *, by_feed: bool
) -> list[tuple[str, int, int]]:
    """What a listing is to show: identifier, version, kind, in arXiv's order.

    Without its feed (`by_feed` false) nobody can know which old papers were newly cross-listed.
    """
    return [
        (one.line.identifier, one.line.version, KINDS[one.kind])
        for one in papers.announcement(day, [category])
        if not (one.line.kind is Kind.REPLACE and one.line.version >= FIRST_UNLISTED_VERSION)
        and (by_feed or one.line.kind is not Kind.CROSS)
    ]


def list_cross_listed(papers: Collection) -> set[tuple[date, str, str]]:
    """Old papers newly listed in a category: date, category, identifier."""
    return {
        (day, code, line.identifier)
        for day in papers.days
        for line in papers.lines(day)
        if line.kind is Kind.CROSS
        for code in line.categories
    }


def _write_days() -> Iterator[tuple[date, list[dict[str, Any]]]]:
    known: list[dict[str, Any]] = []
    for number, day in enumerate(DAYS):
        new = [_new_paper(f"2608.{100 * (number + 1) + n:05}", number + n) for n in range(_NEW)]
        lines = list(new)
        if number:
            lines += _changes(known, number)
        known = [line for line in known if line["id"] not in {one["id"] for one in lines}]
        known += lines
        yield day, lines


def _new_paper(identifier: str, turn: int) -> dict[str, Any]:
    primary = CATEGORIES[turn % 5 if turn % 3 else turn % len(CATEGORIES)]
    # A third of the papers is cross-listed, cs.AI has enough lines that half of them is some.
    others = ("cs.AI", "cs.LG", CATEGORIES[(turn * 7) % len(CATEGORIES)])[: turn % 4]
    return {
        "id": identifier,
        "title": f'On $x<y$ & "Schr\\"odinger" maps, part {turn}: {identifier}',
        "authors": [_NAMES[turn % len(_NAMES)], _NAMES[(turn + 3) % len(_NAMES)]],
        "abstract": f"We study {identifier}; if $a < b$ & $b > c$, then 5% of <b>all</b> hold.",
        "categories": list(dict.fromkeys([primary, *others])),
        "primary_category": primary,
        "comments": f"{turn + 5} pages" if turn % 2 else "",
        "journal_ref": f"J. Th. {turn} (2026)" if turn % 5 == 0 else "",
        "doi": f"10.1000/{identifier}" if turn % 5 == 0 else "",
    }


def _changes(known: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """Three replacements, one that no feed names, a withdrawal and a new cross-list."""
    first = [line for line in known if line.get("version", 1) == 1]
    second = [line for line in known if line.get("version", 1) == 2]
    replaced = [first[0], first[3], *second[:1]]
    withdrawn = first[6]
    # With no other secondary category: there it was announced before.
    crossed = next(line for line in first[7:] if len(line["categories"]) == 1)
    lines = [
        {**line, "kind": "replace", "version": line.get("version", 1) + 1,
         "title": f"{line['title']}, revised"}
        for line in replaced
    ]  # fmt: skip
    # From years ago, so that none of its versions but this one falls into these weeks.
    lines.append(
        {**_new_paper(f"2001.{number:05}", number), "kind": "replace", "version": 6 + number % 2,
         "submitted": "2020-01-15T10:00:00Z"}
    )  # fmt: skip
    lines.append(
        {**withdrawn, "kind": "replace", "version": 2, "withdrawn": True,
         "comments": "This paper has been withdrawn by the authors"}
    )  # fmt: skip
    joined = "cs.CL" if crossed["primary_category"] == "cs.AI" else "cs.AI"
    lines.append({**crossed, "kind": "cross", "categories": [*crossed["categories"], joined]})
    return lines
