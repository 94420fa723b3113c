"""What changed between two texts, by words; a formula is one word, and so is a command's group.

Pure: texts in, stretches out. How a stretch looks is the page's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from papers import maths

Kind = Literal["same", "added", "removed"]

# Pairs of equal words that are compared. Two real abstracts have about 3,000; the comparison takes
# at most this times their length, so what is over it (one word a thousand times) is not compared.
_MOST_PAIRS = 20_000
_WORD = re.compile(r"\\[A-Za-z]+ ?\{[^{}]{0,300}\}|[^\s\\]+|\\")
# A word between two changes that is too small to hold on to.
_SMALL = 3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words in a row with one fate. `spaced` where white space stood before the first."""

    kind: Kind
    text: str
    spaced: bool


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    spaced: bool


def compare(old: str, new: str) -> tuple[Stretch, ...]:
    """The stretches of both texts in reading order; those not `added` are `old` but for its spaces,
    those not `removed` are `new`.

    Under 0.3 s whatever the texts are: beyond a bound, the middle is given as removed and added.
    """
    before, after = list(_split(old)), list(_split(new))
    changes = _soften(_match([w.text for w in before], [w.text for w in after]), before)
    found: list[Stretch] = []
    for equal, start, end, first, last in changes:
        if equal:
            found += _join("same", after[first:last])
        else:
            found += _join("removed", before[start:end])
            found += _join("added", after[first:last])
    return tuple(found)


_Change = tuple[bool, int, int, int, int]


def _match(old: Sequence[str], new: Sequence[str]) -> list[_Change]:
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle, other = old[start : len(old) - end], new[start : len(new) - end]
    found: list[_Change] = [(True, 0, start, 0, start)] if start else []
    counts = Counter(middle)
    if sum(counts[word] for word in other) > _MOST_PAIRS:
        found.append((False, start, len(old) - end, start, len(new) - end))
    else:
        for tag, a, b, c, d in SequenceMatcher(None, middle, other, autojunk=False).get_opcodes():
            found.append((tag == "equal", a + start, b + start, c + start, d + start))
    if end:
        found.append((True, len(old) - end, len(old), len(new) - end, len(new)))
    return found


def _soften(changes: list[_Change], words: Sequence[_Word]) -> list[_Change]:
    """One change where two are parted by nothing but a small word."""
    found: list[_Change] = []
    for number, change in enumerate(changes):
        equal, start, end, first, last = change
        small = equal and 0 < number < len(changes) - 1 and end - start == 1
        if small and len(words[start].text) <= _SMALL:
            change = (False, start, end, first, last)
        if found and found[-1][0] == change[0]:
            change = (change[0], found[-1][1], end, found[-1][3], last)
            found.pop()
        found.append(change)
    return found


def _split(text: str) -> Iterator[_Word]:
    spaced = False
    for segment in maths.split(text):
        if segment.kind != "text":
            yield _Word(segment.source, spaced)
            spaced = False
            continue
        at = 0
        for match in _WORD.finditer(segment.source):
            yield _Word(match[0], spaced or match.start() > at)
            spaced, at = False, match.end()
        spaced = spaced or at < len(segment.source)


def _join(kind: Kind, words: Sequence[_Word]) -> Iterator[Stretch]:
    if words:
        text = "".join(
            f" {word.text}" if word.spaced and number else word.text
            for number, word in enumerate(words)
        )
        yield Stretch(kind, text, words[0].spaced)
