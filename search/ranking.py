"""From a query to its page of hits: which documents count as found, and in which order.

An engine scores by words; what else puts one document before another is decided here, the same way
for every engine: those with all the words first, and newer ones a little before older ones.
"""

from collections.abc import Sequence
from dataclasses import replace

from search.documents import Hit, Results, Sort
from search.engines.base import DEEPEST_RESULT, Engine
from search.plan import Clause, weighted
from search.query import Node, loosen

# With fewer documents that have all the words, those with some are shown behind them.
ENOUGH = 10
# Hits are ordered anew within windows of so many, so that a page is the same however it is cut.
WINDOW = 100
# What a score gains for each year a document is younger. Ratios of scores depend on the distance
# of two dates only, so no index ages; where no document has a date, nothing changes.
YEARLY_GAIN = 0.01
_YEAR_OF_NO_GAIN = 2010
_DAYS_OF_A_YEAR = 365.2425


def rank(
    engine: Engine,
    root: Node,
    filters: tuple[Node, ...],
    sort: Sort,
    limit: int,
    offset: int,
) -> tuple[Results, Clause]:
    """A page of results, and the clause that matches all that was found.

    Whether words may be missing is decided without the filters, so that a filter only ever takes
    documents away and a number told beside it beforehand is right.
    """
    clause = weighted(root, filters)
    if sort is Sort.DATE:
        return engine.search(clause, sort=sort, limit=limit, offset=offset), clause
    loose_root = loosen(root)
    strict = _page(engine, clause, limit, offset)
    enough = strict.total
    if loose_root != root and enough < ENOUGH and filters:
        enough = engine.search(weighted(root, ()), limit=1).total
    if loose_root == root or enough >= ENOUGH:
        return strict, clause
    loose_clause = weighted(loose_root, filters)
    first = _page(engine, clause, ENOUGH, 0)
    end = min(offset + limit, DEEPEST_RESULT)
    rest = _page(engine, loose_clause, end, 0)
    best = {hit.row for hit in first}
    hits = [*first.hits, *(hit for hit in rest if hit.row not in best)]
    return replace(
        rest, hits=tuple(hits[offset:end]), loosened=rest.total > len(best)
    ), loose_clause


def _page(engine: Engine, clause: Clause, limit: int, offset: int) -> Results:
    """The hits of an engine, ordered anew within their windows."""
    end = min(offset + limit, DEEPEST_RESULT)
    start = min(offset, end) // WINDOW * WINDOW
    stop = -(-end // WINDOW) * WINDOW
    found = engine.search(clause, limit=max(stop - start, 1), offset=start)
    hits: list[Hit] = []
    for at in range(0, stop - start, WINDOW):
        hits += by_freshness(found.hits[at : at + WINDOW])
    return replace(found, hits=tuple(hits[offset - start : end - start]))


def by_freshness(hits: Sequence[Hit]) -> list[Hit]:
    """Hits with their scores raised for the young, best first; the undated gain nothing."""
    aged = [
        hit
        if hit.day is None
        else replace(
            hit,
            score=hit.score * (1 + YEARLY_GAIN) ** (hit.day / _DAYS_OF_A_YEAR - _YEAR_OF_NO_GAIN),
        )
        for hit in hits
    ]
    return sorted(aged, key=lambda hit: -hit.score)
