"""The query language: text in, tree out. Pure, and no input raises an error."""

from search.query.parser import LONGEST_QUERY, MOST_TERMS, Vocabulary, parse
from search.query.tree import (
    And,
    Category,
    DateRange,
    Everything,
    Identifiers,
    Node,
    Not,
    Note,
    Nothing,
    Or,
    Phrase,
    Query,
    Scope,
    Weighted,
    Words,
    loosen,
)

__all__ = [
    "LONGEST_QUERY",
    "MOST_TERMS",
    "And",
    "Category",
    "DateRange",
    "Everything",
    "Identifiers",
    "Node",
    "Not",
    "Note",
    "Nothing",
    "Or",
    "Phrase",
    "Query",
    "Scope",
    "Vocabulary",
    "Weighted",
    "Words",
    "loosen",
    "parse",
]
