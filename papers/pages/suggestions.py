"""Suggestions as somebody types: papers by title, authors, categories."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import plaintext
from papers.addresses import ListingAddress, author_address, paper_address, shorten
from papers.arxiv import taxonomy
from papers.formatting import count
from papers.queries import search as search_queries
from papers.selection import Selection, is_archive

MOST_OF_EACH = 5
_SHORTEST = 2
_LONGEST = 100
_LONGEST_TITLE = 160
# Behind a field of the query language only what is looked for there.
_OF_FIELD = {"au": "authors", "author": "authors", "ti": "titles", "title": "titles"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be meant and where it is; `aside` says a little more, `completion` may be typed."""

    text: str
    url: str
    aside: str
    completion: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Plain texts, best first."""

    categories: tuple[Suggestion, ...] = ()
    authors: tuple[Suggestion, ...] = ()
    titles: tuple[Suggestion, ...] = ()

    @property
    def all(self) -> tuple[Suggestion, ...]:
        """All of them in the order they are shown in."""
        return (*self.categories, *self.authors, *self.titles)

    def describe(self) -> dict[str, Any]:
        """As JSON: three lists of `text`, `url` and `aside`."""
        return {
            kind: [{"text": one.text, "url": one.url, "aside": one.aside} for one in some]
            for kind, some in (
                ("categories", self.categories),
                ("authors", self.authors),
                ("titles", self.titles),
            )
        }


def build(typed: str) -> Suggestions:
    """What goes on as typed, or nothing for less than two letters. One query at most.

    Raises IndexUnusable (`search.errors`).
    """
    typed = typed[:_LONGEST]
    field, colon, rest = typed.partition(":")
    if colon and (kind := _OF_FIELD.get(field.lower().strip())):
        return Suggestions(**{kind: getattr(build(rest.strip(' "')), kind)})
    if len(typed) < _SHORTEST:
        return Suggestions()
    found, identifiers = search_queries.suggest(typed, MOST_OF_EACH)
    return Suggestions(
        categories=tuple(_list_categories(typed)),
        authors=tuple(
            Suggestion(
                author.value,
                author_address(author.value),
                ngettext("%(count)s paper", "%(count)s papers", author.number)
                % {"count": count(author.number)},
                f'author:"{author.value}"',
            )
            for author in found.authors
        ),
        titles=tuple(
            _make_title(plaintext.render(title.text), identifiers[title.row])
            for title in found.titles
            if title.row in identifiers
        ),
    )


def _make_title(title: str, identifier: str) -> Suggestion:
    return Suggestion(shorten(title, _LONGEST_TITLE), paper_address(identifier), identifier, title)


def _list_categories(typed: str) -> list[Suggestion]:
    """Archives and categories whose code begins so, or whose name, in English or in the language of
    the moment, has a word that does."""
    asked = typed.lower().removeprefix("cat:").strip()
    known = [
        *((one.code, one.name, one.active) for one in taxonomy.ARCHIVES.values()),
        *((one.code, one.name, one.active) for one in taxonomy.CATEGORIES.values()),
    ]
    ranked: list[tuple[int, str, str]] = []
    for code, name, active in known:
        if not active or not _is_canonical(code):
            continue
        lower, said, here = code.lower(), name.lower(), _(name)
        if lower.startswith(asked):
            ranked.append((0 if lower == asked else 1, code, here))
        elif lower.partition(".")[2].startswith(asked) or said.startswith(asked):
            ranked.append((2, code, here))
        elif f" {asked}" in said or (here != name and asked in here.lower()):
            ranked.append((3, code, here))
    ranked.sort()
    return [
        Suggestion(code, str(ListingAddress(Selection((code,)))), name, f"cat:{code}")
        for _rank, code, name in dict.fromkeys(ranked)
    ][:MOST_OF_EACH]


def _is_canonical(code: str) -> bool:
    if code in taxonomy.CATEGORIES:
        return taxonomy.CATEGORIES[code].alias_of is None
    return is_archive(code)
