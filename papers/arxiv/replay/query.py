"""The API's query language, enough of it: `cat:cs.AI AND (ti:graph OR au:"del maestro")`.

Fields ti au abs co jr cat id doi all, submittedDate and lastUpdatedDate ranges, AND OR ANDNOT NOT,
parentheses, phrases; a missing operator means OR, a field before parentheses holds inside them.
Ranking is not played: a paper matches or not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from papers.arxiv.replay.collection import Line
from papers.arxiv.text import decode_text

_TOKEN = re.compile(
    r'\s*(?:(?P<mark>[()])|(?P<field>[A-Za-z]+):(?=\S)|"(?P<phrase>[^"]*)"'
    r"|\[(?P<range>[^\]]*)\]|(?P<word>[^\s()]+))"
)
_WORD = re.compile(r"\w+")
# arXiv reads both as the date of submission.
_DATES = frozenset({"submitteddate", "lastupdateddate"})
_FIELDS = frozenset({"ti", "title", "au", "abs", "co", "jr", "cat", "id", "doi", "rn", "all"})
_DEEPEST = 40


class QuerySyntaxError(ValueError):
    """A query the API refuses."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as the API searches it: words in lower case between single spaces."""

    line: Line
    fields: dict[str, str]


Predicate = Callable[[Document], bool]


def make_document(line: Line) -> Document:
    """What a query looks at."""
    names = " ; ".join(author.name for author in line.authors)
    fields = {
        "ti": _fold(line.title),
        "au": _fold(names),
        "abs": _fold(line.abstract),
        "co": _fold(line.comments),
        "jr": _fold(line.journal_ref),
        "rn": "",
        "doi": _fold(line.doi),
    }
    fields["all"] = " ".join([*fields.values(), _fold(" ".join(line.categories))])
    return Document(line, fields)


def parse_query(text: str) -> Predicate:
    """A test for documents. Raises QuerySyntaxError for unbalanced parentheses, unknown fields."""
    return _Parser(text).parse()


def _fold(text: str) -> str:
    return f" {' '.join(_WORD.findall(decode_text(text).lower()))} "


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None or match.lastgroup is None:
                raise QuerySyntaxError(f"cannot read {text[place:]}")
            kind = match.lastgroup
            value = match[kind]
            if kind == "word" and value in ("AND", "OR", "ANDNOT", "NOT"):
                kind = "operator"
            self._tokens.append((kind, value))
            place = match.end()
        self._place = 0
        self._depth = 0

    def parse(self) -> Predicate:
        found = self._any("all")
        if self._place < len(self._tokens):
            raise QuerySyntaxError("unbalanced parentheses")
        return found

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _take(self) -> tuple[str, str]:
        token = self._peek()
        self._place += 1
        return token

    def _any(self, field: str) -> Predicate:
        parts = [self._both(field)]
        while self._peek() not in (("end", ""), ("mark", ")")):
            if self._peek() == ("operator", "OR"):
                self._take()
            parts.append(self._both(field))
        return lambda document: any(part(document) for part in parts)

    def _both(self, field: str) -> Predicate:
        parts = [self._one(field)]
        while self._peek() in (("operator", "AND"), ("operator", "ANDNOT")):
            negated = self._take()[1] == "ANDNOT"
            part = self._one(field)
            parts.append(_negate(part) if negated else part)
        return lambda document: all(part(document) for part in parts)

    def _one(self, field: str) -> Predicate:
        kind, value = self._take()
        if kind == "operator" and value == "NOT":
            return _negate(self._one(field))
        if kind == "field":
            known = value.lower()
            if known not in _FIELDS and known not in _DATES:
                raise QuerySyntaxError(f"unknown field {value}")
            return self._one("ti" if known == "title" else known)
        if kind == "mark" and value == "(":
            self._depth += 1
            if self._depth > _DEEPEST:
                raise QuerySyntaxError("too many parentheses")
            inner = self._any(field)
            self._depth -= 1
            if self._take() != ("mark", ")"):
                raise QuerySyntaxError("unbalanced parentheses")
            return inner
        if kind == "range" and field in _DATES:
            return _between(value)
        if kind in ("word", "phrase"):
            return _term(field, value)
        raise QuerySyntaxError(f"unexpected {value or 'end'}")


def _negate(predicate: Predicate) -> Predicate:
    return lambda document: not predicate(document)


def _term(field: str, value: str) -> Predicate:
    if field in _DATES:
        raise QuerySyntaxError("a date needs a range in brackets")
    if field == "cat":
        wanted = value.lower()
        if wanted.endswith("*"):
            lead = wanted.rstrip("*")
            return lambda d: any(code.lower().startswith(lead) for code in d.line.categories)
        return lambda d: any(code.lower() == wanted for code in d.line.categories)
    if field == "id":
        return lambda d: value in (d.line.identifier, d.line.versioned)
    words = _fold(value.replace("_", " "))
    if words.strip() == "":
        return lambda _document: False
    return lambda d: words in d.fields[field]


def _between(value: str) -> Predicate:
    first, to, last = value.strip().partition(" TO ")
    if not to:
        raise QuerySyntaxError(f"[{value}] is no range")
    start, end = _read_date(first, "0000"), _read_date(last, "2359")
    return lambda d: start <= d.line.submitted.strftime("%Y%m%d%H%M") <= end


def _read_date(text: str, hour: str) -> str:
    digits = text.strip().replace("-", "")
    if digits == "*":
        return "0" * 12 if hour == "0000" else "9" * 12
    try:
        datetime.strptime(digits[:8], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        raise QuerySyntaxError(f"{text} is no date") from None
    return (digits + hour[len(digits) - 8 :])[:12]
