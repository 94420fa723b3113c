"""The import of a snapshot file: its forms, its bad lines, broken off and gone on with."""

import gzip
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from papers.arxiv.records import Refusal
from papers.ingest.history import importer, source
from papers.ingest.history.importer import ImportRunningError, Progress
from papers.ingest.history.lines import parse_block, rank_identifier
from papers.ingest.history.source import UnreadableSnapshotError, open_source
from papers.models import (
    AnnouncedDay,
    Announcement,
    FetchRun,
    Paper,
    SnapshotImport,
)
from tests.papers.ingest.snapshots import (
    content,
    make_line,
    make_lines,
    run_import,
    write,
)

# The importing process and the test's own both look at the database.
pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = Path(__file__).resolve().parents[3]


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
