"""The words and phrases that say what a text is about.

Candidates are runs of one to three words between stop words, punctuation and maths, which neither
begin nor end with a word that every paper uses; they are weighed by how rare their words are among
all documents and how often the text says them. A word alone has to be in the title or be said
twice: said once it is an accident more often than a subject. A phrase is kept only if another
document has it too, so that a search for it finds something.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import log

from search import analysis
from search.engines.base import Engine
from search.generic import is_always_generic, is_generic
from search.plan import Near

_LONGEST_TEXT = 20_000
_LONGEST_RUN = 3
# Each costs a count of the documents that have the phrase.
_MOST_CHECKED = 24
_TITLE_TIMES = 2
_PHRASE_TIMES = 1.5
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*(?:\+\+|#)?")
_BREAK = re.compile(r"[^\s\w'’+#-]|\s-+\s")


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word or phrase as the text writes it, and its strength; a phrase is searched in quotes."""

    text: str
    strength: float

    @property
    def query(self) -> str:
        """What to search for."""
        return f'"{self.text}"' if " " in self.text else self.text


def find_keywords(engine: Engine, title: str, abstract: str, limit: int) -> tuple[Keyword, ...]:
    """The strongest keywords, none contained in another. A few milliseconds."""
    times: Counter[tuple[str, ...]] = Counter()
    written: dict[tuple[str, ...], str] = {}
    for text, weight in ((title, _TITLE_TIMES), (abstract, 1)):
        for run in _runs(text[:_LONGEST_TEXT]):
            for length in range(1, min(len(run), _LONGEST_RUN) + 1):
                for at in range(len(run) - length + 1):
                    words = run[at : at + length]
                    tokens = tuple(t for word in words for t in analysis.analyse(word).sequence)
                    if tokens and not _is_generic(tokens):
                        times[tokens] += weight
                        written.setdefault(tokens, " ".join(words))
    documents = engine.count()
    rarities: dict[str, float] = {}
    different = list({token for tokens in times for token in tokens})
    for token, frequency in zip(
        different, engine.document_frequencies("text", different), strict=True
    ):
        rarities[token] = log(1 + documents / frequency) if frequency > 1 else 0.0
    strengths = {
        tokens: _strength(tokens, number, rarities)
        for tokens, number in times.items()
        if all(rarities[token] for token in tokens) and (number > 1 or len(tokens) > 1)
    }
    for longer, number in times.items():
        # Trial wave functions rather than trial wave, where it says no more.
        for shorter in (longer[:-1], longer[1:]):
            if longer in strengths and len(shorter) > 1 and times.get(shorter) == number:
                strengths[longer] = max(strengths[longer], strengths.get(shorter, 0.0) * 1.01)
    best = sorted(strengths, key=lambda tokens: (-strengths[tokens], tokens))
    chosen: list[tuple[str, ...]] = []
    for tokens in best[:_MOST_CHECKED]:
        if len(chosen) == limit:
            break
        if any(_holds(one, tokens) or _holds(tokens, one) for one in chosen):
            continue
        if len(tokens) == 1 or engine.search(Near("text", tokens), limit=1).total > 1:
            chosen.append(tokens)
    return tuple(Keyword(written[tokens], strengths[tokens]) for tokens in chosen)


def _is_generic(tokens: tuple[str, ...]) -> bool:
    if len(tokens) == 1:
        return is_generic(tokens[0])
    return is_always_generic(tokens[0]) or is_always_generic(tokens[-1])


def _strength(tokens: tuple[str, ...], number: int, rarities: dict[str, float]) -> float:
    mean = sum(rarities[token] for token in tokens) / len(tokens)
    return (1 + log(number)) * mean * (_PHRASE_TIMES if len(tokens) > 1 else 1)


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    return any(
        longer[at : at + len(shorter)] == shorter for at in range(len(longer) - len(shorter) + 1)
    )


def _runs(text: str) -> list[list[str]]:
    """The words between stop words, punctuation and maths."""
    runs: list[list[str]] = []
    for piece in _BREAK.split(analysis.without_maths(text)):
        run: list[str] = []
        for word in _WORD.findall(piece):
            lower = word.lower()
            if lower in analysis.STOP_WORDS or len(word) < 2 or word[0].isdigit():
                runs.append(run)
                run = []
            else:
                run.append(word)
        runs.append(run)
    return [run for run in runs if run]
