"""Where a query's words stand in a plain text. Whoever shows the text makes marks of it.

Only ranges are told, so nothing typed can become markup. Maths, LaTeX commands and addresses are
left alone: a mark inside `$...$`, `\\em` or `https://` would break what becomes of them.
"""

import re
from collections.abc import Iterable

from search import analysis
from search.query.tree import Node, Scope, wanted

_ADDRESSES = re.compile(
    r"(?<!\S)\S*?(?:https?://|www\.|\.(?:com|io|co)/)\S*|\barxiv:\s?\S+", re.IGNORECASE
)
# A word of a text that begins in one of some ways or with a letter beyond ASCII, underscores before
# it left out.
_WORD = r"(?<![\w\u0300-\u036f\\])_*((?={}|[^\0-\x7f])[^\W_][\w\u0300-\u036f]*(?:\+\+|#)?)"


class Highlighter:
    """Finds a query's words in any number of texts; each different word is judged once."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._judges: dict[Scope, _Judge] = {}

    def find_ranges(self, text: str, scope: Scope) -> list[tuple[int, int]]:
        """The ranges (from, up to) of words in a text of this scope that the query asks for.

        They rise and never overlap. `scope` says what the text is: a title, an abstract, an author.
        """
        judge = self._judges.get(scope)
        if judge is None:
            judge = self._judges[scope] = _Judge(self._node, scope)
        if not judge.tokens:
            return []
        ranges = [match.span(1) for match in judge.words.finditer(text) if judge[match[1]]]
        if not ranges:
            return ranges
        formulas = analysis.MATHS.finditer(text) if "$" in text or "\\" in text else ()
        kept = [match.span() for match in formulas]
        if "/" in text or ":" in text or "www." in text:
            kept += (match.span() for match in _ADDRESSES.finditer(text))
        return [
            (start, end)
            for start, end in ranges
            if not any(first < end and start < last for first, last in kept)
        ]


class _Judge(dict[str, bool]):
    """Whether a word of a text, as it is written there, is one that the query asks for."""

    def __init__(self, node: Node, scope: Scope) -> None:
        self._names = scope is Scope.AUTHOR
        analyse = analysis.analyse_name if self._names else analysis.analyse
        self.tokens: set[str] = set()
        for part in wanted(node):
            if part.scope not in (Scope.ANYWHERE, scope):
                continue
            for typed in getattr(part, "words", None) or (getattr(part, "text", ""),):
                found = analyse(typed)
                if len(found.sequence) > 1 or not analysis.is_stop_word(typed):
                    self.tokens.update(found.sequence, found.joined)
        self.words = re.compile(_WORD.format(_beginnings(self.tokens)))

    def __missing__(self, word: str) -> bool:
        sequence = analysis.tokens_of_word(word, self._names)
        asked = self[word] = bool(sequence) and self.tokens.issuperset(sequence)
        return asked


def _beginnings(tokens: Iterable[str]) -> str:
    """A pattern of how words begin that may be forms of tokens, so that most are passed over.

    All forms of a word begin with the same two letters, but for *dying* and the like: i and y are
    one here. Behind the first letter may also stand what is no letter, or none of ASCII.
    """
    seconds: dict[str, set[str]] = {}
    for token in tokens:
        others = seconds.setdefault(token[0], set())
        if token[1:2].isalpha():
            others.update("iy" if token[1] in "iy" else token[1])
    return "|".join(
        f"[{re.escape(first + first.upper())}](?:{_either_case(others)}(?![A-Za-z]))"
        for first, others in sorted(seconds.items())
    )


def _either_case(letters: Iterable[str]) -> str:
    return f"[{''.join(f'{one}{one.upper()}' for one in sorted(letters))}]|" if letters else ""
