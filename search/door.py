"""The one door by which other rooms search."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from search.documents import Checkpoint, Results, Sort, Suggestions
from search.engines import engine_named
from search.engines.base import Engine
from search.errors import IndexMissing, IndexTooSlow
from search.keywords import Keyword, find_keywords
from search.place import Place
from search.plan import Clause, leaves, matching, plan
from search.query import Node, Query
from search.ranking import rank
from search.related import Related, nearest, seed_of, without
from search.spelling import correct
from search.suggestions import suggest

# Seconds a search may take.
TIME_LIMIT = 2.0
# Up to so many words in documents to look at, a search takes a few milliseconds.
CHEAP = 200_000
_MOST_SLOW = 4


class Index:
    """An index for reading. Safe to share between threads; opened at the first question.

    Every question is answered from the newest commit of the live build. Each may raise
    IndexUnusable: there is no index yet, or it can't be read; the next question tries again. A
    search raises IndexTooSlow, one of them, after `time_limit` seconds.
    """

    def __init__(
        self,
        folder: Path,
        engine: str = "tantivy",
        *,
        time_limit: float = TIME_LIMIT,
        cheap: int = CHEAP,
    ) -> None:
        self.time_limit = time_limit
        self.cheap = cheap
        self._threads: ThreadPoolExecutor | None = None
        self._place = Place(folder, engine_named(engine))
        self._engine: Engine | None = None
        self._stamp: tuple[int, int] | None = None
        self._lock = threading.Lock()

    def search(
        self,
        query: Query,
        *,
        filters: tuple[Node, ...] = (),
        facets: bool = False,
        sort: Sort = Sort.RELEVANCE,
        limit: int = 25,
        offset: int = 0,
    ) -> Results:
        """The documents a query means, `limit` of them from `offset` on (both at least 0).

        By relevance, where fewer than `ENOUGH` have all the words, those with some follow behind,
        and `loosened` says so. Filters choose and neither score nor change whether words may be
        missing. With `facets`, the numbers of all that was found (about as long again).
        """
        started = perf_counter()
        engine = self._open()

        def answer() -> Results:
            found, clause = rank(engine, query.root, filters, sort, limit, offset)
            counted = engine.facets(matching(clause)) if facets else None
            return replace(found, facets=counted, took_ms=(perf_counter() - started) * 1000)

        return self._timely(engine, plan(query.root), answer)

    def related(
        self,
        title: str,
        abstract: str,
        *,
        authors: Sequence[str] = (),
        categories: Sequence[str] = (),
        but: int | None = None,
        limit: int = 10,
    ) -> Related:
        """The documents nearest to a text by content, without the one of row `but`.

        That authors (names as they are written) and categories are the same counts a little.
        """
        started = perf_counter()
        engine = self._open()
        seed = seed_of(engine, title, abstract)
        found = nearest(engine, seed, authors, categories, limit + 1)
        took = (perf_counter() - started) * 1000
        return Related(without(found, but, limit), took, seed.strengths)

    def suggest(self, typed: str, limit: int = 5) -> Suggestions:
        """What somebody who has typed so far may mean: titles and authors, `limit` of each."""
        return suggest(self._open(), typed, limit)

    def did_you_mean(self, query: Query) -> str | None:
        """The query's text with the words that the index does not have corrected, if it can be."""
        return correct(self._open(), query)

    def keywords(self, title: str, abstract: str, limit: int = 8) -> tuple[Keyword, ...]:
        """The words and phrases that say what a text is about, strongest first."""
        return find_keywords(self._open(), title, abstract, limit)

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

    def _timely(self, engine: Engine, clause: Clause, answer: Callable[[], Results]) -> Results:
        """The answer, or IndexTooSlow after the time limit; the engine then goes on by itself.

        An engine can't be stopped, so what may take long is asked in a thread that is left behind,
        of which there are few. What can't take long is not worth a thread.
        """
        cost = sum(engine.document_frequency(*leaf) for leaf in leaves(clause))
        if cost <= self.cheap:
            return answer()
        if self._threads is None:
            with self._lock:
                self._threads = self._threads or ThreadPoolExecutor(_MOST_SLOW, "slow-search")
        future = self._threads.submit(answer)
        try:
            return future.result(self.time_limit)
        except TimeoutError as error:
            future.cancel()
            raise IndexTooSlow(f"No answer within {self.time_limit:g} seconds.") from error

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
