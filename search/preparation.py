"""A document as the engines index it: every field's values, analysed, the same for each engine.

Values are tokens joined by single spaces, so an engine cuts at spaces and does nothing else.
"""

from dataclasses import dataclass

from search import analysis
from search.documents import Document, category_terms

# Between how a name is found and how it is shown, in one value of `names`.
SHOWN_AS = "\x1f"
_LONGEST_NAME = 80
# How these letters are written where they cannot be typed: Schoelkopf is Schölkopf. Without their
# marks they are found as well (`search.analysis`).
_SPELT_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "Ø": "Oe"}
)
_REMEMBERED_NAMES = 300_000
# Parts of a family name, which nobody shortens.
PARTICLES = frozenset(
    {
        "al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
        "el", "ibn", "la", "le", "ten", "ter", "van", "vom", "von", "zu", "zum",
    }
)  # fmt: skip


@dataclass(slots=True)
class Prepared:
    """The analysed fields. No phrase reaches from one value of a field into the next.

    `title` and `abstract` hold stemmed values, the text's tokens first; `heading` the title's words
    as written, for completing and correcting; `authors` each name, and with initials in place of
    all but its last word, so that J. Ho is found, both without middle names too; `names` each
    author as found, SHOWN_AS and as shown: from the first word on, from the last, and from where
    the family name begins.
    """

    title: list[str]
    abstract: list[str]
    heading: str
    authors: list[str]
    names: list[str]
    categories: list[str]
    day: int | None
    year: int | None


def prepare(document: Document) -> Prepared:
    """The fields of a document. Costs some 40 microseconds for an abstract of usual length."""
    title, heading = analysis.analyse_twice(document.title)
    abstract = analysis.analyse(document.abstract)
    authors: list[str] = []
    names: list[str] = []
    for author in document.authors:
        forms, found = _names[author]
        authors += forms
        names += found
    day = document.day
    return Prepared(
        title=_values(title),
        abstract=_values(abstract),
        heading=" ".join(heading),
        authors=authors,
        names=names,
        categories=category_terms(document.categories),
        day=None if day is None else day.toordinal(),
        year=None if day is None else day.year,
    )


def _values(tokens: analysis.Tokens) -> list[str]:
    sequence = " ".join(tokens.sequence)
    return [sequence, " ".join(tokens.joined)] if tokens.joined else [sequence]


class _Names(dict[str, tuple[tuple[str, ...], tuple[str, ...]]]):
    """Remembers what authors' names become; who publishes once often does again.

    In tuples, which the search for garbage leaves out: lists cost a build a twelfth of its time.
    """

    def __missing__(self, author: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if len(self) >= _REMEMBERED_NAMES:
            self.clear()
        forms, found = _take_apart(author)
        if (spelt := author.translate(_SPELT_OUT)) != author:
            forms, found = (
                [*dict.fromkeys((*one, *other))]
                for one, other in zip((forms, found), _take_apart(spelt), strict=True)
            )
        names = [f"{one}{SHOWN_AS}{author}" for one in found] if len(author) < _LONGEST_NAME else []
        known = self[author] = tuple(forms), tuple(names)
        return known


def _take_apart(author: str) -> tuple[list[str], list[str]]:
    """The forms a name is searched by, and those it is suggested by."""
    name = analysis.analyse_name(author)
    words = name.sequence
    forms = _values(name)
    found = [forms[0]] if words else []
    if len(words) > 1:
        begins = {len(words) - 1, _find_family(author, words)} - {0}
        found += [" ".join([*words[at:], *words[:at]]) for at in sorted(begins)]
        initials = [word if word in PARTICLES else word[0] for word in words[:-1]]
        shorter = [" ".join([*initials, words[-1]])]
        if len(words) > 2 and words[1] not in PARTICLES:
            # Without the middle name: Geoffrey E. Hinton is known as Geoffrey Hinton.
            kept = [word for word in words[1:-1] if word in PARTICLES]
            last = [*kept, words[-1]]
            shorter += [" ".join([words[0], *last]), " ".join([initials[0], *last])]
        forms = [*forms, *(one for one in dict.fromkeys(shorter) if one != forms[0])]
    return forms, found


def _find_family(author: str, words: list[str]) -> int:
    """At which of a name's words the family name begins: van of van der Maaten, O of O'Brien."""
    at = len(words) - (len(analysis.analyse_name(author.split()[-1]).sequence) or 1)
    while at > 0 and words[at - 1] in PARTICLES:
        at -= 1
    return max(at, 0)


_names = _Names()
