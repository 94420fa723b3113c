"""Papers as BibTeX: `@misc` with the fields that arXiv's styles read.

Not `@article` once published: styles then want a `journal`, and what arXiv has is a whole
reference, to a conference or a book as well. It stands in `note`, where every style prints it.

A key is made of what it names (`maaten2008visualizing`), not of where it stands, so it is the same
in every list; where papers of a list would share one, each gets its identifier behind it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from papers import plaintext
from papers.exports.citations import Citation
from papers.exports.names import Name
from papers.exports.tex import encode, encode_line, encode_title

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SKIPPED = _words(
    "a an and are as at be by can do does for from how in into is it its not of on or our the "
    "their to towards toward via we what when where which why with"
)
_NO_MARK = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i"}) | {
    ord("ß"): "ss",
    ord("æ"): "ae",
    ord("Æ"): "AE",
    ord("œ"): "oe",
    ord("Œ"): "OE",
    ord("þ"): "th",
    ord("ð"): "d",
}


def render(citations: Sequence[Citation]) -> str:
    """The entries of a list, in its order, each with a key of its own. Ends with a new line."""
    keys = make_keys(citations)
    return "\n".join(map(_render_one, citations, keys))


def make_keys(citations: Sequence[Citation]) -> list[str]:
    """The keys of a list's papers: ASCII letters and digits, and unique."""
    plain = [_make_key(citation) for citation in citations]
    shared = Counter(plain)
    keys = [
        f"{key}-{_fold(citation.identifier, '.-')}" if shared[key] > 1 else key
        for key, citation in zip(plain, citations, strict=True)
    ]
    seen: Counter[str] = Counter()
    for at, key in enumerate(keys):
        seen[key] += 1
        if seen[key] > 1:
            keys[at] = f"{key}-{seen[key]}"
    return keys


def _make_key(citation: Citation) -> str:
    family = _fold(citation.authors[0].family) if citation.authors else ""
    words = map(_fold, re.split(r"[\s\-/–—:]+", plaintext.render(citation.title).lower()))
    word = next((word for word in words if word and word not in _SKIPPED), "")
    year = str(citation.date.year) if citation.date else ""
    return f"{family or 'arxiv'}{year}{word}"


def _fold(text: str, kept: str = "") -> str:
    """ASCII letters and digits in lower case; of other scripts nothing."""
    bare = unicodedata.normalize("NFKD", text.translate(_NO_MARK)).replace("/", "-")
    return "".join(c for c in bare.lower() if (c.isascii() and c.isalnum()) or c in kept)


def _render_one(citation: Citation, key: str) -> str:
    fields = {
        "title": f"{{{encode_title(citation.title)}}}",
        "author": f"{{{' and '.join(map(_encode_name, citation.authors))}}}",
    }
    if citation.date:
        fields["year"] = f"{{{citation.date.year}}}"
        # A macro of every style, hence without braces.
        fields["month"] = _MONTHS[citation.date.month - 1]
    if not citation.sample:
        fields["eprint"] = f"{{{citation.identifier}}}"
        fields["archivePrefix"] = "{arXiv}"
        fields["primaryClass"] = f"{{{encode(citation.primary_category)}}}"
    if citation.doi:
        fields["doi"] = f"{{{citation.doi}}}"
    fields["url"] = f"{{{citation.url}}}"
    if notes := list(_list_notes(citation)):
        fields["note"] = f"{{{'; '.join(notes)}}}"
    body = ",\n".join(f"  {name} = {value}" for name, value in fields.items() if value != "{}")
    return f"@misc{{{key},\n{body}\n}}\n"


def _list_notes(citation: Citation) -> list[str]:
    notes = []
    if citation.journal:
        notes.append(encode_line(citation.journal))
    if citation.withdrawn:
        notes.append(encode(_("Withdrawn")))
    if citation.sample:
        notes.append(encode(_("A sample paper, not a real one")))
    return notes


def _encode_name(name: Name) -> str:
    """`van der Maaten, Laurens`, `King, Jr., Martin Luther`, `{ATLAS Collaboration}`.

    What BibTeX would read otherwise than it is meant stands in braces.
    """
    if name.group or not name.given:
        whole = f"{name.particle} {name.family}".strip()
        return encode(whole) if " " not in whole and not name.group else f"{{{encode(whole)}}}"
    family = encode(name.family).replace(",", "{,}")
    words = name.family.split()
    if len(words) > 1 and any(word[:1].islower() for word in words):
        # A lower-case word in it would become a particle.
        family = f"{{{family}}}"
    particle = f"{encode(name.particle)} " if name.particle else ""
    parts = (particle + family, encode(name.suffix), encode(name.given).replace(",", "{,}"))
    return ", ".join(filter(None, parts))
