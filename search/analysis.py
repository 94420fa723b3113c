"""Text to tokens, one way for every engine, for documents and for queries.

The engines get tokens that are ready, joined by spaces, so both see the same words. Accents are
folded, case is dropped, words are stemmed (`search.stems`; names are not), LaTeX commands are no
words but Greek letters are, and a hyphenated word counts as its parts and as one. The cost is some
40 microseconds an abstract, most of it one regular expression and one dictionary look-up a word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from search.stems import stem as make_stem

# Longer ones are no words anybody types.
LONGEST_TOKEN = 64
_REMEMBERED_STEMS = 50_000

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon",
    "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega", "∆": "delta",
}  # fmt: skip
# Stand around a Greek letter's name until it is known what it touches: `ΛCDM` is `lambda-cdm`, so
# the letter is found by its name, and the whole as one word too.
_BEGIN, _END = "\ue000", "\ue001"
_TOUCHED = re.compile(rf"{_END}{_BEGIN}|(?<=\w){_BEGIN}|{_END}(?=\w)")
_UNTOUCHED = str.maketrans({_BEGIN: "", _END: ""})
# Letters that Unicode does not take apart, and the marks that are left when it does.
_FOLD = str.maketrans(
    {
        **{letter: f"{_BEGIN}{name}{_END}" for letter, name in _GREEK.items()},
        "ο": "o",
        "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
        "ı": "i", "ħ": "h", "ŋ": "n", "’": "'", "ʼ": "'", "‐": "-", "‑": "-", "−": "-",
        **{chr(mark): "" for mark in range(0x300, 0x370)},
        "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "",
    }
)  # fmt: skip

_COMMAND = re.compile(r"\\(?:([A-Za-z]+)\*?(\s*)|.)", re.DOTALL)
_UNSEEN_ARGUMENT = re.compile(r"\\(?:begin|end|label|ref|eqref|cite[a-z]*|url|href)\s*\{[^{}]*\}")
_GREEK_NAMES = frozenset(_GREEK.values())
_NAMED = {"ell": "l", "hbar": "hbar", "latex": "latex", "tex": "tex", "infty": "infinity"}
# Fonts change how a letter looks, not where a word ends: H and O stay one word in `\mathrm{H}_2O`.
_FONT = re.compile(
    r"(?:math|text|bold|up|emph|pmb|bm|rm|bf|it|sl|sf|tt|cal|frak|operatorname|ensuremath"
    r"|overline|underline|widehat|widetilde|hat|tilde|bar|vec|dot)[a-z]*"
)
_MARKUP = str.maketrans({"{": "", "}": "", "$": "", "^": "", "_": "", "~": " "})
# As somebody writes a formula without LaTeX: H_2O, CO_{2}, L^2 and T_c are words.
_SCRIPT = re.compile(
    r"(?<=[A-Za-z])[_^]\{?(\d+)\}?|(?<![A-Za-z0-9_])([A-Za-z])[_^]\{?([A-Za-z0-9]+)\}?"
)

_WORD = re.compile(r"\w+")
_SPACES = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})
_POSSESSIVE = re.compile(r"'s\b")
_SHARP_OR_PLUS = re.compile(r"\b([a-z])(\+\+|#)(?!\w)")
_HYPHENATED = re.compile(r"(?<![\w-])\w+(?:-\w+){1,2}(?![\w-])")

# Words that say nothing on their own; kept in the index for phrases, left out of plain queries.
STOP_WORDS = frozenset(
    {
        "a", "about", "above", "after", "again", "against", "all", "also", "am", "among", "an",
        "and", "any", "are", "as", "at", "be", "because", "been", "before", "being", "below",
        "between", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "during",
        "each", "either", "else", "etc", "ever", "every", "for", "from", "further", "had",
        "has", "have", "having", "he", "hence", "her", "here", "hers", "him", "his", "how", "i",
        "if", "in", "into", "is", "it", "its", "just", "may", "me", "might", "more", "most",
        "must", "my", "neither", "no", "nor", "not", "now", "of", "off", "on", "once", "one",
        "only", "or", "other", "others", "our", "out", "over", "own", "per", "please", "same",
        "shall", "she", "should", "since", "so", "some", "something", "such", "than", "that",
        "the", "their", "them", "then", "there", "therefore", "these", "they", "this", "those",
        "though", "through", "thus", "to", "too", "toward", "towards", "under", "until", "upon",
        "us", "very", "via", "want", "wants", "was", "we", "were", "what", "when", "where",
        "whether", "which", "while", "who", "whom", "whose", "why", "will", "with", "within",
        "without", "would", "yet", "you", "your",
    }
)  # fmt: skip
_CONTRACTED = re.compile(r"([a-z]+)'(?:m|d|ll|ve|re|s|t)")


class _Stems(dict[str, str]):
    """Remembers stems: a look-up instead of a call for nearly every word."""

    def __missing__(self, word: str) -> str:
        if len(self) >= _REMEMBERED_STEMS:
            self.clear()
        token = make_stem(word)[:LONGEST_TOKEN]
        self[word] = token
        return token


_stems = _Stems()
_STOP_TOKENS = STOP_WORDS | {_stems[word] for word in STOP_WORDS}


_PUNCTUATION = ".,;:!?'()[]{}…"


def stem(word: str) -> str:
    """The token of a folded word."""
    return _stems[word]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens in order, and the one-word forms of its hyphenated words."""

    sequence: list[str]
    joined: list[str]


def _replace_command(match: re.Match[str]) -> str:
    name = match.group(1)
    if name is None:
        return " "
    lower = name.lower().removeprefix("var")
    if lower in _GREEK_NAMES:
        return f"{_BEGIN}{lower}{_END}{match.group(2)}"
    if lower in _NAMED:
        return " " + _NAMED[lower]
    return "" if _FONT.fullmatch(lower) else " "


def _spell_out(match: re.Match[str]) -> str:
    """C++ and C# are words, and no run of letters."""
    return match.group(1) + ("sharp" if match.group(2) == "#" else "plusplus")


def fold(text: str) -> str:
    """Lower case without accents and markup: `Schrödinger` and `$\\Lambda$CDM` in plain letters."""
    if "\\" in text:
        text = _COMMAND.sub(_replace_command, _UNSEEN_ARGUMENT.sub(" ", text)).translate(_MARKUP)
    elif "$" in text:
        text = text.translate(_MARKUP)
    elif "_" in text or "^" in text:
        text = _SCRIPT.sub(r"\1\2\3", text)
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).lower().translate(_FOLD)
        if _BEGIN in text or _END in text:
            text = _TOUCHED.sub("-", text).translate(_UNTOUCHED)
    if "'s" in text:
        text = _POSSESSIVE.sub("", text)
    if "++" in text or "#" in text:
        text = _SHARP_OR_PLUS.sub(_spell_out, text)
    return text.replace("_", " ")


def analyse(text: str) -> Tokens:
    """The stemmed tokens of running text."""
    folded = fold(text)
    sequence = list(map(_stems.__getitem__, _cut(folded)))
    return Tokens(sequence, [_stems[word] for word in _joined(folded)])


@lru_cache(maxsize=8_000)
def tokens_of_word(word: str, name: bool = False) -> tuple[str, ...]:
    """The tokens of one word as a text writes it, remembered (some 2 MB at most).

    For whoever goes through a shown text word by word, since texts repeat their words.
    """
    return tuple((analyse_name if name else analyse)(word).sequence)


def analyse_twice(text: str) -> tuple[Tokens, list[str]]:
    """The stemmed tokens of a text, and its words unstemmed; for the price of one."""
    folded = fold(text)
    words = _cut(folded)
    stemmed = list(map(_stems.__getitem__, words))
    joined = _joined(folded)
    plain = words + joined
    if len(folded) > LONGEST_TOKEN:
        plain = [word[:LONGEST_TOKEN] for word in plain]
    return Tokens(stemmed, [_stems[word] for word in joined]), plain


def analyse_name(text: str) -> Tokens:
    """The tokens of a person's name, not stemmed: Jones is not Jone."""
    if text.isascii() and text.replace(" ", "").replace(".", "").isalpha():
        # As most names are: the same as below, for a quarter of the time.
        return Tokens([word[:LONGEST_TOKEN] for word in text.lower().replace(".", " ").split()], [])
    # O'Brien is looked for as OBrien too.
    folded = fold(text).replace("'", "-")
    sequence = [word[:LONGEST_TOKEN] for word in _cut(folded)]
    return Tokens(sequence, [word[:LONGEST_TOKEN] for word in _joined(folded)])


def _cut(folded: str) -> list[str]:
    # The same words either way; without the pattern it takes half the time.
    return folded.translate(_SPACES).split() if folded.isascii() else _WORD.findall(folded)


def _joined(folded: str) -> list[str]:
    words: list[str] = []
    at = folded.find("-")
    while at >= 0:
        # From space to space only: a pattern tried at every letter would take as long as all else.
        end = folded.find(" ", at)
        end = len(folded) if end < 0 else end
        piece = folded[folded.rfind(" ", 0, at) + 1 : end]
        words += [word.replace("-", "") for word in _HYPHENATED.findall(piece)]
        at = folded.find("-", end)
    return words


# Formulas in a text, also those on lines of their own.
MATHS = re.compile(
    r"\$\$.*?\$\$|\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\]"
    r"|\\begin\{(?:equation|displaymath|math|align|eqnarray|gather|multline)(\*?)\}"
    r".*?\\end\{[a-z]+\1\}",
    re.DOTALL,
)


def without_maths(text: str) -> str:
    """A text with a mark of punctuation in place of each formula and LaTeX command."""
    if "$" in text or "\\" in text:
        text = _COMMAND.sub(" ", _UNSEEN_ARGUMENT.sub(" ", MATHS.sub(" ; ", text)))
    return text


def has_words(text: str) -> bool:
    """Whether anything is left of a text once it is taken apart into tokens."""
    return _WORD.search(fold(text)) is not None


def is_stop_word(text: str) -> bool:
    """Whether a typed word says nothing on its own: `the`, `which,` and `I'd`, also capitalised."""
    word = text.lower().replace("’", "'").strip(_PUNCTUATION)
    if "'" in word and (match := _CONTRACTED.fullmatch(word)):
        word = match.group(1)
    return word in STOP_WORDS


def is_stop_token(token: str) -> bool:
    """Whether a token of a text is the stem of a word that says nothing on its own."""
    return token in _STOP_TOKENS
