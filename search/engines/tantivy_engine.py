"""The default engine: tantivy (Rust, BM25, memory-mapped).

Tokens arrive analysed and joined by spaces, so tantivy only cuts at spaces. The checkpoint is a
document that has none of the searched fields; `_all` is the one query that has to leave it out.
"""

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Self

import tantivy
from tantivy import FieldType, Occur, Order

from search.documents import (
    Change,
    Checkpoint,
    Document,
    Facets,
    Hit,
    Results,
    Sort,
    State,
    Title,
    make_facets,
    sort_key,
    why_unfit,
)
from search.engines.base import DEEPEST_RESULT, Engine
from search.errors import IndexBusy, IndexMissing, IndexTorn, UnfitDocument
from search.plan import All, Clause, Days, Empty, Mixed, Near, Term, Unscored
from search.preparation import Prepared, prepare

log = logging.getLogger(__name__)

_HEAP_BYTES = 128_000_000
_WINDOW = 50_000
_REMEMBERED_FREQUENCIES = 20_000
# More categories and years than there will be: nothing is left out, so the counts are exact.
_FACETS = {
    "terms": {"terms": {"field": "category", "size": 2_000, "segment_size": 10_000}},
    "years": {"terms": {"field": "year", "size": 2_000, "segment_size": 10_000}},
}


def make_schema() -> tantivy.Schema:
    """The fields as tantivy keeps them."""
    builder = tantivy.SchemaBuilder()
    for name in ("text", "title", "authors"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("abstract", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("heading", tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("category", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("name", "key", "meta"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("shown", stored=True)
    builder.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("row", indexed=True, fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    for name in ("version", "seq", "moment", "year"):
        builder.add_integer_field(name, fast=True)
    return builder.build()


def bind(document: Document, prepared: Prepared) -> tantivy.Document:
    """The document that tantivy takes in, from fields that are prepared."""
    values: dict[str, Any] = {
        "text": [*prepared.title, *prepared.abstract],
        "title": prepared.title,
        "abstract": prepared.abstract,
        "heading": prepared.heading,
        "authors": prepared.authors,
        "name": prepared.names,
        "category": prepared.categories,
        "key": document.key,
        "shown": document.title.encode(),
        "row": document.row,
        "version": document.version,
        "seq": document.seq,
        "moment": sort_key(document),
    }
    if prepared.day is not None:
        values["day"] = prepared.day
        values["year"] = prepared.year
    return tantivy.Document(**values)


@contextmanager
def _unharmed() -> Iterator[None]:
    """Turn what tantivy says about files it can't read, in whatever form, into IndexTorn."""
    try:
        yield
    except (ValueError, RuntimeError, OSError) as error:
        raise IndexTorn(f"tantivy: {error}") from error
    except BaseException as error:
        # A panic in Rust is no Exception, and its class can't be imported.
        if type(error).__name__ == "PanicException":
            raise IndexTorn(f"tantivy: {error}") from error
        raise


class TantivyEngine(Engine):
    name: ClassVar[str] = "tantivy"
    format: ClassVar[int] = 7

    def __init__(self, path: Path, index: tantivy.Index, writer: Any = None) -> None:
        self._meta = str(path / "meta.json")
        self._index = index
        self._writer = writer
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        # Of the last commit; the same words are asked for again and again. Some 3 MB at most.
        self._frequencies: dict[tuple[str, str], int] = {}
        self._schema = index.schema
        self._all = tantivy.Query.const_score_query(
            tantivy.Query.boolean_query(
                [
                    (Occur.Must, tantivy.Query.all_query()),
                    (Occur.MustNot, self._raw("meta", "checkpoint")),
                ]
            ),
            0.0,
        )
        with _unharmed():
            # Looked after by hand: no thread that polls, and a commit is seen at the next call.
            index.config_reader("manual")
            searcher = self._fresh()
            newest = searcher.search(
                tantivy.Query.all_query(), 1, count=False, order_by_field="row"
            ).hits
        # The checkpoint has no row.
        self._highest = -1 if not newest or newest[0][0] is None else int(newest[0][0])

    @classmethod
    def create(cls, path: Path) -> Self:
        path.mkdir(parents=True)
        index = tantivy.Index(make_schema(), str(path))
        return cls(path, index, cls._open_writer(index))

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        if not path.is_dir():
            raise IndexMissing(f"There is no index at {path}.")
        with _unharmed():
            index = tantivy.Index.open(str(path))
        return cls(path, index, cls._open_writer(index) if write else None)

    @staticmethod
    def _open_writer(index: tantivy.Index) -> tantivy.IndexWriter:
        try:
            # One thread: it keeps up with the analysis, and a commit makes one segment, not many.
            return index.writer(_HEAP_BYTES, 1)
        except ValueError as error:
            if "LockBusy" in str(error):
                raise IndexBusy("Another process writes this index.") from error
            raise IndexTorn(f"tantivy: {error}") from error

    def apply(
        self, changes: Sequence[Change], checkpoint: Checkpoint, *, commit: bool = True
    ) -> None:
        for change in changes:
            if reason := why_unfit(change):
                raise UnfitDocument(f"Document {change.row}: {reason}.")
        with _unharmed():
            for change in changes:
                if isinstance(change, Document):
                    self.put(change, prepare(change))
                else:
                    self._writer.delete_documents_by_term("row", change.row)
            if not commit:
                return
            self._writer.delete_documents_by_term("meta", "checkpoint")
            mark = tantivy.Document()
            mark.add_text("meta", "checkpoint")
            mark.add_text("position", f"{checkpoint.seq} {checkpoint.database}")
            self._writer.add_document(mark)
            self._writer.commit()

    def put(self, document: Document, prepared: Prepared) -> None:
        """Take in a document whose fields are prepared, in place of the one of its row."""
        # A row above all others is nobody's: nothing to look for, as nearly always in a build.
        if document.row <= self._highest:
            self._writer.delete_documents_by_term("row", document.row)
        self._highest = max(self._highest, document.row)
        self._writer.add_document(bind(document, prepared))

    def checkpoint(self) -> Checkpoint | None:
        searcher = self._fresh()
        with _unharmed():
            hits = searcher.search(self._raw("meta", "checkpoint"), 1).hits
            if not hits:
                return None
            seq, _, database = str(searcher.doc(hits[0][1])["position"][0]).partition(" ")
            return Checkpoint(database, int(seq))

    def search(
        self, clause: Clause, *, sort: Sort = Sort.RELEVANCE, limit: int = 25, offset: int = 0
    ) -> Results:
        started = perf_counter()
        searcher = self._fresh()
        query = self.translate(clause)
        wanted = min(limit, DEEPEST_RESULT - offset)
        by_date = sort is Sort.DATE
        with _unharmed():
            # Any: the package's stubs leave out `count`.
            found: Any = searcher.search(
                query,
                max(wanted, 1),
                offset=offset if wanted > 0 else 0,
                order_by_field="moment" if by_date else None,
                order=Order.Desc,
            )
            hits = self._hits(searcher, found.hits, by_date) if wanted > 0 else ()
        return Results(hits, int(found.count), (perf_counter() - started) * 1000)

    def nearest(self, clause: Clause, limit: int) -> tuple[Hit, ...]:
        searcher = self._fresh()
        query = self.translate(clause)
        with _unharmed():
            return self._hits(searcher, searcher.search(query, limit, count=False).hits)

    @staticmethod
    def _hits(
        searcher: tantivy.Searcher, best: list[Any], by_date: bool = False
    ) -> tuple[Hit, ...]:
        scores, addresses = zip(*best, strict=True) if best else ((), ())
        rows: Any = searcher.fast_field_values("row", list(addresses))
        days: Any = searcher.fast_field_values("day", list(addresses))
        return tuple(map(Hit, rows, repeat(0.0) if by_date else scores, days))

    def facets(self, clause: Clause) -> Facets:
        searcher = self._fresh()
        query = self.translate(clause)
        with _unharmed():
            found: Any = searcher.aggregate(query, _FACETS)
        terms, years = (
            {bucket["key"]: int(bucket["doc_count"]) for bucket in found[name]["buckets"]}
            for name in ("terms", "years")
        )
        return make_facets(terms, {int(year): number for year, number in years.items()})

    def titles(self, clause: Clause, limit: int) -> tuple[Title, ...]:
        searcher = self._fresh()
        query = self.translate(clause)
        with _unharmed():
            addresses = [at for _, at in searcher.search(query, limit, count=False).hits]
            rows = searcher.fast_field_values("row", addresses)
            shown = [bytes(searcher.doc(at)["shown"][0]).decode() for at in addresses]
        return tuple(Title(int(row or 0), text) for row, text in zip(rows, shown, strict=True))

    def titles_of(self, rows: Sequence[int]) -> dict[int, str]:
        searcher = self._fresh()
        with _unharmed():
            addresses = [at for _, at in searcher.search(self._rows(rows), 1000, count=False).hits]
            found = searcher.fast_field_values("row", addresses)
            shown = [bytes(searcher.doc(at)["shown"][0]).decode() for at in addresses]
        return {int(row or 0): text for row, text in zip(found, shown, strict=True)}

    def scores_of(self, rows: Sequence[int], wishes: Sequence[Clause]) -> dict[int, float]:
        searcher = self._fresh()
        wished = [(Occur.Should, self.translate(one)) for one in wishes]
        query = tantivy.Query.boolean_query([(Occur.Must, self._rows(rows)), *wished])
        with _unharmed():
            hits = searcher.search(query, len(rows) or 1, count=False).hits
            found = searcher.fast_field_values("row", [at for _, at in hits])
        return {int(row or 0): float(score) for row, (score, _) in zip(found, hits, strict=True)}

    def _rows(self, rows: Sequence[int]) -> tantivy.Query:
        # A set of terms would be one query, and takes six times as long.
        query = tantivy.Query
        terms = [query.term_query(self._schema, "row", row, "basic") for row in rows]
        return query.const_score_query(
            query.boolean_query([(Occur.Should, term) for term in terms]), 0.0
        )

    def document_frequencies(self, field: str, tokens: Iterable[str]) -> list[int]:
        searcher = self._fresh()
        if len(self._frequencies) >= _REMEMBERED_FREQUENCIES:
            self._frequencies.clear()
        found: list[int] = []
        with _unharmed():
            for token in tokens:
                frequency = self._frequencies.get((field, token), 0)
                if not frequency and (frequency := int(searcher.doc_freq(field, token))):
                    # Words that no document has are many and seldom asked for again.
                    self._frequencies[field, token] = frequency
                found.append(frequency)
        return found

    def completions(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        searcher = self._fresh()
        with _unharmed():
            return searcher.terms_with_prefix(field, prefix, limit=limit)

    def count(self) -> int:
        searcher = self._fresh()
        with _unharmed():
            marks = bool(searcher.doc_freq("meta", "checkpoint"))
            return int(searcher.num_docs) - marks

    def states(self) -> Iterator[State]:
        searcher = self._fresh()
        after = -1
        while True:
            with _unharmed():
                rest = tantivy.Query.range_query(
                    self._schema, "row", FieldType.Integer, after, None, include_lower=False
                )
                hits = searcher.search(
                    rest, _WINDOW, count=False, order_by_field="row", order=Order.Asc
                ).hits
                addresses = [address for _, address in hits]
                versions = searcher.fast_field_values("version", addresses)
                seqs = searcher.fast_field_values("seq", addresses)
            for (row, _), version, seq in zip(hits, versions, seqs, strict=True):
                yield State(int(row), int(version or 0), int(seq or 0))
            if len(hits) < _WINDOW:
                return
            after = int(hits[-1][0])

    def newest(self, limit: int) -> list[State]:
        searcher = self._fresh()
        with _unharmed():
            hits = searcher.search(
                self._all, limit, count=False, order_by_field="seq", order=Order.Desc
            ).hits
            addresses = [address for _, address in hits]
            rows: Any = searcher.fast_field_values("row", addresses)
            versions: Any = searcher.fast_field_values("version", addresses)
        return [State(*one) for one in zip(rows, versions, (seq for seq, _ in hits), strict=True)]

    def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with _unharmed():
                writer.wait_merging_threads()

    def _fresh(self) -> tantivy.Searcher:
        """A view of the last commit. Costs one look at a file's date; a reload when it changed."""
        try:
            status = os.stat(self._meta)  # noqa: PTH116  # a path costs more than the look
            stamp = (status.st_mtime_ns, status.st_ino)
        except OSError:
            stamp = self._seen or (0, 0)  # taken away: what is open still answers
        if stamp != self._seen:
            with self._lock:
                if stamp != self._seen:
                    try:
                        self._index.reload()
                    except ValueError as error:
                        if self._seen is None:
                            raise IndexTorn(f"tantivy: {error}") from error
                        log.warning("The index can't be read anew, the last view stays: %s", error)
                    self._seen = stamp
                    self._frequencies.clear()
        return self._index.searcher()

    def _raw(self, field: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, "basic")

    def translate(self, clause: Clause) -> tantivy.Query:
        """The query that tantivy is asked for a clause."""
        query = tantivy.Query
        match clause:
            case Term(field, token, weight):
                option = "position" if field in ("text", "title", "authors") else "basic"
                found = query.term_query(self._schema, field, token, option)
                return found if weight == 1 else query.boost_query(found, weight)
            case Near(field, tokens, slop, weight):
                found = query.phrase_query(self._schema, field, list(tokens), slop)
                return found if weight == 1 else query.boost_query(found, weight)
            case Days(first, last):
                days = query.range_query(self._schema, "day", FieldType.Integer, first, last)
                return query.const_score_query(days, 0.0)
            case All():
                return self._all
            case Empty():
                return query.empty_query()
            case Unscored(inner):
                return query.const_score_query(self.translate(inner), 0.0)
            case Mixed(must, should, must_not):
                return query.boolean_query(
                    [
                        *((Occur.Must, self.translate(one)) for one in must),
                        *((Occur.Should, self.translate(one)) for one in should),
                        *((Occur.MustNot, self.translate(one)) for one in must_not),
                    ]
                )
