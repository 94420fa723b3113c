"""Which categories a listing is of: `cs.AI`, `cs`, `cs.AI,cs.CL`, `cs.AI+cs.LG-cs.CY`.

Pure: an address's text in, canonical codes out. The grammar is DESIGN's; what the codes mean is the
taxonomy's. `+`, `,` and a space join; `-` takes away, read by the longest match on the taxonomy,
since codes hold hyphens themselves (`math-ph`).
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from papers.arxiv import taxonomy

MOST_TERMS = 60
LONGEST = 1_000


class UnknownCategory(ValueError):
    """A part that is neither a category nor an archive; `nearest` are codes like it, best first."""

    def __init__(self, asked: str, nearest: tuple[str, ...]) -> None:
        super().__init__(asked)
        self.asked = asked
        self.nearest = nearest


class MalformedSelection(ValueError):
    """Too long, or takes everything away and adds nothing."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Categories and archives to show (`included`) and to leave out (`excluded`), canonical."""

    included: tuple[str, ...]
    excluded: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The canonical form in an address: `cs.AI,cs.CL`, or `cs.AI+cs.CL-cs.CY`."""
        if not self.excluded:
            return ",".join(self.included)
        return "".join(["+".join(self.included), *(f"-{code}" for code in self.excluded)])

    @property
    def key(self) -> str:
        """What browsers keep it under: shown, then left out, `cs.AI,cs.CL -cs.CY`."""
        return " ".join([",".join(self.included), *(f"-{code}" for code in self.excluded)])

    @property
    def single(self) -> str | None:
        """The category, if this is one category and nothing else."""
        codes = self.categories
        return codes[0] if len(codes) == 1 and not self.excluded else None

    @property
    def categories(self) -> tuple[str, ...]:
        """The canonical categories to show, archives spelt out."""
        return _spell_out(self.included)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The canonical categories whose papers are left out, archives spelt out."""
        return _spell_out(self.excluded)


def is_archive(code: str) -> bool:
    """Whether a canonical code stands for a whole archive of several categories."""
    return taxonomy.is_archive(code) and len(taxonomy.categories_of(code)) > 1


def name_of(code: str) -> str:
    """The name of a canonical category or archive in the language of the moment."""
    return _((taxonomy.ARCHIVES if is_archive(code) else taxonomy.CATEGORIES)[code].name)


def parse(text: str) -> Selection:
    """Read a selection in any case and with aliases. Raises the errors of this module."""
    if len(text) > LONGEST:
        raise MalformedSelection("too long")
    included: dict[str, None] = {}
    excluded: dict[str, None] = {}
    for piece in re.split(r"[+,\s/]+", text):
        if piece:
            _read_piece(piece, included, excluded)
    if not included:
        raise MalformedSelection("nothing chosen")
    if len(included) + len(excluded) > MOST_TERMS:
        raise MalformedSelection("too long")
    return Selection(tuple(included), tuple(c for c in excluded if c not in included))


def _read_piece(piece: str, included: dict[str, None], excluded: dict[str, None]) -> None:
    """One part between joiners: a code, and codes to take away behind hyphens."""
    words = piece.split("-")
    at = 0
    target = included
    if not words[0]:
        at, target = 1, excluded
    while at < len(words):
        for end in range(len(words), at, -1):
            code = _read_code("-".join(words[at:end]))
            if code is not None:
                target[code] = None
                at, target = end, excluded
                break
        else:
            asked = "-".join(words[at:])
            raise UnknownCategory(asked, taxonomy.nearest(asked))


def _read_code(text: str) -> str | None:
    lower = text.lower()
    if is_archive(lower):
        return lower
    try:
        return taxonomy.canonical(text)
    except KeyError:
        return None


def _spell_out(codes: tuple[str, ...]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code in codes:
        found.update(dict.fromkeys(taxonomy.categories_of(code) if is_archive(code) else (code,)))
    return tuple(found)
