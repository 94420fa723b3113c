"""A search engine behind one door. It knows documents; what they stand for it does not know.

`open_index` gives an `Index` that answers; `search.query.parse` turns a reader's text into a
query; `search.follow` keeps an index level with a database. Nothing here imports Django or papers.
"""

from pathlib import Path

from search.documents import Count, Facets, Hit, Results, Sort, Suggestions, Title
from search.door import Index
from search.engines.base import DEEPEST_RESULT
from search.errors import IndexMissing, IndexTooSlow, IndexTorn, IndexUnusable
from search.keywords import Keyword
from search.query import Query, Vocabulary, explain, parse
from search.related import Related

__all__ = [
    "DEEPEST_RESULT",
    "Count",
    "Facets",
    "Hit",
    "Index",
    "IndexMissing",
    "IndexTooSlow",
    "IndexTorn",
    "IndexUnusable",
    "Keyword",
    "Query",
    "Related",
    "Results",
    "Sort",
    "Suggestions",
    "Title",
    "Vocabulary",
    "explain",
    "open_index",
    "parse",
]


def open_index(folder: Path, engine: str = "tantivy") -> Index:
    """The index in a folder, for reading. Touches no file yet; ValueError for an unknown engine."""
    return Index(folder, engine)
