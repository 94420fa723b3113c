"""What the search index finds, as papers."""

from dataclasses import dataclass
from datetime import date

from papers import documents
from papers.models import Paper
from papers.queries.papers import list_ranked
from search import DEEPEST_RESULT, Facets, Query, Sort, Suggestions, parse
from search.query import Category, DateRange, Node

# Asked for a correction where fewer are found.
_FEW = 10


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a search is held to: papers in every one of these categories or archives, of a year."""

    categories: tuple[str, ...] = ()
    year: int | None = None

    def __bool__(self) -> bool:
        return bool(self.categories or self.year)


@dataclass(frozen=True, slots=True)
class Found:
    """Papers in rank order, and how the query was understood.

    `total` are found in all, of which `reachable` can be paged through. `loosened` says that
    papers with only some of the words stand behind the `complete` with all. `facets` (None unless
    asked for) are exact over `total`; `meant` is a better spelling where little was found, or
    empty.
    """

    papers: tuple[Paper, ...]
    query: Query
    total: int
    reachable: int
    loosened: bool
    complete: int
    took_ms: float
    facets: Facets | None = None
    meant: str = ""


def search(
    text: str,
    show: int,
    skip: int,
    by_date: bool = False,
    narrowing: Narrowing | None = None,
    *,
    for_reader: bool = False,
) -> Found:
    """The papers that a reader's text finds, best or newest first. One query to the database.

    `for_reader` also asks for facets and for a better spelling. Raises IndexUnusable
    (`search.errors`) where there is no index or none that can be read, IndexTooSlow, one of them,
    where it takes too long.
    """
    query = parse(text, documents.VOCABULARY)
    results = documents.index().search(
        query,
        filters=_make_filters(narrowing or Narrowing()),
        facets=for_reader,
        sort=_sort(by_date),
        limit=show,
        offset=skip,
    )
    meant = None
    if for_reader and not skip and (results.total < _FEW or results.loosened):
        meant = documents.index().did_you_mean(query)
    return Found(
        papers=tuple(list_ranked([hit.row for hit in results.hits])),
        query=query,
        total=results.total,
        reachable=min(results.total, DEEPEST_RESULT),
        loosened=results.loosened,
        complete=results.complete,
        took_ms=results.took_ms,
        facets=results.facets,
        meant=meant or "",
    )


def count(text: str, by_date: bool = False, narrowing: Narrowing | None = None) -> int:
    """How many papers a reader's text finds. Asks the index only, and raises as `search` does."""
    return documents.index().search(
        parse(text, documents.VOCABULARY),
        filters=_make_filters(narrowing or Narrowing()),
        sort=_sort(by_date),
        limit=1,
    ).total  # fmt: skip


def read_state() -> str:
    """What changes with every commit of the index. Raises IndexUnusable."""
    return str(documents.index().checkpoint())


def suggest(typed: str, limit: int) -> tuple[Suggestions, dict[int, str]]:
    """Titles and authors that go on as typed, and identifiers by the titles' rows. One query."""
    found = documents.index().suggest(typed, limit)
    rows = [title.row for title in found.titles]
    visible = Paper.objects.visible().filter(pk__in=rows) if rows else Paper.objects.none()
    return found, dict(visible.values_list("pk", "identifier"))


def _sort(by_date: bool) -> Sort:
    return Sort.DATE if by_date else Sort.RELEVANCE


def _make_filters(narrowing: Narrowing) -> tuple[Node, ...]:
    """The nodes that facets were counted for; `cat:` of the query language also knows aliases."""
    found: list[Node] = [Category(code.lower()) for code in narrowing.categories]
    if narrowing.year:
        found.append(DateRange(date(narrowing.year, 1, 1), date(narrowing.year, 12, 31)))
    return tuple(found)
