"""Import of history: `import_snapshot`, against a plain COPY of the same rows, given ready-made."""

import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import psycopg

from coolpapers import embedded

PAPERS = 60_000
PROJECT = Path(__file__).resolve().parent.parent
REAL_PAPERS = PROJECT.parent / "shared" / "data" / "papers_100k.jsonl.gz"

# In the order in which they refer to each other.
TABLES = ("papers_paper", "papers_paperversion", "papers_announcement", "papers_announcedday")
_PIECE = 1 << 20


def measure(papers: int = PAPERS) -> Iterator[str]:
    """The import, the second import of the same file, the COPY, and the ratio that is promised.

    On a database of its own, with the settings of `make run`. The import's time is the whole
    command's, its start included. Real papers beside the project are used where there are any,
    else made-up ones.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        snapshot = folder / "snapshot.json"
        write_snapshot(snapshot, papers)
        with embedded.start(folder / "services", postgres=True, redis=True) as services:
            environment = {
                **os.environ,
                **services.environment,
                "COOLPAPERS_VAR": str(folder / "var"),
            }
            _manage(environment, "migrate", "--verbosity", "0")
            first = _manage(environment, "import_snapshot", str(snapshot))
            second = _manage(environment, "import_snapshot", str(snapshot))
            with psycopg.connect(services.database_url, autocommit=True) as connection:
                rows = {table: _take_out(connection, table, folder) for table in TABLES}
                plain = _copy_in(connection, folder)
    yield (
        f"{papers:,} papers, {sum(rows.values()):,} rows: import {papers / first:,.0f} papers/s, "
        f"plain COPY {papers / plain:,.0f}/s, ratio {plain / first:.2f} (promised: 0.5)"
    )
    yield (
        f"second import of the same file: {papers / second:,.0f} papers/s, "
        f"{first / second:.1f} times as fast as the first"
    )


def _manage(environment: dict[str, str], *arguments: str) -> float:
    """Seconds that one management command takes."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, PROJECT / "manage.py", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


def _take_out(connection: psycopg.Connection[Any], table: str, folder: Path) -> int:
    """Write a table's rows to a file, ready-made for COPY; how many there are."""
    rows = 0
    with (
        connection.cursor() as cursor,
        (folder / table).open("wb") as file,
        cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT") as copy,
    ):
        for piece in copy:
            file.write(piece)
            rows += bytes(piece).count(b"\n")
    return rows


def _copy_in(connection: psycopg.Connection[Any], folder: Path) -> float:
    """Empty the tables, then fill them from the files; seconds of the filling."""
    connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
    began = time.perf_counter()
    for table in TABLES:
        with (
            connection.cursor() as cursor,
            (folder / table).open("rb") as file,
            cursor.copy(f"COPY {table} FROM STDIN") as copy,
        ):
            while piece := file.read(_PIECE):
                copy.write(piece)
    return time.perf_counter() - began


def write_snapshot(path: Path, papers: int) -> None:
    """A file in the snapshot's form: this many papers from 2008 on, 250 a day (arXiv's mean)."""
    chance = random.Random(3)
    begin = datetime(2008, 1, 1, tzinfo=UTC)
    step = timedelta(days=1) / 250
    numbers: Counter[str] = Counter()
    with path.open("w") as file:
        for count, text in enumerate(islice(cycle(_read_texts()), papers)):
            submitted = begin + count * step
            month = f"{submitted:%y%m}"
            numbers[month] += 1
            digits = 5 if submitted.year >= 2015 else 4
            versions = [submitted]
            while chance.random() < 0.38:
                versions.append(versions[-1] + timedelta(seconds=chance.randrange(10_000_000)))
            entry = {
                "id": f"{month}.{numbers[month]:0{digits}}",
                "submitter": "",
                "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
                "versions": [
                    {"version": f"v{n}", "created": format_datetime(date, usegmt=True)}
                    for n, date in enumerate(versions, 1)
                ],
                "update_date": f"{versions[-1]:%Y-%m-%d}",
                **text,
            }
            file.write(json.dumps(entry) + "\n")


def _read_texts() -> list[dict[str, Any]]:
    """What the papers say, as the snapshot writes it; at most 20,000 of them."""
    if not REAL_PAPERS.is_file():
        return [_make_text(number) for number in range(1000)]
    with gzip.open(REAL_PAPERS) as lines:
        return [_shape(**json.loads(line)) for line in islice(lines, 0, None, 5)]


def _make_text(number: int) -> dict[str, Any]:
    chance = random.Random(number)
    words = [f"word{chance.randrange(9000)}" for _ in range(160)]
    return _shape(
        title=" ".join(words[:9]),
        abstract=f"We show $x_{{{number}}} < y$ and {' '.join(words)}.",
        authors=['Erwin Schr\\"odinger', "Lise Meitner", "Chien-Shiung Wu"],
        categories=["cs.LG", "stat.ML"],
        comments="12 pages",
        doi=None,
    )


def _shape(
    *,
    title: str,
    abstract: str,
    authors: list[str],
    categories: list[str],
    comments: str | None,
    doi: str | None,
    **_others: object,
) -> dict[str, Any]:
    words = abstract.split(" ")
    lines = (" ".join(words[start : start + 11]) for start in range(0, len(words), 11))
    return {
        "title": title,
        "abstract": "  " + "\n".join(lines) + "\n",
        "authors": ", ".join(authors),
        "authors_parsed": [[*reversed(f" {name}".rsplit(" ", 1)), ""] for name in authors],
        "categories": " ".join(categories),
        "comments": comments,
        "doi": doi,
        "journal-ref": None,
        "report-no": None,
    }


if __name__ == "__main__":
    for line in measure(*map(int, sys.argv[1:2])):
        print(line, flush=True)
