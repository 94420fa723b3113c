"""Snapshot files to import, and what an import left in the database."""

import json
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from django.db import connection

from papers.ingest.history.importer import Progress, import_snapshot
from papers.ingest.history.source import open_source
from papers.models import (
    AnnouncedDay,
    Announcement,
    Paper,
    PaperVersion,
)

# A Monday, 10:00 in New York: on the listing of Tuesday 2003-04-15.
SUBMITTED = datetime(2003, 4, 14, 14, 0, tzinfo=UTC)
LISTED = date(2003, 4, 15)


def make_line(
    identifier: str = "hep-th/0304001",
    *dates: datetime,
    categories: str = "hep-th gr-qc",
    **fields: Any,
) -> str:
    entry = {
        "id": identifier,
        "submitter": "A. Author",
        "authors": "A. Author, B. Author",
        "title": f"On {identifier}",
        "comments": "12 pages",
        "journal-ref": None,
        "doi": None,
        "report-no": None,
        "categories": categories,
        "license": None,
        "abstract": "  We show $x < y$\nand more.\n",
        "versions": [
            {"version": f"v{number}", "created": format_datetime(moment, usegmt=True)}
            for number, moment in enumerate(dates or (SUBMITTED,), 1)
        ],
        "update_date": "2003-04-15",
        "authors_parsed": [["Author", "A.", ""], ["Author", "B.", ""]],
    }
    return json.dumps({**entry, **fields})


def make_lines(count: int, first: int = 1) -> list[str]:
    return [
        make_line(f"0801.{number:04}", SUBMITTED.replace(year=2008) + timedelta(hours=number))
        for number in range(first, first + count)
    ]


def write(folder: Path, *lines: str, name: str = "snapshot.json") -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def run_import(path: Path, **options: Any) -> Progress:
    with open_source(str(path)) as opened:
        return import_snapshot(opened, **options)


def content() -> list[tuple[object, ...]]:
    """All that an import writes, but for row ids and the times of writing."""
    return [
        *Paper.objects.order_by("identifier").values_list(
            "identifier", "version", "title", "authors", "categories", "submitted_at"
        ),
        *PaperVersion.objects.order_by("paper__identifier", "number").values_list(
            "paper__identifier", "number", "date", "title"
        ),
        *Announcement.objects.order_by("date", "category", "position").values_list(
            "date", "category", "paper__identifier", "version", "kind", "position", "reconstructed"
        ),
        *AnnouncedDay.objects.order_by("date", "category").values_list(
            "date", "category", "announced", "present", "replaced", "complete", "reconstructed"
        ),
    ]


def row_versions() -> list[tuple[int, ...]]:
    """Which transaction wrote each row: what no reader sees, and a rewritten row cannot hide."""
    rows: list[tuple[int, ...]] = []
    with connection.cursor() as cursor:
        for table in ("paper", "paperversion", "announcement", "announcedday", "installation"):
            cursor.execute(f"SELECT id, xmin::text::bigint FROM papers_{table} ORDER BY id")
            rows += cursor.fetchall()
    return rows
