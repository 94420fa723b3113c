"""Text to tree.

    query  = all { "OR" all }
    all    = part { [ "AND" ] part }
    part   = [ "-" | "NOT" | "ANDNOT" ] ( "(" query ")" | '"' phrase '"' | field ":" part | word )

Operators are in capitals. What does not fit is read as words; nothing is an error. What a category
and an identifier look like is told by a `Vocabulary`, since this room knows neither.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import chain

from search.analysis import analyse, has_words, is_stop_word
from search.query.tree import (
    And,
    Category,
    DateRange,
    Identifiers,
    Node,
    Not,
    Note,
    Nothing,
    Or,
    Phrase,
    Query,
    Scope,
    Words,
)

LONGEST_QUERY = 2_000
MOST_TERMS = 64
DEEPEST = 20


def _category(text: str) -> Sequence[str]:
    return [text] if re.fullmatch(r"[A-Za-z-]{2,20}(?:\.[A-Za-z-]{2,20})?", text) else []


def _identifier(text: str, bare: bool) -> str | None:
    return None if bare else text


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How categories and identifiers are recognised.

    `category` gives the code of a typed category or archive, and after it those that count as it
    too; none if it is unknown. An archive's code stands for all its categories by itself.
    `identifier` gives the key of a typed identifier, or None; its second argument is true for a
    word without `id:`, which should look exactly like one.
    `today` is the day that `date:last-week` is counted from. None of them may raise.
    """

    category: Callable[[str], Sequence[str]] = _category
    identifier: Callable[[str, bool], str | None] = _identifier
    today: Callable[[], date] = date.today


class _Kind(Enum):
    OPEN = "("
    CLOSE = ")"
    MINUS = "-"
    AND = "AND"
    OR = "OR"
    FIELD = ":"
    PHRASE = '"'
    WORD = "word"


class _Filter(Enum):
    CATEGORY = "cat"
    IDENTIFIER = "id"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class _Token:
    kind: _Kind
    text: str


_FIELDS: dict[str, Scope | _Filter] = {
    "title": Scope.TITLE,
    "ti": Scope.TITLE,
    "abstract": Scope.ABSTRACT,
    "abs": Scope.ABSTRACT,
    "author": Scope.AUTHOR,
    "au": Scope.AUTHOR,
    "all": Scope.ANYWHERE,
    "category": _Filter.CATEGORY,
    "cat": _Filter.CATEGORY,
    "id": _Filter.IDENTIFIER,
    "date": _Filter.DATE,
}
_OPERATORS = {"AND": _Kind.AND, "OR": _Kind.OR, "NOT": _Kind.MINUS, "ANDNOT": _Kind.MINUS}
# Before a part; but `(2+1)-dimensional` has a hyphen, and -1 is a number.
_MINUS = re.compile(r'(?<![)"])-+(?![-\s]|\d+(?:\.\d+)?(?![^\s()"])|$)')
# Also `au: hinton`; but `One for all: ...` is a title.
_FIELD = re.compile(rf"({'|'.join(_FIELDS)}):(?:(?<!all:)\s+)?(?=\S)", re.IGNORECASE)
# Control characters, and halves of characters that no engine can store.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Quotation marks of any kind, the minus sign, and the wide signs of East Asian keyboards.
_SIGNS = str.maketrans(
    {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(map(ord, "“”„‟«»「」『』"), '"')
    | {ord("−"): "-"}
)
_WORD = re.compile(r'[^\s()"]+')
_LENGTHS = {"day": 1, "week": 7, "month": 30, "year": 365}
_RELATIVE = re.compile(
    r"(?:(?P<which>today|yesterday|this|last)|past)"
    r"(?:-(?:(?P<number>\d{1,4})-)?(?P<unit>day|week|month|year)s?)?",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)


def parse(text: str, vocabulary: Vocabulary | None = None) -> Query:
    """What a reader's text means. Never raises; the time it takes grows with the text to its limit.

    A text with nothing to search for is `Nothing`, with a note unless it is empty.
    """
    notes: dict[Note, None] = {}
    # Cut twice: the first bounds the work, the second is the limit that is told.
    text = _UNPRINTABLE.sub(" ", text[: 2 * LONGEST_QUERY]).translate(_SIGNS).strip()
    if len(text) > LONGEST_QUERY:
        notes[Note.TOO_LONG] = None
        text = text[:LONGEST_QUERY].rpartition(" ")[0] or text[:LONGEST_QUERY]
    tokens = _balance(_read_stressed(_split(text, notes)), notes)
    root = _Reader(tokens, vocabulary or Vocabulary(), notes).query(Scope.ANYWHERE)
    if isinstance(root, Nothing) and text:
        notes[Note.NO_WORDS] = None
    return Query(text, root, tuple(notes))


def _split(text: str, notes: dict[Note, None]) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    begins = True  # whether a part may begin here, so that a minus or a field's name counts
    while at < len(text):
        character = text[at]
        if character.isspace():
            at, begins = at + 1, True
        elif character in "()":
            tokens.append(_Token(_Kind(character), character))
            at, begins = at + 1, True
        elif character == '"':
            end = text.find('"', at + 1)
            if end < 0:
                notes[Note.OPEN_QUOTE] = None
                at += 1
            else:
                tokens.append(_Token(_Kind.PHRASE, text[at + 1 : end]))
                at, begins = end + 1, True
        elif begins and (minus := _MINUS.match(text, at)):
            tokens.append(_Token(_Kind.MINUS, character))
            at = minus.end()
        elif begins and (name := _FIELD.match(text, at)):
            tokens.append(_Token(_Kind.FIELD, name.group(1).lower()))
            at = name.end()
        else:
            end = word.end() if (word := _WORD.match(text, at)) else at + 1
            kind = _OPERATORS.get(text[at:end], _Kind.WORD) if begins else _Kind.WORD
            tokens.append(_Token(kind, text[at:end]))
            at, begins = end, False
    return tokens


def _read_stressed(tokens: list[_Token]) -> list[_Token]:
    """The same tokens, with NOT as a word where it is one that is stressed: `do NOT`, `NOT the`.

    Nobody excludes a word that says nothing, and a sentence has one on this side or on that.
    """
    return [
        _Token(_Kind.WORD, token.text)
        if token.text == "NOT"
        and token.kind is _Kind.MINUS
        and any(map(_says_nothing, (*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2])))
        else token
        for at, token in enumerate(tokens)
    ]


def _says_nothing(token: _Token) -> bool:
    return token.kind is _Kind.WORD and not token.text.isupper() and is_stop_word(token.text)


def _balance(tokens: list[_Token], notes: dict[Note, None]) -> list[_Token]:
    """The same tokens with every parenthesis in a pair, and none deeper than the limit."""
    balanced: list[_Token] = []
    kept: list[bool] = []  # for each one open, whether it was kept
    for token in tokens:
        if token.kind is _Kind.OPEN:
            kept.append(len(kept) < DEEPEST)
            if not kept[-1]:
                notes[Note.TOO_DEEP] = None
                continue
        elif token.kind is _Kind.CLOSE:
            if not kept:
                notes[Note.UNBALANCED_PARENTHESES] = None
                continue
            if not kept.pop():
                continue
        balanced.append(token)
    if kept:
        notes[Note.UNBALANCED_PARENTHESES] = None
        balanced += [_Token(_Kind.CLOSE, ")")] * sum(kept)
    return balanced


class _Reader:
    """Reads balanced tokens from left to right, one call a pair of parentheses."""

    def __init__(
        self, tokens: list[_Token], vocabulary: Vocabulary, notes: dict[Note, None]
    ) -> None:
        self._tokens = tokens
        self._vocabulary = vocabulary
        self._notes = notes
        self._at = 0
        self._terms = 0

    def query(self, scope: Scope | _Filter) -> Node:
        """Up to the end, or to the parenthesis that closes, which is taken too."""
        choices: list[Node] = []
        parts: list[Node] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind is _Kind.CLOSE:
                self._at += 1
                break
            if token.kind is _Kind.OR:
                self._at += 1
                choices.append(_together(parts))
                parts = []
            else:
                parts.append(self._part(scope))
        choices.append(_together(parts))
        choices = [choice for choice in choices if not isinstance(choice, Nothing)]
        if not choices:
            return Nothing()
        return choices[0] if len(choices) == 1 else Or(tuple(choices))

    def _part(self, scope: Scope | _Filter) -> Node:
        negated = False
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind is _Kind.MINUS:
                negated = True
            elif token.kind is _Kind.AND:
                pass
            elif token.kind is _Kind.FIELD:
                scope = _FIELDS[token.text]
            else:
                break
            self._at += 1
        else:
            return Nothing()
        if token.kind in (_Kind.CLOSE, _Kind.OR):
            return Nothing()
        self._at += 1
        node = self.query(scope) if token.kind is _Kind.OPEN else self._leaf(token, scope)
        return Not(node) if negated and not isinstance(node, Nothing) else node

    def _leaf(self, token: _Token, scope: Scope | _Filter) -> Node:
        self._terms += 1 + token.text.count(" ")
        if self._terms > MOST_TERMS:
            self._notes[Note.TOO_MANY_TERMS] = None
            return Nothing()
        if isinstance(scope, _Filter):
            return self._filter(token.text, scope)
        if token.kind is _Kind.WORD and scope is Scope.ANYWHERE:
            key = self._vocabulary.identifier(token.text, True)
            if key is not None:
                return Identifiers((key,))
        if token.kind is _Kind.PHRASE and len(analyse(token.text).sequence) > 1:
            return Phrase(token.text.strip(), scope)
        return _words(token.text, scope)

    def _filter(self, text: str, kind: _Filter) -> Node:
        if kind is _Filter.DATE:
            dates = read_dates(text, self._vocabulary.today)
            if dates is None:
                self._notes[Note.BAD_DATE] = None
            return dates or _words(text, Scope.ANYWHERE)
        pieces = [piece for piece in text.split(",") if piece]
        if kind is _Filter.IDENTIFIER:
            keys = [self._vocabulary.identifier(piece, False) for piece in pieces]
            known = tuple(dict.fromkeys(key for key in keys if key is not None))
            if len(known) < len(pieces):
                self._notes[Note.UNKNOWN_IDENTIFIER] = None
            return Identifiers(known) if known else _words(text, Scope.ANYWHERE)
        codes = [self._vocabulary.category(piece.removesuffix(".*")) for piece in pieces]
        if not all(codes):
            self._notes[Note.UNKNOWN_CATEGORY] = None
        categories = tuple(
            dict.fromkeys(Category(found[0], tuple(found[1:])) for found in codes if found)
        )
        if not categories:
            return _words(text, Scope.ANYWHERE)
        return categories[0] if len(categories) == 1 else Or(categories)


def _words(text: str, scope: Scope) -> Node:
    return Words((text.strip(),), scope) if has_words(text) else Nothing()


def _together(parts: list[Node]) -> Node:
    """All of the parts; words of one scope become one group, so that their nearness can count."""
    groups: dict[Scope, list[str]] = {}
    nodes: list[Node] = []
    for part in chain.from_iterable(map(_pieces, parts)):
        if isinstance(part, Words):
            if part.scope not in groups:
                groups[part.scope] = []
                nodes.append(part)
            groups[part.scope].extend(part.words)
        elif not isinstance(part, Nothing):
            nodes.append(part)
    nodes = [
        Words(tuple(groups[node.scope]), node.scope) if isinstance(node, Words) else node
        for node in nodes
    ]
    if not nodes:
        return Nothing()
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))


def _pieces(part: Node) -> tuple[Node, ...]:
    """Parentheses around what holds together anyway make no difference."""
    return part.nodes if isinstance(part, And) else (part,)


def read_dates(text: str, today: Callable[[], date] = date.today) -> DateRange | None:
    """`2026`, `2026-03`, `2026-03-31`, `2026-01..2026-03`, `2026..`, `..2026`, `last-week`; else
    None.

    A range the wrong way round is turned. `last-week`, `last-month` and `last-year` are the last
    7, 30 and 365 days, `last-3-days` any number of them; `today`, `yesterday`, `this-week` (from
    Monday), `this-month` and `this-year` are what they are called. All but yesterday are open at
    the end, since papers are dated in UTC and may be of tomorrow here.
    """
    if relative := _RELATIVE.fullmatch(text.lower()):
        return _relative_days(relative, today())
    first_text, dots, last_text = text.partition("..")
    first = _days(first_text)
    last = _days(last_text) if dots else first
    if (first_text and first is None) or (last_text and last is None) or not (first or last):
        return None
    if first and last and first[0] > last[0]:
        first, last = last, first
    return DateRange(first[0] if first else None, last[1] if last else None)


def _relative_days(match: re.Match[str], today: date) -> DateRange | None:
    which, number, unit = match.group("which") or "last", match.group("number"), match.group("unit")
    if (unit is None) is (which in ("last", "this")) or (number and which != "last"):
        return None
    if which == "today":
        return DateRange(today, None)
    if which == "yesterday":
        return DateRange(today - timedelta(days=1), today - timedelta(days=1))
    if which == "last":
        days = int(number or 1) * _LENGTHS[unit]
        return DateRange(date.fromordinal(max(1, today.toordinal() - days)), None)
    first = {
        "day": today,
        "week": today - timedelta(days=today.weekday()),
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }[unit]
    return DateRange(first, None)


def _days(text: str) -> tuple[date, date] | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None
