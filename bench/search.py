"""Search on real papers: tantivy through the project against bare tantivy, and other engines.

    python -m bench.search [--papers N] [--whoosh N]

Every engine gets the same papers and answers the same queries, one after the other in one run. It
prints the table of docs/benchmarks.md. Bare tantivy is fed the same prepared fields from memory,
and asked the same clauses with nothing around them; the ratios to it are of times taken in turn.
"""

import argparse
import gzip
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import tantivy

from coolpapers import embedded
from search import Index, open_index, parse
from search.analysis import analyse
from search.documents import Checkpoint, Document
from search.engines import engine_named
from search.engines.tantivy_engine import TantivyEngine, bind, make_schema
from search.place import Place
from search.plan import Clause, Mixed, Term, plan, within
from search.preparation import Prepared, prepare
from search.query import Category

PAPERS = 99_633
WHOOSH_PAPERS = 20_000
REAL_PAPERS = (
    Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "papers_100k.jsonl.gz"
)
_BATCH = 5_000

QUERIES: dict[str, list[str]] = {
    "two words": [
        "diffusion models", "graph networks", "black holes", "quantum entanglement",
        "image segmentation", "random matrices", "galaxy clusters", "speech recognition",
    ],
    "five words": [
        "deep reinforcement learning robot control", "large language model reasoning benchmark",
        "dark matter halo density profile", "convex optimization gradient descent convergence",
        "neural machine translation low resource", "topological phases quantum spin chains",
    ],
    "phrase": [
        '"neural network"', '"dark matter"', '"large language models"', '"random walk"',
        '"machine learning"', '"phase transition"',
    ],
    "filtered": ["learning", "graph", "quantum", "model", "field theory", "networks"],
}  # fmt: skip
FILTER = "cs.LG"
RELATED = "related"


@dataclass
class Row:
    """What is told of one engine: seconds to build (and from fields that are prepared), bytes on
    disk, milliseconds by kind."""

    name: str
    papers: int
    build: float = 0.0
    prepared: float = 0.0
    size: int = 0
    times: dict[str, list[float]] = field(default_factory=dict)

    def ask(self, kind: str, questions: Sequence[Callable[[], object]], rounds: int = 3) -> None:
        """Take the time of each question, the first round left out."""
        for turn in range(rounds + 1):
            for question in questions:
                began = time.perf_counter()
                question()
                if turn:
                    self.times.setdefault(kind, []).append((time.perf_counter() - began) * 1000)

    def compare(
        self,
        kind: str,
        clauses: Sequence[Clause],
        engine: TantivyEngine,
        searcher: tantivy.Searcher,
        rounds: int = 20,
    ) -> None:
        """The same clauses through the engine and without it, in turn, so that both meet the same
        machine; of each the best time of the rounds."""
        for clause in clauses:
            plain = _plainly(searcher, engine.translate(clause))
            asked: dict[str, Callable[[], object]] = {
                "bare": plain,
                "engine": lambda clause=clause: engine.search(clause),  # type: ignore[misc]
            }
            best = dict.fromkeys(asked, float("inf"))
            for _ in range(rounds):
                for name, question in asked.items():
                    began = time.perf_counter()
                    question()
                    best[name] = min(best[name], time.perf_counter() - began)
            for name, seconds in best.items():
                self.times.setdefault(f"{name}, {kind}", []).append(seconds * 1000)

    def told(self) -> str:
        """A row of the table."""
        cells = [self.name, f"{self.papers:,}", f"{self.build:.1f} s", f"{self.size / 1e6:.0f} MB"]
        for kind in (*QUERIES, RELATED):
            times = sorted(self.times.get(kind, []))
            middle, late = len(times) // 2, len(times) * 95 // 100
            cells.append(f"{times[middle]:.1f} / {times[late]:.1f}" if times else "–")
        return f"| {' | '.join(cells)} |"


def measure(papers: int = PAPERS, whoosh: int = WHOOSH_PAPERS) -> Iterator[str]:
    """The table, a row an engine, then the ratios that are promised."""
    documents = read_papers(papers)
    if not documents:
        yield "The real papers (../shared/data) are not here."
        return
    yield f"| engine | papers | build | size | {' | '.join((*QUERIES, RELATED))} |"
    yield "|---" * (5 + len(QUERIES)) + "|"
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for run in (project, bare, sqlite, postgres):
            rows.append(run(documents, folder))
            yield rows[-1].told()
        yield project(documents[:whoosh], folder, "whoosh").told()
    ours, plain = rows[0], rows[1]
    yield (
        f"build: {plain.build / plain.prepared:.2f} of the speed of bare tantivy from the same "
        "prepared fields (promised: 0.60)"
    )
    yield (
        f"build: {plain.build / ours.build:.2f} of the speed of bare tantivy, preparing included "
        "(promised: 0.40, with reading from the database)"
    )
    for kind in (*QUERIES, RELATED):
        ratio = _middle(plain.times[f"engine, {kind}"]) / _middle(plain.times[f"bare, {kind}"])
        yield (
            f"{kind}: the engine takes {ratio:.2f} times the time of bare tantivy for the same "
            "clauses (promised: 1.50)"
        )


def _middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


def read_papers(number: int) -> list[Document]:
    """The first papers of the sample as documents; none where it is absent."""
    if not REAL_PAPERS.exists():
        return []
    documents: list[Document] = []
    with gzip.open(REAL_PAPERS, "rt", encoding="utf-8") as file:
        for row, line in enumerate(file, 1):
            paper = json.loads(line)
            told = paper["published"] or paper["updated"]
            day = date.fromisoformat(told[:10]) if told else None
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
            documents.append(
                Document(
                    row=row,
                    key=paper["id"],
                    version=1,
                    seq=row,
                    title=paper["title"],
                    abstract=paper["abstract"],
                    authors=tuple(paper["authors"]),
                    categories=tuple(paper["categories"]),
                    day=day,
                    moment=max(int(moment.timestamp()), 0) if moment else None,
                )
            )
            if row == number:
                break
    return documents


def project(documents: list[Document], folder: Path, engine: str = "tantivy") -> Row:
    """Through `Place`, an engine and `Index.search`, as the site does."""
    row = Row(f"{engine} through the project", len(documents))
    place = Place(folder / engine, engine_named(engine))
    began = time.perf_counter()
    with place.writing():
        path = place.new_build()
        built = place.engine.create(path)
        for start in range(0, len(documents), _BATCH):
            batch = documents[start : start + _BATCH]
            last = start + _BATCH >= len(documents)
            commit = last or (start // _BATCH) % 4 == 3
            built.apply(batch, Checkpoint("bench", batch[-1].seq), commit=commit)
        built.close()
        place.publish(path)
    row.build = time.perf_counter() - began
    row.size = _size(path)
    index = open_index(folder / engine, engine)
    rounds = 3 if engine == "tantivy" else 1
    for kind, texts in QUERIES.items():
        row.ask(kind, [_search(index, kind, text) for text in texts], rounds)
    row.ask(RELATED, [_related(index, one) for one in _seeds(documents)], rounds)
    index.close()
    return row


def _search(index: Index, kind: str, text: str) -> Callable[[], object]:
    filters = (Category(FILTER),) if kind == "filtered" else ()
    return lambda: index.search(parse(text), filters=filters)


def _related(index: Index, document: Document) -> Callable[[], object]:
    return lambda: index.related(document.title, document.abstract, but=document.row)


def _seeds(documents: list[Document]) -> list[Document]:
    return documents[:: max(len(documents) // 10, 1)][:10]


def bare(documents: list[Document], folder: Path) -> Row:
    """tantivy alone: a loop over fields prepared beforehand, and queries made beforehand."""
    row = Row("bare tantivy", len(documents))
    prepared = [(one, prepare(one)) for one in documents]
    path = folder / "bare"
    index, row.build = feed_bare(prepared, path)
    row.size = _size(path)
    through = TantivyEngine.create(folder / "prepared")
    began = time.perf_counter()
    for document, fields in prepared:
        through.put(document, fields)
    through.apply([], Checkpoint("bench", len(prepared)))
    through.close()
    row.prepared = time.perf_counter() - began
    del prepared
    engine = TantivyEngine(path, index)
    searcher = index.searcher()
    clauses = {kind: [_clause(kind, text) for text in texts] for kind, texts in QUERIES.items()}
    clauses[RELATED] = [
        Mixed(should=tuple(Term("text", word) for word in _tellers(one)))
        for one in _seeds(documents)
    ]
    for kind, some in clauses.items():
        row.ask(kind, [_plainly(searcher, engine.translate(clause)) for clause in some])
        row.compare(kind, some, engine, searcher)
    return row


def feed_bare(
    prepared: Sequence[tuple[Document, Prepared]], path: Path
) -> tuple[tantivy.Index, float]:
    """An index by tantivy alone, in a loop over what is in memory, and the seconds of that loop."""
    path.mkdir()
    index = tantivy.Index(make_schema(), str(path))
    writer = index.writer(128_000_000, 1)
    began = time.perf_counter()
    for document, fields in prepared:
        writer.add_document(bind(document, fields))
    writer.commit()
    writer.wait_merging_threads()
    return index, time.perf_counter() - began


def _clause(kind: str, text: str) -> Clause:
    filters = (Category(FILTER),) if kind == "filtered" else ()
    return within(plan(parse(text).root), filters)


def _plainly(searcher: tantivy.Searcher, query: tantivy.Query) -> Callable[[], object]:
    def ask() -> object:
        hits = searcher.search(query, 25).hits
        return searcher.fast_field_values("row", [address for _, address in hits])

    return ask


def sqlite(documents: list[Document], folder: Path) -> Row:
    """SQLite's FTS5 with its Porter stemmer and BM25."""
    row = Row("SQLite FTS5", len(documents))
    path = folder / "sqlite.db"
    base = sqlite3.connect(path)
    base.execute(
        "CREATE VIRTUAL TABLE papers USING fts5(title, abstract, authors, categories, "
        "tokenize='porter unicode61')"
    )
    began = time.perf_counter()
    base.executemany("INSERT INTO papers VALUES (?, ?, ?, ?)", map(_columns, documents))
    base.commit()
    row.build = time.perf_counter() - began
    row.size = path.stat().st_size
    statement = "SELECT rowid FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 25"

    def ask(match: str) -> Callable[[], object]:
        return lambda: base.execute(statement, (match,)).fetchall()

    for kind, texts in QUERIES.items():
        marked = [
            f'{text} AND categories:"{FILTER}"' if kind == "filtered" else text for text in texts
        ]
        row.ask(kind, [ask(text) for text in marked], 1)
    row.ask(RELATED, [ask(" OR ".join(_tellers(one))) for one in _seeds(documents)], 1)
    base.close()
    return row


def postgres(documents: list[Document], folder: Path) -> Row:
    """PostgreSQL's tsvector with a GIN index and ts_rank_cd, as `make run` starts the server."""
    row = Row("PostgreSQL tsvector + GIN", len(documents))
    with (
        embedded.start(folder / "services", postgres=True, redis=False) as services,
        psycopg.connect(services.database_url, autocommit=True) as base,
    ):
        base.execute(
            "CREATE TABLE papers (id serial, title text, abstract text, authors text, "
            "categories text[], words tsvector GENERATED ALWAYS AS "
            "(setweight(to_tsvector('english', title), 'A') || to_tsvector('english', abstract) "
            "|| to_tsvector('simple', authors)) STORED)"
        )
        began = time.perf_counter()
        with (
            base.cursor() as cursor,
            cursor.copy("COPY papers (title, abstract, authors, categories) FROM STDIN") as copy,
        ):
            for one in documents:
                title, abstract, authors, _ = _columns(one)
                copy.write_row((title, abstract, authors, list(one.categories)))
        base.execute("CREATE INDEX ON papers USING gin (words)")
        base.execute("ANALYZE papers")
        row.build = time.perf_counter() - began
        sized: Any = base.execute("SELECT pg_total_relation_size('papers')").fetchone()
        row.size = sized[0]
        for kind, texts in QUERIES.items():
            also = "AND categories @> %s" if kind == "filtered" else ""
            values = ([FILTER],) if kind == "filtered" else ()
            ask = _asker(base, "websearch_to_tsquery", also, values)
            row.ask(kind, [ask(text) for text in texts], 1)
        ask = _asker(base, "to_tsquery", "", ())
        row.ask(RELATED, [ask(" | ".join(_tellers(one))) for one in _seeds(documents)], 1)
    return row


def _asker(
    base: psycopg.Connection[Any], reader: str, also: str, values: tuple[Any, ...]
) -> Callable[[str], Callable[[], object]]:
    statement = (
        f"SELECT id FROM papers, {reader}('english', %s) query "
        f"WHERE words @@ query {also} ORDER BY ts_rank_cd(words, query) DESC LIMIT 25"
    )
    return lambda text: lambda: base.execute(statement, (text, *values)).fetchall()


def _columns(document: Document) -> tuple[str, str, str, str]:
    authors = ", ".join(document.authors)
    return (
        document.title.replace("\0", ""),
        document.abstract.replace("\0", ""),
        authors.replace("\0", ""),
        " ".join(document.categories),
    )


def _tellers(document: Document) -> list[str]:
    """Twenty-five of a paper's words, for engines that know no related papers."""
    words = dict.fromkeys(analyse(f"{document.title} {document.abstract}").sequence)
    return [word for word in words if word.isascii() and word.isalpha() and len(word) > 3][:25]


def _size(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure search engines on real papers.")
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument("--whoosh", type=int, default=WHOOSH_PAPERS)
    chosen = parser.parse_args()
    for line in measure(chosen.papers, chosen.whoosh):
        print(line, flush=True)


if __name__ == "__main__":
    main()
