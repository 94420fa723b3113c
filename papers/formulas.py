"""A LaTeX formula as a line of text: `\\alpha_i \\le x^2` is "αᵢ ≤ x²".

As far as Unicode carries it: a script that Unicode lacks stays as it is written (`x^{1/2}`, `π_θ`);
a formula with a command that is not known here, or a structure that no line can hold, is refused as
a whole. The tables are `papers.symbols`; MathML is `papers.maths`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from papers.arxiv.text import UNWANTED
from papers.symbols import (
    ACCENTS,
    ALPHABETS,
    DECLARED,
    IGNORED,
    OPERATORS,
    PLAIN_FONTS,
    SPACES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    TEXTS,
    Role,
)

_LONGEST = 4_000
_DEEPEST = 30

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_WRAPPED = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(r"[\d.]+")
_NEEDS_BRACKETS = re.compile(r"[\s+\-−±=/,<>·×⋅]")
_DELIMITERS = {"\\{": "{", "\\}": "}", "\\|": "‖", ".": ""}


@lru_cache(maxsize=4_096)
def render_formula(latex: str) -> str | None:
    """A formula without its delimiters as text, or None where it has to stay its source."""
    if len(latex) > _LONGEST:
        return None
    try:
        line = _join(_Reader(latex).read_all(), tight=False)
    except _Unknown:
        return None
    line = " ".join(unicodedata.normalize("NFC", line).split())
    return None if UNWANTED.search(line) else line


class _Unknown(Exception):
    """Something that a line of text cannot say."""


@dataclass(slots=True)
class _Atom:
    """A piece of a formula. `gap`: white space stood before it in the source."""

    role: Role
    text: str
    gap: bool = False
    loose: bool = False


class _Reader:
    """Reads one formula from its first piece to its last."""

    def __init__(self, latex: str) -> None:
        self._tokens: list[str] = _TOKEN.findall(latex)
        self._at = 0
        self._depth = 0

    def read_all(self) -> list[_Atom]:
        atoms = self._read_until(None)
        if self._at < len(self._tokens):
            raise _Unknown
        return atoms

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        piece = self._peek()
        if piece is None:
            raise _Unknown
        self._at += 1
        return piece

    def _skip_space(self) -> bool:
        start = self._at
        while (piece := self._peek()) is not None and piece.isspace():
            self._at += 1
        return self._at > start

    def _read_until(self, end: str | None) -> list[_Atom]:
        """Atoms up to the piece `end`, which is left where it is, or the end of the formula."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unknown
        atoms: list[_Atom] = []
        while True:
            gap = self._skip_space()
            piece = self._peek()
            if piece is None or piece == end:
                break
            if piece == "}":
                raise _Unknown
            self._at += 1
            if piece in {"\\over", "\\choose", "\\atop"}:
                below = self._read_until(end)
                atoms = [_divide(piece, atoms, below)]
            else:
                self._read_one(piece, gap, atoms, end)
        self._depth -= 1
        return atoms

    def _read_one(self, piece: str, gap: bool, atoms: list[_Atom], end: str | None) -> None:
        """What begins with `piece`, added to `atoms`."""
        if piece in "^_'":
            self._read_script(piece, atoms)
        elif piece == "{":
            atoms.extend(_regap(self._read_until("}"), gap))
            self._next()
        elif piece == "&":
            raise _Unknown
        elif piece.startswith("\\"):
            self._read_command(piece[1:], gap, atoms, end)
        else:
            atoms.append(_read_character(piece, gap, self._peek() or ""))

    def _read_argument(self) -> list[_Atom]:
        """A group, or the one thing that stands there."""
        self._skip_space()
        piece = self._next()
        atoms: list[_Atom] = []
        if piece in "^_'}":
            raise _Unknown
        self._read_one(piece, False, atoms, None)
        return atoms

    def _read_raw(self) -> str:
        """The source of a group, for words; nothing in it may need reading."""
        self._skip_space()
        if self._next() != "{":
            raise _Unknown
        found: list[str] = []
        while (piece := self._next()) != "}":
            if piece in {"{", "$"}:
                raise _Unknown
            if piece.startswith("\\"):
                piece = " " if piece[1:] in SPACES else SYMBOLS.get(piece[1:], (None, ""))[1]
                if not piece:
                    raise _Unknown
            found.append(piece)
        return "".join(found)

    def _read_script(self, piece: str, atoms: list[_Atom]) -> None:
        if not atoms:
            atoms.append(_Atom(Role.ORDINARY, ""))
        base = atoms[-1]
        if piece == "'":
            base.text += "′"
            return
        script = _join(self._read_argument(), tight=True)
        written = _raise(script) if piece == "^" else _lower(script)
        if written is None:
            written = piece + (script if len(script) == 1 else f"{{{script}}}")
            base.loose = True
        base.text += written

    def _read_command(self, name: str, gap: bool, atoms: list[_Atom], end: str | None) -> None:
        if symbol := SYMBOLS.get(name):
            atoms.append(_Atom(symbol[0], symbol[1], gap))
        elif name in SPACES:
            atoms.append(_Atom(Role.SPACE, SPACES[name]))
        elif name in OPERATORS:
            atoms.append(_Atom(Role.OPERATOR, OPERATORS[name] or name, gap))
        elif name in {"left", "right", "middle"} or name in IGNORED:
            self._read_size(name, gap, atoms)
        elif name in ALPHABETS or name in PLAIN_FONTS:
            self._read_font(name, gap, atoms, end)
        elif name in TEXTS:
            atoms.append(_Atom(Role.TEXT, self._read_raw(), gap))
        elif name in ACCENTS:
            atoms.append(_accent(ACCENTS[name], _join(self._read_argument(), tight=False), gap))
        else:
            self._read_structure(name, gap, atoms)

    def _read_size(self, name: str, gap: bool, atoms: list[_Atom]) -> None:
        if name not in {"left", "right", "middle"}:
            return
        self._skip_space()
        piece = self._next()
        symbol = SYMBOLS.get(piece[1:]) if piece.startswith("\\") else None
        role = {"left": Role.OPEN, "right": Role.CLOSE, "middle": Role.BAR}[name]
        text = _DELIMITERS.get(piece, symbol[1] if symbol else piece)
        if len(text) > 1:
            raise _Unknown
        atoms.append(_Atom(role, text, gap))

    def _read_font(self, name: str, gap: bool, atoms: list[_Atom], end: str | None) -> None:
        """`\\mathcal{O}` and `{\\cal O}`; letters that the alphabet lacks stay plain."""
        self._skip_space()
        whole = name in DECLARED and self._peek() != "{"
        inner = self._read_until(end) if whole else self._read_argument()
        if alphabet := ALPHABETS.get(name):
            for atom in inner:
                atom.text = atom.text.translate(alphabet)
            atoms.extend(_regap(inner, gap))
            return
        word = _join(inner, tight=True)
        if len(word) > 1 and word.isalpha():
            atoms.append(_Atom(Role.WORD, word, gap))
        else:
            atoms.extend(_regap(inner, gap))

    def _read_structure(self, name: str, gap: bool, atoms: list[_Atom]) -> None:
        if name in {"frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom"}:
            above = self._read_argument()
            divided = _divide(name, above, self._read_argument())
            divided.gap = gap
            atoms.append(divided)
        elif name == "sqrt":
            atoms.append(_Atom(Role.ORDINARY, self._read_root(), gap))
        elif name in {"operatorname", "mathop"}:
            if self._peek() == "*":
                self._at += 1
            atoms.append(_Atom(Role.OPERATOR, _join(self._read_argument(), tight=False), gap))
        elif name in {"mathrel", "mathbin", "mathord", "ensuremath", "mathstrut"}:
            atoms.extend(_regap(self._read_argument(), gap))
        elif name == "not":
            denied = self._read_argument()
            if len(denied) != 1 or len(denied[0].text) != 1:
                raise _Unknown
            atoms.append(_Atom(denied[0].role, denied[0].text + "\u0338", gap))
        elif name in {"pmod", "pod"}:
            inner = _join(self._read_argument(), tight=False)
            atoms.append(_Atom(Role.TEXT, f" ({'mod ' if name == 'pmod' else ''}{inner})", gap))
        elif name == "label":
            self._read_raw()
        else:
            raise _Unknown

    def _read_root(self) -> str:
        self._skip_space()
        index = ""
        if self._peek() == "[":
            self._at += 1
            index = _join(self._read_until("]"), tight=True)
            self._next()
            raised = _raise(index)
            if raised is None:
                raise _Unknown
            index = raised
        return f"{index}√{_bracket(_join(self._read_argument(), tight=False), one=True)}"


_CHARACTERS: Final = {
    "=": Role.RELATION,
    "<": Role.RELATION,
    ">": Role.RELATION,
    "(": Role.OPEN,
    "[": Role.OPEN,
    ")": Role.CLOSE,
    "]": Role.CLOSE,
    "!": Role.CLOSE,
    "|": Role.BAR,
    ";": Role.PUNCTUATION,
    "+": Role.SIGN,
    "-": Role.SIGN,
    "−": Role.SIGN,
}
_OF_SYMBOL: Final = {text: role for role, text in SYMBOLS.values() if not text.isascii()}


def _read_character(character: str, gap: bool, following: str) -> _Atom:
    if character == "~":
        return _Atom(Role.SPACE, " ")
    if character in ",:":
        # A comma within a number, and the colon of a ratio, stand close.
        close = following[:1].isdigit() or (character == ":" and not following.isspace())
        return _Atom(Role.ORDINARY if close else Role.PUNCTUATION, character, gap)
    role = _CHARACTERS.get(character) or _OF_SYMBOL.get(character, Role.ORDINARY)
    return _Atom(role, "−" if character == "-" else character, gap)


def _regap(atoms: list[_Atom], gap: bool) -> list[_Atom]:
    if atoms:
        atoms[0].gap = gap
    return atoms


def _join(atoms: list[_Atom], *, tight: bool) -> str:
    """Atoms as a line, spaced as TeX would; `tight` for scripts."""
    found: list[str] = []
    previous: _Atom | None = None
    # Whether the binary operator or relation before this atom stands between two things.
    spaced = False
    for atom in atoms:
        if previous is None:
            pass
        elif atom.role in (Role.RELATION, Role.BINARY, Role.SIGN):
            begins = previous.role in _BEGINNERS
            follows = spaced
            spaced = not tight and not begins and (atom.role is not Role.SIGN or atom.gap)
            if spaced or follows:
                found.append(" ")
        elif spaced or _needs_space(previous, atom, tight):
            found.append(" ")
            spaced = False
        found.append(atom.text)
        if atom.text or previous is None:
            previous = atom
    line = "".join(found)
    return line if tight else line.strip()


_BEGINNERS = (Role.RELATION, Role.BINARY, Role.SIGN, Role.OPEN, Role.PUNCTUATION, Role.OPERATOR)
_THINGS = (Role.ORDINARY, Role.WORD, Role.OPERATOR, Role.FRACTION, Role.OPEN)


def _needs_space(previous: _Atom, atom: _Atom, tight: bool) -> bool:
    if previous.role is Role.PUNCTUATION:
        return not tight
    if Role.OPERATOR in (previous.role, atom.role):
        if previous.role is Role.OPERATOR:
            return atom.role in _THINGS and atom.role is not Role.OPEN
        return previous.role in (Role.ORDINARY, Role.WORD, Role.CLOSE, Role.FRACTION)
    if Role.FRACTION in (previous.role, atom.role):
        return previous.role in (*_THINGS, Role.CLOSE)[:-2] and atom.role in _THINGS
    begins = atom.text[:1].isalnum()
    if previous.loose and begins:
        return True
    return atom.gap and begins and Role.WORD in (previous.role, atom.role)


def _raise(script: str) -> str | None:
    """A superscript, or None where Unicode lacks one of its characters."""
    found = [SUPERSCRIPTS.get(character) for character in script.replace(" ", "")]
    return None if None in found else "".join(filter(None, found))


def _lower(script: str) -> str | None:
    found = [SUBSCRIPTS.get(character) for character in script.replace(" ", "")]
    return None if None in found else "".join(filter(None, found))


def _divide(name: str, above: list[_Atom], below: list[_Atom]) -> _Atom:
    numerator, denominator = _join(above, tight=False), _join(below, tight=False)
    if name.strip("\\") in {"choose", "binom", "dbinom", "tbinom"}:
        return _Atom(Role.ORDINARY, f"({numerator} choose {denominator})")
    if name == "\\atop" or not numerator or not denominator:
        raise _Unknown
    line = f"{_bracket(numerator, one=False)}/{_bracket(denominator, one=True)}"
    return _Atom(Role.FRACTION, line)


def _bracket(line: str, *, one: bool) -> str:
    """In brackets where it would read otherwise without; `one`: also a product of several."""
    if _WRAPPED.fullmatch(line) or _NUMBER.fullmatch(line):
        return line
    if _NEEDS_BRACKETS.search(line):
        return f"({line})"
    bases = sum(not _is_mark(character) for character in line)
    return f"({line})" if one and bases > 1 else line


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Lm", "Mn", "No"} or character in "⁺⁻⁽⁾₊₋₍₎′*†°"


def _accent(mark: str, line: str, gap: bool) -> _Atom:
    """A letter under its accent; a line above or below goes over several letters."""
    bases = sum(unicodedata.category(character) != "Mn" for character in line)
    line = line.replace("ı", "i").replace("ȷ", "j")
    if bases == 1:
        return _Atom(Role.ORDINARY, line + mark, gap)
    if bases == 0 or mark not in "\u0305\u0332" or not line.isalnum():
        raise _Unknown
    return _Atom(Role.ORDINARY, "".join(character + mark for character in line), gap)
