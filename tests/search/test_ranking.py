"""The ranking, judged by collections with relevance judgements, as `make eval` does."""

from pathlib import Path

import pytest

from bench.evaluation import (
    Shelf,
    average_precision,
    evaluate_search,
    find_collections,
    ndcg,
    read_collection,
)


@pytest.mark.parametrize(
    ("name", "gain", "precision"), [("cranfield", 0.42, 0.45), ("cacm", 0.5, 0.35)]
)
def test_one_setting_ranks_both_collections_well(
    real_papers: Path, tmp_path: Path, name: str, gain: float, precision: float
) -> None:
    shelf = Shelf(read_collection(real_papers / "ir" / name), tmp_path, "tantivy")
    figures = evaluate_search(shelf)
    assert figures["nDCG@10"] >= gain
    assert figures["MAP"] >= precision


def test_the_figures_are_those_of_the_definition() -> None:
    assert ndcg([0, 3, 0, 1], [3, 1, 1], 10) == pytest.approx(
        (7 / 1.58496 + 1 / 2.32193) / (7 + 1 / 1.58496 + 1 / 2), abs=1e-4
    )
    assert ndcg([2, 1], [1, 2], 10) == 1
    assert ndcg([0], [0], 10) == 0
    assert average_precision([1, 0, 2], [1, 2, 0, 1]) == pytest.approx((1 + 2 / 3) / 3)


def test_any_collection_of_the_form_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Fire", "text": "hot"}\n{"_id": 2, "title": "Ice", "text": "cold"}\n'
    )
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "fire"}\n')
    (folder / "qrels.tsv").write_text("query_id\tdoc_id\trelevance\tcode\nq\ta\t2\t1\nq\t2\t0\t4\n")
    assert find_collections(tmp_path) == [folder] == find_collections(folder)
    collection = read_collection(folder)
    assert collection.judgements == {"q": {"a": 2, "2": 0}}
    (folder / "qrels.tsv").write_text("q 0 a 1\nq Q0 2 -1\n")
    assert read_collection(folder).judgements == {"q": {"a": 1, "2": -1}}
    assert evaluate_search(Shelf(collection, tmp_path / "index", "whoosh"))["nDCG@10"] == 1
