"""The follower: the index comes level with its source, whatever happens on the way."""

import logging
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from search import IndexMissing, Sort, open_index, parse
from search.check import compare
from search.documents import Removal
from search.engines.base import Engine
from search.errors import IndexBusy
from search.follow import Follower
from search.place import Place
from tests.search.conftest import make_document
from tests.search.sources import ListSource


@pytest.fixture
def place(engine_type: type[Engine], tmp_path: Path) -> Place:
    return Place(tmp_path / "var" / "index", engine_type)


@pytest.fixture
def source() -> ListSource:
    source = ListSource()
    source.put(*(make_document(row, f"paper number{row}") for row in range(1, 31)))
    return source


def catch_up(place: Place, source: ListSource, batch: int = 7) -> None:
    with place.writing(), closing(Follower(place, source, batch=batch)) as follower:
        assert follower.catch_up()


def differences(place: Place, source: ListSource) -> list[object]:
    path = place.current()
    assert path is not None
    with closing(place.engine.open(path)) as engine:
        checkpoint = engine.checkpoint()
        assert checkpoint == source.head()
        return list(compare(engine.states(), source.states(), checkpoint.seq))


@contextmanager
def following(place: Place, source: ListSource) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        with place.writing(), closing(Follower(place, source, stop)) as follower:
            follower.follow()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        source.changed.set()
        thread.join(20)
        assert not thread.is_alive()


def eventually(condition: Callable[[], bool]) -> None:
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("It did not come to pass in ten seconds.")


def is_level(place: Place, source: ListSource) -> bool:
    index = open_index(place.folder, place.engine.name)
    try:
        return index.checkpoint() == source.head()
    except IndexMissing:
        return False


def test_an_index_is_built_and_follows_changes_and_removals(
    place: Place, source: ListSource
) -> None:
    catch_up(place, source)
    assert differences(place, source) == []
    source.put(make_document(3, "another title", version=2), Removal(4, 0))
    catch_up(place, source)
    assert differences(place, source) == []
    index = open_index(place.folder, place.engine.name)
    assert [hit.row for hit in index.search(parse("another"))] == [3]
    assert index.count() == 29


def test_an_open_door_sees_what_the_follower_commits_and_swaps(
    place: Place, source: ListSource
) -> None:
    index = open_index(place.folder, place.engine.name)
    with pytest.raises(IndexMissing):
        index.search(parse("paper"))
    catch_up(place, source)
    assert index.search(parse("paper")).total == 30
    with place.writing(), closing(Follower(place, source)) as follower:
        assert follower.rebuild()
    source.put(make_document(31, "paper"))
    catch_up(place, source)
    assert index.search(parse("paper"), sort=Sort.DATE).total == 31
    assert len([path for path in place.folder.iterdir() if path.is_dir()]) == 1


def test_stopping_ends_after_the_batch_and_the_next_run_goes_on(
    place: Place, source: ListSource
) -> None:
    stop = threading.Event()
    real = source.changes_after
    asked: list[int] = []

    def changes_after(seq: int, limit: int) -> object:
        asked.append(seq)
        if len(asked) == 2:
            stop.set()
        return real(seq, limit)

    source.changes_after = changes_after  # type: ignore[method-assign, assignment]  # watched
    with place.writing(), closing(Follower(place, source, stop, batch=10)) as follower:
        assert not follower.catch_up()
    assert place.current() is None
    catch_up(place, source, batch=10)
    assert asked == [0, 10, 20, 30]
    assert differences(place, source) == []


def test_another_database_means_a_new_index(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up(place, source)
    other = ListSource("another database")
    other.put(make_document(1, "elsewhere"), *(make_document(n, "x") for n in range(2, 50)))
    catch_up(place, other)
    assert differences(place, other) == []
    assert "another database" in caplog.text


def test_a_restored_older_database_means_a_new_index(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up(place, source)
    older = ListSource()
    older.put(*(make_document(row, "older") for row in range(1, 5)))
    catch_up(place, older)
    assert differences(place, older) == []
    assert "ahead of the database" in caplog.text


@pytest.mark.parametrize("since", [5, 100])
def test_an_older_database_is_noticed_whatever_has_come_in_since(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture, since: int
) -> None:
    catch_up(place, source)
    older = ListSource()
    older.put(*(make_document(row, f"paper number{row}") for row in range(1, 28)))
    # The same rows and numbers again, for other papers; or the same ones changed much later.
    older.put(*(make_document(row, "other", key=f"other{row}") for row in range(28, 28 + since)))
    catch_up(place, older)
    assert differences(place, older) == []
    assert open_index(place.folder, place.engine.name).search(parse("other")).total == since
    assert "ahead of the database" in caplog.text


def test_an_index_of_this_database_is_gone_on_with(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture
) -> None:
    catch_up(place, source)
    path = place.current()
    source.put(make_document(30, "paper changed", version=2), Removal(29, 0))
    source.put(make_document(31, "paper"))
    catch_up(place, source)
    assert place.current() == path
    assert "anew" not in caplog.text


def test_a_torn_index_is_built_anew(place: Place, source: ListSource) -> None:
    catch_up(place, source)
    path = place.current()
    assert path is not None
    for file in path.iterdir():
        if file.is_file() and "lock" not in file.name.lower():
            file.write_bytes(b"")
    catch_up(place, source)
    assert place.current() != path
    assert differences(place, source) == []


def test_a_build_of_another_format_is_replaced(place: Place, source: ListSource) -> None:
    catch_up(place, source)
    path = place.current()
    assert path is not None
    old = path.with_name(f"{place.engine.name}-0-7")
    path.rename(old)
    (place.folder / "current").write_text(old.name)
    catch_up(place, source)
    assert not old.exists()
    assert differences(place, source) == []


def test_one_broken_document_does_not_hold_up_the_others(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture
) -> None:
    source.put(make_document(31, None), make_document(32, "fine"))  # type: ignore[arg-type]  # broken
    catch_up(place, source)
    index = open_index(place.folder, place.engine.name)
    assert index.search(parse("fine")).total == 1
    assert "Document 31 is left out of the index: title is no text." in caplog.text


def test_a_second_writer_is_refused(place: Place, source: ListSource) -> None:
    code = (
        "import sys; from pathlib import Path; from search.place import Place;"
        "from search.engines import engine_named\n"
        "with Place(Path(sys.argv[1]), engine_named('tantivy')).writing():\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(place.folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexBusy), place.writing():
            pass
        holder.kill()
    catch_up(place, source)


def test_following_takes_in_changes_within_two_seconds(place: Place, source: ListSource) -> None:
    with following(place, source):
        eventually(lambda: is_level(place, source))
        started = time.monotonic()
        source.put(make_document(40, "fresh"))
        eventually(lambda: is_level(place, source))
        assert time.monotonic() - started < 2


def test_a_database_that_goes_away_is_waited_for_with_one_line(
    place: Place, source: ListSource, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "search")
    with following(place, source):
        eventually(lambda: is_level(place, source))
        source.broken = True
        time.sleep(2.5)
        source.broken = False
        source.put(make_document(50, "back again"))
        eventually(lambda: is_level(place, source))
        eventually(lambda: "answers again" in caplog.text)
    assert caplog.text.count("does not answer") == 1


def test_an_index_taken_away_while_following_is_built_again(
    place: Place, source: ListSource
) -> None:
    with following(place, source):
        eventually(lambda: is_level(place, source))
        path = place.current()
        assert path is not None
        (place.folder / "current").unlink()
        shutil.rmtree(path)
        eventually(lambda: is_level(place, source))
    assert differences(place, source) == []


def test_what_a_check_asks_for_is_repaired_by_the_one_who_writes(
    place: Place, source: ListSource
) -> None:
    catch_up(place, source)
    with place.writing(), closing(Follower(place, source)) as follower:
        stale = make_document(6, "wrong", seq=2)
        follower.apply([Removal(5, 0), make_document(99, "left over"), stale])
    assert len(differences(place, source)) == 3
    with following(place, source):
        place.ask_for_repair([5, 6, 99])
        eventually(lambda: not place.repair_pending)
    assert differences(place, source) == []
