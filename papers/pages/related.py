"""Related papers: those nearest to a paper or to a pasted text, and the words that link them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from papers import markup, plaintext
from papers.addresses import (
    LONGEST_TEXT,
    NearAddress,
    SearchAddress,
    paper_address,
    related_address,
)
from papers.formatting import count, date_plain
from papers.models import Paper
from papers.pages.card import is_sample, read_author
from papers.pages.frame import Frame
from papers.pages.status import BRIEFLY
from papers.queries import related as related_queries
from papers.queries.related import Neighbour
from search import Keyword

_AUTHORS_NAMED = 3


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A near paper on a few lines; `words` are those it shares, as it writes them."""

    url: str
    title: SafeString
    authors: str
    category: str
    date: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeywordLink:
    """What a paper is about, and the search for it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class RelatedPage:
    """Papers like one, or like a text. `title` and `url` are the one's, both empty for a text."""

    frame: Frame
    heading: str
    lines: tuple[RelatedLine, ...]
    title: SafeString | None = None
    url: str = ""
    text: str = ""
    asked: bool = True
    longest: int = LONGEST_TEXT


def build(paper: Paper) -> RelatedPage:
    """The page of a paper's neighbours. One query. Raises IndexUnusable (`search.errors`)."""
    lines = make_lines(related_queries.list_neighbours(paper))
    return RelatedPage(
        frame=Frame(
            title=_("Related to %(title)s") % {"title": plaintext.render(paper.title)},
            canonical=related_address(paper.identifier),
            keep=timedelta(hours=1) if lines else BRIEFLY,
            samples=is_sample(paper),
            indexed=False,
        ),
        heading=_("Related papers"),
        lines=lines,
        title=markup.render(paper.title, links=False),
        url=paper_address(paper.identifier),
    )


def build_for_text(text: str) -> RelatedPage:
    """The form, and what is near the text in it. One query. Raises IndexUnusable."""
    lines = make_lines(related_queries.list_like(text)) if text else ()
    return RelatedPage(
        frame=Frame(
            title=_("Papers like a text"),
            canonical=str(NearAddress(text)),
            keep=BRIEFLY if text else timedelta(hours=1),
            indexed=False,
        ),
        heading=_("Papers like a text"),
        lines=lines,
        text=text,
        asked=bool(text),
    )


def make_lines(neighbours: Iterable[Neighbour]) -> tuple[RelatedLine, ...]:
    """Near papers as lines. No queries."""
    return tuple(
        RelatedLine(
            url=paper_address(one.paper.identifier),
            title=markup.render(one.paper.title, links=False),
            authors=_name_authors(one.paper),
            category=one.paper.primary_category,
            date=date_plain(one.paper.submitted_at) if one.paper.submitted_at else "",
            words=one.words,
        )
        for one in neighbours
    )


def make_keywords(keywords: Iterable[Keyword]) -> tuple[KeywordLink, ...]:
    """Keywords as links to searches."""
    return tuple(KeywordLink(one.text, str(SearchAddress(one.query))) for one in keywords)


def _name_authors(paper: Paper) -> str:
    names = [read_author(entry)[0] for entry in paper.authors[:_AUTHORS_NAMED]]
    more = len(paper.authors) - len(names)
    return ", ".join(names) + (_(" and %(count)s more") % {"count": count(more)} if more else "")
