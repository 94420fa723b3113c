"""Where a query's words stand in a plain text. Whoever shows the text makes marks of it.

Only ranges are told, so nothing typed can become markup. Maths is left alone: a mark inside
`$...$` would break the formula.
"""

import re

from search import analysis
from search.query.tree import Node, Scope, wanted

_MATHS = re.compile(r"\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL)
_WORD = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:\+\+|#)?")


def find_ranges(text: str, node: Node, scope: Scope) -> list[tuple[int, int]]:
    """The ranges (from, up to) of words in a text of this scope that the query asks for, rising.

    They never overlap. `scope` says what the text is: a title, an abstract, an author.
    """
    names = scope is Scope.AUTHOR
    analyse = analysis.analyse_name if names else analysis.analyse
    tokens: set[str] = set()
    for part in wanted(node):
        if part.scope not in (Scope.ANYWHERE, scope):
            continue
        for typed in getattr(part, "words", None) or (getattr(part, "text", ""),):
            found = analyse(typed)
            if len(found.sequence) > 1 or not analysis.is_stop_word(typed):
                tokens.update(found.sequence, found.joined)
    if not tokens:
        return []
    maths = [match.span() for match in _MATHS.finditer(text)]
    ranges: list[tuple[int, int]] = []
    asked_for: dict[str, bool] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        wanted_here = asked_for.get(word)
        if wanted_here is None:
            sequence = analysis.tokens_of_word(word, names)
            wanted_here = asked_for[word] = bool(sequence) and tokens.issuperset(sequence)
        if not wanted_here:
            continue
        while maths and maths[0][1] <= match.start():
            maths.pop(0)
        if not maths or maths[0][0] >= match.end():
            ranges.append(match.span())
    return ranges
