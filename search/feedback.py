"""Light feedback: what the first few hits are called says more about what a question means.

The words of their titles are added to the question as wishes, so they put the documents found in
another order and neither add nor take away any. For questions of several words only: two or three
words mean what they say, and are answered at once.
"""

from search import analysis
from search.engines.base import Engine
from search.plan import Clause, Mixed, Term
from search.query.tree import Node, Words, wanted

# Chosen on Cranfield and CACM together; docs/search.md has the figures and how flat they are.
FIRST_HITS = 6
MOST_TOKENS = 40
WEIGHT = 0.3
FEWEST_WORDS = 4
# The wishes may have so many documents to look at (a few milliseconds); of words too frequent for
# that, which tell little anyway, the weaker are left out.
MOST_LOOKED_AT = 50_000
# Where the search itself took longer (seconds), there is no time for feedback.
BUDGET = 0.1


def wants_feedback(root: Node) -> bool:
    """Whether a query has enough words for the first hits to be worth learning from."""
    words = [word for part in wanted(root) if isinstance(part, Words) for word in part.words]
    return len({word for word in words if not analysis.is_stop_word(word)}) >= FEWEST_WORDS


def with_feedback(engine: Engine, clause: Clause) -> Clause:
    """The same clause that prefers what is called like its first hits, the first of them most.

    Costs one short search.
    """
    weights: dict[str, float] = {}
    for rank, title in enumerate(engine.titles(clause, FIRST_HITS), 1):
        for token in set(analysis.analyse(title.text).sequence):
            if len(token) > 1 and not analysis.is_stop_token(token):
                weights[token] = weights.get(token, 0.0) + 1 / rank
    if not weights:
        return clause
    left = MOST_LOOKED_AT
    wishes: list[Clause] = []
    most = max(weights.values())
    for token in sorted(weights, key=lambda one: (-weights[one], one))[:MOST_TOKENS]:
        frequency = engine.document_frequency("text", token)
        if frequency <= left:
            left -= frequency
            wishes.append(Term("text", token, WEIGHT * weights[token] / most))
    return Mixed(must=(clause,), should=tuple(wishes)) if wishes else clause
