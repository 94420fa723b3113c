"""A week of a few made-up papers, and the recorded answers of the real arXiv where they lie."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from papers.arxiv.replay import Collection, ReplayServer

RESPONSES = Path(__file__).resolve().parents[5] / "shared" / "data" / "responses"

MONDAY = date(2026, 8, 10)
TUESDAY = date(2026, 8, 11)
WEDNESDAY = date(2026, 8, 12)
SATURDAY = date(2026, 8, 15)


def make_row(identifier: str, *categories: str, **other: Any) -> dict[str, Any]:
    """A line of a file; the first category is the primary one."""
    return {
        "id": identifier,
        "title": f"On {identifier}",
        "authors": ["Ada Lovelace", "Erwin Schrödinger (Vienna; Dublin)"],
        "abstract": f"We study {identifier} at length.",
        "categories": list(categories),
        "primary_category": categories[0],
        **other,
    }


def write_day(folder: Path, day: date, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{day}.jsonl").write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("days")
    write_day(
        path,
        MONDAY,
        [
            make_row("2608.00002", "cs.AI", "cs.LG"),
            make_row("2608.00001", "cs.LG", "cs.AI", submitted="2026-08-06T20:15:00Z"),
            make_row("2608.00003", "math.NA", "cs.NA"),
        ],
    )
    write_day(
        path,
        TUESDAY,
        [
            make_row("2608.00011", "cs.AI", title="A < B & \"C\" <script>alert('x')</script> ]]>"),
            make_row("2608.00012", "cs.LG", "cs.AI", comments="5 pages", doi="10.1000/xyz"),
            make_row("2608.00001", "cs.LG", "cs.AI", kind="replace", comments="withdrawn"),
            make_row("2608.00002", "cs.AI", "cs.LG", "cs.CL", kind="cross"),
            make_row("2401.00005", "cs.AI", kind="replace", version=6),
            make_row("2401.00006", "stat.ML", "cs.AI", kind="replace", version=3),
            make_row("hep-th/9901001", "hep-th", "cs.AI", kind="cross", version=2),
        ],
    )
    write_day(path, WEDNESDAY, [make_row("2608.00021", "cs.AI", journal_ref="J. Tests 1 (2026)")])
    return path


@pytest.fixture(scope="session")
def collection(folder: Path) -> Collection:
    return Collection.load(folder)


@pytest.fixture
def server(collection: Collection) -> Iterator[ReplayServer]:
    with ReplayServer(collection, today=TUESDAY) as running:
        yield running


def read_recording(name: str) -> bytes:
    path = RESPONSES / name
    if not path.exists():
        pytest.skip(f"no recorded answers at ../shared/data/responses ({name})")
    return path.read_bytes()
