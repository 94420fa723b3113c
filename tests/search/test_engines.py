"""The contract: every engine gives the same answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import Checkpoint, Removal, Sort, State
from search.engines.base import DEEPEST_RESULT, Engine
from search.errors import IndexMissing, IndexTorn, UnfitDocument
from search.plan import All, Mixed, Term, matching, plan, within
from search.query import Category, DateRange, loosen, parse
from tests.search.conftest import DATABASE, make_document

Fill = Callable[..., Engine]


def rows(engine: Engine, text: str, **rest: Any) -> list[int]:
    return [hit.row for hit in engine.search(plan(parse(text).root), **rest)]


def found(engine: Engine, text: str) -> set[int]:
    return set(rows(engine, text))


LIBRARY = (
    make_document(
        1,
        "Denoising Diffusion Probabilistic Models",
        "We present high quality image synthesis results using diffusion models.",
        authors=("Jonathan Ho", "Ajay Jain", "Pieter Abbeel"),
        categories=("cs.LG", "stat.ML"),
        day=date(2020, 6, 19),
    ),
    make_document(
        2,
        "Attention Is All You Need",
        "The dominant sequence models are based on recurrent networks. We use attention.",
        authors=("Ashish Vaswani", "Noam Shazeer"),
        categories=("cs.CL", "cs.LG"),
        day=date(2017, 6, 12),
    ),
    make_document(
        3,
        "Heat diffusion in solids",
        "A state-space treatment of Schrödinger's equation with $\\alpha$-decay.",
        authors=("José de la Peña",),
        categories=("cond-mat.mtrl-sci",),
        day=date(2024, 2, 29),
    ),
    make_document(
        4,
        "GPT-4 and k-means in C++",
        "We study 3D clusters. Networks recurrent in time, a deep note on learning.",
        authors=("Laurens van der Maaten",),
        categories=("hep-th",),
        day=None,
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diffusion", {1, 3}),
        ("DIFFUSION model", {1}),
        ("presenting images", {1}),
        ("diffusion -heat", {1}),
        ("-diffusion", {2, 4}),
        ("-diffusion -attention", {4}),
        ("attention OR heat", {2, 3}),
        ("(attention OR heat) solids", {3}),
        ('"recurrent networks"', {2}),
        ('"networks recurrent"', {4}),
        ('"models we"', set()),  # no phrase reaches from title to abstract
        ("title:attention", {2}),
        ("ti:recurrent", set()),
        ("abs:attention", {2}),
        ("abs:heat", set()),
        ('abs:"recurrent networks"', {2}),
        ("author:ho", {1}),
        ("au:Vaswani", {2}),
        ('au:"Jonathan Ho"', {1}),
        ('au:"Jain Ho"', set()),
        ("au:pena", {3}),
        ("au:Peña", {3}),
        ('au:"de la Pena"', {3}),
        ('au:"van der Maaten"', {4}),
        ('au:"J. Ho"', {1}),
        ('au:"J Ho"', {1}),
        ('au:"L. van der Maaten"', {4}),
        ('au:"J. de la Peña"', {3}),
        ("J. Ho diffusion", {1}),
        ("vaswani attention", {2}),
        ("schrodinger", {3}),
        ("Schrödinger", {3}),
        ("state space", {3}),
        ("state-space", {3}),
        ("statespace", {3}),
        ("alpha-decay", {3}),
        ("α decay", {3}),
        ("GPT-4", {4}),
        ("gpt4", {4}),
        ("kmeans", {4}),
        ("k-means", {4}),
        ("C++", {4}),
        ("3d", {4}),
        ("3-D", {4}),
        ("cat:cs.LG", {1, 2}),
        ("cat:CS.lg", {1, 2}),
        ("cat:cs", {1, 2}),
        ("cat:cond-mat", {3}),
        ("-cat:cs", {3, 4}),
        ("cat:hep-th", {4}),
        ("id:2601.00003", {3}),
        ("id:2601.00003,2601.00001", {1, 3}),
        ("date:2017", {2}),
        ("date:2017..2020", {1, 2}),
        ("date:2024-02-29", {3}),
        ("date:2020-06-20..", {3}),
        ("date:..2019", {2}),
        ("the", {2}),
        ("the diffusion of the", {1, 3}),
        ("nowhere", set()),
        ("", set()),
    ],
)
def test_a_query_finds_what_it_means(fill: Fill, text: str, expected: set[int]) -> None:
    engine = fill(*LIBRARY)
    assert found(engine, text) == expected
    for node in (parse(text).root, loosen(parse(text).root)):
        clause = plan(node)
        assert engine.search(matching(clause)).total == engine.search(clause).total
    assert engine.search(matching(plan(parse(text).root))).total == len(expected)


def test_the_checkpoint_is_no_document(fill: Fill) -> None:
    engine = fill(*LIBRARY)
    everything = engine.search(All())
    assert {hit.row for hit in everything} == {1, 2, 3, 4}
    assert (everything.total, engine.count()) == (4, 4)
    assert found(engine, "checkpoint") == set()
    assert found(engine, DATABASE) == set()


def test_an_empty_index_answers(engine: Engine) -> None:
    assert engine.checkpoint() is None
    assert engine.count() == 0
    assert list(engine.states()) == []
    assert engine.search(plan(parse("word").root)).total == 0


def test_a_document_replaces_the_one_of_its_row(fill: Fill) -> None:
    engine = fill(make_document(1, "old words"))
    fill(replace(make_document(1, "new words"), version=2, seq=9))
    assert (found(engine, "old"), found(engine, "new"), engine.count()) == (set(), {1}, 1)
    assert list(engine.states()) == [State(1, 2, 9)]


def test_a_document_replaces_its_older_state_whatever_came_in_between(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    path = tmp_path / "reopened"
    engine = engine_type.create(path)
    engine.apply([make_document(row, "old") for row in (0, 7, 3)], Checkpoint(DATABASE, 1))
    engine.close()
    engine = engine_type.open(path, write=True)
    engine.apply([make_document(9, "new"), make_document(3, "new")], Checkpoint(DATABASE, 2))
    engine.apply([make_document(row, "new") for row in (0, 7, 9)], Checkpoint(DATABASE, 3))
    assert (found(engine, "old"), found(engine, "new")) == (set(), {0, 3, 7, 9})
    assert engine.count() == 4
    engine.close()


def test_of_two_states_in_one_batch_the_last_counts(fill: Fill) -> None:
    engine = fill(make_document(1, "old"), replace(make_document(1, "new"), seq=2))
    assert list(engine.states()) == [State(1, 1, 2)]
    assert found(engine, "old") == set()


def test_what_is_not_committed_is_seen_with_the_next_commit(engine: Engine) -> None:
    engine.apply([make_document(1, "first")], Checkpoint(DATABASE, 1))
    engine.apply([make_document(2, "second"), Removal(1, 3)], Checkpoint(DATABASE, 3), commit=False)
    assert (found(engine, "second"), found(engine, "first")) == (set(), {1})
    assert engine.checkpoint() == Checkpoint(DATABASE, 1)
    engine.apply([replace(make_document(2, "again"), seq=4)], Checkpoint(DATABASE, 4))
    assert (found(engine, "second"), found(engine, "first")) == (set(), set())
    assert (found(engine, "again"), engine.checkpoint()) == ({2}, Checkpoint(DATABASE, 4))


def test_a_removed_document_is_gone(fill: Fill) -> None:
    engine = fill(*LIBRARY)
    fill(Removal(1, 9))
    assert found(engine, "diffusion") == {3}
    assert engine.count() == 3
    assert engine.checkpoint() == Checkpoint(DATABASE, 9)


def test_states_come_by_row(fill: Fill) -> None:
    engine = fill(*(make_document(row, "x") for row in (30, 4, 1_000_000, 17)))
    assert [state.row for state in engine.states()] == [4, 17, 30, 1_000_000]


def test_titles_weigh_more_than_abstracts(fill: Fill) -> None:
    engine = fill(
        make_document(1, "Some words about it", "graphs are here and nothing more to say"),
        make_document(2, "Graphs", "some words about it are here and nothing more to say"),
    )
    assert rows(engine, "graphs") == [2, 1]


def test_words_side_by_side_weigh_more_than_apart(fill: Fill) -> None:
    engine = fill(
        make_document(1, "a", "neural things and other things and still more odd fields"),
        make_document(2, "a", "odd things and other things and still more neural fields"),
    )
    assert rows(engine, "neural fields") == [2, 1]


def test_documents_are_scored_by_wishes_alone(fill: Fill) -> None:
    engine = fill(*LIBRARY)
    scores = engine.scores_of([1, 2, 3], [Term("text", "diffus", 2.0), Term("text", "heat")])
    plain = {hit.row: hit.score for hit in engine.search(Term("text", "diffus", 2.0))}
    assert scores[1] == pytest.approx(plain[1])
    assert scores[3] > plain[3]
    assert not scores.get(2)
    assert engine.titles_of([4, 2, 99]) == {row: LIBRARY[row - 1].title for row in (2, 4)}
    assert engine.titles_of([]) == {} == engine.scores_of([], [Term("text", "heat")])


def test_by_date_the_newest_comes_first_and_the_undated_last(fill: Fill) -> None:
    engine = fill(*LIBRARY)
    results = engine.search(All(), sort=Sort.DATE)
    assert [hit.row for hit in results] == [3, 1, 2, 4]


def test_pages_of_results_neither_overlap_nor_miss(fill: Fill) -> None:
    engine = fill(*(make_document(row, "same words") for row in range(1, 31)))
    for sort in Sort:
        pages = [rows(engine, "words", sort=sort, limit=7, offset=at) for at in range(0, 35, 7)]
        assert [len(page) for page in pages] == [7, 7, 7, 7, 2]
        assert sorted(row for page in pages for row in page) == list(range(1, 31))


def test_results_end_at_the_deepest(fill: Fill) -> None:
    engine = fill(*(make_document(row, "word") for row in range(1, DEEPEST_RESULT + 9)))
    results = engine.search(plan(parse("word").root), offset=DEEPEST_RESULT - 3, limit=25)
    assert (len(results), results.total) == (3, DEEPEST_RESULT + 8)
    assert len(engine.search(plan(parse("word").root), offset=DEEPEST_RESULT, limit=25)) == 0


def test_filters_choose_and_do_not_score(fill: Fill) -> None:
    engine = fill(*LIBRARY)
    plain = {hit.row: hit.score for hit in engine.search(plan(parse("diffusion").root))}
    filters = (Category("cs.LG"), DateRange(date(2020, 1, 1), None))
    kept = engine.search(within(plan(parse("diffusion").root), filters))
    assert [hit.row for hit in kept] == [1]
    assert kept.hits[0].score == pytest.approx(plain[1])


def test_loose_words_prefer_documents_that_have_all(fill: Fill) -> None:
    engine = fill(
        make_document(1, "ice", "cold"),
        make_document(2, "fire and ice", "cold"),
        make_document(3, "stone", "cold"),
    )
    clause = plan(loosen(parse("fire ice").root))
    assert [hit.row for hit in engine.search(clause)] == [2, 1]


def test_weighted_tokens_find_by_their_weight(fill: Fill) -> None:
    engine = fill(make_document(1, "fire"), make_document(2, "stone"), make_document(3, "wood"))
    clause = Mixed(should=(Term("text", "fire"), Term("text", "stone", 3.0)))
    assert [hit.row for hit in engine.search(clause)] == [2, 1]
    assert [hit.row for hit in engine.nearest(clause, 1)] == [2]
    assert engine.document_frequency("text", "fire") == 1
    assert engine.document_frequency("text", "water") == 0


@pytest.mark.parametrize(
    "wrong",
    [{"row": "1"}, {"seq": 2**63}, {"version": -1}, {"title": None}, {"moment": 1.5}, {"row": -1}],
)
def test_an_unfit_document_is_refused_and_the_writer_lives_on(
    fill: Fill, wrong: dict[str, Any]
) -> None:
    engine = fill(make_document(1, "first"))
    with pytest.raises(UnfitDocument):
        engine.apply(
            [make_document(2, "second"), replace(make_document(3), **wrong)],
            Checkpoint(DATABASE, 7),
        )
    assert (engine.count(), engine.checkpoint()) == (1, Checkpoint(DATABASE, 1))
    fill(make_document(4, "fourth"))
    assert found(engine, "fourth") == {4}


def test_a_reader_sees_the_next_commit(
    fill: Fill, engine_type: type[Engine], tmp_path: Path
) -> None:
    fill(make_document(1, "first"))
    reader = engine_type.open(tmp_path / "index")
    assert reader.count() == 1
    fill(make_document(2, "second"), Removal(1, 3))
    assert (found(reader, "second"), found(reader, "first")) == ({2}, set())
    assert reader.checkpoint() == Checkpoint(DATABASE, 3)
    reader.close()


def test_no_index_and_a_torn_index_are_told_apart(
    engine_type: type[Engine], tmp_path: Path
) -> None:
    with pytest.raises(IndexMissing):
        engine_type.open(tmp_path / "nowhere")
    engine = engine_type.create(tmp_path / "torn")
    engine.apply([make_document(1, "word")], Checkpoint(DATABASE, 1))
    engine.close()
    for file in (tmp_path / "torn").iterdir():
        if file.is_file() and not file.name.endswith(("lock", "LOCK")):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(IndexTorn):
        torn = engine_type.open(tmp_path / "torn", write=True)
        torn.search(plan(parse("word").root))


@given(text=st.text(max_size=200))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_makes_an_engine_fail(engine: Engine, text: str) -> None:
    for node in (parse(text).root, loosen(parse(text).root)):
        engine.search(plan(node))
        engine.search(plan(node), sort=Sort.DATE)


@given(title=st.text(max_size=80), abstract=st.text(max_size=200))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_can_be_indexed_and_removed(
    engine_type: type[Engine], title: str, abstract: str
) -> None:
    # A new folder each time: hypothesis seeds `random`, from which Whoosh names its files.
    with TemporaryDirectory() as folder:
        engine = engine_type.create(Path(folder) / "index")
        document = make_document(1, title, abstract, authors=(title,))
        engine.apply([document], Checkpoint(DATABASE, 1))
        assert engine.count() == 1
        engine.apply([Removal(1, 2)], Checkpoint(DATABASE, 2))
        assert engine.count() == 0
        engine.close()
