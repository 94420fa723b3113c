"""What a database says, apart from row ids and times of storing, so that two can be compared."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from papers.models import AnnouncedDay, Announcement, DayCheck, Paper, PaperVersion

_PAPER = (
    "identifier", "version", "title", "abstract", "authors", "primary_category", "categories",
    "comments", "journal_ref", "doi", "licence", "submitted_at", "submitted_precision",
    "updated_at", "withdrawn", "hidden",
)  # fmt: skip
_DAY = ("announced", "present", "replaced", "missing", "explained", "complete")

Place = tuple[date, str]
Line = tuple[str, int, int]


@dataclass
class Content:
    """Papers, versions, announcements in their order, days: compared by `differences`.

    A paper's source (`detail`) is left out: it is how the same was learnt.
    """

    papers: dict[str, tuple[object, ...]] = field(default_factory=dict)
    versions: dict[tuple[str, int], tuple[object, ...]] = field(default_factory=dict)
    lines: dict[Place, list[Line]] = field(default_factory=lambda: defaultdict(list))
    days: dict[Place, tuple[object, ...]] = field(default_factory=dict)
    checks: dict[date, bool] = field(default_factory=dict)
    reconstructed: set[Place] = field(default_factory=set)

    @classmethod
    def read(cls) -> "Content":
        """All of the test's database."""
        content = cls()
        for row in Paper.objects.values_list(*_PAPER):
            content.papers[row[0]] = tuple(row[1:])
        versions = PaperVersion.objects.values_list(
            "paper__identifier", "number", "date", "title", "abstract"
        )
        for name, number, *rest in versions:
            content.versions[name, number] = tuple(rest)
        lines = Announcement.objects.order_by("date", "category", "position").values_list(
            "date", "category_id", "paper__identifier", "version", "kind"
        )
        for day, category, name, version, kind in lines:
            content.lines[day, category].append((name, version, kind))
        for row in AnnouncedDay.objects.values_list("date", "category_id", *_DAY):
            content.days[row[0], row[1]] = tuple(row[2:])
        content.checks = dict(DayCheck.objects.values_list("date", "complete"))
        content.reconstructed = set(
            AnnouncedDay.objects.filter(reconstructed=True).values_list("date", "category_id")
        )
        return content


def differences(
    clean: Content, other: Content, cross_listed: set[tuple[date, str, str]]
) -> list[str]:
    """What `other` lacks, has too much or otherwise than `clean`, a line each; empty when equal.

    Two things cannot be known again once missed, and only those may lack. The text of a version
    that was replaced before anybody looked; and that an old paper was newly listed in another
    category (`cross_listed`: date, category, identifier) on a day whose feed was never read.
    """
    found: list[str] = []
    found += _compare("paper", clean.papers, other.papers)
    found += _compare(
        "version",
        {key: row[:1] for key, row in clean.versions.items()},
        {key: row[:1] for key, row in other.versions.items()},
    )
    for key, row in other.versions.items():
        seen = clean.versions.get(key, row)
        if any(
            text is not None and text != known
            for text, known in zip(row[1:], seen[1:], strict=True)
        ):
            found.append(f"version {key}: {row[1:]} instead of {seen[1:]}")
    excused = {
        (day, category)
        for day, category, _name in cross_listed
        if (day, category) in other.reconstructed
    }
    for place in sorted({*clean.lines, *other.lines}):
        wanted, got = clean.lines.get(place, []), other.lines.get(place, [])
        if place in excused:
            wanted = [line for line in wanted if (*place, line[0]) not in cross_listed]
            got = [line for line in got if (*place, line[0]) not in cross_listed]
        if wanted != got:
            lacking = [line for line in wanted if line not in got]
            extra = [line for line in got if line not in wanted]
            found.append(f"listing {_name(place)}: lacks {lacking}, has {extra} too much")
    for days in (clean.days, other.days):
        for place in excused:
            days.pop(place, None)
    found += _compare("day", clean.days, other.days)
    found += _compare("check", clean.checks, other.checks)
    return found


def empty_database() -> None:
    """Forget everything that was fetched, as if the site had never run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE papers_paper, papers_paperversion, papers_announcement, "
            "papers_announcedday, papers_daycheck, papers_harvest, papers_fetchrun CASCADE"
        )
        cursor.execute("UPDATE papers_gate SET last_start = NULL, closed_until = NULL")


def _compare(what: str, wanted: Mapping[Any, Any], got: Mapping[Any, Any]) -> list[str]:
    found = []
    for key in {**wanted, **got}:
        if wanted.get(key) == got.get(key):
            continue
        if key not in wanted or key not in got:
            found.append(f"{what} {_name(key)}: {'lacks' if key in wanted else 'is too much'}")
        elif isinstance(wanted[key], tuple):
            pairs = zip(got[key], wanted[key], strict=True)
            parts = [f"{a!r} instead of {b!r}" for a, b in pairs if a != b]
            found.append(f"{what} {_name(key)}: {', '.join(parts)}")
        else:
            found.append(f"{what} {_name(key)}: {got[key]!r} instead of {wanted[key]!r}")
    return found


def _name(key: object) -> str:
    return " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
