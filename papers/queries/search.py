"""What the search index finds, as papers."""

from dataclasses import dataclass

from papers import documents
from papers.models import Paper
from papers.queries.papers import list_ranked
from search import Query, Sort, parse
from search.engines.base import DEEPEST_RESULT


@dataclass(frozen=True, slots=True)
class Found:
    """Papers in rank order, and how the query was understood.

    `total` are found in all, of which `reachable` can be paged through. `loosened` says that
    papers with only some of the words stand behind the others.
    """

    papers: tuple[Paper, ...]
    query: Query
    total: int
    reachable: int
    loosened: bool


def search(text: str, show: int, skip: int, by_date: bool = False) -> Found:
    """The papers that a reader's text finds, best or newest first. One query to the database.

    Raises IndexUnusable (`search.errors`) where there is no index, or none that can be read.
    """
    query = parse(text, documents.VOCABULARY)
    sort = Sort.DATE if by_date else Sort.RELEVANCE
    results = documents.index().search(query, sort=sort, limit=show, offset=skip)
    papers = list_ranked([hit.row for hit in results.hits])
    reachable = min(results.total, DEEPEST_RESULT)
    return Found(tuple(papers), query, results.total, reachable, results.loosened)
