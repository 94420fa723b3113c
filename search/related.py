"""What is near a text: the words that set it apart, as a query of weighted tokens."""

from collections import Counter
from math import log

from search import analysis
from search.engines.base import Engine
from search.query.tree import Node, Nothing, Weighted

# More words cost time and add noise; the title counts as if it were said twice more.
MOST_TOKENS = 25
TITLE_TIMES = 3
_LONGEST_TEXT = 20_000


def likeness(engine: Engine, title: str, abstract: str) -> Node:
    """A node that finds what is like this text: its tokens of highest tf-idf.

    Costs a look-up of the document frequency for each different token. Tokens found in no other
    document are left out; `Nothing` when none is left.
    """
    tokens = Counter(analysis.analyse(abstract[:_LONGEST_TEXT]).sequence)
    for token in analysis.analyse(title[:_LONGEST_TEXT]).sequence:
        tokens[token] += TITLE_TIMES
    documents = engine.count()
    strengths: list[tuple[float, str, int]] = []
    for token, times in tokens.items():
        if len(token) < 2 or token in analysis.STOP_WORDS:
            continue
        frequency = engine.document_frequency(token)
        if frequency > 1:
            rarity = log(1 + documents / frequency)
            strengths.append((-(1 + log(times)) * rarity, token, times))
    best = sorted(strengths)[:MOST_TOKENS]
    if not best:
        return Nothing()
    return Weighted(tuple((token, 1 + log(times)) for _, token, times in best))
