"""Author names taken apart: `Laurens van der Maaten` is Maaten, `van der`, Laurens.

arXiv gives names as written, `Given Family Suffix`. Where the family name begins is a matter of
custom; this follows BibTeX's own rule (lower-case words belong to the family name), helped by a
list of particles that are also written with a capital. Two family names without a particle
(`García Márquez`) cannot be told from a middle name: the last word is the family name.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Also written with a capital, and then part of the family name; as a first word, a given name.
_PARTICLES: Final = _words(
    "van von vom zu zum zur de del della delle dello dei degli di da dal dalla dos das do du "
    "des der den ter ten la le el al bin ibn af av st. san santa"
)
# With a capital these are as often given names.
_LOWER_ONLY: Final = _words("la le do du des das st. san santa dal af av ten bin ibn")
_JOINING: Final = frozenset({"y", "i", "e", "und"})
_VIETNAMESE: Final = _words(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh doan trinh truong "
    "mai dao cao ha luong luu ta thai to trieu vuong"
)
_SUFFIX = re.compile(r"(?:jr|sr|i{2,3}|iv|ph\.?\s?d|m\.?\s?d|esq)\.?", re.IGNORECASE)
_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|consortia|team|group|project|network|committee|association|"
    r"organi[sz]ation|institute|university|laboratory|survey|initiative|foundation|community|"
    r"task force|et al|and|others)\b",
    re.IGNORECASE,
)
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Name:
    """A name in parts; all but `family` may be empty. `group`: no person, `family` is all of it."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    group: bool = False


def parse(name: str) -> Name:
    """A name as given, in any script, taken apart. Never raises; an empty one is a group of ''."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST or _GROUP.search(name):
        return Name(name, group=True)
    before, comma, after = (part.strip() for part in name.partition(","))
    if comma and not _SUFFIX.fullmatch(after):
        if not before or not after or "," in after:
            return Name(name, group=True)
        words = before.split()
        family = _find_family(words, 0)
        return _make(words[family:], words[:family], after)
    words = before.split()
    suffix = after
    if not suffix and len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    start = _find_start(words)
    family = _find_family(words, start)
    return _make(words[family:], words[start:family], " ".join(words[:start]), suffix)


def _make(family: list[str], particle: list[str], given: str, suffix: str = "") -> Name:
    return Name(" ".join(family), given, " ".join(particle), suffix)


def _find_start(words: list[str]) -> int:
    """Where the family name with its particles begins."""
    last = len(words) - 1
    if last > 0 and words[0].islower() and words[0] in _PARTICLES:
        return 0
    for at in range(1, last):
        if words[at] in _JOINING and at > 1:
            return at - 1
        if _is_particle(words[at]) and not (words[at] == "Van" and _is_vietnamese(words[0])):
            return at
    return last


def _find_family(words: list[str], start: int) -> int:
    """Where, behind lower-case particles, the family name itself begins."""
    at = start
    while at < len(words) - 1 and words[at][:1].islower():
        at += 1
    return at


def _is_vietnamese(family: str) -> bool:
    """Whether a first word is a family name of Vietnam, where `Van` is a middle name."""
    letters = unicodedata.normalize("NFD", family.lower().replace("đ", "d"))
    return "".join(filter(str.isalpha, letters)) in _VIETNAMESE


def _is_particle(word: str) -> bool:
    lower = word.lower()
    if word[:1].islower():
        # Hyphens and apostrophes: `al-Khwarizmi` is a family name by itself.
        return lower in _PARTICLES or word.isalpha()
    return word.istitle() and lower in _PARTICLES and lower not in _LOWER_ONLY
