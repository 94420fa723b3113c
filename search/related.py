"""What is near a text: the words that set it apart, as a query of weighted tokens."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

from search import analysis
from search.documents import Hit
from search.engines.base import Engine
from search.plan import Clause, Mixed, Term

# The title counts as if it were said so often.
TITLE_TIMES = 3
# More words cost time and add noise.
MOST_TOKENS = 25
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

        As they are written in the document, each once whatever its form. Some 100 microseconds.
        """
        strengths = self.strengths
        found: dict[str, str] = {}
        for match in _WORD.finditer(analysis.without_maths(f"{title}. {abstract}")):
            for token in analysis.tokens_of_word(match.group()):
                if token in strengths and token not in found:
                    found[token] = match.group()
        best = sorted(found, key=lambda token: -strengths[token])[:limit]
        return tuple(found[token] for token in best)


def strengths_of(engine: Engine, title: str, abstract: str) -> dict[str, float]:
    """How much each token sets a text apart (tf-idf), strongest first.

    Costs a look-up of the document frequency for each different token. Tokens found in no other
    document are left out.
    """
    tokens = Counter(analysis.analyse(abstract[:_LONGEST_TEXT]).sequence)
    for token in analysis.analyse(title[:_LONGEST_TEXT]).sequence:
        tokens[token] += TITLE_TIMES
    documents = engine.count()
    strengths: dict[str, float] = {}
    for token, times in tokens.items():
        if len(token) < 2 or analysis.is_stop_token(token):
            continue
        frequency = engine.document_frequency("text", token)
        if frequency > 1:
            strengths[token] = (1 + log(times)) * log(1 + documents / frequency)
    best = sorted(strengths, key=lambda token: (-strengths[token], token))
    return {token: strengths[token] for token in best}


def likeness(engine: Engine, strengths: dict[str, float]) -> Clause | None:
    """What finds documents like the text of these strengths; None when nothing can be like it."""
    best = list(strengths)[:MOST_TOKENS]
    if not best:
        return None
    documents = engine.count()
    return Mixed(
        should=tuple(
            Term(
                "text",
                token,
                strengths[token] / log(1 + documents / engine.document_frequency("text", token)),
            )
            for token in best
        )
    )


def without(hits: Sequence[Hit], row: int | None, limit: int) -> tuple[Hit, ...]:
    """The first `limit` hits that are not the document of that row."""
    return tuple(hit for hit in hits if hit.row != row)[:limit]
