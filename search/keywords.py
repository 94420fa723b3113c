"""The words and phrases that say what a text is about.

Candidates are runs of one to three words between stop words, punctuation and maths; they are
weighed by how rare their words are among all documents and how often the text says them. A phrase
is kept only if another document has it too, so that a search for it finds something.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import log

from search import analysis
from search.engines.base import Engine
from search.plan import Near

_LONGEST_TEXT = 20_000
_LONGEST_RUN = 3
# Each costs a count of the documents that have the phrase.
_MOST_CHECKED = 24
_TITLE_TIMES = 2
_PHRASE_TIMES = 1.5
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*(?:\+\+|#)?")
_BREAK = re.compile(r"[^\s\w'’+#-]|\s-+\s")
_WEAK = frozenset(
    {
        "also", "any", "approach", "based", "both", "each", "first", "further", "given", "here",
        "however", "more", "most", "new", "novel", "one", "only", "other", "paper", "propose",
        "proposed", "present", "results", "several", "show", "shows", "some", "study", "than",
        "through", "two", "under", "use", "used", "using", "via", "well", "within", "work",
        "across", "between", "over", "these", "those", "thus", "towards", "toward", "about",
        "during", "into", "per", "very", "many", "much", "different", "various", "same",
    }
)  # fmt: skip


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
                    if tokens:
                        times[tokens] += weight
                        written.setdefault(tokens, " ".join(words))
    documents = engine.count()
    rarities: dict[str, float] = {}
    for token in {token for tokens in times for token in tokens}:
        frequency = engine.document_frequency("text", token)
        rarities[token] = log(1 + documents / frequency) if frequency > 1 else 0.0
    strengths = {
        tokens: _strength(tokens, number, rarities)
        for tokens, number in times.items()
        if all(rarities[token] for token in tokens)
    }
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


def _strength(tokens: tuple[str, ...], number: int, rarities: dict[str, float]) -> float:
    mean = sum(rarities[token] for token in tokens) / len(tokens)
    if len(tokens) == 1:
        # One rare word said once is an accident more often than a subject.
        return mean * (0.5 if number == 1 else 1 + log(number))
    return (1 + log(number)) * mean * _PHRASE_TIMES


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
            if lower in analysis.STOP_WORDS or lower in _WEAK or len(word) < 2 or word[0].isdigit():
                runs.append(run)
                run = []
            else:
                run.append(word)
        runs.append(run)
    return [run for run in runs if run]
