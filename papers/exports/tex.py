"""Text as TeX: accents as commands, special characters escaped, formulas kept where they are safe.

What comes out has balanced braces as BibTeX counts them (it knows no `\\{`), and runs no command
but those named here, whatever goes in: titles are hostile. What TeX cannot say stays UTF-8.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from papers import plaintext, symbols
from papers.maths import Segment

_ACCENTS: Final = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
    "\u0331": "b",
}
_LETTERS: Final = {
    "å": r"\aa",
    "Å": r"\AA",
    "æ": r"\ae",
    "Æ": r"\AE",
    "œ": r"\oe",
    "Œ": r"\OE",
    "ø": r"\o",
    "Ø": r"\O",
    "ł": r"\l",
    "Ł": r"\L",
    "ß": r"\ss",
    "ð": r"\dh",
    "Ð": r"\DH",
    "đ": r"\dj",
    "Đ": r"\DJ",
    "þ": r"\th",
    "Þ": r"\TH",
    "ŋ": r"\ng",
    "Ŋ": r"\NG",
    "ı": r"\i",
    "ȷ": r"\j",
}
_GREEK: Final = {
    text: f"{{$\\{name}$}}"
    for name, (_role, text) in reversed(symbols.SYMBOLS.items())
    if name not in symbols.ABBREVIATIONS and (("α" <= text <= "ω") or ("Γ" <= text <= "Ω"))
}
_CHARACTERS: Final = {
    **{character: f"\\{character}" for character in "&%$#_"},
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "\u00a0": "~",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "≤": r"{$\le$}",
    "≥": r"{$\ge$}",
    "×": r"{$\times$}",
    "±": r"{$\pm$}",
    "→": r"{$\to$}",
    "∞": r"{$\infty$}",
    **{letter: f"{{{command}}}" for letter, command in _LETTERS.items()},
    **_GREEK,
}
_CLUSTER = re.compile("([A-Za-z\u00c0-\u024f\u1e00-\u1eff])([\u0300-\u036f]*)|(.)", re.DOTALL)

_STRUCTURES: Final = symbols.read_names(
    "frac dfrac tfrac sqrt binom left right middle over choose operatorname mathop mathrel "
    "mathbin ensuremath not pmod limits nolimits overset underset stackrel begin end quad "
    "qquad"
)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}")
_INLINE_ENVIRONMENTS: Final = symbols.read_names(
    "array cases matrix pmatrix bmatrix vmatrix Bmatrix Vmatrix aligned gathered split"
)
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_KNOWN: Final = frozenset().union(
    symbols.SYMBOLS,
    symbols.OPERATORS,
    symbols.SPACES,
    symbols.IGNORED,
    symbols.TEXTS,
    symbols.PLAIN_FONTS,
    symbols.ALPHABETS,
    symbols.ACCENTS,
    _STRUCTURES,
    {"\\"},
)
# Letters and signs that authors type as such in formulas; only some engines of TeX know them there.
_SIGNS: Final = {
    text: f"\\{name} "
    for name, (_role, text) in reversed(symbols.SYMBOLS.items())
    if len(text) == 1 and (text > "Ͱ" or text in "×÷±¬") and name not in symbols.ABBREVIATIONS
} | {"ε": r"\varepsilon ", "ϵ": r"\epsilon ", "φ": r"\varphi ", "ϕ": r"\phi ", "−": "-"}
# Names of this project's reading that TeX does not define.
_UNDEFINED: Final = frozenset({"argmax", "argmin", "Tr", "tr", "rank", "diag", "sgn", "sign"}) | {
    *("poly", "polylog", "Hom", "Ext", "End", "Aut", "Spec", "Gal", "Tor", "Pic", "AA", "aa", "ss")
}

_WORD = re.compile(r"\S+|\s+")
_CORE = re.compile(r"^([\[(\"'“‘`]*)(.*?)([\])\"'”’.,:;!?]*)$", re.DOTALL)  # quotes


def encode(text: str) -> str:
    """Plain text as TeX, character for character."""
    return "".join(map(_encode_cluster, _CLUSTER.finditer(unicodedata.normalize("NFC", text))))


def encode_line(source: str) -> str:
    """A stored text (a title, a journal reference) as TeX; its formulas stay formulas."""
    return "".join(
        encode(piece) if isinstance(piece, str) else encode_formula(piece)
        for piece in plaintext.read(source)
    )


def encode_title(source: str) -> str:
    """The same, with braces that keep styles from changing capitals.

    Every word with a capital is in braces, but for a first word whose first letter is its only
    one, which every style leaves alone.
    """
    found: list[str] = []
    for piece in plaintext.read(source):
        if isinstance(piece, Segment):
            found.append(encode_formula(piece))
            continue
        for word in _WORD.findall(piece):
            found.append(encode(word) if word.isspace() else _protect(word, first=not found))
    return "".join(found)


def encode_formula(formula: Segment) -> str:
    """A formula in braces and dollars; its source as text where it is not plainly safe."""
    latex = " ".join(formula.content.split())
    if not _is_safe(latex):
        return encode(" ".join(formula.source.split()))
    spelt = _COMMAND.sub(_spell_out, latex)
    spelt = "".join(_SIGNS.get(character, character) for character in spelt)
    return f"{{${' '.join(spelt.split())}$}}"


def _protect(word: str, *, first: bool) -> str:
    lead, core, tail = _CORE.fullmatch(word).groups()  # type: ignore[union-attr]  # matches all
    if tail.startswith(")") and core.count("(") > core.count(")"):
        # What is closed behind it was opened within.
        core, tail = core + ")", tail[1:]
    capitals = [at for at, character in enumerate(core) if character.isupper()]
    if not capitals or (first and not lead and capitals == [0]):
        return encode(word)
    return f"{encode(lead)}{{{encode(core)}}}{encode(tail)}"


def _encode_cluster(match: re.Match[str]) -> str:
    base, marks, other = match.groups()
    if other is not None:
        if other in _CHARACTERS:
            return _CHARACTERS[other]
        return other if other.isprintable() else " " if other.isspace() else ""
    if base in _CHARACTERS and not marks:
        return _CHARACTERS[base]
    letter, *accents = list(unicodedata.normalize("NFD", base + marks))
    if not accents:
        return letter
    if letter not in _LETTERS and not letter.isascii():
        return base + marks
    # A dot of its own would stand under the accent.
    above = any(mark not in "\u0323\u0327\u0328\u0331" for mark in accents)
    written = _LETTERS.get("ı" if letter == "i" and above else "ȷ" if letter == "j" else letter)
    written = written or letter
    for mark in accents:
        command = _ACCENTS.get(mark)
        if command is None:
            return base + marks
        bare = len(written) == 1 or written in (r"\i", r"\j")
        close = bare and not command.isalpha()
        written = f"\\{command}{written}" if close else f"\\{command}{{{written}}}"
    return f"{{{written}}}"


def _is_safe(latex: str) -> bool:
    """Whether a formula holds nothing but known commands, and balanced braces."""
    if not latex or not latex.isprintable():
        return False
    commands = _COMMAND.findall(latex)
    if any(name not in _KNOWN or name in _UNDEFINED for name in commands):
        return False
    if not _INLINE_ENVIRONMENTS.issuperset(_ENVIRONMENT.findall(latex)):
        return False
    if len(_ENVIRONMENT.findall(latex)) != commands.count("begin") + commands.count("end"):
        return False
    # A comment would hide what follows, a dollar end the formula, `^^` name any character.
    bare = _COMMAND.sub("", latex)
    return not re.search(r"[%$#\\]|\^\^", bare) and _is_balanced(bare)


def _is_balanced(characters: Iterable[str]) -> bool:
    depth = 0
    for character in characters:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _spell_out(match: re.Match[str]) -> str:
    name = match[1]
    if name in "{}":
        return r"\lbrace " if name == "{" else r"\rbrace "
    spelt = symbols.ABBREVIATIONS.get(name)
    if spelt is None:
        return match[0]
    # A command must not run into the letter behind it.
    return spelt if spelt.endswith("}") or not spelt.startswith("\\") else f"{spelt} "
