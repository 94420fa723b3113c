"""How good the ranking is: collections with relevance judgements, through the production path.

    python -m bench.evaluation                      Cranfield and CACM, where they are
    python -m bench.evaluation --dir FOLDER         any collection of that form, or a folder of them
    python -m bench.evaluation --task related       queries that are papers themselves

A collection is `corpus.jsonl` (`_id`, `title`, `text`, perhaps `metadata.authors`), `queries.jsonl`
(`_id`, `text`) and `qrels.tsv` (query, document, relevance), each perhaps with `.gz`. Every figure
comes through `Index.search` or `Index.related` with the settings that readers get: no collection
has its own.

Gains are 2^relevance - 1 with a log2 discount; the ideal is over all judged documents, the mean
over all judged queries with something relevant. For related papers each query's judged pool is
ranked, also documents judged 0; NDCG%20 is cut at a fifth of the pool (as with CSFCube).
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, fsum, log2
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coolpapers.settings")

COLLECTIONS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "ir"
_DEPTH = 1_000


@dataclass(frozen=True)
class Collection:
    """Documents, queries, and for each query the relevance of what was judged."""

    name: str
    corpus: dict[str, dict[str, Any]]
    queries: dict[str, str]
    judgements: dict[str, dict[str, int]]


class BadCollectionError(ValueError):
    """What is wrong with a collection: the file, and the line where it is one."""


def read_collection(folder: Path) -> Collection:
    """A collection from its three files. Raises BadCollectionError."""
    corpus = dict(_rows(folder, "corpus.jsonl"))
    queries = {name: _text(row) for name, row in _rows(folder, "queries.jsonl")}
    judgements: dict[str, dict[str, int]] = {}
    for number, line in _lines(folder, "qrels.tsv"):
        cells = line.split("\t") if "\t" in line else line.split()
        if len(cells) == 4 and cells[1] in ("0", "Q0"):
            del cells[1]  # as TREC writes them
        try:
            query, document, relevance = cells[0], cells[1], float(cells[2])
            judgements.setdefault(query, {})[document] = int(relevance)
        except (IndexError, ValueError, OverflowError) as error:
            if number > 1:  # the first may have the names of columns
                raise BadCollectionError(
                    f"{folder / 'qrels.tsv'}, line {number}: not query, document, relevance"
                ) from error
    collection = Collection(folder.name, corpus, queries, judgements)
    if not any(True for _ in _judged(collection)):
        raise BadCollectionError(f"{folder}: no query of queries.jsonl is judged in qrels.tsv")
    return collection


def _text(row: dict[str, Any]) -> str:
    """A query's text; one that is a paper has a title too."""
    return " ".join(part for part in (row.get("title"), row.get("text")) if part)


def _rows(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in _lines(folder, name):
        try:
            row = json.loads(line)
            identifier = str(row["_id"])
        except (ValueError, KeyError, TypeError) as error:
            raise BadCollectionError(
                f"{folder / name}, line {number}: not JSON with an _id"
            ) from error
        yield identifier, row


def _lines(folder: Path, name: str) -> Iterator[tuple[int, str]]:
    """Lines that are not empty, with their numbers."""
    zipped = folder / f"{name}.gz"
    path = zipped if zipped.exists() else folder / name
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path == zipped
            else path.open(encoding="utf-8") as file
        ):
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadCollectionError(f"{path} cannot be read: {error}") from error


def ndcg(ranked: Sequence[int], judged: Sequence[int], depth: int) -> float:
    """The discounted gain of the relevances in rank order, of the best that is possible."""
    best = _gain(sorted(judged, reverse=True)[:depth])
    return _gain(ranked[:depth]) / best if best else 0.0


def _gain(relevances: Sequence[int]) -> float:
    return fsum((2.0 ** max(one, 0) - 1) / log2(rank + 1) for rank, one in enumerate(relevances, 1))


def average_precision(ranked: Sequence[int], judged: Sequence[int]) -> float:
    """The mean of the precisions at each relevant document; one never found counts as 0."""
    found, total = 0, 0.0
    for rank, relevance in enumerate(ranked, 1):
        if relevance > 0:
            found += 1
            total += found / rank
    relevant = sum(relevance > 0 for relevance in judged)
    return total / relevant if relevant else 0.0


class Shelf:
    """A collection in an index of its own, in a folder for the time being."""

    def __init__(self, collection: Collection, folder: Path, engine: str) -> None:
        from search import open_index
        from search.documents import Checkpoint, Document
        from search.engines import engine_named
        from search.place import Place

        self.collection = collection
        self._names = list(collection.corpus)
        place = Place(folder, engine_named(engine))
        with place.writing():
            path = place.new_build()
            built = place.engine.create(path)
            documents = [
                Document(
                    row=row,
                    key=name,
                    version=1,
                    seq=row,
                    title=found.get("title") or "",
                    abstract=found.get("text") or "",
                    authors=_authors(found),
                )
                for row, (name, found) in enumerate(collection.corpus.items())
            ]
            built.apply(documents, Checkpoint(collection.name, len(documents)))
            built.close()
            place.publish(path)
        self.index = open_index(folder, engine)

    def search(self, text: str) -> list[str]:
        """The names of what a search finds, best first."""
        from papers.documents import VOCABULARY
        from search import parse

        found = self.index.search(parse(text, VOCABULARY), limit=_DEPTH)
        return [self._names[hit.row] for hit in found]

    def related(self, text: str) -> list[str]:
        """The names of everything that is like a text, nearest first."""
        found = self.index.related("", text, limit=len(self._names))
        return [self._names[hit.row] for hit in found]


def _authors(row: dict[str, Any]) -> tuple[str, ...]:
    authors = (row.get("metadata") or {}).get("authors") or ()
    if isinstance(authors, str):
        authors = authors.split(";")
    return tuple(str(author).strip() for author in authors if str(author).strip())


def evaluate_search(shelf: Shelf) -> dict[str, float]:
    """nDCG@10 and MAP (to depth 1,000), means over the judged queries."""
    scores: list[tuple[float, float]] = []
    for query, judged in _judged(shelf.collection):
        ranked = [judged.get(name, 0) for name in shelf.search(shelf.collection.queries[query])]
        values = list(judged.values())
        scores.append((ndcg(ranked, values, 10), average_precision(ranked, values)))
    return _means(("nDCG@10", "MAP"), scores)


def evaluate_related(shelf: Shelf) -> dict[str, float]:
    """nDCG@10, NDCG%20 and MAP over each query's judged pool, means over the judged queries."""
    scores: list[tuple[float, float, float]] = []
    for query, judged in _judged(shelf.collection):
        pool = {name: one for name, one in judged.items() if name != query}
        places = {name: at for at, name in enumerate(shelf.related(_paper(shelf, query)))}
        order = sorted(pool, key=lambda name: (places.get(name, len(places)), name))
        ranked = [pool[name] for name in order]
        fifth = ceil(len(pool) * 0.2)
        scores.append(
            (
                ndcg(ranked, ranked, 10),
                ndcg(ranked, ranked, fifth),
                average_precision(ranked, ranked),
            )
        )
    return _means(("nDCG@10", "NDCG%20", "MAP"), scores)


def _paper(shelf: Shelf, query: str) -> str:
    return shelf.collection.queries[query]


def _judged(collection: Collection) -> Iterator[tuple[str, dict[str, int]]]:
    for query, judged in collection.judgements.items():
        if query in collection.queries and any(one > 0 for one in judged.values()):
            yield query, judged


def _means(names: Sequence[str], scores: Sequence[Sequence[float]]) -> dict[str, float]:
    number = max(len(scores), 1)
    means = {name: sum(one[at] for one in scores) / number for at, name in enumerate(names)}
    return means | {"queries": float(len(scores))}


def find_collections(folder: Path) -> list[Path]:
    """The folder itself if it is a collection, else the collections in it."""
    candidates = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    found = [path for path in candidates if any(path.glob("corpus.jsonl*"))]
    return found[:1] if found[:1] == [folder] else found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each collection; 1 when there is none, or one that cannot be read."""
    parser = argparse.ArgumentParser(description="Judge the ranking by collections.")
    parser.add_argument("--dir", type=Path, default=None)
    parser.add_argument("--task", choices=("search", "related"), default="search")
    parser.add_argument("--engine", choices=("tantivy", "whoosh"), default="tantivy")
    chosen = parser.parse_args(arguments)
    folder = chosen.dir or COLLECTIONS
    paths = find_collections(folder) if folder.is_dir() else []
    if not paths:
        print(f"There is no collection (corpus.jsonl) in {folder}.", file=sys.stderr)
        return 1
    import django

    django.setup()
    measure = evaluate_related if chosen.task == "related" else evaluate_search
    for path in paths:
        try:
            collection = read_collection(path)
        except BadCollectionError as error:
            print(error, file=sys.stderr)
            return 1
        with tempfile.TemporaryDirectory() as place:
            shelf = Shelf(collection, Path(place), chosen.engine)
            figures = measure(shelf)
            shelf.index.close()
        number = int(figures.pop("queries"))
        told = " · ".join(f"{name} {value:.3f}" for name, value in figures.items())
        print(
            f"{collection.name}: {told} ({number} queries, {len(collection.corpus):,} documents)",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
