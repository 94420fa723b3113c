"""A search in the reader's words: what it asks for, and what of it could not be read as meant."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from papers.arxiv import taxonomy
from papers.formatting import date_plain
from papers.queries.search import Narrowing
from papers.selection import name_of
from search.query import Condition, Kind, Note, Query, Scope, explain

_MOST_WORDS = 12


def describe(query: Query, narrowing: Narrowing) -> str:
    """`Papers with “diffusion” in the title, by “Ho”, since 1 Jan 2024.`; empty for nothing."""
    conditions = explain(query)
    if not conditions:
        return ""
    said = [_describe(condition) for condition in conditions]
    said += [_("in %(codes)s") % {"codes": _name(code)} for code in narrowing.categories]
    if narrowing.year:
        said.append(_("submitted in %(year)s") % {"year": narrowing.year})
    return _("Papers %(conditions)s.") % {"conditions": _(", ").join(said)}


def list_notes(query: Query) -> list[str]:
    """What the parser has to say, a sentence each."""
    said = {
        Note.TOO_LONG: _("The search was too long: its end was left out."),
        Note.TOO_MANY_TERMS: _("The search has too many words: the last ones were left out."),
        Note.TOO_DEEP: _("Parentheses within parentheses within parentheses were left out."),
        Note.OPEN_QUOTE: _("A quotation mark without a partner was left out."),
        Note.UNBALANCED_PARENTHESES: _("A parenthesis without a partner was left out."),
        Note.BAD_DATE: _(
            "A date could not be read; it looks like date:2026-08-11, date:2026-08 or "
            "date:2026-01..2026-03."
        ),
        Note.UNKNOWN_CATEGORY: _("A category could not be read: arXiv has none of this name."),
        Note.UNKNOWN_IDENTIFIER: _("An identifier could not be read; it looks like 2401.00001."),
        Note.NO_WORDS: _("There is no word in this to search for."),
    }
    return [said[note] for note in query.notes if note in said]


def _describe(condition: Condition) -> str:
    match condition.kind:
        case Kind.WORDS:
            return _say_place(condition, _join_words(condition.values))
        case Kind.PHRASE:
            return _say_place(condition, _quote(condition.values[0]))
        case Kind.CATEGORY:
            values = {"codes": _join_or([_name(code) for code in condition.values])}
            return (
                _("not in %(codes)s") % values if condition.without else _("in %(codes)s") % values
            )
        case Kind.IDENTIFIERS:
            values = {"numbers": _join_or(condition.values)}
            if condition.without:
                return _("other than %(numbers)s") % values
            return _("of the number %(numbers)s") % values
        case Kind.DATES:
            dates = _describe_dates(condition.first, condition.last)
            return _("not %(dates)s") % {"dates": dates} if condition.without else dates
        case _:
            choices = [
                _(" and ").join(map(_describe, choice)) for choice in condition.choices if choice
            ]
            if condition.without:
                return _("but not (%(choices)s)") % {"choices": _(" or ").join(choices)}
            return _("either %(choices)s") % {"choices": _(" or ").join(choices)}


def _say_place(condition: Condition, words: str) -> str:
    """Each sentence whole, since languages put their words in different orders."""
    places = {
        (Scope.ANYWHERE, False): _("with %(words)s"),
        (Scope.ANYWHERE, True): _("without %(words)s"),
        (Scope.TITLE, False): _("with %(words)s in the title"),
        (Scope.TITLE, True): _("without %(words)s in the title"),
        (Scope.ABSTRACT, False): _("with %(words)s in the abstract"),
        (Scope.ABSTRACT, True): _("without %(words)s in the abstract"),
        (Scope.AUTHOR, False): _("by %(words)s"),
        (Scope.AUTHOR, True): _("not by %(words)s"),
    }
    return places[condition.scope, condition.without] % {"words": words}


def _describe_dates(first: date | None, last: date | None) -> str:
    if first and last:
        whole_month = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        if first == last:
            return _("submitted on %(day)s") % {"day": date_plain(first)}
        if whole_month and first.year == last.year and (first.month, last.month) == (1, 12):
            return _("submitted in %(year)s") % {"year": first.year}
        if whole_month and (first.year, first.month) == (last.year, last.month):
            return _("submitted in %(month)s") % {"month": date_format(first, _("F Y"))}
        return _("submitted from %(first)s to %(last)s") % {
            "first": date_plain(first),
            "last": date_plain(last),
        }
    if first:
        return _("submitted since %(day)s") % {"day": date_plain(first)}
    if last:
        return _("submitted until %(day)s") % {"day": date_plain(last)}
    return _("submitted at any time")


def _name(code: str) -> str:
    """cs.LG (Machine Learning)."""
    try:
        spelt = taxonomy.spelling(code)
        return f"{spelt} ({name_of(spelt)})"
    except KeyError:
        return code


def _quote(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


def _join_words(words: Sequence[str]) -> str:
    said = [_quote(word) for word in words[:_MOST_WORDS]]
    if len(words) > _MOST_WORDS:
        said.append("…")
    if len(said) < 2:
        return "".join(said)
    return _("%(some)s and %(last)s") % {"some": _(", ").join(said[:-1]), "last": said[-1]}


def _join_or(values: Sequence[str]) -> str:
    said = [*values[:_MOST_WORDS], *(["…"] if len(values) > _MOST_WORDS else [])]
    return _(" or ").join(said)
