"""From a query to its page of hits: which documents count as found, and in which order.

An engine scores by words; what else puts one document before another is decided here, the same way
for every engine: those with all the words first, and newer ones a little before older ones.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from search.analysis import stem
from search.documents import Hit, Results, Sort
from search.engines.base import DEEPEST_RESULT, Engine
from search.feedback import BUDGET_MS, REORDERED, wants_feedback, with_feedback
from search.plan import Clause, NameLikeness, matching, plan, within
from search.query import Node, loosen
from search.query.tree import wanted

# With fewer documents that have all the words, those with some are shown behind them.
ENOUGH = 10
# Hits are ordered anew within windows of so many, so that a page is the same however it is cut.
WINDOW = 50
# What a score gains for each year a document is younger. Ratios of scores depend on the distance
# of two dates only, so no index ages; where no document has a date, nothing changes.
YEARLY_GAIN = 0.01
# A letter may be an initial; it chooses hardly anybody.
_INITIAL = 0.1
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
    documents away and a number told beside it beforehand is right. Where nothing is wanted but a
    category, a date or the lack of words, none is better than another, and the newest come first.
    """
    is_name = name_likeness(engine)
    strict = plan(root, is_name)
    clause = within(strict, filters)
    if sort is Sort.DATE or next(wanted(root), None) is None:
        return engine.search(clause, sort=Sort.DATE, limit=limit, offset=offset), clause
    tiers = list(dict.fromkeys((root, loosen(root), loosen(root, phrases=True))))[1:]
    page = _Page(offset, min(offset + limit, DEEPEST_RESULT), wants_feedback(root))
    found = page.read(engine, clause)
    if not tiers or found.total >= ENOUGH or (filters and _total(engine, strict) >= ENOUGH):
        return page.order(engine, found), clause
    complete = found.hits if page.start == 0 else engine.search(clause, limit=ENOUGH).hits
    # Each tier lets in all that those before it did, so they only say who stands in front.
    best = {hit.row: hit for hit in by_freshness(complete)}
    for tier in tiers:
        meant = plan(tier, is_name)
        clause = within(meant, filters)
        if tier is tiers[-1] or _total(engine, meant) >= ENOUGH:
            break
        best = _behind(best, engine.search(clause, limit=ENOUGH).hits)
    everything = _Page(0, page.end, wants_feedback(root))
    some = everything.order(engine, everything.read(engine, clause))
    hits = tuple(_behind(best, some.hits).values())[offset : page.end]
    loosened = some.total > found.total
    return replace(some, hits=hits, loosened=loosened, complete=found.total), clause


def _behind(best: dict[int, Hit], hits: Sequence[Hit]) -> dict[int, Hit]:
    return best | {hit.row: hit for hit in hits if hit.row not in best}


def _total(engine: Engine, clause: Clause) -> int:
    return engine.search(matching(clause), limit=1).total


class _Page:
    """Hits from an offset to an end, which are ordered anew within the windows they lie in."""

    def __init__(self, offset: int, end: int, learns: bool) -> None:
        self.offset = offset
        self.end = end
        self.learns = learns and offset < REORDERED
        self.start = 0 if self.learns else min(offset, end) // WINDOW * WINDOW
        self.stop = -(-end // WINDOW) * WINDOW

    def read(self, engine: Engine, clause: Clause) -> Results:
        """The windows as the engine orders them."""
        stop = max(self.stop, REORDERED) if self.learns else self.stop
        return engine.search(clause, limit=max(stop - self.start, 1), offset=self.start)

    def order(self, engine: Engine, found: Results) -> Results:
        """The page of what was read, in the order of everything that counts."""
        best = list(found.hits)
        if self.learns and found.took_ms < BUDGET_MS:
            best[:REORDERED] = with_feedback(engine, best[:REORDERED])
        hits: list[Hit] = []
        for at in range(0, self.stop - self.start, WINDOW):
            hits += by_freshness(best[at : at + WINDOW])
        page = tuple(hits[self.offset - self.start : self.end - self.start])
        return Results(page, found.total, found.took_ms)


def name_likeness(engine: Engine) -> NameLikeness:
    """How much a word is a name: the share of documents with it that have it among the authors.

    So papers by somebody called Long do not stand before those about long texts.
    """

    @cache
    def is_name(word: str) -> float:
        if len(word) == 1:
            return _INITIAL
        named = engine.document_frequency("authors", word)
        if not named:
            return 0.0
        said = max(engine.document_frequency("text", token) for token in {word, stem(word)})
        return named / (named + said)

    return is_name


def by_freshness(hits: Sequence[Hit]) -> list[Hit]:
    """Hits in the order of their scores raised for the young; the undated gain nothing."""
    if all(hit.day is None for hit in hits):
        return list(hits)
    return sorted(hits, key=_aged, reverse=True)


def _aged(hit: Hit) -> float:
    if hit.day is None:
        return hit.score
    years = hit.day / _DAYS_OF_A_YEAR - _YEAR_OF_NO_GAIN
    return hit.score * float((1 + YEARLY_GAIN) ** years)
