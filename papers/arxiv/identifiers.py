"""arXiv identifiers: what is one, how it is written, and how identifiers are ordered.

Facts: from April 2007 on `YYMM.NNNN`, from January 2015 on `YYMM.NNNNN`; before that
`archive/YYMMNNN`, whose longer form `math.GT/0309136` is written without its class. The month is
the month of announcement, not of submission. Nothing here asks whether a paper exists.
"""

import re
import unicodedata
from dataclasses import dataclass

from papers.arxiv.taxonomy import ARCHIVES

FIRST_MONTH = (1991, 7)
FIRST_NEW_MONTH = (2007, 4)
FIRST_FIVE_DIGIT_MONTH = (2015, 1)

# A longer text is no identifier, whatever it ends with.
_LONGEST = 300

_VERSION = r"(?:v(?P<version>\d+))?"
_NEW = re.compile(rf"(?P<yymm>\d{{4}})\.(?P<number>\d{{4,5}}){_VERSION}", re.ASCII)
_OLD = re.compile(
    rf"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z-]{{2,}})?/(?P<yymm>\d{{4}})(?P<number>\d{{3}})"
    rf"{_VERSION}",
    re.ASCII,
)
# What people and feeds put before an identifier: an address, a DOI, `oai:arXiv.org:`, `arXiv:`.
_LEAD = (
    r"(?:(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,}(?::\d+)?/(?:[^\s?#]*/)?)?"
    r"(?:(?:doi:\s*)?10\.48550/)?(?:oai:arxiv\.org:|arxiv[:.]\s*)?"
)
_TAIL = r"(?:\.pdf)?/?(?:[?#].*)?"
_LENIENT_NEW = re.compile(
    rf"{_LEAD}(?P<yymm>\d{{3,4}})\.(?P<number>\d{{1,5}}){_VERSION}{_TAIL}", re.ASCII | re.IGNORECASE
)
_LENIENT_OLD = re.compile(rf"{_LEAD}(?P<old>{_OLD.pattern}){_TAIL}", re.ASCII | re.IGNORECASE)
_WRAPPING = "<>[](){}\"'`.,;: \t\r\n"
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))

# Founded after the old form had ended.
_YOUNG_ARCHIVES = frozenset({"econ", "eess", "q-fin", "stat"})


@dataclass(frozen=True, slots=True)
class Identifier:
    """A canonical identifier without its version, and the version where one was named.

    `parse`, `read` and `from_oai` make only valid ones.
    """

    id: str
    version: int | None = None

    def __str__(self) -> str:
        """As arXiv writes it: `2401.00001v2`, `hep-th/9901001`."""
        return self.id if self.version is None else f"{self.id}v{self.version}"

    @property
    def oai(self) -> str:
        """The form of OAI-PMH (without version) and of the feeds' guid (with it)."""
        return f"oai:arXiv.org:{self}"

    @property
    def month(self) -> tuple[int, int]:
        """Year and month of the announcement, US Eastern."""
        archive, _, digits = self.id.rpartition("/")
        return _month(digits[:4], new=not archive)

    @property
    def sort_key(self) -> tuple[int, int, str, int, int]:
        """Orders as arXiv does: by month, old form before new, archive, number, version."""
        archive, _, digits = self.id.rpartition("/")
        year, month = self.month
        number = int(digits[4:].lstrip("."))
        return (year, month, archive, number, self.version or 0)


def parse(text: str) -> Identifier:
    """An identifier exactly as arXiv writes it, with or without version; `math.GT/...` is accepted.

    Raises ValueError, saying why, for anything else and for impossible ones (month 13, version 0).
    """
    if match := _NEW.fullmatch(text):
        return _make_new(match["yymm"], match["number"], match["version"])
    if match := _OLD.fullmatch(text):
        return _make_old(match["archive"], match["yymm"], match["number"], match["version"])
    raise ValueError(f"{_shorten(text)!r} is not an arXiv identifier")


def read(text: str) -> Identifier:
    """An identifier from what a person types or another site writes.

    Also takes addresses of abstracts and PDFs (any host), `arXiv:2401.00001v2 [cs.CL] 2 Jan 2024`,
    DOIs of arXiv, any case, and numbers that lost zeros: `2401.6769` is `2401.06769`; a month of
    three digits went through a number format, which drops zeros at both ends, so `704.029` is
    `0704.0290`. Raises ValueError, saying why.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"{_shorten(text)!r} is too long to be an arXiv identifier")
    cleaned = unicodedata.normalize("NFKC", text).translate(_DASHES).strip(_WRAPPING)
    # After "arXiv:2401.00001v2" a citation goes on with "[cs.CL] 2 Jan 2024".
    cleaned = re.sub(r"^(arxiv:|doi:)\s+", r"\1", cleaned, flags=re.IGNORECASE)
    cleaned = " ".join(cleaned.split()[:1]).rstrip(_WRAPPING)
    if match := _LENIENT_NEW.fullmatch(cleaned):
        yymm, number = match["yymm"], match["number"]
        if len(yymm) == 3:
            yymm, number = "0" + yymm, number.ljust(4, "0")
        width = 5 if _month(yymm, new=True) >= FIRST_FIVE_DIGIT_MONTH else 4
        return _make_new(yymm, number.zfill(width), match["version"])
    if match := _LENIENT_OLD.fullmatch(cleaned):
        return _make_old(match["archive"].lower(), match["yymm"], match["number"], match["version"])
    raise ValueError(f"{_shorten(text)!r} is not an arXiv identifier")


def from_oai(text: str) -> Identifier:
    """The identifier in `oai:arXiv.org:2401.00001v2`; strict, ValueError saying why."""
    lead, _, rest = text.strip().partition(":arXiv.org:")
    if lead != "oai":
        raise ValueError(f"{_shorten(text)!r} is not an OAI identifier of arXiv")
    return parse(rest)


def _make_new(yymm: str, number: str, version: str | None) -> Identifier:
    identifier = f"{yymm}.{number}"
    month = _month(yymm, new=True)
    width = 5 if month >= FIRST_FIVE_DIGIT_MONTH else 4
    if len(number) != width:
        raise ValueError(
            f"{identifier!r}: identifiers of {month[0]}-{month[1]:02} have {width} digits "
            "after the point"
        )
    return _make(identifier, number, version)


def _make_old(archive: str, yymm: str, number: str, version: str | None) -> Identifier:
    identifier = f"{archive}/{yymm}{number}"
    if archive not in ARCHIVES or archive in _YOUNG_ARCHIVES:
        raise ValueError(f"{identifier!r}: before April 2007 arXiv had no archive {archive!r}")
    _month(yymm, new=False)
    return _make(identifier, number, version)


def _make(identifier: str, number: str, version: str | None) -> Identifier:
    if int(number) == 0:
        raise ValueError(f"{identifier!r}: numbers begin at 1")
    if version is None:
        return Identifier(identifier)
    if version.startswith("0") or len(version) > 4:
        raise ValueError(f"{identifier!r}: there is no version {_shorten(version)}")
    return Identifier(identifier, int(version))


def _month(yymm: str, *, new: bool) -> tuple[int, int]:
    """Year and month of the first four digits; ValueError where the form has none such."""
    short, month = int(yymm[:2]), int(yymm[2:])
    year = (1900 if short >= 91 else 2000) + short
    if not 1 <= month <= 12:
        raise ValueError(f"{yymm!r}: there is no month {month:02}")
    if new and (year, month) < FIRST_NEW_MONTH:
        raise ValueError(
            f"{yymm!r}: identifiers of {year}-{month:02} have the form archive/YYMMNNN"
        )
    if not new and (year, month) >= FIRST_NEW_MONTH:
        raise ValueError(f"{yymm!r}: identifiers of {year}-{month:02} have the form YYMM.NNNNN")
    if (year, month) < FIRST_MONTH:
        raise ValueError(f"{yymm!r}: arXiv began in August 1991")
    return year, month


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
