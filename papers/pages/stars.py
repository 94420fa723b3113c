"""The page of a reader's stars, which lie in the browser: the same page for everyone."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from papers.pages.frame import Frame


@dataclass(frozen=True, slots=True)
class StarsPage:
    """A frame around what scripts fill in."""

    frame: Frame


def build() -> StarsPage:
    """The page. No queries."""
    return StarsPage(Frame(title=_("Starred papers"), canonical="/stars", indexed=False))
