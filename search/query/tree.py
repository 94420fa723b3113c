"""What a query means, apart from how it was typed and from how an engine answers it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from search.analysis import has_words


class Scope(StrEnum):
    """Where words are looked for. ANYWHERE is title, abstract and authors."""

    ANYWHERE = "anywhere"
    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words, as typed: a document has all of them (some, when `loose`), best side by side.

    Each has at least one token. Words that say nothing ("the") count only where they are alone.
    """

    words: tuple[str, ...]
    scope: Scope = Scope.ANYWHERE
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words next to each other and in this order."""

    text: str
    scope: Scope = Scope.ANYWHERE


@dataclass(frozen=True, slots=True)
class Category:
    """Documents in a category or, for the code of an archive, in any category of it.

    `also` are other codes that count as this one.
    """

    code: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Documents known by one of these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DateRange:
    """Documents dated within both days, each included; None leaves that end open."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document: the query has no words, or none that count."""


@dataclass(frozen=True, slots=True)
class Not:
    """Documents that the node does not match."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Documents that all nodes match."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Documents that any node matches."""

    nodes: tuple["Node", ...]


Node = Words | Phrase | Category | Identifiers | DateRange | Nothing | Not | And | Or


class Note(StrEnum):
    """What the reader should know about how the text was understood."""

    TOO_LONG = "too-long"
    TOO_MANY_TERMS = "too-many-terms"
    TOO_DEEP = "too-deep"
    OPEN_QUOTE = "open-quote"
    UNBALANCED_PARENTHESES = "unbalanced-parentheses"
    BAD_DATE = "bad-date"
    UNKNOWN_CATEGORY = "unknown-category"
    UNKNOWN_IDENTIFIER = "unknown-identifier"
    NO_WORDS = "no-words"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the text as typed (cut to its limit), what it means, and notes, each once."""

    text: str
    root: Node
    notes: tuple[Note, ...] = ()


def loosen(node: Node, *, phrases: bool = False) -> Node:
    """The same tree with its words wanted in part; what is excluded or a filter stays as it is.

    With `phrases`, a phrase among plain words is no more than its words; one alone stays.
    """
    match node:
        case Words():
            return replace(node, loose=True) if len(node.words) > 1 else node
        case And(nodes):
            if phrases:
                nodes = _without_quotes(nodes)
            loosened = tuple(loosen(child, phrases=phrases) for child in nodes)
            return loosened[0] if len(loosened) == 1 else And(loosened)
        case Or(nodes):
            return Or(tuple(loosen(child, phrases=phrases) for child in nodes))
        case _:
            return node


def _without_quotes(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Words and phrases of the same scope as one group of words, where there are words at all."""
    scopes = {node.scope for node in nodes if isinstance(node, Words)}
    groups: dict[Scope, tuple[str, ...]] = {}
    rest: list[Node] = []
    for node in nodes:
        if isinstance(node, Words):
            groups[node.scope] = (*groups.get(node.scope, ()), *node.words)
        elif isinstance(node, Phrase) and node.scope in scopes:
            said = tuple(word for word in node.text.split() if has_words(word))
            groups[node.scope] = (*groups.get(node.scope, ()), *said)
        else:
            rest.append(node)
    return (*(Words(words, scope) for scope, words in groups.items()), *rest)


def wanted(node: Node) -> Iterator[Words | Phrase]:
    """The words and phrases that a matching document has; not those it must lack."""
    match node:
        case Words() | Phrase():
            yield node
        case And(nodes) | Or(nodes):
            for child in nodes:
                yield from wanted(child)
        case _:
            return
