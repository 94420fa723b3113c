"""Words that the index does not have, or hardly ever, and those that were probably meant.

Candidates are all words one slip away (a letter left out, added, exchanged or swapped), looked up
in the index's own dictionary; two slips are tried among words that begin alike.
"""

import re
from string import ascii_lowercase

from search import analysis
from search.engines.base import Engine
from search.query.tree import Node, Query, Scope, wanted

# Where words are as they were written: in titles and in names.
_WRITTEN = {Scope.AUTHOR: ("authors",), Scope.TITLE: ("heading",), Scope.ABSTRACT: ("heading",)}
_ANYWHERE = ("heading", "authors")
_SHORTEST, _LONGEST = 4, 24
_MOST_WORDS = 8
_COMMON_BEGINNING = 3
_MOST_ALIKE = 500
_LONG_ENOUGH_FOR_TWO = 7
_SLIPS = ascii_lowercase
# A word in so few documents may be a misprint of theirs: of one that is so many times as frequent.
_RARE = 9
_TIMES_AS_FREQUENT = 100


def correct(engine: Engine, query: Query) -> str | None:
    """The query's text with doubtful words replaced by the nearest sure ones; None without any.

    Costs up to a thousand look-ups for each doubtful word, of which eight are tried at most.
    """
    text = query.text
    changed = False
    for (word, scope), frequency in list(_doubtful(engine, query.root).items())[:_MOST_WORDS]:
        meant = _nearest(engine, word, scope, frequency)
        if meant is None:
            continue
        corrected = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", meant, text, flags=re.IGNORECASE)
        changed = changed or corrected != text
        text = corrected
    return text if changed else None


def _doubtful(engine: Engine, root: Node) -> dict[tuple[str, Scope], int]:
    """Words that few documents have, by where they are looked for; and how many these are."""
    doubtful: dict[tuple[str, Scope], int] = {}
    for part in wanted(root):
        typed = getattr(part, "words", None) or getattr(part, "text", "").split()
        for word in typed:
            for piece in re.findall(r"\w+", word):
                if _SHORTEST <= len(piece) <= _LONGEST and piece.isalpha():
                    frequency = _frequency(engine, piece, part.scope)
                    if frequency <= _RARE:
                        doubtful[piece, part.scope] = frequency
    return doubtful


def _frequency(engine: Engine, word: str, scope: Scope) -> int:
    """How many documents have a word; a name is never a misprint of another."""
    if scope in (Scope.AUTHOR, Scope.ANYWHERE):
        names = analysis.analyse_name(word).sequence
        if all(engine.document_frequency("authors", token) for token in names):
            return _RARE + 1
    return 0 if scope is Scope.AUTHOR else _said(engine, word)


def _said(engine: Engine, word: str) -> int:
    """How many documents have a word in title or abstract."""
    tokens = analysis.analyse(word).sequence
    return min((engine.document_frequency("text", token) for token in tokens), default=0)


def _nearest(engine: Engine, word: str, scope: Scope, frequency: int) -> str | None:
    """The most frequent word one slip away, else the one two slips away; None without any.

    Of a word that some documents have, only one slip away and far more frequent.
    """
    word = analysis.fold(word)
    fields = _WRITTEN.get(scope, _ANYWHERE)

    candidates = sorted(_one_slip_away(word))
    counts = zip(*(engine.document_frequencies(field, candidates) for field in fields), strict=True)
    best = max(zip(map(max, counts), candidates, strict=True), default=(0, ""))
    # Titles tell how it is written, the whole texts how often.
    if best[0] and max(best[0], _said(engine, best[1])) > frequency * _TIMES_AS_FREQUENT:
        return best[1]
    if frequency or len(word) < _LONG_ENOUGH_FOR_TWO:
        return None
    alike = {
        term: number
        for field in fields
        for term, number in engine.completions(field, word[:_COMMON_BEGINNING], _MOST_ALIKE)
        if abs(len(term) - len(word)) <= 2
    }
    near = [(number, term) for term, number in alike.items() if _distance(word, term) <= 2]
    return max(near)[1] if near else None


def _one_slip_away(word: str) -> set[str]:
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {head + tail[1:] for head, tail in halves if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    exchanged = {head + sign + tail[1:] for head, tail in halves if tail for sign in _SLIPS}
    added = {head + sign + tail for head, tail in halves for sign in _SLIPS}
    return (exchanged | added | left_out | swapped) - {word}


def _distance(one: str, other: str) -> int:
    """The slips between two words (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, sign in enumerate(other, 1):
            cost = min(last[to] + 1, row[-1] + 1, last[to - 1] + (letter != sign))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == sign:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
