"""Light feedback: what the first few hits are called says more about what a question means.

The words of their titles are wishes that put the best hits into another order; they neither add nor
take away any. For questions of several words only: two or three words mean what they say, and are
answered at once.
"""

from collections.abc import Sequence

from search import analysis
from search.documents import Hit
from search.engines.base import Engine
from search.plan import Term
from search.query.tree import Node, Words, wanted

# Chosen on Cranfield and CACM together; docs/search.md has the figures and how flat they are.
FIRST_HITS = 6
MOST_TOKENS = 25
WEIGHT = 0.3
FEWEST_WORDS = 4
# So many of the best hits are put into another order.
REORDERED = 50
# Where the search itself took longer (milliseconds), there is no time for feedback.
BUDGET_MS = 100.0


def wants_feedback(root: Node) -> bool:
    """Whether a query has enough words for the first hits to be worth learning from."""
    words = [word for part in wanted(root) if isinstance(part, Words) for word in part.words]
    return len({word for word in words if not analysis.is_stop_word(word)}) >= FEWEST_WORDS


def with_feedback(engine: Engine, hits: Sequence[Hit]) -> list[Hit]:
    """The best hits in another order: what is called like the first of them gains most."""
    weights: dict[str, float] = {}
    titles = engine.titles_of([hit.row for hit in hits[:FIRST_HITS]])
    for rank, hit in enumerate(hits[:FIRST_HITS], 1):
        for token in set(analysis.analyse(titles.get(hit.row, "")).sequence):
            if len(token) > 1 and not analysis.is_stop_token(token):
                weights[token] = weights.get(token, 0.0) + 1 / rank
    if not weights:
        return list(hits)
    most = max(weights.values())
    wishes = tuple(
        Term("text", token, WEIGHT * weights[token] / most)
        for token in sorted(weights, key=lambda one: (-weights[one], one))[:MOST_TOKENS]
    )
    gained = engine.scores_of([hit.row for hit in hits], wishes)
    raised = [hit._replace(score=hit.score + gained.get(hit.row, 0.0)) for hit in hits]
    return sorted(raised, key=lambda hit: -hit.score)
