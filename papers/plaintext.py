"""A paper's text as one readable line, for feeds, citations and metadata, where no markup can go.

Formulas become Unicode as far as it carries them (`papers.formulas`): `$\\alpha_i \\le x^2$` is
"αᵢ ≤ x²"; one that no line can hold stays its source. HTML is `papers.markup`.
"""

import re
import unicodedata

from papers import markup, maths
from papers.arxiv.text import clean_text
from papers.formulas import render_formula

# Stand for finished formulas while the text around them is worked on; taken out of the input.
_OPEN, _CLOSE = "\ue002", "\ue003"
_FINISHED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
# Without any of these there is no markup to take away, as in most abstracts.
_MARKUP = re.compile(r"[\\$~{]|``|''|--")
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}]")


def render(text: str) -> str:
    """`text` on one line, single-spaced, in NFC, with neither markup nor control characters,
    also none that turn the direction of what follows.

    Never raises. Costs about 50 microseconds an abstract, more with formulas not seen lately.
    """
    line = "".join(
        piece if isinstance(piece, str) else render_formula(piece.content) or _quote(piece)
        for piece in read(text)
    )
    return unicodedata.normalize("NFC", line)


def read(text: str) -> list[str | maths.Segment]:
    """`text` on one line in NFC: its words without markup, and its formulas, in order.

    Never raises, and holds no control characters outside formulas.
    """
    formulas: list[maths.Segment] = []
    words: list[str] = []
    for segment in maths.split(_MARKS.sub("", text)):
        if segment.kind == "text":
            words.append(segment.source)
        else:
            words.append(f"{_OPEN}{len(formulas)}{_CLOSE}")
            formulas.append(segment)
    line = "".join(words)
    line = markup.plain(line) if _MARKUP.search(line) else clean_text(line)
    line = unicodedata.normalize("NFC", line)
    pieces: list[str | maths.Segment] = []
    # Every other part is the number of a formula.
    for at, part in enumerate(_FINISHED.split(line)):
        if at % 2:
            pieces.append(formulas[int(part)])
        elif part:
            pieces.append(part)
    return pieces


def _quote(formula: maths.Segment) -> str:
    return clean_text(formula.source)
