"""What is near a paper or a text by content, and the words that say what it is about."""

from dataclasses import dataclass

from papers import documents
from papers.models import Paper
from papers.queries.papers import list_ranked
from search import Keyword
from search.errors import IndexUnusable

NEAREST = 10
_MOST_KEYWORDS = 8
# Room for those that are hidden since, and for the same paper as a sample.
_SPARE = 3


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A paper that is near, and its words that say why, strongest first."""

    paper: Paper
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the index knows about a paper; `known` is False where it could not be asked."""

    neighbours: tuple[Neighbour, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    known: bool = False


def list_neighbours(paper: Paper) -> tuple[Neighbour, ...]:
    """The papers nearest to a paper, never itself in any version. One query.

    Raises IndexUnusable (`search.errors`).
    """
    return _list_nearest(paper.title, paper.abstract, paper)


def list_like(text: str) -> tuple[Neighbour, ...]:
    """The papers nearest to a text. One query. Raises IndexUnusable (`search.errors`)."""
    return _list_nearest("", text)


def survey(paper: Paper) -> Surroundings:
    """The neighbours and keywords of a paper, as far as the index can say now. One query."""
    try:
        neighbours = list_neighbours(paper)
        keywords = documents.index().keywords(paper.title, paper.abstract, _MOST_KEYWORDS)
    except IndexUnusable:
        return Surroundings()
    return Surroundings(neighbours, keywords, known=True)


def _list_nearest(title: str, abstract: str, but: Paper | None = None) -> tuple[Neighbour, ...]:
    found = documents.index().related(
        title, abstract, but=but.pk if but else None, limit=NEAREST + _SPARE
    )
    rows = [hit.row for hit in found]
    papers = [
        paper
        for paper in (list_ranked(rows) if rows else ())
        if but is None or paper.identifier != but.identifier
    ]
    return tuple(
        Neighbour(paper, found.linking_words(paper.title, paper.abstract))
        for paper in papers[:NEAREST]
    )
