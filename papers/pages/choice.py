"""The form in which a reader chooses categories: follow, ignore or exclude each."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from papers.addresses import BadAddress
from papers.arxiv import taxonomy
from papers.arxiv.taxonomy import DEFAULT_CATEGORIES
from papers.pages.frame import Frame
from papers.queries import installation
from papers.selection import MOST_TERMS, Selection

ADDRESS = "/choose"
FOLLOW, EXCLUDE = "follow", "exclude"


@dataclass(frozen=True, slots=True)
class Choice:
    """A category; `followed` where newcomers begin."""

    code: str
    name: str
    followed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """An archive's categories."""

    code: str
    name: str
    open: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """Every category that papers are announced in, by archive."""

    frame: Frame
    most: int
    groups: tuple[Group, ...]


def build() -> ChoicePage:
    """The form. One query."""
    groups = []
    for archive in taxonomy.ARCHIVES.values():
        choices = tuple(
            Choice(c.code, _(c.name), c.code in DEFAULT_CATEGORIES)
            for c in taxonomy.CATEGORIES.values()
            if c.archive == archive.code and c.active and c.alias_of is None
        )
        if choices:
            opened = any(choice.followed for choice in choices)
            groups.append(Group(archive.code, _(archive.name), opened, choices))
    return ChoicePage(
        frame=Frame(
            title=_("Choose your categories"),
            canonical=ADDRESS,
            description=_("Which of arXiv's categories to follow, ignore or exclude."),
            samples=installation.shows_samples(),
        ),
        most=MOST_TERMS,
        groups=tuple(groups),
    )


def read_selection(asked: Mapping[str, str]) -> Selection:
    """What was chosen in the form. BadAddress where nothing is followed, or too much is chosen."""
    chosen: dict[str, list[str]] = {FOLLOW: [], EXCLUDE: []}
    for code, category in taxonomy.CATEGORIES.items():
        if category.alias_of is None and asked.get(code) in chosen:
            chosen[asked[code]].append(code)
    again = ((_("Choose again"), ADDRESS),)
    if not chosen[FOLLOW]:
        raise BadAddress(
            400,
            _("Nothing is followed"),
            _("Choose at least one category to follow."),
            again,
        )
    if len(chosen[FOLLOW]) + len(chosen[EXCLUDE]) > MOST_TERMS:
        raise BadAddress(
            400,
            _("These are too many categories"),
            _("A listing is of at most %(most)s categories.") % {"most": MOST_TERMS},
            again,
        )
    return Selection(tuple(chosen[FOLLOW]), tuple(chosen[EXCLUDE]))
