"""Follows a growing list in a folder until it is killed; run by test_kill."""

import sys
from pathlib import Path

from search.engines import engine_named
from search.follow import Follower
from search.place import Place
from tests.search.conftest import make_document
from tests.search.sources import ListSource

COUNT = 1_500


def grown_source(turn: int) -> ListSource:
    """The same rows in the same order every time; in turn n, the first n * 10 changed again."""
    source = ListSource()
    source.put(*(make_document(row, f"title {row}", "words " * 30) for row in range(1, COUNT + 1)))
    for again in range(1, turn + 1):
        source.put(*(make_document(r, f"again {again}", version=again + 1) for r in range(1, 10)))
    return source


if __name__ == "__main__":
    place = Place(Path(sys.argv[2]), engine_named(sys.argv[1]))
    print("ready", flush=True)  # noqa: T201  # read by the test
    with place.writing():
        Follower(place, grown_source(int(sys.argv[3])), batch=int(sys.argv[4])).catch_up()
    print("done", flush=True)  # noqa: T201  # read by the test
