"""Papers as RIS, which Zotero, EndNote and Mendeley read: a tag a line, lines end with CR LF.

Preprints are `UNPB`; a paper with a journal reference is `JOUR`. Titles and abstracts are readable
text (RIS knows no maths). Nothing can begin a line of its own: every value is one line.
"""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from papers import plaintext
from papers.exports.citations import Citation, Date
from papers.exports.names import Name


def render(citations: Sequence[Citation]) -> str:
    """The records of a list, in its order, with an empty line behind each."""
    return "".join(
        "".join(f"{tag}  - {value}\r\n" for tag, value in _list_fields(citation)) + "\r\n"
        for citation in citations
    )


def _list_fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR" if citation.journal else "UNPB"
    for tag, value in _list_values(citation):
        if line := " ".join(value.split()):
            yield tag, line
    yield "ER", ""


def _list_values(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TI", plaintext.render(citation.title)
    for name in citation.authors:
        yield "AU", _write_name(name)
    if citation.date:
        yield "PY", str(citation.date.year)
        yield "DA", _write_date(citation.date)
    yield "AB", plaintext.render(citation.abstract)
    for category in citation.categories:
        yield "KW", plaintext.render(category)
    yield "DO", citation.doi
    if not citation.sample:
        yield "AN", f"arXiv:{citation.identifier}"
        yield "DB", "arXiv"
        yield "PB", "arXiv"
    yield "ID", citation.identifier
    yield "UR", citation.url
    yield "L1", citation.pdf
    yield "N1", plaintext.render(citation.journal)
    yield "N1", plaintext.render(citation.comments)
    if citation.withdrawn:
        yield "N1", _("Withdrawn")
    if citation.sample:
        yield "N1", _("A sample paper, not a real one")


def _write_name(name: Name) -> str:
    """`van der Maaten, Laurens, Jr.`; a comma means nothing else."""
    family = plaintext.render(f"{name.particle} {name.family}").replace(",", " ")
    parts = (family, plaintext.render(name.given), plaintext.render(name.suffix))
    return ", ".join(part.replace(",", " ") for part in parts if part)


def _write_date(date: Date) -> str:
    """`2024/01/05/`, or `2024/01//` where the day is not known."""
    return f"{date.year:04}/{date.month:02}/{date.day:02}/" if date.day else (
        f"{date.year:04}/{date.month:02}//"
    )  # fmt: skip
