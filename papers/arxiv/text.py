"""Text as arXiv's sources write it, turned into text as it is stored and read.

TeX accents, letters and escapes become Unicode; LaTeX maths (`$..$`, `\\(..\\)`, `\\[..\\]`, maths
environments) keeps its source, for the maths converter, and so does any command not listed here.
An accent is decoded only where Unicode has one letter for the result, so that macros that look
like accents (`\\b{eta}`, `\\c*`) survive. Dashes (`--`) and TeX quotes stay as written.

One pass over the text, in time proportional to its length whatever it holds (a feed is not ours).
"""

import html
import re
import unicodedata
from typing import Final

# Which letters take which accent. `\i` and `\j` are written as i and j here.
_ACCENTS: Final = {
    "`": ("\u0300", "AEIOUNWYaeiounwy"),
    "'": ("\u0301", "AEIOUYCLNRSZGKMPWaeiouyclnrszgkmpw"),
    "^": ("\u0302", "AEIOUCGHJSWYZaeioucghjswyz"),
    '"': ("\u0308", "AEIOUYWXHaeiouywxht"),
    "~": ("\u0303", "AEIOUNVYaeiounvy"),
    "=": ("\u0304", "AEIOUYGaeiouyg"),
    ".": ("\u0307", "ACEGIZNSTRBDFHMPaceginzstrbdfhmp"),
    "u": ("\u0306", "AEGIOUaegiou"),
    "v": ("\u030c", "ACDEGHIKLNORSTUZacdeghijklnorstuz"),
    "H": ("\u030b", "OUou"),
    "r": ("\u030a", "AUauwy"),
    "c": ("\u0327", "CDEGHKLNRSTcdeghklnrst"),
    "k": ("\u0328", "AEIOUaeiou"),
    "d": ("\u0323", "ABDEHIKLMNORSTUVWYZabdehiklmnorstuvwyz"),
    "b": ("\u0331", "BDKLNRTZbdhklnrtz"),
}

_LETTERS: Final = {
    "aa": "å",
    "AA": "Å",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ss": "ß",
    "dh": "ð",
    "DH": "Ð",
    "dj": "đ",
    "DJ": "Đ",
    "th": "þ",
    "TH": "Þ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "i": "ı",
    "j": "ȷ",
}
# Short names that authors also use for macros (`\L`, `\o`): letters only where attached to a word.
_SHORT: Final = frozenset({"o", "O", "l", "L", "i", "j", "th", "TH", "dh", "DH"})

_SYMBOLS: Final = {
    "textquoteright": "’",
    "textquoteleft": "‘",
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textendash": "–",
    "textemdash": "—",
    "textellipsis": "…",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textunderscore": "_",
    "textdegree": "°",
    "textregistered": "®",
    "texttrademark": "™",
    "textcopyright": "©",
    "copyright": "©",
    "pounds": "£",
    "ldots": "…",
    "dots": "…",
}

# A backslash and one of these characters.
_ESCAPES: Final = {"%": "%", "&": "&", "_": "_", "#": "#", "-": "", "/": ""}

_MATHS_ENVIRONMENTS: Final = (
    "equation|equation*|displaymath|math|align|align*|aligned|alignat|alignat*|eqnarray|eqnarray*|"
    "gather|gather*|multline|multline*|split|array|cases|matrix|pmatrix|bmatrix|vmatrix|Vmatrix|"
    "smallmatrix"
)

_SPECIAL = re.compile(r"[\\$&{]")
_DOLLARS = re.compile(
    r"\$\$[^$\\]*+(?:\\.[^$\\]*+)*+\$\$|\$(?=[^$])[^$\\]*+(?:\\.[^$\\]*+)*+\$", re.DOTALL
)
_BEGIN = re.compile(
    r"\\begin\{(" + "|".join(map(re.escape, _MATHS_ENVIRONMENTS.split("|"))) + r")\}"
)
_BASE = r"(?:\\([ij])(?![A-Za-z])|([^\W\d_]))"
_ACCENT = re.compile(
    r"\\(?:([`'^\"~=.])(\s(?=[a-z{]))?|([vuHrckdb])(?![A-Za-z])(\s)?)"
    rf"(?:\{{\s?{_BASE}\s?\}}|{_BASE}|\{{?(?=\\)(.))",
    re.DOTALL,
)
_INNER = re.compile(rf"\\([`'^\"~])(?:\{{{_BASE}\}}|{_BASE})")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

# Control characters, lone surrogates, what directs text or hides in it, and non-characters;
# zero-width joiners stay, since scripts need them. White space is a space.
UNWANTED = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def _compose() -> dict[tuple[str, str], str]:
    composed = {}
    for accent, (mark, bases) in _ACCENTS.items():
        for base in bases:
            letter = unicodedata.normalize("NFC", base + mark)
            if len(letter) == 1:
                composed[accent, base] = letter
    return composed


_COMPOSED: Final = _compose()


def clean_text(source: str) -> str:
    """`source` on one line, single-spaced, and else as it is written: nothing decoded, but nothing
    left that directs or hides what stands around it. Never raises."""
    text = source if source.isprintable() else UNWANTED.sub("", source)
    return " ".join(text.split())


def decode_text(source: str) -> str:
    """`source` with TeX accents as letters, maths untouched, on one line, single-spaced, in NFC.

    Never raises; about 0.02 ms for an abstract.
    """
    text = clean_text(source)
    if "\\" in text or "$" in text or "&" in text:
        text = " ".join(_decode(text).split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _decode(text: str) -> str:
    out: list[str] = []
    # Closing marks that do not occur any more: looked for once, not once an opening.
    absent: set[str] = set()
    pos = 0
    while special := _SPECIAL.search(text, pos):
        start = special.start()
        out.append(text[pos:start])
        pos = _find_maths_end(text, start, absent)
        if pos > start:
            out.append(text[start:pos])
            continue
        piece, pos = _decode_at(text, start)
        out.append(piece)
    out.append(text[pos:])
    return UNWANTED.sub("", "".join(out))


def _find_maths_end(text: str, start: int, absent: set[str]) -> int:
    """The end of the maths that begins at `start`, or `start` where none does."""
    if text[start] == "$":
        dollars = _DOLLARS.match(text, start)
        return dollars.end() if dollars else start
    if text.startswith("\\(", start):
        closing = "\\)"
    elif text.startswith("\\[", start):
        closing = "\\]"
    elif begin := _BEGIN.match(text, start):
        closing = f"\\end{{{begin[1]}}}"
    else:
        return start
    end = -1 if closing in absent else text.find(closing, start + 2)
    if end < 0:
        absent.add(closing)
        return start
    return end + len(closing)


def _decode_at(text: str, start: int) -> tuple[str, int]:
    """What stands at `start`, a special character that begins no maths, and where it ends."""
    char = text[start]
    if char == "{":
        letter, end = _read_letter(text, start + 1)
        return (letter, end + 1) if letter and text.startswith("}", end) else ("{", start + 1)
    if char == "&":
        entity = _ENTITY.match(text, start)
        return (html.unescape(entity[0]), entity.end()) if entity else ("&", start + 1)
    if char == "$":
        return "$", start + 1
    letter, end = _read_letter(text, start)
    if letter:
        return letter, end
    following = text[start + 1 : start + 2]
    if following in _ESCAPES:
        return _ESCAPES[following], start + 2
    before = text[start - 1 : start]
    if following == "," or (following == " " and before not in ("", " ")):
        return " ", start + 2
    if following == "~" and before == "/":
        return "~", start + 2
    return text[start : start + 2], start + 2


def _read_letter(text: str, start: int) -> tuple[str, int]:
    """The letter or symbol a command at `start` stands for and its end; no letter: `"", start`."""
    if accent := _ACCENT.match(text, start):
        return _read_accent(text, start, accent)
    if command := _COMMAND.match(text, start):
        return _read_command(text, start, command[1], command.end())
    return "", start


def _read_accent(text: str, start: int, match: re.Match[str]) -> tuple[str, int]:
    symbol, gap, word, word_gap, *bases, nested = match.groups()
    accent = symbol or word
    end = match.end()
    before = text[max(start - 1, 0) : start]
    attached = before.isalpha()
    # `R\' emi` is Rémi, but `word\" and` is a quotation mark and `etc\. and` a full stop.
    if gap and not (before == "{" or (attached and symbol in "'`^")):
        return "", start
    if symbol == "~" and before == "/":
        return "", start
    if nested:
        inner = _INNER.match(text, match.start(len(match.groups())))
        if not inner:
            return "", start
        base = _COMPOSED.get((inner[1], inner[2] or inner[3] or inner[4] or inner[5] or ""), "")
        letter = unicodedata.normalize("NFC", base + _ACCENTS[accent][0]) if base else ""
        end = inner.end()
        if text[inner.start() - 1] == "{":
            if not text.startswith("}", end):
                return "", start
            end += 1
        return (letter, end) if len(letter) == 1 else ("", start)
    braced_dotless, braced, bare_dotless, bare = bases
    base = braced_dotless or braced or bare_dotless or bare
    letter = _COMPOSED.get((accent, {"ı": "i", "ȷ": "j"}.get(base, base)), "")
    if bare and word:
        # `\v S` may be a macro and a variable: an accent only where it is part of a word.
        following = text[end : end + 1]
        if not (word_gap and (attached or following == "." or following.isalpha())):
            return "", start
    if bare_dotless and text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha():
        end += 1
    return (letter, end) if letter else ("", start)


def _read_command(text: str, start: int, name: str, end: int) -> tuple[str, int]:
    letter = _LETTERS.get(name)
    if letter is None:
        symbol = _SYMBOLS.get(name, "")
        return (symbol, end + 2 if text.startswith("{}", end) else end) if symbol else ("", start)
    if text.startswith("{}", end):
        return letter, end + 2
    before = text[max(start - 1, 0) : start]
    if before == "{" and text.startswith("}", end):
        return letter, end
    joined = text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha()
    begins_word = name[0].isupper() and joined and text[end + 1].islower()
    if name in _SHORT and not (before.isalpha() or begins_word):
        return "", start
    # TeX swallows the space after a command; after a length in `2 \AA and` nobody means that.
    is_unit = name == "AA" and text[max(start - 2, 0) : start].strip()[-1:].isdigit()
    return letter, end + 1 if joined and not is_unit else end
