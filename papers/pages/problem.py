"""Pages that say what is wrong, and the next step."""

from dataclasses import dataclass

from papers.pages.frame import Frame


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What is wrong in a heading and a sentence, and ways on: (text, address)."""

    frame: Frame
    status: int
    explanation: str
    links: tuple[tuple[str, str], ...] = ()

    @property
    def heading(self) -> str:
        """The same as the window's title."""
        return self.frame.title


def build(
    status: int, heading: str, explanation: str, links: tuple[tuple[str, str], ...] = ()
) -> ProblemPage:
    """The page of a problem. No queries."""
    return ProblemPage(Frame(heading, "", indexed=False), status, explanation, links)
