"""A folder of papers, one file a listing date, and what arXiv would announce from it.

Files are `YYYY-MM-DD.jsonl` or `.jsonl.gz`, a paper a line; `docs/replay.md` has the fields. Here
are the facts only (which paper, in which category, of which kind, on which day, at which version);
how they are written as a feed or a record is elsewhere.

What a line leaves out is made up so that the papers look as arXiv's do, always the same way:
a submission time inside the day's submission window, version 1 for a new paper and the next one for
a replacement.
"""

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Collection as CollectionOf
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from papers.arxiv import calendar, identifiers, taxonomy
from papers.arxiv.records import Author, Kind

_FILE = re.compile(r"(\d{4}-\d\d-\d\d)\.jsonl(\.gz)?")
_AFFILIATION = re.compile(r"(?P<name>[^()]+?)\s*\((?P<affiliations>.+)\)\s*")
_KIND_ORDER = {kind: number for number, kind in enumerate(Kind)}
_LINE_KINDS = (Kind.NEW, Kind.CROSS, Kind.REPLACE)
_LICENCE = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"


class CollectionError(Exception):
    """A folder that holds nothing to play; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A paper as one day announced it. `kind` is new, cross or replace, not yet relative.

    `submitted` is the first version's time and `updated` this version's, both in UTC. Codes of
    categories are as the file has them. Two lines are equal only if they are the same.
    """

    day: date
    identifier: str
    version: int
    kind: Kind
    title: str
    authors: tuple[Author, ...]
    abstract: str
    categories: tuple[str, ...]
    primary_category: str
    comments: str
    journal_ref: str
    doi: str
    licence: str
    submitted: datetime
    updated: datetime
    withdrawn: bool
    position: int | None

    @property
    def versioned(self) -> str:
        """The identifier with its version."""
        return f"{self.identifier}v{self.version}"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that was refused alone, with its number from 1."""

    path: Path
    number: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.number}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Announced:
    """A line and its kind, relative to the categories that were asked for."""

    line: Line
    kind: Kind


class Collection:
    """The papers of a folder, indexed by day, category and identifier. Nothing in it changes."""

    def __init__(self, lines: Mapping[date, tuple[Line, ...]], refused: tuple[BadLine, ...] = ()):
        self.days: tuple[date, ...] = tuple(sorted(lines))
        self.refused = refused
        self._lines = lines
        self._current: dict[date | None, Mapping[str, Line]] = {}
        self._by_category: dict[tuple[date, str], list[Line]] = defaultdict(list)
        self._versions: dict[str, list[Line]] = defaultdict(list)
        for day in self.days:
            for line in lines[day]:
                self._versions[line.identifier].append(line)
                for code in taxonomy.canonical_all(list(line.categories)):
                    self._by_category[day, code].append(line)

    @classmethod
    def load(cls, folder: Path | str) -> "Collection":
        """Read a folder. Bad lines are refused alone (`refused`); about 15,000 papers a second.

        Raises CollectionError where there is no folder, no file of a day, or not one good line.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise CollectionError(f"{folder} is not a folder")
        files: dict[date, Path] = {}
        for path in sorted(folder.iterdir()):
            if match := _FILE.fullmatch(path.name):
                try:
                    day = date.fromisoformat(match[1])
                except ValueError:
                    raise CollectionError(f"{path} is named after no date") from None
                if day in files:
                    raise CollectionError(f"{path} and {files[day]} are the same day twice")
                files[day] = path
        if not files:
            raise CollectionError(f"{folder} has no file named YYYY-MM-DD.jsonl or .jsonl.gz")
        refused: list[BadLine] = []
        lines: dict[date, tuple[Line, ...]] = {}
        known: dict[str, Line] = {}
        for day, path in sorted(files.items()):
            lines[day] = _read_day(day, path, known, refused)
            known.update((line.identifier, line) for line in lines[day])
        if not known:
            first = f", for example {refused[0]}" if refused else ""
            raise CollectionError(f"{folder} has not one usable paper{first}")
        return cls(lines, tuple(refused))

    def lines(self, day: date) -> tuple[Line, ...]:
        """The lines of a day, in the file's order; none for a day without a file."""
        return self._lines.get(day, ())

    def announcement(self, day: date, categories: CollectionOf[str]) -> list[Announced]:
        """What `day` announced in a set of canonical categories, in arXiv's order.

        Kinds are relative to the set: a paper is new where its primary category is asked for. A
        newly cross-listed paper (`cross`) is announced in its secondary categories only. Versions
        that arXiv's feeds leave out are here.
        """
        found: dict[int, Announced] = {}
        for code in categories:
            for line in self._by_category.get((day, code), ()):
                if id(line) not in found and (kind := _relative_kind(line, categories)):
                    found[id(line)] = Announced(line, kind)
        return sorted(found.values(), key=_order)

    def previous_day(self, day: date) -> date | None:
        """The last day of the folder before `day`."""
        return max((known for known in self.days if known < day), default=None)

    def current(self, until: date) -> Mapping[str, Line]:
        """Every paper announced up to `until`, by identifier, at its newest version then."""
        last = max((day for day in self.days if day <= until), default=None)
        if last not in self._current:
            shown = [day for day in self.days if last is not None and day <= last]
            self._current[last] = {
                line.identifier: line for day in shown for line in self._lines[day]
            }
        return self._current[last]

    def versions(self, identifier: str, until: date) -> list[Line]:
        """A paper's lines up to `until`, oldest first; empty for an unknown one."""
        return [line for line in self._versions.get(identifier, ()) if line.day <= until]


def midnight(day: date) -> datetime:
    """The beginning of `day` in New York."""
    return datetime.combine(day, time.min, calendar.EASTERN)


def version_dates(lines: list[Line]) -> list[datetime]:
    """The time of each version from 1 to the newest of `lines` (one paper's, oldest first).

    Those no line tells of are spread evenly between their neighbours.
    """
    known = {1: lines[0].submitted} | {line.version: line.updated for line in lines}
    newest = max(known)
    dates: list[datetime] = []
    for number in range(1, newest + 1):
        below = max(n for n in known if n <= number)
        above = min(n for n in known if n >= number)
        share = (number - below) / (above - below) if above > below else 0.0
        moment = known[below] + (known[above] - known[below]) * share
        dates.append(moment.replace(microsecond=0))
    return dates


def _relative_kind(line: Line, categories: CollectionOf[str]) -> Kind | None:
    codes = taxonomy.canonical_all(list(line.categories))
    primary = taxonomy.canonical(line.primary_category)
    if line.kind is Kind.CROSS:
        return Kind.CROSS if any(c in categories for c in codes if c != primary) else None
    if line.kind is Kind.REPLACE:
        return Kind.REPLACE if primary in categories else Kind.REPLACE_CROSS
    return Kind.NEW if primary in categories else Kind.CROSS


def _order(entry: Announced) -> tuple[bool, int, int, str]:
    position = entry.line.position
    by_hand = position is not None
    return (not by_hand, position or 0, _KIND_ORDER[entry.kind], entry.line.identifier)


def _read_day(
    day: date, path: Path, known: Mapping[str, Line], refused: list[BadLine]
) -> tuple[Line, ...]:
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, raw in enumerate(_read(path).split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            row = _check(json.loads(raw))
            if row["id"] in seen:
                raise ValueError(f"{row['id']} is in this file twice")
        except ValueError as error:
            refused.append(BadLine(path, number, str(error)))
            continue
        seen.add(row["id"])
        rows.append(row)
    times = _spread(day, rows)
    return tuple(_make_line(day, row, known.get(row["id"]), times[row["id"]]) for row in rows)


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except (OSError, EOFError, zlib.error) as error:
        raise CollectionError(f"{path} cannot be read: {error}") from None


def _check(row: object) -> dict[str, Any]:
    """The row, if a Line can be made of it; ValueError saying why not."""
    if not isinstance(row, dict):
        raise ValueError("is no JSON object")
    for name in ("id", "title", "abstract", "primary_category"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise ValueError(f"{name} is missing or no text")
    for name in ("authors", "categories"):
        values = row.get(name)
        if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
            raise ValueError(f"{name} is missing or no list of texts")
    # JSON can hold half a surrogate pair, no answer can; UnicodeEncodeError is a ValueError.
    json.dumps(row, ensure_ascii=False).encode()
    if (identifier := identifiers.parse(row["id"])).version is not None:
        raise ValueError(f"{row['id']} has its version in the id")
    version = row.get("version")
    if version is not None and (type(version) is not int or version < 1):
        raise ValueError(f"{version!r} is no version")
    if row.get("position") is not None and not isinstance(row["position"], int):
        raise ValueError(f"{row['position']!r} is no position")
    if row.get("kind") not in (None, *_LINE_KINDS):
        raise ValueError(f"{row['kind']!r} is no kind (new, cross, replace)")
    for code in (row["primary_category"], *row["categories"]):
        try:
            taxonomy.spelling(code)
        except KeyError:
            raise ValueError(f"{code!r} is no category") from None
    if row["primary_category"] not in row["categories"]:
        raise ValueError(f"primary category {row['primary_category']} is not in categories")
    for name in ("submitted", "updated"):
        if row.get(name):
            _read_time(row[name])
    return {**row, "id": identifier.id}


def _make_line(day: date, row: dict[str, Any], earlier: Line | None, made_up: datetime) -> Line:
    kind = Kind(row.get("kind") or Kind.NEW)
    before = earlier.version if earlier else 1
    version = row.get("version") or (before + 1 if kind is Kind.REPLACE else before)
    if row.get("submitted"):
        submitted = _read_time(row["submitted"])
    elif earlier:
        submitted = earlier.submitted
    else:
        submitted = _first_submission(day, row["id"], version, made_up)
    if row.get("updated"):
        updated = _read_time(row["updated"])
    elif version == 1:
        updated = submitted
    elif earlier and earlier.version == version:
        updated = earlier.updated
    else:
        updated = max(made_up, submitted)
    primary = row["primary_category"]
    return Line(
        day=day,
        identifier=row["id"],
        version=version,
        kind=kind,
        title=row["title"],
        authors=tuple(_read_author(name) for name in row["authors"]),
        abstract=row["abstract"],
        categories=(primary, *(code for code in row["categories"] if code != primary)),
        primary_category=primary,
        comments=row.get("comments") or "",
        journal_ref=row.get("journal_ref") or "",
        doi=row.get("doi") or "",
        licence=row.get("licence") or _LICENCE,
        submitted=submitted,
        updated=updated,
        withdrawn=bool(row.get("withdrawn")),
        position=row.get("position"),
    )


def _spread(day: date, rows: list[dict[str, Any]]) -> dict[str, datetime]:
    """A time in the day's submission window for each row, in the order of identifiers."""
    if calendar.is_listing_date(day):
        window = calendar.submission_window(day)
        start, length = window.start, window.end - window.start
    else:
        start, length = midnight(day).astimezone(UTC) - timedelta(days=1), timedelta(hours=14)
    step = length / (len(rows) + 1)
    names = sorted(row["id"] for row in rows)
    return {
        name: (start + step * number).replace(microsecond=0)
        for number, name in enumerate(names, start=1)
    }


def _first_submission(day: date, name: str, version: int, made_up: datetime) -> datetime:
    """`made_up` for a paper that is new at `day`, else the middle of its identifier's month."""
    year, month = identifiers.parse(name).month
    evening = day - timedelta(days=1)
    if version == 1 and (year, month) in ((day.year, day.month), (evening.year, evening.month)):
        return made_up
    return min(datetime(year, month, 15, 12, tzinfo=UTC), made_up)


def _read_author(text: str) -> Author:
    if match := _AFFILIATION.fullmatch(text):
        affiliations = tuple(re.split(r"\s*(?:;|\)\s*\()\s*", match["affiliations"]))
        return Author(match["name"], affiliations)
    return Author(text)


def _read_time(text: object) -> datetime:
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is no time")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
