"""A paper's text as HTML: escaped, maths as MathML, LaTeX's text commands and addresses understood.

Whatever a title or an abstract holds, what comes out is well-formed and holds no markup but ours.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from papers import maths
from papers.arxiv.text import UNWANTED

# Stand for finished HTML while the rest is worked on; taken out of the input first.
_OPEN, _CLOSE = "\ue000", "\ue001"
# Stand for the beginning and end of a word that was searched for.
_MARK, _UNMARK = "\ue002", "\ue003"
_NO_MARKS = str.maketrans({_MARK: None, _UNMARK: None})
_FINISHED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
# A formula with what must not stand on another line than it: the bracket before, the full stop
# after, the rest of a word ("$k$-means", "$n$th").
_FINISHED_AND_ENDS = re.compile(
    rf"([(\[“‘]*){_OPEN}(\d+){_CLOSE}((?:-(?=\w|<mark>)|(?:th|st|nd|rd|s)\b)?[,.;:?!)\]”’%–—]*)"
)
# Also the white space that XML has no place for.
_UNPRINTABLE = re.compile(rf"{UNWANTED.pattern}|[\x0b\x0c\x1c-\x1f\x85]")

# What stands for something here must not come in from outside; a space keeps the places of marks.
_NOT_OURS = re.compile("[\ue000-\ue003]")

_URL_COMMAND = re.compile(r"\\(?:url|path|nolinkurl)\s*\{([^{}\s]*)\}")
# A link's text may itself be bold or coloured, which is not shown.
_HREF_COMMAND = re.compile(r"\\href\s*\{([^{}\s]*)\}\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_STYLE_IN_LINK = re.compile(r"\\(?:text\w\w|emph|underline|textcolor\s*\{[^{}]*\})\s*\{([^{}]*)\}")
_ADDRESS = re.compile(
    rf"\bhttps?://[^\s<>\"'{{}}\\^`|{_OPEN}{_CLOSE}]+"
    rf"|(?<![\w./@-])(?:www\.[\w-]+\.|(?:github|gitlab|huggingface)\.(?:com|io|co)/)"
    rf"[^\s<>\"'{{}}\\^`|{_OPEN}{_CLOSE}]+"
)
_ANY_ADDRESS = re.compile(
    rf"\\(?:url|path|nolinkurl|href)\s*\{{(?P<command>[^{{}}\s]*)\}}|{_ADDRESS.pattern}"
)
# Where none of these stands there is no address, which costs less to find out.
_ADDRESS_SIGNS = ("http", "www.", "git", "hugging", "\\url", "\\path", "\\nolink", "\\href")
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:")
_LINKABLE = re.compile(r"https?://[\w-]+(?:\.[\w-]+)+(?:[:/?#]\S*)?", re.IGNORECASE)
_ARXIV = re.compile(r"\barXiv:\s?((\d{4}\.\d{4,5})(v\d+)?)\b")
# A formula longer than this may be wider than a phone and gets a box of its own to scroll in.
_WIDE = 48
_BOX = '<span class="formula" tabindex="0">'

_GROUPS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), start, end)
    for pattern, start, end in (
        (r"\\(?:emph|textit|textsl)\s*\{([^{}]*)\}", "<em>", "</em>"),
        (r"\{\\(?:em|it|sl|itshape|slshape)\b\s*([^{}]*)\}", "<em>", "</em>"),
        (r"\\textbf\s*\{([^{}]*)\}", "<strong>", "</strong>"),
        (r"\{\\(?:bf|bfseries)\b\s*([^{}]*)\}", "<strong>", "</strong>"),
        (r"\\(?:texttt|verb)\s*\{([^{}]*)\}", "<code>", "</code>"),
        (r"\{\\(?:tt|ttfamily)\b\s*([^{}]*)\}", "<code>", "</code>"),
        (r"\\textsuperscript\s*\{([^{}]*)\}", "<sup>", "</sup>"),
        (r"\\textsubscript\s*\{([^{}]*)\}", "<sub>", "</sub>"),
        (
            r"\\(?:textsc|textrm|textsf|textmd|textup|textnormal|text|mbox|hbox|underline|uline"
            r"|ensuremath|textcolor\s*\{[^{}]*\})\s*\{([^{}]*)\}",
            "",
            "",
        ),
        (r"\{\\(?:rm|sc|sf|scshape|small|large|normalfont)\b\s*([^{}]*)\}", "", ""),
        (r"\\footnote\s*\{([^{}]*)\}", " (", ")"),
        (r"\\(?:cite[a-z]*|ref|eqref|cref)\s*(?:\[[^][]*\])*\{([^{}]*)\}", "[", "]"),
    )
)
_DEEPEST_GROUP = 12
_LAYOUT = re.compile(r"\\(?:begin|end)\{(?:itemize|enumerate|quote|center|abstract)\}|\\noindent\b")
# What a text must hold for a pattern to be worth its while; most hold none of it.
_PLAIN: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (needed, re.compile(pattern), text)
    for needed, pattern, text in (
        ("\\", r"\\item\b\s*", " • "),
        ("\\", r"\\(?:newline|linebreak|par)\b|\\\\", " "),
        ("\\", r"\\(?:ldots|dots)\b\s?", "…"),
        ("\\", r"\\textendash\b", "–"),
        ("\\", r"\\textemdash\b", "—"),
        ("\\", r"\\(?:xspace|/|,|;|!)(?![A-Za-z])", ""),
        ("\\", r"\\([%&#_${}])", r"\1"),
        ("\\", r"\\ ", " "),
        ("~", rf"(?<=[\w{_UNMARK}])~(?=[\w\\${_MARK}])", "\u00a0"),
        ("``", r"``", "“"),
        ("''", r"''", "”"),
        ("--", r"(?<=[^\s-])---(?=[^\s-])|(?<=\s)---?(?=\s)", "—"),
        ("--", rf"(?<=[\w{_CLOSE}{_UNMARK})\]])--(?=[\w{_OPEN}{_MARK}(])", "–"),
    )
)


def render(text: str, *, links: bool = True, marks: Sequence[tuple[int, int]] = ()) -> SafeString:
    """`text` as HTML to stand inside a paragraph; without `links` also inside a link.

    `marks` are ranges of words to be marked: rising, apart, outside maths. Never raises. Costs
    about 100 microseconds an abstract; without marks it is remembered for a while, since a day's
    papers stand on many pages.
    """
    return _render(text, links, marks) if marks else _remember(text, links)


# Some 3 MB at most.
@lru_cache(maxsize=2_000)
def _remember(text: str, links: bool) -> SafeString:
    return _render(text, links, ())


def _render(text: str, links: bool, marks: Sequence[tuple[int, int]]) -> SafeString:
    done: list[str] = []

    def keep(html: str) -> str:
        done.append(html)
        return f"{_OPEN}{len(done) - 1}{_CLOSE}"

    if not text.isprintable():
        text = _NOT_OURS.sub(" ", text)
    text = _put_marks(text, marks)
    text = "".join(
        segment.source if segment.kind == "text" else keep(_render_formula(segment))
        for segment in maths.split(_clean(text))
    )
    text = _keep_addresses(text, keep, links)
    text = _render_commands(_escape_text(text))

    def put_back(match: re.Match[str]) -> str:
        start, html, end = match[1], done[int(match[2])], match[3]
        if html.startswith(_BOX):
            return f"{_BOX}{start}{html[len(_BOX) : -len('</span>')]}{end}</span>"
        if (start or end) and html.startswith("<math"):
            return f'<span class="whole">{start}{html}{end}</span>'
        return start + html + end

    if marks:
        text = text.replace(_MARK, "<mark>").replace(_UNMARK, "</mark>")
    if done:
        # A link's text is finished HTML without marks of its own, so once is enough.
        text = _FINISHED_AND_ENDS.sub(put_back, text)
    return mark_safe(text)  # noqa: S308  # escaped above


def plain(text: str) -> str:
    """`text` without markup, for titles of windows and metadata; formulas keep their source."""
    text = "".join(s.source if s.kind == "text" else s.content for s in maths.split(_clean(text)))
    text = _HREF_COMMAND.sub(_show_link, _URL_COMMAND.sub(r"\1", text))
    for _ in range(_DEEPEST_GROUP if "\\" in text else 0):
        before = text
        for pattern, start, end in _GROUPS:
            text = pattern.sub(r"\1" if start.startswith("<") else rf"{start}\1{end}", text)
        if text == before:
            break
    text = _render_plain(text)
    return " ".join(text.split())


def _show_link(match: re.Match[str]) -> str:
    return _STYLE_IN_LINK.sub(r"\1", match[2])


def link(text: str, address: str, title: str = "", kind: str = "", count: str = "") -> SafeString:
    """A link; all its parts may be anything. `kind` is its class; with a `count` of what is behind
    it, it is one of many that robots need not follow."""
    named = f' title="{escape(title)}"' if title else ""
    classed = f' class="{escape(kind)}"' if kind else ""
    counted = f' <span class="count">{escape(count)}</span>' if count else ""
    followed = ' rel="nofollow"' if count else ""
    return mark_safe(  # noqa: S308  # escaped here
        f'<a href="{escape(address)}"{followed}{named}{classed}>{escape(_clean(text))}{counted}</a>'
    )


def join(parts: Iterable[SafeString], between: str) -> SafeString:
    """Finished HTML with plain text between."""
    return mark_safe(escape(between).join(parts))  # noqa: S308  # every part is finished


def _clean(text: str) -> str:
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def _put_marks(text: str, marks: Sequence[tuple[int, int]]) -> str:
    if not marks:
        return text
    parts: list[str] = []
    at = 0
    for start, end in marks:
        parts += (text[at:start], _MARK, text[start:end], _UNMARK)
        at = end
    return "".join([*parts, text[at:]])


def _escape_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _render_formula(segment: maths.Segment) -> str:
    mathml = maths.convert(segment.content.translate(_NO_MARKS), segment.kind == "display")
    if mathml is None:
        source = _escape_text(segment.source.translate(_NO_MARKS))
        return f'<code class="latex" translate="no">{source}</code>'
    source = escape(segment.source.translate(_NO_MARKS))
    mathml = f'<math translate="no" data-latex="{source}"{mathml.removeprefix("<math")}'
    if segment.kind == "display" or len(segment.content) > _WIDE:
        return f"{_BOX}{mathml}</span>"
    return mathml


def _keep_addresses(text: str, keep: Callable[[str], str], links: bool) -> str:
    """Addresses taken out before anything in them is read as markup."""

    def link(address: str, shown: str | None = None) -> str:
        address = address.translate(_NO_MARKS)
        shown = (address if shown is None else shown).translate(_NO_MARKS)
        shown = _escape_text(_FINISHED.sub("", shown))
        if not links:
            return shown
        target = _complete_address(address)
        if not _LINKABLE.fullmatch(target):
            return shown
        return f'<a href="{escape(target)}" rel="nofollow noopener">{shown}</a>'

    def bare(match: re.Match[str]) -> str:
        address = _trim_address(match[0])
        return keep(link(address)) + match[0][len(address) :]

    def paper(match: re.Match[str]) -> str:
        if not links:
            return match[0]
        return keep(f'<a href="/arxiv/{quote(match[1])}">{match[0]}</a>')

    if "\\" in text:
        text = _URL_COMMAND.sub(lambda m: keep(link(m[1])), text)
        text = _HREF_COMMAND.sub(lambda m: keep(link(m[1], _show_link(m))), text)
    if any(sign in text for sign in _ADDRESS_SIGNS):
        text = _ADDRESS.sub(bare, text)
    return _ARXIV.sub(paper, text) if "arXiv:" in text else text


def list_addresses(text: str) -> Iterator[tuple[int, str]]:
    """The web addresses in `text`, each with where it begins, in order; all begin with a scheme."""
    if not any(sign in text for sign in _ADDRESS_SIGNS):
        return
    for match in _ANY_ADDRESS.finditer(text):
        target = _complete_address(_trim_address(match["command"] or match[0]))
        if _LINKABLE.fullmatch(target):
            yield match.start(), target


def _complete_address(address: str) -> str:
    return address if _SCHEME.match(address) else f"https://{address}"


def _trim_address(address: str) -> str:
    """Without what belongs to the sentence around it."""
    address = address.rstrip(".,;:!?*_~'")
    while address.endswith((")", "]")) and address.count(address[-1]) > address.count(
        "(" if address[-1] == ")" else "["
    ):
        address = address[:-1].rstrip(".,;:!?*_~'")
    return address


def _render_commands(text: str) -> str:
    """LaTeX's text commands, innermost first; what is not known stays as it was written."""
    if "\\" in text:
        text = _LAYOUT.sub(" ", text)
        for _ in range(_DEEPEST_GROUP):
            before = text
            for pattern, start, end in _GROUPS:
                text = pattern.sub(rf"{start}\1{end}", text)
            if text == before:
                break
    return _render_plain(text)


def _render_plain(text: str) -> str:
    for needed, pattern, replacement in _PLAIN:
        if needed in text:
            text = pattern.sub(replacement, text)
    return text
