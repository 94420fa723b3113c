"""From what a query means to what an engine has to look up: the same for every engine.

Which fields exist, how a typed word becomes tokens in them, and what weighs how much is decided
here, once. An engine translates the few kinds of clause into its own.

Fields: `text` holds title and abstract (one after the other, so BM25 sees one document), `title`,
`abstract` (which words, without places) and `authors`; `category` and `key` hold whole values.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from search import analysis
from search.analysis import Tokens
from search.preparation import PARTICLES
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

# Chosen on Cranfield and CACM together; docs/search.md has the figures and how flat they are.
TITLE_WEIGHT = 0.3
NEARNESS_WEIGHT = 0.3
AUTHOR_WEIGHT = 1.0
# `X-ray` is found as two words and as one; counted in full it would outweigh all others typed.
HYPHENATED_WEIGHT = 0.5
# Two words that are one author's name say far more than the same words in two names.
NAME_WEIGHT = 1.5
# How much one of two words must be a name for it; Hong and Edward are, field and long are not.
NAME_LIKENESS = 0.3
# Nearness costs a look at places for each pair of words; beyond these the pairs are left out.
MOST_PAIRS = 24

# May be initials without points, as in lists of references: Hinton GE; or a name: WU Yi.
_INITIALS = re.compile(r"(?<!\w)[A-Z]{2,3}(?!\w)")

# How much a word is a person's name, from 0 to 1.
NameLikeness = Callable[[str], float]


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


def always(_: str) -> float:
    """Every word may be a name."""
    return 1.0


def plan(node: Node, is_name: NameLikeness = always) -> Clause:
    """The clauses of a tree. `is_name` says how much a word anywhere counts as an author's name."""
    match node:
        case Words():
            return _words(node, is_name)
        case Phrase(text, scope):
            return _any(_phrase(text, scope, 1.0, is_name))
        case Category(code, also):
            return Unscored(_any([in_category(one) for one in (code, *also)]))
        case Identifiers(keys):
            return Unscored(_any([Term("key", _storable(key)) for key in keys]))
        case DateRange(first, last):
            return Days(first.toordinal() if first else None, last.toordinal() if last else None)
        case Nothing():
            return Empty()
        case Not(inner):
            return Mixed(must=(All(),), must_not=(plan(inner),))
        case And(nodes):
            must = tuple(plan(child, is_name) for child in nodes if not isinstance(child, Not))
            must_not = tuple(plan(child.node) for child in nodes if isinstance(child, Not))
            return Mixed(must=must or (All(),), must_not=must_not)
        case Or(nodes):
            return _any([plan(child, is_name) for child in nodes])


def in_category(code: str, weight: float = 1.0) -> Term:
    """Documents of a category or archive, whatever was given for its code."""
    return Term("category", _storable(code.lower()), weight)


def _storable(text: str) -> str:
    """Without halves of characters, which an address may hold and no engine takes."""
    return text.encode("utf-8", "ignore").decode()


def within(clause: Clause, filters: tuple[Node, ...]) -> Clause:
    """A clause within filters, which choose and do not score."""
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


def matching(clause: Clause) -> Clause:
    """A clause that matches the same documents for less work; what it scores means nothing.

    Among several ways of having a word, one in the title is one in the text, and words side by side
    are words; wishes beside what must be choose nothing.
    """
    match clause:
        case Unscored(inner):
            return matching(inner)
        case Mixed(must, should, must_not):
            if must:
                wanted = tuple(map(matching, must))
                if len(wanted) == 1 and not must_not:
                    return wanted[0]
                return Mixed(must=wanted, must_not=tuple(map(matching, must_not)))
            terms = {(one.field, one.token) for one in should if isinstance(one, Term)}
            kept = tuple(matching(one) for one in should if not _is_implied(one, terms))
            return kept[0] if len(kept) == 1 else Mixed(should=kept)
        case _:
            return clause


def _is_implied(clause: Clause, terms: set[tuple[str, str]]) -> bool:
    match clause:
        case Term("title", token):
            return ("text", token) in terms
        case Near("title", tokens):
            return not terms.isdisjoint((field, tokens[0]) for field in ("title", "text"))
        case Near(field, tokens):
            return (field, tokens[0]) in terms
        case _:
            return False


def _any(clauses: list[Clause]) -> Clause:
    if not clauses:
        return Empty()
    return clauses[0] if len(clauses) == 1 else Mixed(should=tuple(clauses))


def _words(node: Words, is_name: NameLikeness) -> Clause:
    kept = list(node.words)
    if node.scope is not Scope.AUTHOR:  # An, Do and He are names.
        kept = [word for word in kept if not analysis.is_stop_word(word)] or kept
    # What is said twice counts twice, whatever its form; as in BM25 for long questions.
    times: dict[tuple[str, ...], int] = {}
    typed: dict[tuple[str, ...], str] = {}
    for word in kept:
        key = tuple(analysis.analyse(word).sequence)
        times[key] = times.get(key, 0) + 1
        typed.setdefault(key, word)
    ways = _parts if node.loose else _word
    each = [
        ways(typed[key], node.scope, HYPHENATED_WEIGHT * n if len(key) > 1 else float(n), is_name)
        for key, n in times.items()
    ]
    near = _near_pairs(node) + _near_names(node, is_name)
    if node.loose:
        return _any([clause for clauses in each for clause in clauses] + near)
    must = [_any(clauses) for clauses in each]
    return must[0] if len(must) == 1 and not near else Mixed(must=tuple(must), should=tuple(near))


def _word(word: str, scope: Scope, weight: float, is_name: NameLikeness) -> list[Clause]:
    """The ways in which a document can have one typed word."""
    clauses = _phrase(word, scope, weight, is_name)
    tokens = analysis.analyse(word)
    if scope is not Scope.AUTHOR and len(tokens.sequence) > 1:
        field = {Scope.TITLE: "title", Scope.ABSTRACT: "abstract"}.get(scope, "text")
        clauses += [Term(field, token, weight) for token in tokens.joined]
    return clauses


def _parts(word: str, scope: Scope, weight: float, is_name: NameLikeness) -> list[Clause]:
    """The ways in which a document can have something of one typed word: `space` of `state-space`.

    That its parts stand side by side counts by their nearness.
    """
    clauses = _word(word, scope, weight, is_name)
    sequence = analysis.analyse(word).sequence
    if len(sequence) == 1 or scope not in (Scope.ANYWHERE, Scope.TITLE):
        return clauses
    parts = [token for token in sequence if not analysis.is_stop_token(token)] or sequence
    return [one for part in parts for one in _phrase(part, scope, weight, is_name)] + [
        clause for clause in clauses if not isinstance(clause, Near)
    ]


def _phrase(text: str, scope: Scope, weight: float, is_name: NameLikeness) -> list[Clause]:
    """The ways in which a document can have these words side by side."""
    tokens = tuple(analysis.analyse(text).sequence)
    match scope:
        case Scope.ANYWHERE:
            title = _side_by_side("title", tokens, weight * TITLE_WEIGHT)
            name = analysis.analyse_name(text)
            likeness = min((is_name(word) for word in name.sequence), default=0.0)
            names = _author(name, weight * AUTHOR_WEIGHT * likeness) if likeness else []
            return [_side_by_side("text", tokens, weight), title, *names]
        case Scope.TITLE:
            return [_side_by_side("title", tokens, weight)]
        case Scope.ABSTRACT if len(tokens) > 1:
            # `abstract` knows no places: side by side in the text, and each word in the abstract.
            parts = tuple(Unscored(Term("abstract", token)) for token in dict.fromkeys(tokens))
            return [Mixed(must=(_side_by_side("text", tokens, weight), *parts))]
        case Scope.ABSTRACT:
            return [_side_by_side("abstract", tokens, weight)]
        case Scope.AUTHOR:
            family, comma, given = text.partition(",")
            person = f"{given} {family}" if comma else text
            ways = _author(analysis.analyse_name(person), weight)
            apart = _INITIALS.sub(lambda letters: " ".join(letters[0]), person)
            if person not in (apart, person.upper()):
                ways += _author(analysis.analyse_name(apart), weight)
            return ways


def _author(name: Tokens, weight: float) -> list[Clause]:
    """The ways in which a name may be written: `Ho J` is J. Ho too, `Hinton G E` G. E. Hinton."""
    words = tuple(name.sequence)
    ways = [_side_by_side("authors", words, weight)]
    family = next((at for at in range(len(words), 0, -1) if len(words[at - 1]) > 1), 0)
    if 0 < family < len(words) and len(words[0]) > 1:
        ways.append(_side_by_side("authors", (*words[family:], *words[:family]), weight))
    return [*ways, *(Term("authors", token, weight) for token in name.joined)]


def _side_by_side(field: str, tokens: tuple[str, ...], weight: float = 1.0) -> Clause:
    if not tokens:
        return Empty()
    return Term(field, tokens[0], weight) if len(tokens) == 1 else Near(field, tokens, 0, weight)


def _near_pairs(node: Words) -> list[Clause]:
    """Neighbours among the typed words, as far apart as they were typed: `theory of everything`."""
    if node.scope not in (Scope.ANYWHERE, Scope.TITLE):
        return []
    field = "title" if node.scope is Scope.TITLE else "text"
    said: list[tuple[int, str]] = []
    place = 0
    for word in node.words:
        for token in analysis.analyse(word).sequence:
            if not analysis.is_stop_token(token):
                said.append((place, token))
            place += 1
    pairs: dict[tuple[str, str], int] = {}
    for (at, first), (to, second) in pairwise(said):
        if first != second:
            pairs.setdefault((first, second), to - at - 1)
    return [
        Near(field, pair, gap, NEARNESS_WEIGHT) for pair, gap in list(pairs.items())[:MOST_PAIRS]
    ]


def _near_names(node: Words, is_name: NameLikeness) -> list[Clause]:
    """Neighbours among the typed words that may be one person: `Wei Li`, `T. Tao`, `He Kaiming`.

    What nobody is called costs little and finds nothing.
    """
    if node.scope not in (Scope.ANYWHERE, Scope.AUTHOR):
        return []
    said = [one for word in node.words for one in analysis.analyse_name(word).sequence]
    said = said[: MOST_PAIRS + 1]
    ways: dict[tuple[str, str], float] = {}
    for pair in pairwise(said):
        if _may_be_one_name(pair, is_name):
            # Family name first, as in Chinese, is likely only where initials follow.
            likely, other = (pair[::-1], pair) if len(pair[1]) == 1 else (pair, pair[::-1])
            ways.setdefault(likely, NAME_WEIGHT)
            ways.setdefault(other, NAME_WEIGHT / 2)
    return [Near("authors", pair, 0, weight) for pair, weight in ways.items()]


def _may_be_one_name(pair: tuple[str, str], is_name: NameLikeness) -> bool:
    """Beside an initial any word that is somebody's name, else one that mostly is: Edward Witten.

    Words that say nothing (He, An) may be names too, particles alone are none.
    """
    words = [word for word in pair if len(word) > 1]
    enough = NAME_LIKENESS if len(words) == len(pair) else 0.0
    telling = [word for word in words if not analysis.is_stop_word(word)]
    return (
        max(map(is_name, words), default=0.0) >= enough
        and all(map(is_name, telling))
        and not PARTICLES.issuperset(telling)
    )
