"""All history from a snapshot file."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from coolpapers import clock
from papers.arxiv.identifiers import Identifier
from papers.arxiv.records import PaperRecord, Refusal
from papers.ingest.history import importer, source
from papers.ingest.history.importer import ImportRunningError, Progress, import_snapshot
from papers.ingest.history.lines import parse_block, rank_identifier
from papers.ingest.history.source import UnreadableSnapshotError, open_source
from papers.ingest.store import Detail, store_records
from papers.models import (
    AnnouncedDay,
    Announcement,
    FetchRun,
    Holiday,
    Installation,
    Paper,
    PaperVersion,
    SnapshotImport,
)

# The importing process and the test's own both look at the database.
pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = Path(__file__).resolve().parents[3]
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


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few lines a block, so that a small file has many."""
    monkeypatch.setattr(source, "_BLOCK", 2000)
    monkeypatch.setattr(source, "_HEAD", 500)
    monkeypatch.setattr(source, "_TAIL", 100)


# --- What comes of a line


def test_a_paper_is_listed_on_the_day_whose_window_holds_its_submission(tmp_path: Path) -> None:
    progress = run_import(write(tmp_path, make_line()))
    assert (progress.new, progress.listed, progress.days) == (1, 2, 2)
    lines = Announcement.objects.order_by("kind").values_list(
        "date", "category", "kind", "version", "reconstructed"
    )
    assert list(lines) == [(LISTED, "hep-th", 1, 1, True), (LISTED, "gr-qc", 2, 1, True)]
    day = AnnouncedDay.objects.get(category="gr-qc")
    assert (day.date, day.announced, day.present, day.replaced) == (LISTED, 1, 1, 0)
    assert (day.complete, day.reconstructed, day.next_check_at) == (True, True, None)


def test_an_administrators_holiday_moves_the_days_it_touches(tmp_path: Path) -> None:
    Holiday.objects.create(date=date(2003, 4, 14), name="Test", deferred=True)
    run_import(write(tmp_path, make_line()))
    assert not Announcement.objects.filter(date=date(2003, 4, 15)).exists()
    assert Announcement.objects.filter(date=date(2003, 4, 16)).exists()


def test_submission_is_known_to_the_second_and_versions_have_dates(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(days=30), SUBMITTED + timedelta(days=60))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    paper = Paper.objects.get()
    assert (paper.submitted_at, paper.submitted_precision) == (SUBMITTED, "second")
    assert (paper.version, paper.updated_at, paper.detail) == (3, dates[2], Detail.SNAPSHOT)
    versions = list(paper.versions.values_list("number", "date", "title"))
    assert [version[1] for version in versions] == list(dates)
    assert [version[2] for version in versions] == [None, None, "On hep-th/0304001"]


def test_the_newest_version_is_listed_as_a_replacement(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(days=7), SUBMITTED + timedelta(days=14))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    lines = Announcement.objects.filter(kind__gt=2).order_by("kind")
    assert list(lines.values_list("date", "kind", "version")) == [
        (LISTED + timedelta(days=14), 3, 3),
        (LISTED + timedelta(days=14), 4, 3),
    ]
    day = AnnouncedDay.objects.get(category="hep-th", date=LISTED + timedelta(days=14))
    assert (day.announced, day.replaced) == (0, 1)


def test_version_6_is_not_listed_because_feeds_never_name_it(tmp_path: Path) -> None:
    dates = [SUBMITTED + timedelta(days=7 * number) for number in range(6)]
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    assert set(Announcement.objects.values_list("date", "version")) == {(LISTED, 1)}


def test_a_version_of_the_same_day_is_the_one_listed(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(hours=1))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    assert set(Announcement.objects.values_list("date", "version")) == {(LISTED, 2)}


def test_positions_are_in_arxivs_order_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    names = ["math/0304009", "hep-th/0304011", "hep-th/0304002", "math/0303999"]
    run_import(write(tmp_path, *(make_line(name, categories="math.AG") for name in names)))
    lines = Announcement.objects.order_by("position").values_list("paper__identifier", flat=True)
    assert list(lines) == ["math/0303999", "hep-th/0304002", "hep-th/0304011", "math/0304009"]


def test_ranks_order_identifiers_as_arxiv_does_and_fit_the_column() -> None:
    names = ["hep-th/9108001", "math/9108001", "astro-ph/0703999", "0704.0001", "0704.9999"]
    names += ["1412.0001", "1501.00001", "2611.99999", "9012.99999"]
    ranks = [rank_identifier(name) for name in names]
    assert ranks == sorted(set(ranks))
    keys = [Identifier(name).sort_key for name in names]
    assert keys == sorted(keys)
    assert max(ranks) < 2**31


def test_the_day_that_feeds_still_tell_of_is_left_to_them(tmp_path: Path) -> None:
    clock.set_clock(clock.Clock(datetime(2003, 4, 15, 12, 0, tzinfo=UTC), 0))
    run_import(write(tmp_path, make_line()))
    assert Paper.objects.exists()
    assert not Announcement.objects.exists()
    assert not AnnouncedDay.objects.exists()


# --- What feeds said stays


def announce(record: PaperRecord, day: date, kind: int, category: str = "hep-th") -> None:
    ids = store_records([record], Detail.FEED).ids
    Announcement.objects.create(
        date=day, category_id=category, paper_id=ids[record.identifier], version=1, kind=kind,
        position=0,
    )  # fmt: skip
    AnnouncedDay.objects.create(
        date=day, category_id=category, announced=1, present=1, complete=True
    )


@pytest.fixture
def record() -> PaperRecord:
    return PaperRecord(
        "hep-th/0304001", 1, "From the feed", "Text", (), "hep-th", ("hep-th", "gr-qc")
    )


def test_a_paper_that_a_feed_called_new_is_not_new_on_another_day(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED + timedelta(days=2), 1)
    run_import(write(tmp_path, make_line()))
    assert not Announcement.objects.filter(reconstructed=True).exists()


def test_a_cross_list_told_by_a_feed_leaves_the_other_categories_their_day(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED + timedelta(days=700), 2, "gr-qc")
    run_import(write(tmp_path, make_line()))
    lines = Announcement.objects.filter(reconstructed=True)
    assert list(lines.values_list("category", "kind")) == [("hep-th", 1)]


def test_a_day_that_was_read_from_its_feed_gets_nothing_added(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED, 1)
    before = AnnouncedDay.objects.values().get()
    run_import(write(tmp_path, make_line("hep-th/0304001"), make_line("hep-th/0304002")))
    assert AnnouncedDay.objects.filter(category="hep-th").values().get() == before
    line = Announcement.objects.get(category="hep-th")
    assert (line.reconstructed, line.paper.identifier) == (False, "hep-th/0304001")
    assert list(
        Announcement.objects.filter(category="gr-qc").values_list("paper__identifier", flat=True)
    ) == ["hep-th/0304002"]


def test_a_newer_version_from_a_feed_is_not_overwritten(
    tmp_path: Path, record: PaperRecord
) -> None:
    newer = PaperRecord(record.identifier, 2, "Second", "Text", (), "hep-th", ("hep-th",))
    store_records([newer], Detail.FEED)
    run_import(write(tmp_path, make_line()))
    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.submitted_at) == (2, "Second", SUBMITTED)


# --- The same again, and newer files


@pytest.mark.usefixtures("small_blocks")
def test_the_same_file_again_changes_no_row(tmp_path: Path) -> None:
    path = write(tmp_path, *make_lines(40), make_line())
    assert run_import(path).new == 41
    before, generation = row_versions(), Installation.objects.get().generation
    progress = run_import(path)
    assert (progress.new, progress.changed, progress.unchanged) == (0, 0, 41)
    assert (progress.listed, progress.days) == (0, 0)
    assert row_versions() == before
    assert Installation.objects.get().generation == generation


def test_a_newer_snapshot_changes_only_what_is_newer(tmp_path: Path) -> None:
    run_import(write(tmp_path, *make_lines(3)))
    again = make_line(
        "0801.0002", SUBMITTED.replace(year=2008) + timedelta(hours=2), SUBMITTED.replace(year=2009)
    )
    lines = make_lines(4)
    progress = run_import(write(tmp_path, lines[0], again, *lines[2:], name="next.json"))
    assert (progress.new, progress.changed, progress.unchanged) == (1, 1, 2)
    assert Paper.objects.get(identifier="0801.0002").version == 2


# --- Bad lines


def test_bad_lines_are_refused_alone_with_their_numbers(tmp_path: Path) -> None:
    path = write(
        tmp_path, make_line(), '{"id": "0801.0001', "", make_line("13.1"), make_line("704.0291")
    )
    refused: list[Refusal] = []
    progress = run_import(path, on_refusals=refused.extend)
    assert (progress.new, progress.refused, progress.line) == (2, 2, 5)
    assert [refusal.position for refusal in refused] == [2, 4]
    assert refused[0].identifier == "0801.0001"
    assert Paper.objects.filter(identifier="0704.0291").exists()
    run = FetchRun.objects.get()
    assert (run.source, run.asked, run.outcome) == ("snapshot", "snapshot.json", "complete")
    assert (run.new, run.refused) == (2, 2)
    assert run.refusals[1]["reason"].startswith("line 4: ")


def test_of_many_refusals_the_first_are_kept_and_all_counted(tmp_path: Path) -> None:
    run_import(write(tmp_path, *["no"] * 500))
    run = FetchRun.objects.get()
    assert run.refused == 500
    assert 0 < len(run.refusals) <= 200


def test_an_overlong_line_is_refused_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_blocks: None
) -> None:
    monkeypatch.setattr(source, "LONGEST_LINE", 10_000)
    long = "x" * 50_000
    path = write(tmp_path, make_line(), long, make_line("hep-th/0304002"), long)
    refused: list[Refusal] = []
    progress = run_import(path, on_refusals=refused.extend)
    assert [refusal.position for refusal in refused] == [2, 4]
    assert progress.new == 2
    assert SnapshotImport.objects.get().offset == path.stat().st_size


# --- Forms of the file


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("form", ["plain", "gzip", "stdin", "gzip on stdin", "no last newline"])
def test_every_form_of_the_file_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    text = "".join(f"{line}\n" for line in make_lines(30)).encode()
    stored = gzip.compress(text) if "gzip" in form else text
    if form == "no last newline":
        stored = stored.rstrip()
    path = tmp_path / "snapshot"
    path.write_bytes(stored)
    if "stdin" in form:
        stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(stored)))
        monkeypatch.setattr(sys, "stdin", stream)
        path = Path("-")
    progress = run_import(path)
    assert (progress.new, progress.line, progress.refused) == (30, 30, 0)


def test_an_empty_file_is_imported_at_once(tmp_path: Path) -> None:
    assert run_import(write(tmp_path)).papers == 0


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_snapshot", str(tmp_path / "absent"))
    archive = tmp_path / "archive.zip"
    archive.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(CommandError, match="unzip -p"):
        call_command("import_snapshot", str(archive))


@pytest.mark.usefixtures("small_blocks")
def test_a_gzip_file_that_was_cut_keeps_what_was_whole(tmp_path: Path) -> None:
    # Lines that do not compress, so that the file has several blocks.
    lines = [make_line(f"0801.{n:04}", abstract=os.urandom(400).hex()) for n in range(1, 60)]
    whole = gzip.compress("".join(f"{line}\n" for line in lines).encode())
    path = tmp_path / "snapshot.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableSnapshotError, match="cannot be read on"):
        run_import(path)
    assert 0 < Paper.objects.count() < 59
    assert FetchRun.objects.get().outcome == "failed"


# --- Broken off and gone on with


class StopHereError(Exception):
    pass


def stop_after(blocks: int) -> Any:
    left = blocks

    def on_progress(_: Progress) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise StopHereError

    return on_progress


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("form", ["plain", "gzip", "stdin"])
def test_an_import_that_was_broken_off_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    text = "".join(f"{line}\n" for line in make_lines(60)).encode()
    path = tmp_path / "snapshot"
    path.write_bytes(gzip.compress(text) if form == "gzip" else text)

    def again(**options: Any) -> Progress:
        if form == "stdin":
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
        return run_import(Path("-") if form == "stdin" else path, **options)

    with pytest.raises(StopHereError):
        again(on_progress=stop_after(4))
    stored = Paper.objects.count()
    assert 0 < stored < 60
    assert SnapshotImport.objects.get().next_line == stored + 1
    progress = again()
    assert (progress.new, progress.unchanged, progress.line) == (60 - stored, 0, 60)
    assert SnapshotImport.objects.get().finished_at is not None
    resumed = content()
    again()
    assert content() == resumed
    assert AnnouncedDay.objects.count() == len(
        set(Announcement.objects.values_list("date", "category"))
    )


@pytest.mark.usefixtures("small_blocks")
def test_other_text_before_the_place_is_not_gone_on_from(tmp_path: Path) -> None:
    lines = make_lines(60)
    path = write(tmp_path, *lines)
    with pytest.raises(StopHereError):
        run_import(path, on_progress=stop_after(4))
    place = SnapshotImport.objects.get().offset
    text = bytearray(path.read_bytes())
    text[place - 20 : place - 15] = b"other"
    path.write_bytes(text)
    with pytest.raises(UnreadableSnapshotError, match="--restart"):
        run_import(path)
    assert run_import(path, restart=True).line == 60


def test_two_imports_do_not_run_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, *make_lines(3))
    environment = {**os.environ, "DATABASE_URL": _own_address()}
    holder = (
        "import django; django.setup(); from papers.ingest.history.importer import _sole_import\n"
        "with _sole_import(): print('held', flush=True); input()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", holder],
        cwd=PROJECT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "coolpapers.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(ImportRunningError):
            run_import(path)
    finally:
        process.communicate("\n")
    assert run_import(path).new == 3


def _own_address() -> str:
    """The test's database as another process names it."""
    address = os.environ["DATABASE_URL"]
    head, _, query = address.partition("?")
    return f"{head.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{query}"


@pytest.fixture
def long_file(tmp_path: Path) -> Iterator[Path]:
    yield write(tmp_path, *make_lines(9999))


def start_command(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_snapshot", str(path)],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": _own_address()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for_papers(process: subprocess.Popen[str]) -> None:
    while not Paper.objects.exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def test_a_killed_import_leaves_no_process_and_goes_on(long_file: Path) -> None:
    process = start_command(long_file)
    wait_for_papers(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=20)  # Ends only when the parsing process has let go of the pipes.
    stored = Paper.objects.count()
    assert SnapshotImport.objects.get().next_line == stored + 1
    assert FetchRun.objects.get().outcome == "running"
    out, err = start_command(long_file).communicate(timeout=60)
    assert f"Going on after line {stored:,}." in out, err
    assert Paper.objects.count() == 9999
    run = FetchRun.objects.order_by("-started_at")[0]
    assert (run.outcome, run.new) == ("complete", 9999 - stored)


def test_ctrl_c_ends_cleanly_and_says_how_to_go_on(long_file: Path) -> None:
    process = start_command(long_file)
    wait_for_papers(process)
    # As a terminal does: to the command and the parsing process alike.
    os.killpg(process.pid, signal.SIGINT)
    _out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err
    stored = Paper.objects.count()
    assert f"Stopped. {stored:,} lines are stored; the same command goes on there." in err
    assert FetchRun.objects.get().outcome == "interrupted"


def test_the_command_ends_with_a_summary(tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    path = write(tmp_path, make_line(), "no")
    call_command("import_snapshot", str(path), stdout=out, stderr=err)
    assert "line 2 refused: it is not JSON" in err.getvalue()
    assert "1 papers in 0:0" in out.getvalue()
    assert "1 new, 0 changed, 0 unchanged, 1 lines refused" in out.getvalue()


# --- Pure parts


def test_a_block_is_parsed_without_a_database_and_lines_keep_their_numbers() -> None:
    text = f"{make_line()}\n\nno\n".encode()
    parsed = parse_block(text, 101)
    assert parsed.batch.size == 1
    assert [refusal.position for refusal in parsed.refusals] == [103]
    assert parsed.listings == b"hep-th/0304001\t1\t2003-04-15\tFalse\t%d\n" % rank_identifier(
        "hep-th/0304001"
    )


def test_the_parsing_process_loads_no_django() -> None:
    code = "import sys, papers.ingest.history.ahead; print('django' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "False\n"


def test_at_most_a_few_blocks_are_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_blocks: None
) -> None:
    path = write(tmp_path, *make_lines(60))
    read, stored, most = 0, 0, 0
    with open_source(str(path)) as opened:
        original = opened.blocks

        def counted(*arguments: Any) -> Iterator[source.Block]:
            nonlocal read
            for block in original(*arguments):
                read += 1
                yield block

        monkeypatch.setattr(opened, "blocks", counted)

        def on_progress(progress: Progress) -> None:
            nonlocal stored, most
            stored += progress.papers > 0
            most = max(most, read - stored)

        importer.import_snapshot(opened, on_progress=on_progress)
    assert read == stored > 5
    assert most <= 3
