"""From what a query means to what an engine has to look up: the same for every engine.

Which fields exist, how a typed word becomes tokens in them, and what weighs how much is decided
here, once. An engine translates the few kinds of clause into its own.

Fields: `text` holds title and abstract (one after the other, so BM25 sees one document), `title`,
`abstract` (which words, without places) and `authors`; `category` and `key` hold whole values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from search import analysis
from search.analysis import Tokens
from search.query.tree import (
    And,
    Category,
    DateRange,
    Identifiers,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Scope,
    Words,
)

# Measured on Cranfield and CACM (nDCG@10), from text alone: 0.386 and 0.408; with the title 0.404
# and 0.422; with nearness as well 0.407 and 0.438.
TITLE_WEIGHT = 0.3
AUTHOR_WEIGHT = 0.5
NEARNESS_WEIGHT = 0.3
NEARNESS_SLOP = 2
# Nearness costs a look at places for each pair of words; beyond these the pairs are left out.
MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Term:
    """A token in a field, scored by BM25 times `weight`."""

    field: str
    token: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """At least two tokens in a field, in order, with at most `slop` moves between them."""

    field: str
    tokens: tuple[str, ...]
    slop: int = 0
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Days:
    """Documents of the days (proleptic ordinals, both included); None is an open end."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class All:
    """Every document, without a score."""


@dataclass(frozen=True, slots=True)
class Empty:
    """No document."""


@dataclass(frozen=True, slots=True)
class Unscored:
    """What the clause matches, adding nothing to the score."""

    clause: "Clause"


@dataclass(frozen=True, slots=True)
class Mixed:
    """All of `must`, none of `must_not`; of `should` at least one, or any number besides `must`.

    Never without `must` and `should`.
    """

    must: tuple["Clause", ...] = ()
    should: tuple["Clause", ...] = ()
    must_not: tuple["Clause", ...] = ()


Clause = Term | Near | Days | All | Empty | Unscored | Mixed


def plan(node: Node) -> Clause:
    """The clauses of a tree."""
    match node:
        case Words():
            return _words(node)
        case Phrase(text, scope):
            return _any(_phrase(text, scope))
        case Category(code, also):
            return Unscored(_any([Term("category", one.lower()) for one in (code, *also)]))
        case Identifiers(keys):
            return Unscored(_any([Term("key", key) for key in keys]))
        case DateRange(first, last):
            return Days(first.toordinal() if first else None, last.toordinal() if last else None)
        case Nothing():
            return Empty()
        case Not(inner):
            return Mixed(must=(All(),), must_not=(plan(inner),))
        case And(nodes):
            must = tuple(plan(child) for child in nodes if not isinstance(child, Not))
            must_not = tuple(plan(child.node) for child in nodes if isinstance(child, Not))
            return Mixed(must=must or (All(),), must_not=must_not)
        case Or(nodes):
            return _any([plan(child) for child in nodes])


def weighted(node: Node, filters: tuple[Node, ...]) -> Clause:
    """The clauses of a tree within filters, which choose and do not score."""
    clause = plan(node)
    if not filters:
        return clause
    return Mixed(must=(clause, *(Unscored(plan(one)) for one in filters)))


def leaves(clause: Clause) -> Iterator[tuple[str, str]]:
    """Every token of a clause with its field; what answering costs grows with their frequencies."""
    match clause:
        case Term(field, token):
            yield field, token
        case Near(field, tokens):
            for token in tokens:
                yield field, token
        case Unscored(inner):
            yield from leaves(inner)
        case Mixed(must, should, must_not):
            for one in (*must, *should, *must_not):
                yield from leaves(one)


def _any(clauses: list[Clause]) -> Clause:
    if not clauses:
        return Empty()
    return clauses[0] if len(clauses) == 1 else Mixed(should=tuple(clauses))


def _words(node: Words) -> Clause:
    words = [word for word in node.words if not analysis.is_stop_word(word)] or list(node.words)
    single = list(dict.fromkeys(words))
    near = _near_pairs(words, node.scope)
    if node.loose:
        return _any([clause for word in single for clause in _word(word, node.scope)] + near)
    must = [_any(_word(word, node.scope)) for word in single]
    return must[0] if len(must) == 1 and not near else Mixed(must=tuple(must), should=tuple(near))


def _word(word: str, scope: Scope) -> list[Clause]:
    """The ways in which a document can have one typed word."""
    clauses = _phrase(word, scope)
    tokens = analysis.analyse(word)
    if scope is not Scope.AUTHOR and len(tokens.sequence) > 1:
        field = {Scope.TITLE: "title", Scope.ABSTRACT: "abstract"}.get(scope, "text")
        clauses += [Term(field, token) for token in tokens.joined]
    return clauses


def _phrase(text: str, scope: Scope) -> list[Clause]:
    """The ways in which a document can have these words side by side."""
    tokens = tuple(analysis.analyse(text).sequence)
    match scope:
        case Scope.ANYWHERE:
            names = _author(analysis.analyse_name(text), AUTHOR_WEIGHT)
            title = _side_by_side("title", tokens, TITLE_WEIGHT)
            return [_side_by_side("text", tokens), title, *names]
        case Scope.TITLE:
            return [_side_by_side("title", tokens)]
        case Scope.ABSTRACT if len(tokens) > 1:
            # `abstract` knows no places: side by side in the text, and each word in the abstract.
            parts = tuple(Unscored(Term("abstract", token)) for token in dict.fromkeys(tokens))
            return [Mixed(must=(_side_by_side("text", tokens), *parts))]
        case Scope.ABSTRACT:
            return [_side_by_side("abstract", tokens)]
        case Scope.AUTHOR:
            return _author(analysis.analyse_name(text), 1.0)


def _author(name: Tokens, weight: float) -> list[Clause]:
    joined: list[Clause] = [Term("authors", token, weight) for token in name.joined]
    return [_side_by_side("authors", tuple(name.sequence), weight), *joined]


def _side_by_side(field: str, tokens: tuple[str, ...], weight: float = 1.0) -> Clause:
    if not tokens:
        return Empty()
    return Term(field, tokens[0], weight) if len(tokens) == 1 else Near(field, tokens, 0, weight)


def _near_pairs(words: list[str], scope: Scope) -> list[Clause]:
    if scope not in (Scope.ANYWHERE, Scope.TITLE):
        return []
    field = "title" if scope is Scope.TITLE else "text"
    sequences = [analysis.analyse(word).sequence for word in words]
    pairs = [
        (first[-1], second[0])
        for first, second in pairwise(sequences)
        if first and second and first[-1] != second[0]
    ]
    return [
        Near(field, pair, NEARNESS_SLOP, NEARNESS_WEIGHT)
        for pair in list(dict.fromkeys(pairs))[:MOST_PAIRS]
    ]
