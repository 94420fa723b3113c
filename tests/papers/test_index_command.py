"""`manage.py index`, as a command and as a process that is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from papers import documents
from papers.models import Installation, Paper
from search import IndexMissing, open_index, parse
from search.check import compare
from search.documents import Checkpoint, Document, Removal
from search.errors import IndexBusy
from search.follow import Follower
from search.place import Place

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def folder(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """An index of its own, and the row that a test which commits has taken away."""
    Installation.objects.get_or_create(pk=1)
    settings.COOLPAPERS_INDEX = tmp_path / "index"
    yield tmp_path / "index"


def make_papers(first: int, last: int) -> None:
    Paper.objects.bulk_create(
        Paper(
            identifier=f"2601.{number:05}",
            title=f"On number{number}",
            abstract="Some words that are the same in all of them, " * 10,
            primary_category="cs.AI",
            categories=["cs.AI"],
        )
        for number in range(first, last)
    )


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("index", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def head() -> Checkpoint:
    with closing(documents.PaperChanges()) as source:
        return source.head()


def found(text: str) -> int:
    place = documents.place()
    return open_index(place.folder, place.engine.name).search(parse(text)).total


@contextmanager
def indexer(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """The command as a process of its own on this test's database and index."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = str(connection.settings_dict["NAME"])
    environment = {
        **os.environ,
        "DATABASE_URL": url._replace(path=f"/{database}").geturl(),
        "COOLPAPERS_INDEX": str(documents.place().folder),
        "DJANGO_SETTINGS_MODULE": "coolpapers.settings",
    }
    command = [sys.executable, "-m", "django", "index", *arguments]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(150):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("It did not come to pass in fifteen seconds.")


def is_level() -> bool:
    place = documents.place()
    try:
        return open_index(place.folder, place.engine.name).checkpoint() == head()
    except IndexMissing:
        return False


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_the_index_comes_level_and_agrees(settings: Settings, engine: str) -> None:
    settings.SEARCH_ENGINE = engine
    make_papers(1, 30)
    told = run()
    assert ("meant for up to 20,000 papers" in told) == (engine == "whoosh")
    Paper.objects.filter(identifier="2601.00003").update(hidden=True)
    Paper.objects.filter(identifier="2601.00004").update(title="Something else")
    run()
    assert "Index and database agree: 28 papers." in run("--check")
    assert (found("number3"), found("number4"), found("ti:else")) == (0, 0, 1)
    run("--rebuild")
    assert "Index and database agree: 28 papers." in run("--check")


def test_a_check_names_and_repairs_what_differs() -> None:
    make_papers(1, 10)
    run()
    rows = list(Paper.objects.order_by("pk").values_list("pk", flat=True))
    place = documents.place()
    with (
        place.writing(),
        closing(documents.PaperChanges()) as source,
        closing(Follower(place, source)) as follower,
    ):
        (second,) = source.changes_of([rows[1]])
        assert isinstance(second, Document)
        stale = Document(second.row, second.key, 7, second.seq, "wrong", "")
        follower.apply([Removal(rows[0], 0), stale])
    told = run("--check")
    assert "2601.00001: missing in the index" in told
    assert "2601.00002: stale in the index: version 7" in told
    assert "Index and database agree: 9 papers.\n2 repaired." in told
    assert run("--check") == "Index and database agree: 9 papers.\n"


def test_a_check_beside_a_running_indexer_has_it_repair() -> None:
    make_papers(1, 10)
    run()
    place = documents.place()
    with (
        place.writing(),
        closing(documents.PaperChanges()) as source,
        closing(Follower(place, source)) as follower,
    ):
        follower.apply([Removal(Paper.objects.latest("pk").pk, 0)])
    with indexer("--follow") as process:
        eventually(lambda: _is_locked(place))
        told = run("--check")
        assert "2601.00009: missing in the index" in told
        assert "1 repaired." in told
        assert process.poll() is None
        with pytest.raises(CommandError, match="One is enough"):
            run()


def _is_locked(place: Place) -> bool:
    try:
        with place.writing():
            return False
    except IndexBusy:
        return True


def test_a_running_indexer_follows_within_two_seconds_and_stops_when_told() -> None:
    make_papers(1, 10)
    with indexer("--follow") as process:
        eventually(is_level)
        started = time.monotonic()
        make_papers(10, 11)
        eventually(is_level)
        assert time.monotonic() - started < 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_an_indexer_killed_in_the_middle_of_batches_loses_and_doubles_nothing() -> None:
    chance = random.Random(3)
    for turn in range(4):
        make_papers(1 + turn * 1_500, 1 + (turn + 1) * 1_500)
        Paper.objects.filter(identifier__endswith="7").update(version=turn + 2)
        with indexer("--follow") as process:
            eventually(lambda: _is_locked(documents.place()))
            time.sleep(chance.uniform(0, 0.5))
            process.kill()
    run()
    place = documents.place()
    path = place.current()
    assert path is not None
    with closing(place.engine.open(path)) as engine, closing(documents.PaperChanges()) as source:
        checkpoint = engine.checkpoint()
        assert checkpoint == source.head()
        assert list(compare(engine.states(), source.states(), checkpoint.seq)) == []
        assert engine.count() == 6_000


def test_a_database_cut_off_and_back_is_followed_on() -> None:
    make_papers(1, 5)
    with indexer("--follow") as process:
        eventually(is_level)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        make_papers(5, 9)
        eventually(is_level)
        assert process.poll() is None
