"""Author lists: from the one string in which feeds and old formats give them, to `Author`s.

Names stay as given (`First Last Suffix`); beyond decoding, splitting is all that happens here.
What occurs: names joined by commas, semicolons, `and`, `&`; affiliations in parentheses after a
name; numbers in parentheses that refer to a legend at the end, `((1) Univ. A, (2) Univ. B)`;
collaborations, alone, before a colon, or as `J. Doe, for the X Collaboration`.
"""

import re
from collections.abc import Iterator

from papers.arxiv.records import Author
from papers.arxiv.text import decode_text

# Stand for what is taken out before the string is split; no decoded text contains them.
_GROUP = "\x00"
_PROTECTED = "\x01"

_SEPARATOR = re.compile(r" ?[,;] ?(?:(?:and|&) )?| (?:and|&) |^(?:and|&) ", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.? ?d|m\.? ?d|esq)\.?", re.IGNORECASE)
_LONGEST_WITHOUT_SUFFIX = 200
_MARK = r"(?:\d{1,3}|[A-Za-z]|[*†‡§¶])"
_MARKS = re.compile(rf"\(?{_MARK}\)?(?: ?(?:[,;&+]|and|\s) ?\(?{_MARK}\)?){{0,50}}")
_LEGEND_MARK = re.compile(rf"[(\[] ?({_MARK}) ?[)\]]")
_COLLABORATION = r"(?:collaborations?|consortium|consortia|team|group|project)\b"
_ON_BEHALF = re.compile(
    rf"(?:^| |,)(?:for|on behalf of) (?:the )?([^,;{_GROUP}]{{1,120}}?{_COLLABORATION})",
    re.IGNORECASE,
)
_BEFORE_COLON = re.compile(rf"([^,;:{_GROUP}]{{1,120}}{_COLLABORATION}) ?: ?", re.IGNORECASE)
# `$^{1,2}$` after a name is a footnote mark.
_FOOTNOTE = re.compile(r"\$ ?\^[^$]*\$")


def split_authors(source: str) -> tuple[Author, ...]:
    """The authors one string names, in order, decoded, with their affiliations.

    Each pair of parentheses after a name is one affiliation (a comma inside may belong to an
    address). Never raises; takes time in proportion to the length. No names, no authors.
    """
    text = " ".join(_FOOTNOTE.sub("", decode_text(source)).replace("~", " ").split())
    masked, groups = _take_groups(text)
    legend: dict[str, str] = {}
    body = masked.rstrip(" ,;.)")
    if groups and body.endswith(_GROUP) and _LEGEND_MARK.match(groups[-1]):
        legend = _read_legend(groups.pop())
        masked = body[:-1]
    masked, collaborations = _take_collaborations(masked)

    authors: list[Author] = []
    remaining, protected = iter(groups), iter(collaborations)
    for piece in _SEPARATOR.split(masked):
        affiliations: list[str] = []
        behalf: list[str] = []
        for group in [next(remaining) for _ in range(piece.count(_GROUP))]:
            if match := _ON_BEHALF.match(group):
                behalf.append(match[1])
            else:
                affiliations.extend(_read_affiliations(group, legend))
        name = piece.replace(_GROUP, "")
        if _PROTECTED in name:
            name = name.replace(_PROTECTED, next(protected))
        name = " ".join(name.strip(" ,;:*†‡)").split())
        if _SUFFIX.fullmatch(name) and authors and len(authors[-1].name) < _LONGEST_WITHOUT_SUFFIX:
            last = authors.pop()
            authors.append(
                Author(f"{last.name} {name}", (*last.affiliations, *filter(None, affiliations)))
            )
        elif _is_name(name):
            authors.append(Author(name, tuple(filter(None, affiliations))))
        authors.extend(Author(collaboration) for collaboration in behalf)
    return tuple(authors)


def make_author(name: str, affiliations: tuple[str, ...] = ()) -> Author | None:
    """One author whom the source gives alone, decoded; None where nothing of a name is left."""
    decoded = decode_text(name).replace("~", " ").strip(" ,;:")
    if not _is_name(decoded):
        return None
    return Author(decoded, tuple(filter(None, map(decode_text, affiliations))))


def _is_name(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _take_groups(text: str) -> tuple[str, list[str]]:
    """`text` with each outermost pair of parentheses as one mark, and what stood in them.

    A parenthesis without a partner is an ordinary character.
    """
    if "(" not in text:
        return text, []
    opened: list[int] = []
    partner: dict[int, int] = {}
    for match in re.finditer(r"[()]", text):
        if match[0] == "(":
            opened.append(match.start())
        elif opened:
            partner[opened.pop()] = match.start()
    out: list[str] = []
    groups: list[str] = []
    pos = 0
    for start in sorted(partner):
        if start >= pos:
            out += (text[pos:start], _GROUP)
            groups.append(text[start + 1 : partner[start]].strip())
            pos = partner[start] + 1
    out.append(text[pos:])
    return "".join(out).rstrip(), groups


def _take_collaborations(masked: str) -> tuple[str, list[str]]:
    """Collaborations put as names of their own, and protected: `the A and B Collaborations`."""
    taken: list[str] = []

    def take(match: re.Match[str]) -> str:
        taken.append(match[1].strip())
        return f", {_PROTECTED}, "

    if re.search(_COLLABORATION, masked, re.IGNORECASE):
        masked = _ON_BEHALF.sub(take, masked)
        if not taken:
            masked = _BEFORE_COLON.sub(take, masked, count=1)
    return masked, taken


def _read_legend(group: str) -> dict[str, str]:
    """Affiliations by their marks, from `(1) Univ. A, Town, (2) Univ. B`."""
    marks = list(_LEGEND_MARK.finditer(group))
    ends = [mark.start() for mark in marks[1:]] + [len(group)]
    return {
        mark[1]: group[mark.end() : end].strip(" ,;").removesuffix(" and").rstrip(" ,;")
        for mark, end in zip(marks, ends, strict=True)
    }


def _read_affiliations(group: str, legend: dict[str, str]) -> Iterator[str]:
    """What a name's parentheses say: marks looked up in the legend, anything else as it stands."""
    if not _MARKS.fullmatch(group):
        yield group
        return
    marks = [mark for mark in re.findall(_MARK, group.replace("and", ",")) if mark in legend]
    if marks:
        yield from (legend[mark] for mark in marks)
    elif not any(char.isdigit() for char in group) and len(group) > 1:
        yield group
