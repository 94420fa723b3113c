"""The door: what a page gets."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import Count, Index, IndexTooSlow, Sort, Suggestions, Title, open_index, parse
from search.documents import Document, Facets
from search.engines.base import Engine
from search.follow import Follower
from search.place import Place
from search.plan import Clause
from search.query import Category, DateRange
from tests.search.conftest import make_document
from tests.search.sources import ListSource
from tests.search.test_query import GENERATED, PIECES

Shelve = Callable[..., Index]


@pytest.fixture
def shelve(engine_type: type[Engine], tmp_path: Path) -> Shelve:
    """An index of (title, abstract) pairs, rows from 1."""

    def put(*texts: tuple[str, str]) -> Index:
        documents = [make_document(n, *text) for n, text in enumerate(texts, 1)]
        return shelved(engine_type, tmp_path, documents)

    return put


def shelved(engine_type: type[Engine], folder: Path, documents: Sequence[Document]) -> Index:
    """An index of these documents."""
    source = ListSource()
    source.put(*documents)
    place = Place(folder, engine_type)
    with place.writing(), closing(Follower(place, source)) as follower:
        follower.catch_up()
    return open_index(folder, engine_type.name)


def test_when_few_have_all_the_words_those_with_some_follow(shelve: Shelve) -> None:
    index = shelve(("fire", "x"), ("stone", "x"), ("x", "much fire on ice"), ("ice ice", "ice"))
    results = index.search(parse("fire ice"))
    assert results.hits[0].row == 3
    assert {hit.row for hit in results} == {1, 3, 4}
    assert (results.total, results.loosened, results.complete) == (3, True, 1)
    pages = [index.search(parse("fire ice"), limit=1, offset=at).hits[0].row for at in range(3)]
    assert pages == [hit.row for hit in results]


def test_when_enough_have_all_the_words_nobody_else_is_shown(shelve: Shelve) -> None:
    index = shelve(*[("fire and ice", "")] * 12, ("fire", ""))
    results = index.search(parse("fire ice"))
    assert (results.total, results.loosened) == (12, False)


def test_words_that_are_one_name_stand_before_those_of_two(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    people = [
        *(("Wei Zhang", "Xin Li"), ("Li Ma", "Jun Wei"), ("Kaiming Zhao",), ("Ron van der Ma",)),
        *(("Wei Xu", "Wei Chen", "Wei Li", "Li Chen", "Xin He"), ("Jian Sun", "Kaiming He")),
        *(("Tom Tao", "Ben Ho"), ("Edward Witten",), ("Elena Ho", "Ed Witten Ho")),
    ]
    documents = [make_document(n, "Owls", authors=names) for n, names in enumerate(people, 1)]
    documents += [make_document(n, "Gromov Witten theory and E") for n in range(20, 30)]
    index = shelved(engine_type, tmp_path, documents)
    for typed, row in (
        *(("Wei Li", 5), ("W. Li", 5), ("Li, Wei", 5), ("Li Ma", 2), ("owls by Wei Li", 5)),
        *(("Kaiming He", 6), ("He Kaiming", 6), ("T. Tao", 7), ("au:(Kaiming He)", 6)),
        *(("E. Witten", 8), ("Witten E", 8), ("Edward Witten", 8)),
    ):
        assert index.search(parse(typed)).hits[0].row == row, typed


def test_a_hyphenated_word_does_not_outweigh_a_rarer_one(shelve: Shelve) -> None:
    rays, others = [("X-ray lasers", "")] * 8, [("Other things", "")] * 20
    assert (
        shelve(*rays, ("Pulsar winds", ""), *others).search(parse("x-ray pulsar")).hits[0].row == 9
    )


def test_by_date_all_words_are_wanted(shelve: Shelve) -> None:
    index = shelve(("fire and ice", ""), ("fire", ""))
    assert index.search(parse("fire ice"), sort=Sort.DATE).total == 1


def test_where_no_words_are_wanted_the_newest_come_first(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    documents = [make_document(n, "Owls", day=date(2000 + n % 3, 1, 1)) for n in range(1, 6)]
    index = shelved(engine_type, tmp_path, documents)
    for typed in ("cat:cs.LG", "date:2000..", "-ice", "cat:cs NOT ice"):
        assert [hit.row for hit in index.search(parse(typed))] == [5, 2, 4, 1, 3], typed


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
    assert len(index.related("Score matching", "", limit=1)) == 1


def test_related_documents_say_which_words_link_them(shelve: Shelve) -> None:
    texts = [
        ("Diffusion models for images", "denoising score matching with $diffusion$"),
        ("Score matching", "Denoising and diffusions of images"),
        ("Cooking", "soup"),
    ]
    related = shelve(*texts).related(*texts[0], but=1)
    assert related.linking_words("A novel method", "This paper proposes results.") == ()
    words = related.linking_words(*texts[1])
    assert set(words) == {"Score", "matching", "Denoising", "diffusions", "images"}
    assert related.linking_words(*texts[1], limit=2) == words[:2]
    assert related.linking_words(*texts[2]) == ()


def test_the_numbers_are_those_that_a_filter_leaves(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    documents = [
        make_document(
            number,
            "fire and ice" if number % 3 else "fire",
            categories=[("cs.LG", "stat.ML"), ("cs.AI", "cs.LG"), ("hep-th",)][number % 3],
            day=date(2020 + number % 4, 1, 1) if number % 5 else None,
        )
        for number in range(1, 31)
    ]
    index = shelved(engine_type, tmp_path, documents)
    for text in ("fire", "fire ice", "fire water"):
        query = parse(text)
        results = index.search(query, facets=True)
        assert results.facets is not None
        for count in (*results.facets.categories, *results.facets.archives):
            narrowed = index.search(query, filters=(Category(count.value),), facets=True)
            assert (narrowed.total, narrowed.loosened) == (count.number, results.loosened)
            assert narrowed.facets is not None
            assert count in (*narrowed.facets.categories, *narrowed.facets.archives)
        for count in results.facets.years:
            year = DateRange(date(int(count.value), 1, 1), date(int(count.value), 12, 31))
            assert index.search(query, filters=(year,)).total == count.number
    facets = index.search(parse("fire"), facets=True).facets
    assert facets is not None
    assert [(c.value, c.number) for c in facets.archives] == [
        ("cs", 20),
        ("hep-th", 10),
        ("stat", 10),
    ]
    assert [c.value for c in facets.categories] == ["cs.lg", "cs.ai", "hep-th", "stat.ml"]
    assert [c.value for c in facets.years] == ["2023", "2022", "2021", "2020"]


def test_a_search_over_its_time_is_given_up_and_the_next_is_answered(
    shelve: Shelve, engine_type: type[Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    index = shelve(*[("fire and ice", "")] * 40)
    index.cheap, index.time_limit = 0, 0.05

    def facets_at_leisure(engine: Engine, clause: Clause) -> Facets:
        time.sleep(0.3)
        return real(engine, clause)

    real = engine_type.facets
    monkeypatch.setattr(engine_type, "facets", facets_at_leisure)
    started = time.monotonic()
    with pytest.raises(IndexTooSlow):
        index.search(parse("fire ice"), facets=True)
    assert time.monotonic() - started < 0.3
    monkeypatch.setattr(engine_type, "facets", real)
    index.time_limit = 10
    assert index.search(parse("fire ice"), facets=True).total == 40


def test_titles_and_authors_are_suggested_from_what_is_typed(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    documents = [
        make_document(1, "Graph neural networks", authors=("Yann LeCun", "José de la Peña")),
        make_document(2, "Networks of graphene", authors=("Yann LeCun", "Ann Jones")),
        make_document(3, "Cooking $x$ with $\\alpha$", authors=("J. Ho", "L. van der Ma")),
        make_document(4, "Unseen", authors=("E. O'Brien", "Bo van")),
        make_document(5, "Neon"),
    ]
    index = shelved(engine_type, tmp_path, documents)
    assert {title.row for title in index.suggest("graph").titles} == {1, 2}
    assert index.suggest("graph").titles[0] == Title(1, "Graph neural networks")
    assert [title.row for title in index.suggest("graph ").titles] == [1]
    assert index.suggest("ne").titles[2:] == (Title(5, "Neon"),)
    assert [title.row for title in index.suggest("networks gra").titles] in ([1, 2], [2, 1])
    assert [title.row for title in index.suggest("Alpha").titles] == [3]
    assert index.suggest("lec").authors == (Count("Yann LeCun", 2),)
    assert index.suggest("yann l").authors == (Count("Yann LeCun", 2),)
    assert index.suggest("pena").authors == (Count("José de la Peña", 1),)
    for begun, name in (
        ("de la p", "José de la Peña"),
        ("van der m", "L. van der Ma"),
        ("der m", ""),
        ("o'br", "E. O'Brien"),
        ("bo", "Bo van"),
    ):
        assert [author.value for author in index.suggest(begun).authors] == [name][: bool(name)]
    for nothing in ("", " ", "!?", "zzz", "\x00", "a" * 5_000):
        assert index.suggest(nothing) == Suggestions()


def test_words_that_are_not_there_are_corrected(shelve: Shelve) -> None:
    index = shelve(
        ("Diffusion models", "attention"), ("Diffusion of heat", ""), ("Diffusers", ""),
        ("Convolutional networks", ""),
    )  # fmt: skip
    assert index.did_you_mean(parse("difusion modls")) == "diffusion models"
    assert (
        index.did_you_mean(parse('title:"difusion models" -heat'))
        == 'title:"diffusion models" -heat'
    )
    assert index.did_you_mean(parse("convlutionel")) == "convolutional"
    assert index.did_you_mean(parse("diffusion models")) is None
    assert index.did_you_mean(parse("zzzzzzz")) is None
    assert index.did_you_mean(parse("")) is None


def test_a_misprint_that_some_documents_have_is_corrected_too(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    documents = [make_document(n, "Diffusion of heat") for n in range(1, 220)]
    documents += [make_document(n, "Difusion again") for n in (220, 221)]
    documents += [make_document(n, "Ice", "of bosons") for n in range(224, 500)]
    documents += [make_document(500, "A boson"), make_document(501, "Ice", "of bozon gas")]
    documents += [make_document(n, "Diffusive flows", authors=("Ana Heath",)) for n in (222, 223)]
    index = shelved(engine_type, tmp_path, documents)
    assert index.did_you_mean(parse("difusion")) == "diffusion"
    assert index.did_you_mean(parse("bozon")) == "boson"
    assert index.did_you_mean(parse("diffusion")) is None
    # Two of 219 is no misprint where the right word is not a hundred times as frequent.
    assert index.did_you_mean(parse("diffusive")) is None
    assert index.did_you_mean(parse("heath")) is None


def test_keywords_are_the_rare_words_and_phrases_that_others_have_too(shelve: Shelve) -> None:
    index = shelve(
        ("Score matching for images", "We use score matching. The images are of cats and dogs."),
        ("Score matching", "with images and more"),
        ("Images", "of cats"),
        ("Something else", "entirely unlike, with dogs"),
    )
    # Nothing of a formula is a keyword, be it on a line of its own.
    formulas = "$cats$ \\begin{equation} cats \\end{equation} $$ \\begin{cats} cats \\end{cats} $$"
    abstract = f"We use score matching of {formulas} and soup."
    found = index.keywords("Score matching for images", abstract)
    assert found[0].text == "Score matching"
    assert found[0].query == '"Score matching"'
    assert {one.text for one in found} == {"Score matching", "images"}
    assert index.keywords("", "") == ()


def test_no_keyword_is_a_word_that_every_paper_uses(shelve: Shelve) -> None:
    texts = ("A novel method for score matching", "We propose results. The method is novel: soup.")
    index = shelve(texts, texts, ("Score matching results", "with soup and methods"))
    assert [one.text for one in index.keywords(*texts)] == ["score matching"]


@given(text=st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
@settings(
    max_examples=max(GENERATED // 10, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_query_makes_the_door_fail(shelf: Index, text: str) -> None:
    query = parse(text)
    shelf.search(query, facets=True)
    shelf.search(query, sort=Sort.DATE, filters=(Category("cs"),))
    shelf.did_you_mean(query)
    shelf.suggest(text)
    shelf.related(text, text, authors=(text,), categories=(text,))
    shelf.keywords(text, text)


@pytest.fixture
def shelf(shelve: Shelve) -> Index:
    return shelve(("graph of graphs", "deep $x$ C++"), ("é 数学", "a b"), ("2026 cs.AI", "graph"))
