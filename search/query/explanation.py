"""What a query asks for, in pieces that a page can say in the reader's language.

`papers with "diffusion" in the title, by Ho, since 2024` is three conditions; the words between
them are the page's.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from search.query.tree import (
    And,
    Category,
    DateRange,
    Identifiers,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Scope,
    Words,
)


class Kind(StrEnum):
    """What a condition is about."""

    WORDS = "words"
    PHRASE = "phrase"
    CATEGORY = "category"
    IDENTIFIERS = "identifiers"
    DATES = "dates"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a found document fulfils; with `without`, must not.

    `values` are words, the one phrase, category codes (any of them) or identifiers (any of them),
    as typed; `scope` says where words and phrases stand. `first` and `last` are included, None is
    an open end. EITHER has `choices`, each of them conditions that hold together.
    """

    kind: Kind
    without: bool = False
    scope: Scope = Scope.ANYWHERE
    values: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    choices: tuple[tuple["Condition", ...], ...] = ()


def explain(query: Query) -> tuple[Condition, ...]:
    """The conditions of a query, all of which hold; none for a query without anything to find."""
    return _conditions(query.root)


def _conditions(node: Node, without: bool = False) -> tuple[Condition, ...]:
    match node:
        case Words(words, scope):
            return (Condition(Kind.WORDS, without, scope, words),)
        case Phrase(text, scope):
            return (Condition(Kind.PHRASE, without, scope, (text,)),)
        case Category(code):
            return (Condition(Kind.CATEGORY, without, values=(code,)),)
        case Identifiers(keys):
            return (Condition(Kind.IDENTIFIERS, without, values=keys),)
        case DateRange(first, last):
            return (Condition(Kind.DATES, without, first=first, last=last),)
        case Not(inner):
            return _conditions(inner, not without)
        case And(nodes) if not without:
            return tuple(one for child in nodes for one in _conditions(child))
        case And(nodes):
            # Without all of them together: a group that must not hold.
            together = tuple(one for child in nodes for one in _conditions(child))
            return (Condition(Kind.EITHER, True, choices=(together,)),)
        case Or(nodes):
            codes = tuple(child.code for child in nodes if isinstance(child, Category))
            if len(codes) == len(nodes):
                return (Condition(Kind.CATEGORY, without, values=codes),)
            choices = tuple(_conditions(child) for child in nodes)
            return (Condition(Kind.EITHER, without, choices=choices),)
        case _:
            return ()
