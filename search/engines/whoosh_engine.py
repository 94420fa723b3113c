"""The alternative where tantivy has no wheel: Whoosh, pure Python, for small installations."""

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Self

from whoosh import analysis as whoosh_analysis
from whoosh import fields, index, query, scoring
from whoosh.matching import Matcher
from whoosh.matching.wrappers import ConstantScoreWrapperMatcher
from whoosh.query.wrappers import WrappingQuery
from whoosh.searching import Searcher

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
from search.preparation import prepare

# Stands between two values of a field, so that no phrase reaches from one into the next.
_GAP = "\x1f"
_GAP_LENGTH = 100
# Ends a value of `name`.
_LINE = "\x1e"


class SpacedTokens(whoosh_analysis.Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Cuts analysed text at spaces and leaves a hole in the places at each gap mark."""

    def __call__(
        self, value: str, positions: bool = False, start_pos: int = 0, **_: object
    ) -> Iterator[whoosh_analysis.Token]:
        token = whoosh_analysis.Token(positions)
        place = start_pos
        for word in value.split(" "):
            if word == _GAP:
                place += _GAP_LENGTH
            elif word:
                token.text = word
                token.boost = 1.0
                token.stopped = False
                token.pos = place
                place += 1
                yield token


class WholeValues(whoosh_analysis.Analyzer):  # type: ignore[misc]  # Whoosh has no types
    """Each value is one token."""

    def __call__(self, value: str, **_: object) -> Iterator[whoosh_analysis.Token]:
        token = whoosh_analysis.Token()
        for one in value.split(_LINE):
            token.text = one
            token.boost = 1.0
            token.stopped = False
            yield token


def _schema() -> fields.Schema:
    spaced = SpacedTokens()
    return fields.Schema(
        text=fields.TEXT(analyzer=spaced),
        title=fields.TEXT(analyzer=spaced),
        authors=fields.TEXT(analyzer=spaced),
        abstract=fields.TEXT(analyzer=spaced, phrase=False),
        heading=fields.TEXT(analyzer=spaced, phrase=False),
        name=fields.TEXT(analyzer=WholeValues(), phrase=False),
        category=fields.KEYWORD(),
        key=fields.ID(),
        meta=fields.ID(),
        position=fields.STORED(),
        row=fields.ID(),
        state=fields.STORED(),
        shown=fields.STORED(),
        day=fields.NUMERIC(int, bits=32),
        moment=fields.NUMERIC(int, bits=64, sortable=True),
    )


def _prepare(document: Document) -> dict[str, Any]:
    prepared = prepare(document)
    fields: dict[str, Any] = {
        "text": _spaced(prepared.title + prepared.abstract),
        "title": _spaced(prepared.title),
        "abstract": _spaced(prepared.abstract),
        "heading": prepared.heading,
        "authors": _spaced(prepared.authors),
        "name": _LINE.join(prepared.names),
        "category": " ".join(prepared.categories),
        "key": document.key,
        "row": str(document.row),
        "state": (document.row, document.version, document.seq),
        "shown": (document.title, prepared.categories, prepared.day, prepared.year),
        "moment": sort_key(document),
    }
    if prepared.day is not None:
        fields["day"] = prepared.day
    return fields


def _spaced(values: list[str]) -> str:
    return f" {_GAP} ".join(values)


class WhooshEngine(Engine):
    name: ClassVar[str] = "whoosh"
    format: ClassVar[int] = 7
    meant_for: ClassVar[int | None] = 20_000

    def __init__(self, found: index.Index, write: bool) -> None:
        self._index = found
        self._write = write
        self._pending: dict[int, Change] = {}
        # Whoosh's readers share file positions, so threads take turns.
        self._lock = threading.RLock()
        with _unharmed():
            self._searcher: Searcher = found.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))

    @classmethod
    def create(cls, path: Path) -> Self:
        path.mkdir(parents=True)
        return cls(index.create_in(str(path), _schema()), True)

    @classmethod
    def open(cls, path: Path, *, write: bool = False) -> Self:
        if not path.is_dir():
            raise IndexMissing(f"There is no index at {path}.")
        with _unharmed():
            return cls(index.open_dir(str(path)), write)

    def apply(
        self, changes: Sequence[Change], checkpoint: Checkpoint, *, commit: bool = True
    ) -> None:
        for change in changes:
            if reason := why_unfit(change):
                raise UnfitDocument(f"Document {change.row}: {reason}.")
        assert self._write, "This index was opened for reading."
        # The last change of a row counts: a deletion reaches no document of its own batch.
        self._pending.update({change.row: change for change in changes})
        if not commit:
            return
        try:
            writer = self._index.writer(limitmb=64)
        except index.LockError as error:
            raise IndexBusy("Another process writes this index.") from error
        with _unharmed():
            try:
                for change in self._pending.values():
                    writer.delete_by_term("row", str(change.row))
                    if isinstance(change, Document):
                        writer.add_document(**_prepare(change))
                writer.delete_by_term("meta", "checkpoint")
                writer.add_document(
                    meta="checkpoint", position=(checkpoint.database, checkpoint.seq)
                )
                writer.commit()
                self._pending.clear()
            except BaseException:
                with contextlib.suppress(Exception):
                    writer.cancel()
                raise

    def checkpoint(self) -> Checkpoint | None:
        with self._fresh() as searcher:
            found = searcher.document(meta="checkpoint")
        return Checkpoint(*found["position"]) if found else None

    def search(
        self, clause: Clause, *, sort: Sort = Sort.RELEVANCE, limit: int = 25, offset: int = 0
    ) -> Results:
        started = perf_counter()
        wanted = max(0, min(limit, DEEPEST_RESULT - offset))
        with self._fresh() as searcher:
            found = searcher.search(
                _query(clause),
                limit=max(offset + wanted, 1),
                sortedby="moment" if sort is Sort.DATE else None,
                reverse=sort is Sort.DATE,
                # Skipping by block quality misses documents in nested queries.
                optimize=False,
            )
            hits = tuple(
                Hit(
                    int(found[at]["state"][0]),
                    0.0 if sort is Sort.DATE else float(found.score(at) or 0),
                    found[at]["shown"][2],
                )
                for at in range(offset, min(offset + wanted, found.scored_length()))
            )
            total = len(found)
        return Results(hits, total, (perf_counter() - started) * 1000)

    def nearest(self, clause: Clause, limit: int) -> tuple[Hit, ...]:
        return self.search(clause, limit=limit).hits

    def facets(self, clause: Clause) -> Facets:
        terms: Counter[str] = Counter()
        years: Counter[int] = Counter()
        with self._fresh() as searcher:
            for number in searcher.docs_for_query(_query(clause)):
                _, categories, _, year = searcher.stored_fields(number)["shown"]
                terms.update(categories)
                if year is not None:
                    years[year] += 1
        return make_facets(terms, years)

    def titles(self, clause: Clause, limit: int) -> tuple[Title, ...]:
        with self._fresh() as searcher:
            found = searcher.search(_query(clause), limit=limit, optimize=False)
            return tuple(Title(int(hit["state"][0]), hit["shown"][0]) for hit in found)

    def titles_of(self, rows: Sequence[int]) -> dict[int, str]:
        with self._fresh() as searcher:
            found = {row: searcher.document(row=str(row)) for row in rows}
        return {row: stored["shown"][0] for row, stored in found.items() if stored}

    def scores_of(self, rows: Sequence[int], wishes: Sequence[Clause]) -> dict[int, float]:
        among = Mixed(should=tuple(Term("row", str(row)) for row in rows))
        clause = Mixed(must=(Unscored(among),), should=tuple(wishes))
        return {hit.row: hit.score for hit in self.search(clause, limit=len(rows)).hits}

    def document_frequencies(self, field: str, tokens: Iterable[str]) -> list[int]:
        with self._fresh() as searcher:
            reader = searcher.reader()
            return [int(reader.doc_frequency(field, token)) for token in tokens]

    def completions(self, field: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        with self._fresh() as searcher:
            reader = searcher.reader()
            decode = reader.schema[field].from_bytes
            terms = [decode(term) for term in reader.expand_prefix(field, prefix)]
            counted = [(term, int(reader.doc_frequency(field, term))) for term in terms]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def count(self) -> int:
        with self._fresh() as searcher:
            marks = int(searcher.reader().doc_frequency("meta", "checkpoint") > 0)
            return int(searcher.reader().doc_count()) - marks

    def states(self) -> Iterator[State]:
        """As the contract has it, but for memory: a few numbers for each document are held."""
        with self._fresh() as searcher:
            held = sorted(
                stored["state"]
                for stored in searcher.reader().all_stored_fields()
                if "state" in stored
            )
        yield from (State(*state) for state in held)

    def newest(self, limit: int) -> list[State]:
        return nlargest(limit, self.states(), key=lambda state: state.seq)

    def close(self) -> None:
        with self._lock:
            self._searcher.close()
            self._index.close()

    @contextlib.contextmanager
    def _fresh(self) -> Iterator[Searcher]:
        """A searcher on the last commit, for this thread alone until it is given back."""
        with self._lock, _unharmed():
            if not self._searcher.up_to_date():
                self._searcher = self._searcher.refresh()
            yield self._searcher


@contextlib.contextmanager
def _unharmed() -> Iterator[None]:
    """Turn whatever Whoosh raises on files it can't read into IndexTorn."""
    try:
        yield
    except (IndexMissing, IndexTorn):
        raise
    except index.EmptyIndexError as error:
        raise IndexTorn(f"Whoosh: {error}") from error
    except Exception as error:
        # It checks little of what it reads, so a torn file shows as an error of any kind.
        raise IndexTorn(f"Whoosh: {type(error).__name__}: {error}") from error


class _Silent(WrappingQuery):  # type: ignore[misc]  # Whoosh has no types
    """Matches as its child does, with no score; Whoosh's own takes a constant of 0 for 1."""

    def matcher(self, searcher: Searcher, context: Any = None) -> Matcher:
        return ConstantScoreWrapperMatcher(self.child.matcher(searcher, context), 0.0)


def _query(clause: Clause) -> query.Query:
    match clause:
        case Term(field, token, weight):
            return query.Term(field, token, boost=weight)
        case Near(field, tokens, slop, weight):
            return query.Phrase(field, list(tokens), slop=slop + 1, boost=weight)
        case Days(first, last):
            return _Silent(query.NumericRange("day", first, last))
        case All():
            return _Silent(query.Every("row"))
        case Empty():
            return query.NullQuery
        case Unscored(inner):
            return _Silent(_query(inner))
        case Mixed(must, should, must_not):
            wished = query.Or([_query(one) for one in should])
            found = query.And([_query(one) for one in must]) if must else wished
            if must and should:
                found = query.AndMaybe(found, wished)
            if must_not:
                found = query.AndNot(found, query.Or([_query(one) for one in must_not]))
            return found
