"""What every page has around its subject: its title, description, and how long it may be kept."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from coolpapers.languages import PREFIXES
from papers.addresses import list_forms
from papers.formatting import count

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same page in another form."""

    content_type: str
    name: "StrOrPromise"
    url: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The same page in a language; `current` where it is the one shown. `hint` tells those whose
    browser prefers it, `close` takes that away."""

    code: str
    name: str
    url: str
    current: bool
    hint: str
    close: str


@dataclass(frozen=True, slots=True)
class Frame:
    """`title` is the window's; `canonical` the page's one address, from the root on.

    `description` says in a sentence what is here, for search engines and link previews.
    `keep` is how long the page may be cached while the database stays as it is. `samples` puts up
    the banner. `query` is what stands in the search box.
    """

    title: str
    canonical: str
    description: str = ""
    keep: timedelta = timedelta(hours=1)
    samples: bool = False
    indexed: bool = True
    query: str = ""

    @property
    def alternates(self) -> tuple[Alternate, ...]:
        """The page for other programs: a list's feed, and a list or paper to be kept or cited."""
        return tuple(Alternate(*_FORMS[form], url) for form, url in list_forms(self.canonical))

    @property
    def translations(self) -> tuple[Translation, ...]:
        """The page in every language; the home page's where a page has no address of its own."""
        address = self.canonical or "/"
        return tuple(
            Translation(tag, name, prefix + address, code == get_language(), hint, close)
            for (code, prefix), (tag, name, hint, close) in zip(
                PREFIXES.items(), _LANGUAGES, strict=True
            )
        )

    @property
    def root(self) -> str:
        """What addresses begin with in the language of the moment, for scripts."""
        return PREFIXES.get(get_language(), "")


# In their own words, and as browsers call them.
_LANGUAGES = (
    ("en", "English", "This page is also in English", "Close"),
    ("zh-Hans", "简体中文", "本页有中文版", "关闭"),
)

_FORMS = {
    "feed": ("application/atom+xml", gettext_lazy("Feed")),
    "json": ("application/json", gettext_lazy("JSON")),
    "bib": ("application/x-bibtex", gettext_lazy("BibTeX")),
    "ris": ("application/x-research-info-systems", gettext_lazy("RIS")),
}


class Sliced(Protocol):
    """An address of a part of a list."""

    def from_(self, skip: int) -> object: ...


@dataclass(frozen=True, slots=True)
class Pager:
    """The way through a list: `range` says where one is; addresses are empty at the ends."""

    range: str
    previous: str
    next: str


def make_pager(listed: Sliced, skip: int, show: int, total: int) -> Pager | None:
    """The way through `total` papers; None where they stand on one page."""
    if total <= show and not skip:
        return None
    end = min(skip + show, total)
    return Pager(
        range=_("%(first)s–%(last)s of %(total)s")
        % {"first": count(skip + 1), "last": count(end), "total": count(total)},
        previous=str(listed.from_(max(0, skip - show))) if skip else "",
        next=str(listed.from_(end)) if end < total else "",
    )
