"""What is near a text: the words that set it apart, as a query of weighted tokens."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from math import log, sqrt

from search import analysis
from search.documents import Hit
from search.engines.base import Engine
from search.generic import is_generic
from search.plan import Clause, Mixed, Near, Term, in_category

# The title counts as if it were said so often.
TITLE_TIMES = 2
# How much a token counts grows with how often it is said, and with the root of its rarity (which
# BM25 has in it once already); neighbours that stand side by side again count on top. Chosen
# together on three collections, see docs/search.md.
TITLE_WEIGHT = 0.3
PAIR_WEIGHT = 0.4
# What else two papers have in common says less than what they say.
AUTHOR_WEIGHT = 0.3
CATEGORY_WEIGHT = 0.1
# More of them cost time and find nothing else.
MOST_TOKENS = 60
MOST_TITLE_TOKENS = 40
MOST_PAIRS = 12
MOST_AUTHORS = 10
# So many are found by words and put into order by all that counts; more where more are asked for.
LEAST_REORDERED = 40
MOST_REORDERED = 1_000
_LONGEST_TEXT = 20_000
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Related:
    """The nearest documents, best first, and the time it took in milliseconds.

    `strengths` tells how much each token of the text sets it apart.
    """

    hits: tuple[Hit, ...]
    took_ms: float
    strengths: dict[str, float] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def linking_words(self, title: str, abstract: str, limit: int = 5) -> tuple[str, ...]:
        """The words of a found document that link it with the text, strongest first.

        Never those that link any two papers (`search.generic`). As they are written in the
        document, each once whatever its form. Some 100 microseconds.
        """
        strengths = self.strengths
        found: dict[str, str] = {}
        for match in _WORD.finditer(analysis.without_maths(f"{title}. {abstract}")):
            for token in analysis.tokens_of_word(match.group()):
                if token in strengths and token not in found and not is_generic(token):
                    found[token] = match.group()
        best = sorted(found, key=lambda token: -strengths[token])[:limit]
        return tuple(found[token] for token in best)


@dataclass(frozen=True, slots=True)
class Seed:
    """A text to find the like of: how much each token sets it apart, and neighbours in it."""

    strengths: dict[str, float]
    weights: dict[str, float]
    pairs: tuple[tuple[str, str], ...]


def seed_of(engine: Engine, title: str, abstract: str) -> Seed:
    """What sets a text apart, strongest first.

    Costs a look-up of the document frequency for each different token. Tokens found in no other
    document are left out.
    """
    headline = analysis.analyse(title[:_LONGEST_TEXT]).sequence
    body = analysis.analyse(abstract[:_LONGEST_TEXT]).sequence
    times = Counter(body)
    for token in headline:
        times[token] += TITLE_TIMES
    documents = engine.count()
    weights: dict[str, float] = {}
    rarities: dict[str, float] = {}
    tokens = [token for token in times if len(token) > 1 and not analysis.is_stop_token(token)]
    for token, frequency in zip(tokens, engine.document_frequencies("text", tokens), strict=True):
        if frequency > 1:
            rarities[token] = log(1 + documents / frequency)
            weights[token] = (1 + log(times[token])) * sqrt(rarities[token])
    strengths = {token: weights[token] * sqrt(rarities[token]) for token in weights}
    best = sorted(strengths, key=lambda token: (-strengths[token], token))[:MOST_TOKENS]
    kept = set(best)
    pairs = Counter(
        pair
        for text in (headline, body)
        for pair in pairwise(text)
        if pair[0] != pair[1] and pair[0] in kept and pair[1] in kept
    )
    tellers = sorted(
        pairs, key=lambda pair: (-pairs[pair] * (rarities[pair[0]] + rarities[pair[1]]), pair)
    )
    return Seed({token: strengths[token] for token in best}, weights, tuple(tellers[:MOST_PAIRS]))


def nearest(
    engine: Engine, seed: Seed, authors: Sequence[str], categories: Sequence[str], limit: int
) -> list[Hit]:
    """The documents like a seed, best first.

    Found by their words alone, which an engine does without a look at most of those that have one;
    all else is asked of the best of them only, and puts them into another order.
    """
    if not seed.strengths:
        return []
    words = Mixed(should=tuple(Term("text", one, seed.weights[one]) for one in seed.strengths))
    hits = list(engine.nearest(words, max(limit, LEAST_REORDERED)))
    best = hits[:MOST_REORDERED]
    gained = engine.scores_of([hit.row for hit in best], _wishes(seed, authors, categories))
    raised = [hit._replace(score=hit.score + gained.get(hit.row, 0.0)) for hit in best]
    return sorted(raised, key=lambda hit: -hit.score) + hits[MOST_REORDERED:]


def _wishes(seed: Seed, authors: Sequence[str], categories: Sequence[str]) -> list[Clause]:
    wishes: list[Clause] = [
        Term("title", token, seed.weights[token] * TITLE_WEIGHT)
        for token in islice(seed.strengths, MOST_TITLE_TOKENS)
    ]
    wishes += [Near("text", pair, 0, PAIR_WEIGHT) for pair in seed.pairs]
    for author in authors[:MOST_AUTHORS]:
        name = tuple(analysis.analyse_name(author).sequence)
        if len(name) > 1:
            wishes.append(Near("authors", name, 0, AUTHOR_WEIGHT))
    return wishes + [in_category(code, CATEGORY_WEIGHT) for code in categories]


def without(hits: Sequence[Hit], row: int | None, limit: int) -> tuple[Hit, ...]:
    """The first `limit` hits that are not the document of that row."""
    return tuple(hit for hit in hits if hit.row != row)[:limit]
