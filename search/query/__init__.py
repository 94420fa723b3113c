"""The query language: text in, tree out. Pure, and no input raises an error."""

from search.query.explanation import Condition, Kind, explain
from search.query.parser import LONGEST_QUERY, MOST_TERMS, Vocabulary, parse
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
    loosen,
)

__all__ = [
    "LONGEST_QUERY",
    "MOST_TERMS",
    "And",
    "Category",
    "Condition",
    "DateRange",
    "Identifiers",
    "Kind",
    "Node",
    "Not",
    "Note",
    "Nothing",
    "Or",
    "Phrase",
    "Query",
    "Scope",
    "Vocabulary",
    "Words",
    "explain",
    "loosen",
    "parse",
]
