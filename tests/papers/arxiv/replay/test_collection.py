import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papers.arxiv import calendar
from papers.arxiv.records import Kind
from papers.arxiv.replay import Collection, CollectionError
from papers.arxiv.replay.collection import version_dates
from tests.papers.arxiv.replay.conftest import MONDAY, TUESDAY, WEDNESDAY, make_row, write_day


def announced(collection: Collection, *categories: str) -> list[tuple[str, Kind]]:
    entries = collection.announcement(TUESDAY, set(categories))
    return [(entry.line.identifier, entry.kind) for entry in entries]


def test_kinds_are_relative_to_the_category_and_in_arxivs_order(collection: Collection) -> None:
    assert announced(collection, "cs.AI") == [
        ("2608.00011", Kind.NEW),
        ("2608.00012", Kind.CROSS),
        ("hep-th/9901001", Kind.CROSS),
        ("2401.00005", Kind.REPLACE),
        ("2401.00006", Kind.REPLACE_CROSS),
        ("2608.00001", Kind.REPLACE_CROSS),
    ]
    assert announced(collection, "cs.LG") == [
        ("2608.00012", Kind.NEW),
        ("2608.00002", Kind.CROSS),
        ("2608.00001", Kind.REPLACE),
    ]


def test_a_newly_cross_listed_paper_is_not_announced_in_its_primary(collection: Collection) -> None:
    assert ("2608.00002", Kind.CROSS) in announced(collection, "cs.CL")
    assert "2608.00002" not in dict(announced(collection, "cs.AI"))
    assert announced(collection, "hep-th") == []


def test_a_paper_appears_once_in_a_union(collection: Collection) -> None:
    names = [name for name, _ in announced(collection, "cs.AI", "cs.LG", "cs.CL")]
    assert len(names) == len(set(names)) == 7
    assert ("2608.00012", Kind.NEW) in announced(collection, "cs.AI", "cs.LG")


def test_an_alias_is_the_category_it_stands_for(collection: Collection) -> None:
    entries = collection.announcement(MONDAY, {"math.NA"})
    assert [(e.line.identifier, e.kind) for e in entries] == [("2608.00003", Kind.NEW)]


def test_a_position_overrides_the_order(tmp_path: Path) -> None:
    rows = [make_row(f"2608.0000{n}", "cs.AI", position=9 - n) for n in (1, 2, 3)]
    write_day(tmp_path, MONDAY, rows)
    entries = Collection.load(tmp_path).announcement(MONDAY, {"cs.AI"})
    assert [e.line.identifier[-1] for e in entries] == ["3", "2", "1"]


def test_a_replacement_counts_versions_on_and_keeps_the_first_date(collection: Collection) -> None:
    first, second = collection.versions("2608.00001", WEDNESDAY)
    assert (first.version, second.version) == (1, 2)
    assert first.submitted == second.submitted == datetime(2026, 8, 6, 20, 15, tzinfo=UTC)
    assert second.updated > first.updated


def test_times_left_out_fall_into_the_days_submission_window(collection: Collection) -> None:
    window = calendar.submission_window(TUESDAY)
    (line,) = collection.versions("2608.00011", TUESDAY)
    assert window.start < line.submitted < window.end


def test_papers_of_later_days_do_not_exist_yet(collection: Collection) -> None:
    assert "2608.00011" not in collection.current(MONDAY)
    assert collection.current(MONDAY)["2608.00001"].version == 1
    assert collection.current(TUESDAY)["2608.00001"].version == 2
    assert collection.versions("2608.00021", TUESDAY) == []


def test_every_version_has_a_date_and_they_rise(collection: Collection) -> None:
    dates = version_dates(collection.versions("2401.00005", TUESDAY))
    assert len(dates) == 6
    assert dates == sorted(dates)


def test_a_bad_line_is_refused_alone_with_file_and_number(tmp_path: Path) -> None:
    good = make_row("2608.00001", "cs.AI")
    bad: list[object] = [
        {**good, "id": "2613.00001"},
        {**good, "id": "2608.00002v2"},
        {**good, "id": "2608.00003", "primary_category": "cs.LG"},
        {**good, "id": "2608.00004", "categories": ["cs.XX"], "primary_category": "cs.XX"},
        {**good, "id": "2608.00005", "version": 0},
        {**good, "id": "2608.00006", "kind": "old"},
        {**good, "id": "2608.00007", "submitted": "yesterday"},
        {**good, "id": "2608.00008", "title": " "},
        {**good, "id": "2608.00009", "authors": "Ada"},
        {**good, "id": "2608.00010", "abstract": "half a pair: \ud83d"},
        good,
        ["no", "object"],
    ]
    lines = [json.dumps(good), *(json.dumps(row) for row in bad), "{broken", ""]
    path = tmp_path / f"{MONDAY}.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    collection = Collection.load(tmp_path)
    assert len(collection.lines(MONDAY)) == 1
    assert [line.number for line in collection.refused] == list(range(2, 15))
    assert str(collection.refused[0]).startswith(f"{path}:2: ")


def test_a_folder_with_nothing_to_play_says_so(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="no file named"):
        Collection.load(tmp_path)
    with pytest.raises(CollectionError, match="not a folder"):
        Collection.load(tmp_path / "absent")
    (tmp_path / "2026-08-10.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(CollectionError, match="cannot be read"):
        Collection.load(tmp_path)


def test_the_real_day_names_486_papers_in_cs_ai() -> None:
    folder = Path(__file__).resolve().parents[5] / "shared" / "data" / "days"
    if not folder.is_dir():
        pytest.skip("no real days at ../shared/data/days")
    collection = Collection.load(folder)
    assert collection.refused == ()
    assert len(collection.announcement(TUESDAY, {"cs.AI"})) == 486
