"""What somebody who has typed so far may mean: titles that go on like that, and authors."""

from search import analysis
from search.documents import Count, Suggestions
from search.engines.base import Engine
from search.plan import Clause, Mixed, Term
from search.preparation import SHOWN_AS

_LONGEST_PREFIX = 100
# One letter begins half of all names; two are few enough to count them all.
_SHORTEST_NAME = 2
# A word half typed stands for so many, the most frequent ones.
_MOST_ENDINGS = 50


def suggest(engine: Engine, typed: str, limit: int) -> Suggestions:
    """At most `limit` titles that have all the words, the last one begun, and as many authors.

    Authors are found by any beginning of the name, from the first word on or from the last.
    """
    words = analysis.analyse_name(typed[:_LONGEST_PREFIX]).sequence
    if not words:
        return Suggestions()
    whole = not typed[-1:].isalnum()
    return Suggestions(
        engine.titles(_titles(engine, words, whole), limit),
        tuple(_authors(engine, words, limit)),
    )


def _titles(engine: Engine, words: list[str], whole: bool) -> Clause:
    last = words[-1]
    endings = [(last, 0)] if whole else engine.completions("heading", last, _MOST_ENDINGS)
    # The word as it stands first, else the most frequent: "graph" means graph before graphene, and
    # "neu" neural before neuropsychiatric, which as the rarer word would score more.
    likeliest = max(endings, key=lambda one: (one[0] == last, one[1]), default=(last, 0))[0]
    ends = tuple(Term("heading", word, 1.0 if word == likeliest else 0.01) for word, _ in endings)
    return Mixed(
        must=(
            *(Term("heading", word) for word in words[:-1]),
            Mixed(should=ends or (Term("heading", last),)),
        ),
    )


def _authors(engine: Engine, words: list[str], limit: int) -> list[Count]:
    prefix = " ".join(words)
    if len(prefix) < _SHORTEST_NAME:
        return []
    numbers: dict[str, int] = {}
    # Twice as many, since a name may be found from either of its ends.
    for term, number in engine.completions("name", prefix, 2 * limit):
        shown = term.partition(SHOWN_AS)[2]
        numbers[shown] = max(numbers.get(shown, 0), number)
    return [Count(name, number) for name, number in numbers.items()][:limit]
