"""LaTeX maths in running text: where it stands, and what it is as MathML.

Pure: text in, text out. What surrounds a formula (links, emphasis, escaping) is `papers.markup`.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import math_core

from papers import macros

Kind = Literal["text", "inline", "display"]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text. `source` is what stood there; `content` the same without delimiters."""

    kind: Kind
    source: str
    content: str


_ENVIRONMENTS = (
    "equation|align|gather|eqnarray|multline|displaymath|math|flalign|alignat|array|cases"
    "|[pbvBV]?matrix|aligned|gathered|split"
)
_MATHS = re.compile(
    r"(?<!\\)\$\$(?P<dollars>[^$]+)\$\$"
    # A dollar in text in a formula (`\mbox{ if $x>0$}`) doesn't end it.
    r"|(?<!\\)\$(?P<dollar>(?:[^$\\]|\\(?:mbox|hbox|text|textrm)\{[^{}$]*\$"
    r"[^{}$]*\$[^{}$]*\}|\\.)+)\$"
    r"|\\\((?P<round>.+?)\\\)"
    r"|\\\[(?P<square>.+?)\\\]"
    rf"|(?P<environment>\\begin\{{(?P<name>(?:{_ENVIRONMENTS})\*?)\}}.+?\\end\{{(?P=name)\}})",
    re.DOTALL,
)
# "costs $5 and $10": a sum of money, not a formula.
_MONEY = re.compile(r"\s*\d[\d.,]*\s*(?:[kKMB]\b|[A-Za-z]{2,}|per\b|/)?[^\\^_=<>{}]*\s")
_TEXT_COMMAND = re.compile(r"\\(?:emph|url|text[a-z]{2})\b\{([^{}]*)\}")
_TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,.;]?\s+(?:[A-Za-z]{2,}|\(?$)")


def split(text: str) -> Iterator[Segment]:
    """The stretches of `text` in order; their sources joined are `text` again.

    Takes `$..$`, `$$..$$`, `\\(..\\)`, `\\[..\\]` and maths environments. A dollar without a
    partner, or one that means money, is text. Time grows with the length of the text alone.
    """
    at = 0
    start = 0
    if "$" not in text and "\\" not in text:
        # As in most texts, which costs less to find out.
        at = len(text)
    while match := _MATHS.search(text, at):
        dollar = match["dollar"]
        if dollar is not None and _is_money(dollar, text[match.end() : match.end() + 1]):
            # The closing dollar may open a formula, so go on behind the first one.
            at = match.start() + 1
            continue
        if start < match.start():
            yield Segment("text", text[start : match.start()], text[start : match.start()])
        yield _make_segment(match)
        at = start = match.end()
    if start < len(text):
        yield Segment("text", text[start:], text[start:])


def _is_money(content: str, following: str) -> bool:
    if not content.strip():
        return True
    if not content.lstrip()[0].isdigit():
        return False
    if content.count("{") - content.count("\\{") != content.count("}") - content.count("\\}"):
        # "$10, \\emph{for $x$}": the second dollar stands inside of what the first does not.
        return True
    content = _TEXT_COMMAND.sub(r"\1", content)
    if following.isdigit() and not re.search(r"[\\^_=<>]", content):
        return True
    return bool(_MONEY.fullmatch(content + " ") and _TWO_WORDS.search(content))


def _make_segment(match: re.Match[str]) -> Segment:
    if (content := match["dollar"] or match["round"]) is not None:
        return Segment("inline", match[0], content)
    content = match["dollars"] or match["square"] or match["environment"]
    return Segment("display", match[0], content)


# The converter recurses: 200 nested fractions overflow a thread's stack of 512 kB and end the
# process (math-core 0.9.1). Real abstracts nest to about ten.
_LONGEST = 8_000
_DEEPEST = 60
_OPENING = re.compile(r"\\[A-Za-z]+|\\.|[{}]", re.DOTALL)
_CHAIN = re.compile(r"(?:\\[A-Za-z]+\s*[\[{^_]*\s*){60}")
# A definition could nest deeper than it looks.
_DEFINITION = re.compile(r"\\(?:[gex]?def|let|(?:re)?newcommand|providecommand|newenvironment)\b")

# Names of HTML's own (`&ApplyFunction;`), which XML, and so a feed, does not know.
_NAMED_CHARACTER = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]\w*;")

_converter = math_core.LatexToMathML(fancy_error=False, allow_unreliable_rendering=True)
_with_macros = math_core.LatexToMathML(
    fancy_error=False,
    allow_unreliable_rendering=True,
    ignore_unknown_commands=True,
    macros=macros.MACROS,
)


@lru_cache(maxsize=4_096)
def convert(latex: str, display: bool) -> str | None:
    """MathML for a formula without its delimiters, or None where it has to be shown as source.

    A name whose meaning is not known stays as its author wrote it, in an element of class `latex`;
    a formula that is little else is None. Never raises. Carries no `style`, no address and no
    identifier, so a strict policy allows it. Costs about 35 microseconds, nothing for one seen
    lately.
    """
    found = explain(latex, display)
    return found if found.startswith("<math") else None


def explain(latex: str, display: bool) -> str:
    """What `convert` gives or, where that is None, why: a cause that many formulas may share."""
    if len(latex) > _LONGEST:
        return "longer than 8,000 characters"
    if _is_too_deep(latex):
        return "nested too deep"
    if _DEFINITION.search(latex):
        return "holds a definition"
    latex = macros.keep_percents(latex.strip())
    if latex.endswith("\\") and not latex.endswith(r"\\"):
        latex += " "
    try:
        mathml = _convert(latex, display)
    except UnicodeEncodeError:
        return "not Unicode"
    except _Refused as refused:
        return str(refused)
    except math_core.LatexError as error:
        return _PLACE.sub("", str(error))
    mathml = _UNKNOWN_NAME.sub(r'<mtext class="latex">\1</mtext>', mathml)
    mathml = _NAMED_CHARACTER.sub(lambda m: html.unescape(m[0]), mathml)
    return _START_WITH_STYLE.sub(_replace_style, mathml)


def list_unknown(mathml: str) -> list[str]:
    """The names that `convert` left as they were written."""
    return _KEPT_NAME.findall(mathml)


_PLACE = re.compile(r"^(?:macro)?\d*:?\d+: ")
_UNKNOWN_NAME = re.compile(
    r'<merror class="math-core-unknown-cmd"><mtext>([^<>]*)</mtext></merror>'
)
_KEPT_NAME = re.compile(r'<mtext class="latex">([^<>]*)</mtext>')
# In a formula \P and \S are somebody's macros, never the signs ¶ and § that the converter knows.
_MISLEADING = re.compile(r"\\[PS](?![A-Za-z])")
_ONE_NAME = re.compile(r"[\s{}]*\\[A-Za-z]+[\s{}]*")


class _Refused(Exception):
    """Why a formula that could be converted is not."""


def _convert(latex: str, display: bool) -> str:
    """As LaTeX reads it; only where that fails with what authors are known to mean."""
    if not _MISLEADING.search(latex):
        try:
            return _converter.convert_with_local_state(latex, displaystyle=display)
        except math_core.LatexError:
            pass
    rewritten = macros.rewrite(latex)
    if rewritten is None:
        raise _Refused("a name for letters has an argument")
    if found := _MISLEADING.search(rewritten):
        raise _Refused(f'Unknown command "{found[0]}".')
    mathml = _with_macros.convert_with_local_state(rewritten, displaystyle=display)
    # The one unknown name that the converter (0.9.1) leaves unescaped.
    mathml = mathml.replace(r"<mtext>\<</mtext>", r"<mtext>\&lt;</mtext>")
    for match in _UNKNOWN_NAME.finditer(mathml):
        # With an argument it might be anything, a formula of one name is no formula.
        name = re.escape(html.unescape(match[1]))
        if _ONE_NAME.fullmatch(latex) or re.search(name + r"\s*[{\[]", rewritten):
            raise _Refused(f'Unknown command "{html.unescape(match[1])}".')
    return mathml


def _is_too_deep(latex: str) -> bool:
    if _CHAIN.search(latex):
        return True
    depth = 0
    for match in _OPENING.finditer(latex):
        token = match[0]
        if token in {"{", "\\left", "\\begin"}:
            depth += 1
            if depth > _DEEPEST:
                return True
        elif token in {"}", "\\right", "\\end"}:
            depth -= 1
    return False


_START_WITH_STYLE = re.compile(r'<([a-z]+)([^<>]*?) style="([^"]*)"([^<>]*?)(/?)>')
_CLASS = re.compile(r' class="([^"]*)"')
# What the converter writes as style, and the class of our style sheet that does the same. What is
# not here (colours, odd widths) is left out: text in a chosen colour may vanish in the dark.
_CLASSES = {
    "border-left": "m-bar-left",
    "border-right": "m-bar-right",
    "border-top": "m-bar-top",
    "border-bottom": "m-bar-bottom",
    "text-align:right": "m-right",
    "text-align:left": "m-left",
    "padding-left:0": "m-tight-left",
    "padding-right:0": "m-tight-right",
    "margin-left:-0.16666667em": "m-back",
    "margin-left:-0.1667em": "m-back",
}


def _replace_style(match: re.Match[str]) -> str:
    tag, before, style, after, closing = match.groups()
    classes: list[str] = []
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        found = _CLASSES.get(f"{name}:{value}") or _CLASSES.get(name)
        if found and found not in classes:
            classes.append(found)
    rest = before + after
    if existing := _CLASS.search(rest):
        classes.insert(0, existing[1])
        rest = rest.replace(existing[0], "", 1)
    chosen = f' class="{" ".join(classes)}"' if classes else ""
    return f"<{tag}{rest}{chosen}{closing}>"
