"""A paper that is not here: being fetched, or why it never will be."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from papers.arxiv.identifiers import Identifier
from papers.ingest.demand import State, Wish
from papers.pages.frame import Frame

# Seconds after which the page looks again.
_SOON = 5
_LATER = 30


@dataclass(frozen=True, slots=True)
class ArrivalPage:
    """How it stands with a paper that a reader asked for.

    `refresh` are the seconds after which the page loads itself again, 0 where that brings nothing.
    `links` are ways on: (text, address).
    """

    frame: Frame
    status: int
    explanation: str
    refresh: int
    links: tuple[tuple[str, str], ...]

    @property
    def heading(self) -> str:
        """The same as the window's title."""
        return self.frame.title


def build(asked: Identifier, wish: Wish) -> ArrivalPage:
    """The page about a paper that is not here. No queries."""
    status, heading, explanation, refresh = _describe(asked, wish)
    links = [(_("All categories"), "/")]
    if wish.state not in (State.ABSENT, State.IMPOSSIBLE):
        links.insert(0, (_("Look at arXiv"), f"https://arxiv.org/abs/{asked}"))
    return ArrivalPage(
        Frame(heading % {"identifier": asked}, "", indexed=False),
        status,
        explanation,
        refresh,
        tuple(links),
    )


def _describe(asked: Identifier, wish: Wish) -> tuple[int, str, str, int]:
    match wish.state:
        case State.ABSENT:
            return (
                404,
                _("arXiv has no paper %(identifier)s"),
                _(
                    "It was asked for twice and is not there. Perhaps the number is mistyped; a "
                    "paper that was announced today can take some hours to appear."
                ),
                0,
            )
        case State.IMPOSSIBLE:
            year, month = asked.month
            return (
                404,
                _("There is no paper %(identifier)s yet"),
                _("Its number is of the month %(month)s, which has not begun.")
                % {"month": f"{year}-{month:02}"},
                0,
            )
        case State.HIDDEN:
            return (
                404,
                _("The paper %(identifier)s is not shown here"),
                _("Whoever runs this site has hidden it."),
                0,
            )
        case State.FAILED:
            return (
                404,
                _("The paper %(identifier)s could not be read"),
                _(
                    "What arXiv answered for it could not be used. It can be asked for again "
                    "tomorrow."
                ),
                0,
            )
        case State.BUSY:
            return (
                503,
                _("The paper %(identifier)s is not here yet"),
                _(
                    "Too many papers are being fetched from arXiv at the moment. Please ask for "
                    "this one again in a few minutes."
                ),
                0,
            )
    heading = _("Fetching %(identifier)s from arXiv")
    if wish.troubled:
        return (
            202,
            heading,
            _(
                "This site does not have this paper yet, and arXiv does not answer at the moment. "
                "It is asked again and again; this page shows the paper when it has come."
            ),
            _LATER,
        )
    return (
        202,
        heading,
        _(
            "This site does not have this paper yet. It is being asked for; this page shows it "
            "when it has come, usually within half a minute."
        ),
        _SOON,
    )
