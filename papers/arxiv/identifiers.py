"""arXiv identifiers: what is one, how it is written, and how identifiers are ordered.

Facts: from April 2007 on `YYMM.NNNN`, from January 2015 on `YYMM.NNNNN`; before that
`archive/YYMMNNN`, whose longer form `math.GT/0309136` is written without its class. The month is
the month of announcement, not of submission. Nothing here asks whether a paper exists.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

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


class Fault(StrEnum):
    """What can be wrong with an identifier, as sentences to be filled in, in any language."""

    UNREADABLE = "%(text)s is not an arXiv identifier"
    TOO_LONG = "%(text)s is too long to be an arXiv identifier"
    NOT_OAI = "%(text)s is not an OAI identifier of arXiv"
    DIGITS = "%(text)s: identifiers of %(month)s have %(digits)s digits after the point"
    ARCHIVE = "%(text)s: before April 2007 arXiv had no archive %(archive)s"
    ZERO = "%(text)s: numbers begin at 1"
    VERSION = "%(text)s: there is no version %(version)s"
    MONTH = "%(text)s: there is no month %(month)s"
    OLD_FORM = "%(text)s: identifiers of %(month)s have the form archive/YYMMNNN"
    NEW_FORM = "%(text)s: identifiers of %(month)s have the form YYMM.NNNNN"
    BEFORE_ARXIV = "%(text)s: arXiv began in August 1991"


class WrongIdentifier(ValueError):
    """What is no identifier, and why: a fault, and what is filled into its sentence."""

    def __init__(self, fault: Fault, **values: object) -> None:
        super().__init__(fault % values)
        self.fault = fault
        self.values = values


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

    Raises WrongIdentifier, saying why, for anything else and for impossible ones (month 13,
    version 0).
    """
    if match := _NEW.fullmatch(text):
        return _make_new(match["yymm"], match["number"], match["version"])
    if match := _OLD.fullmatch(text):
        return _make_old(match["archive"], match["yymm"], match["number"], match["version"])
    raise WrongIdentifier(Fault.UNREADABLE, text=_quote(text))


def read(text: str) -> Identifier:
    """An identifier from what a person types or another site writes.

    Also takes addresses of abstracts and PDFs (any host), `arXiv:2401.00001v2 [cs.CL] 2 Jan 2024`,
    DOIs of arXiv, any case, and numbers that lost zeros: `2401.6769` is `2401.06769`; a month of
    three digits went through a number format, which drops zeros at both ends, so `704.029` is
    `0704.0290`. Raises WrongIdentifier, saying why.
    """
    if len(text) > _LONGEST:
        raise WrongIdentifier(Fault.TOO_LONG, text=_quote(text))
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
    raise WrongIdentifier(Fault.UNREADABLE, text=_quote(text))


def from_oai(text: str) -> Identifier:
    """The identifier in `oai:arXiv.org:2401.00001v2`; strict, WrongIdentifier saying why."""
    lead, _, rest = text.strip().partition(":arXiv.org:")
    if lead != "oai":
        raise WrongIdentifier(Fault.NOT_OAI, text=_quote(text))
    return parse(rest)


def _make_new(yymm: str, number: str, version: str | None) -> Identifier:
    identifier = f"{yymm}.{number}"
    month = _month(yymm, new=True)
    width = 5 if month >= FIRST_FIVE_DIGIT_MONTH else 4
    if len(number) != width:
        raise WrongIdentifier(
            Fault.DIGITS, text=_quote(identifier), month=_name_month(*month), digits=width
        )
    return _make(identifier, number, version)


def _make_old(archive: str, yymm: str, number: str, version: str | None) -> Identifier:
    identifier = f"{archive}/{yymm}{number}"
    if archive not in ARCHIVES or archive in _YOUNG_ARCHIVES:
        raise WrongIdentifier(Fault.ARCHIVE, text=_quote(identifier), archive=_quote(archive))
    _month(yymm, new=False)
    return _make(identifier, number, version)


def _make(identifier: str, number: str, version: str | None) -> Identifier:
    if int(number) == 0:
        raise WrongIdentifier(Fault.ZERO, text=_quote(identifier))
    if version is None:
        return Identifier(identifier)
    if version.startswith("0") or len(version) > 4:
        raise WrongIdentifier(Fault.VERSION, text=_quote(identifier), version=_shorten(version))
    return Identifier(identifier, int(version))


def _month(yymm: str, *, new: bool) -> tuple[int, int]:
    """Year and month of the first four digits; WrongIdentifier where the form has none such."""
    short, month = int(yymm[:2]), int(yymm[2:])
    year = (1900 if short >= 91 else 2000) + short
    if not 1 <= month <= 12:
        raise WrongIdentifier(Fault.MONTH, text=_quote(yymm), month=f"{month:02}")
    if new and (year, month) < FIRST_NEW_MONTH:
        raise WrongIdentifier(Fault.OLD_FORM, text=_quote(yymm), month=_name_month(year, month))
    if not new and (year, month) >= FIRST_NEW_MONTH:
        raise WrongIdentifier(Fault.NEW_FORM, text=_quote(yymm), month=_name_month(year, month))
    if (year, month) < FIRST_MONTH:
        raise WrongIdentifier(Fault.BEFORE_ARXIV, text=_quote(yymm))
    return year, month


def _name_month(year: int, month: int) -> str:
    return f"{year}-{month:02}"


def _quote(text: str) -> str:
    return repr(_shorten(text))


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
