"""Search: tantivy, against whoosh as the baseline, on 1,000 made-up papers."""

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from search.documents import Checkpoint, Document
from search.engines import engine_named
from search.plan import plan
from search.query import parse

PAPERS = 1_000
QUERIES = 100
BASELINE, MEASURED = "whoosh", "tantivy"


def measure() -> Iterator[str]:
    """One line for indexing and one for queries of three words."""
    papers, queries = make_papers(), make_queries()
    seconds = {name: measure_engine(name, papers, queries) for name in (BASELINE, MEASURED)}
    for position, (what, count) in enumerate((("indexing", PAPERS), ("queries", QUERIES))):
        slow, fast = seconds[BASELINE][position], seconds[MEASURED][position]
        yield (
            f"{what}: {MEASURED} {count / fast:,.0f}/s, {BASELINE} {count / slow:,.0f}/s, "
            f"{slow / fast:.1f} times as fast"
        )


def measure_engine(name: str, papers: list[Document], queries: list[str]) -> tuple[float, float]:
    """Seconds to index all papers in batches, and to answer all queries."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_named(name).create(Path(folder) / "index")
        began = time.perf_counter()
        for start in range(0, PAPERS, 500):
            batch = papers[start : start + 500]
            engine.apply(batch, Checkpoint("bench", batch[-1].seq))
        indexed = time.perf_counter()
        for query in queries:
            engine.search(plan(parse(query).root))
        answered = time.perf_counter()
        engine.close()
    return indexed - began, answered - indexed


# Made-up words whose frequencies fall as in a language: the n-th is about 1/n as frequent.
_VOCABULARY = [f"w{number:x}ord" for number in range(20_000)]
_WEIGHTS = [1 / (rank + 10) for rank in range(len(_VOCABULARY))]


def make_papers() -> list[Document]:
    """The same papers at each run: ten words of title, a hundred and fifty of abstract."""
    chance = random.Random(2)
    return [
        Document(
            row=number,
            key=f"2601.{number:05}",
            version=1,
            seq=number,
            title=" ".join(chance.choices(_VOCABULARY, _WEIGHTS, k=10)),
            abstract=" ".join(chance.choices(_VOCABULARY, _WEIGHTS, k=150)),
            authors=tuple(chance.choices(_VOCABULARY, k=4)),
            categories=("cs.LG",),
            day=date(2026, 1, 1) + timedelta(days=number % 300),
            moment=1_767_225_600 + number,
        )
        for number in range(1, PAPERS + 1)
    ]


def make_queries() -> list[str]:
    """Three words each, none of them among the twenty most frequent."""
    chance = random.Random(3)
    return [
        " ".join(chance.choices(_VOCABULARY[20:2_000], _WEIGHTS[20:2_000], k=3))
        for _ in range(QUERIES)
    ]
