"""The door: what a page gets."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from search import Index, Sort, open_index, parse
from search.engines.base import Engine
from search.follow import Follower
from search.place import Place
from tests.search.conftest import make_document
from tests.search.sources import ListSource

Shelve = Callable[..., Index]


@pytest.fixture
def shelve(engine_type: type[Engine], tmp_path: Path) -> Shelve:
    """An index of (title, abstract) pairs, rows from 1."""

    def put(*texts: tuple[str, str]) -> Index:
        source = ListSource()
        source.put(*(make_document(n, *text) for n, text in enumerate(texts, 1)))
        place = Place(tmp_path, engine_type)
        with place.writing(), closing(Follower(place, source)) as follower:
            follower.catch_up()
        return open_index(tmp_path, engine_type.name)

    return put


def test_when_few_have_all_the_words_those_with_some_follow(shelve: Shelve) -> None:
    index = shelve(("fire", "x"), ("stone", "x"), ("x", "much fire on ice"), ("ice ice", "ice"))
    results = index.search(parse("fire ice"))
    assert results.hits[0].row == 3
    assert {hit.row for hit in results} == {1, 3, 4}
    assert (results.total, results.loosened) == (3, True)
    pages = [index.search(parse("fire ice"), limit=1, offset=at).hits[0].row for at in range(3)]
    assert pages == [hit.row for hit in results]


def test_when_enough_have_all_the_words_nobody_else_is_shown(shelve: Shelve) -> None:
    index = shelve(*[("fire and ice", "")] * 12, ("fire", ""))
    results = index.search(parse("fire ice"))
    assert (results.total, results.loosened) == (12, False)


def test_by_date_all_words_are_wanted(shelve: Shelve) -> None:
    index = shelve(("fire and ice", ""), ("fire", ""))
    assert index.search(parse("fire ice"), sort=Sort.DATE).total == 1


def test_excluded_words_stay_excluded_when_loosened(shelve: Shelve) -> None:
    index = shelve(("fire", ""), ("ice cold", ""), ("fire cold", ""))
    assert {hit.row for hit in index.search(parse("fire ice -cold"))} == {1}


def test_related_are_the_nearest_by_content_and_never_itself(shelve: Shelve) -> None:
    texts = [
        ("Diffusion models for images", "denoising score matching with diffusion"),
        ("Score matching", "denoising and diffusion of images"),
        ("Graphs of groups", "free products and trees"),
        ("Trees and groups", "graphs acting on trees"),
        ("Cooking", "soup"),
    ]
    index = shelve(*texts)
    assert [hit.row for hit in index.related(*texts[0], but=1)] == [2]
    assert [hit.row for hit in index.related(*texts[2], but=3)] == [4]
    assert len(index.related("", "")) == 0
    assert len(index.related("zebra", "unheard")) == 0
    assert index.related("Score matching", "", limit=1).total == 2
