"""What to leave out of a search that finds nothing, so that it finds something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from django.utils.translation import gettext as _

from papers.addresses import SearchAddress, shorten
from papers.formatting import count
from papers.queries import search as search_queries
from papers.queries.search import Narrowing
from search.errors import IndexTooSlow

# Parts of a query as it was typed: a word, a phrase or parentheses, with what stands before it.
_NOT = r"(?:(?:\bAND\s+)?\bNOT\s+|\bANDNOT\s+|(?<![\w)\"])-)"
_PART = re.compile(rf'{_NOT}?(?:\w+:\s*)?(?:"[^"]*"?|\([^()]*\)?|[^\s()"]+)')
_QUOTED = re.compile(r'"([^"]*)"')
_FIELD = re.compile(rf"{_NOT}?\b(?:cat|date|id):\s*\S*|{_NOT}\S+|\b\w+:|\b(?:OR|AND)\b")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_MOST_TRIED = 12
_MOST_SHOWN = 5
# Trying costs a search each, and stops after so many seconds.
_PATIENCE = 0.1


@dataclass(frozen=True, slots=True)
class Looser:
    """A search that asks for less and finds something: what it leaves out, where, how many."""

    text: str
    url: str
    count: str


def list_looser(address: SearchAddress) -> tuple[Looser, ...]:
    """At most five, each tried on the index; no query to the database. Raises IndexUnusable."""
    found: list[Looser] = []
    began = perf_counter()
    tried: set[SearchAddress] = set()
    for text, looser in _list_candidates(address):
        if len(tried) == _MOST_TRIED or len(found) == _MOST_SHOWN:
            break
        if looser in tried or perf_counter() - began > _PATIENCE:
            continue
        tried.add(looser)
        try:
            number = search_queries.count(
                looser.query, looser.by_date, Narrowing(looser.categories, looser.year)
            )
        except IndexTooSlow:
            break
        if number:
            found.append(Looser(text, str(looser), count(number)))
    return tuple(found)


def _list_candidates(address: SearchAddress) -> Iterator[tuple[str, SearchAddress]]:
    """What is easiest to forget first: filters, quotation marks, then one part after the other."""
    for code in address.categories:
        yield _("not only in %(code)s") % {"code": code}, address.outside(code)
    if address.year:
        yield _("of all years"), address.of(None)
    if address.year or len(address.categories) > 1:
        yield _("without filters"), replace(address.of(None), categories=())
    first = address.from_(0)
    unquoted = " ".join(_QUOTED.sub(r"(\1)", address.query).split())
    if unquoted != address.query:
        yield _("words apart from each other"), replace(first, query=unquoted)
    parts = [part for part in _PART.findall(address.query) if part != "AND"]
    for at, part in enumerate(parts if len(parts) > 1 else ()):
        rest = [other for number, other in enumerate(parts) if number != at]
        if part.upper() != "OR":
            less = replace(first, query=" ".join(rest))
            yield _("without %(part)s") % {"part": shorten(part, 40)}, less
    words = " ".join(_WORD.findall(_FIELD.sub(" ", address.query)))
    if words:
        yield _("nothing but the words, anywhere"), SearchAddress(words)
