"""The ranking, judged by collections with relevance judgements, as `make eval` does."""

from pathlib import Path

import pytest

from bench.evaluation import (
    BadCollectionError,
    Shelf,
    average_precision,
    evaluate_search,
    find_collections,
    main,
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
    (folder / "qrels.tsv").write_text("query\tdoc\tgrade\nq\ta\t1.0\n")
    assert read_collection(folder).judgements == {"q": {"a": 1}}
    assert evaluate_search(Shelf(collection, tmp_path / "index", "whoosh"))["nDCG@10"] == 1


def test_a_bad_collection_is_named_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = {
        "corpus.jsonl": '{"_id": "a", "text": "hot"}\n',
        "queries.jsonl": '{"_id": "q", "text": "fire"}\n',
        "qrels.tsv": "query\tdoc\tgrade\nq\ta\t1\n",
    }
    for name, text, said in (
        ("corpus.jsonl", '{"_id": "a"}\n{"text"', r"corpus.jsonl, line 2"),
        ("corpus.jsonl", '{"id": "a"}\n', r"corpus.jsonl, line 1"),
        ("queries.jsonl", "\udcff", r"queries.jsonl cannot be read"),
        ("qrels.tsv", "q\ta\t1\nq\ta\tmuch\n", r"qrels.tsv, line 2"),
        ("qrels.tsv", "", r"no query of queries.jsonl is judged"),
    ):
        for other, content in {**good, name: text}.items():
            (tmp_path / other).write_text(content, errors="surrogateescape")
        with pytest.raises(BadCollectionError, match=said):
            read_collection(tmp_path)
    (tmp_path / "qrels.tsv").unlink()
    assert main(["--dir", str(tmp_path)]) == 1
    assert "qrels.tsv cannot be read" in capsys.readouterr().err
