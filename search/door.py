"""The one door by which other rooms search."""

import logging
import threading
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from search.documents import Checkpoint, Hit, Results, Sort
from search.engines import engine_named
from search.engines.base import DEEPEST_RESULT, Engine
from search.errors import IndexMissing
from search.place import Place
from search.query import Node, Query, loosen
from search.related import likeness

log = logging.getLogger(__name__)

# With fewer documents that have all the words, those with some are shown behind them.
ENOUGH = 10


class Index:
    """An index for reading. Safe to share between threads; opened at the first question.

    Every question is answered from the newest commit of the live build. Each may raise
    IndexUnusable: there is no index yet, or it can't be read; the next question tries again.
    """

    def __init__(self, folder: Path, engine: str = "tantivy") -> None:
        self._place = Place(folder, engine_named(engine))
        self._engine: Engine | None = None
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def search(
        self,
        query: Query,
        *,
        filters: tuple[Node, ...] = (),
        sort: Sort = Sort.RELEVANCE,
        limit: int = 25,
        offset: int = 0,
    ) -> Results:
        """The documents a query means, `limit` of them from `offset` on (both at least 0).

        By relevance, where fewer than `ENOUGH` have all the words, those with some follow behind,
        and `loosened` says so. Filters choose and do not score.
        """
        engine = self._open()
        strict = engine.search(query.root, filters=filters, sort=sort, limit=limit, offset=offset)
        loose_root = loosen(query.root)
        if sort is Sort.DATE or strict.total >= ENOUGH or loose_root == query.root:
            return strict
        return _loosened(engine, query.root, loose_root, filters, limit, offset)

    def related(
        self, title: str, abstract: str, *, but: int | None = None, limit: int = 10
    ) -> Results:
        """The documents nearest to a text by content, without the one of row `but`."""
        started = perf_counter()
        engine = self._open()
        found = engine.search(likeness(engine, title, abstract), limit=limit + 1)
        hits = tuple(hit for hit in found if hit.row != but)[:limit]
        total = found.total - (len(found.hits) > len(hits) and but is not None)
        return Results(hits, total, (perf_counter() - started) * 1000)

    def count(self) -> int:
        """How many documents can be found."""
        return self._open().count()

    def checkpoint(self) -> Checkpoint | None:
        """How far the index has followed its database."""
        return self._open().checkpoint()

    def close(self) -> None:
        """Let go of the files; the next question opens them again."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
            self._engine = self._stamp = None

    def _open(self) -> Engine:
        stamp = self._place.stamp()
        if self._engine is not None and stamp in (self._stamp, None):
            return self._engine
        with self._lock:
            if self._engine is not None and stamp == self._stamp:
                return self._engine
            self._engine, self._stamp = self._open_live(), stamp
            return self._engine

    def _open_live(self) -> Engine:
        for path in (self._place.current(), self._place.current()):
            # Twice: between reading the name and opening the folder another build may go live.
            try:
                if path is not None:
                    return self._place.engine.open(path)
            except IndexMissing:
                continue
        raise IndexMissing(f"There is no index in {self._place.folder} yet.")


def _loosened(
    engine: Engine,
    root: Node,
    loose_root: Node,
    filters: tuple[Node, ...],
    limit: int,
    offset: int,
) -> Results:
    first = engine.search(root, filters=filters, limit=ENOUGH)
    best = {hit.row for hit in first}
    end = min(offset + limit, DEEPEST_RESULT)
    rest = engine.search(loose_root, filters=filters, limit=end)
    hits: list[Hit] = [*first.hits, *(hit for hit in rest if hit.row not in best)]
    took = first.took_ms + rest.took_ms
    return replace(
        rest, hits=tuple(hits[offset:end]), took_ms=took, loosened=rest.total > len(best)
    )
