"""A paper as a card in a list, and the parts that its own page shares with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from django.conf import settings
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from papers import markup, mentions, plaintext
from papers.addresses import author_address, paper_address
from papers.arxiv import identifiers, taxonomy
from papers.arxiv.records import Precision
from papers.formatting import count, date_plain
from papers.models import Announcement, Paper
from papers.pages.interest import describe_interest
from search.query import Scope

FindMarks = Callable[[str, Scope], Sequence[tuple[int, int]]]

# Authors a card names at once, and those it holds folded; the paper's own page holds them all.
AUTHORS_NAMED = 12
AUTHORS_FOLDED = 100
# From this month on arXiv makes HTML of most papers.
_FIRST_HTML = (2023, 12)


@dataclass(frozen=True, slots=True)
class Subject:
    """A category of a paper. `link` is its code as a link to its listing, where it has one."""

    code: str
    name: str
    url: str
    primary: bool
    link: SafeString


@dataclass(frozen=True, slots=True)
class Links:
    """The paper at arXiv."""

    abstract: str
    pdf: str
    html: str


@dataclass(frozen=True, slots=True)
class Card:
    """A paper in a list. `number` counts from 1; `kind`, `version` and `interest` (how often it was
    opened and starred) are empty where there is nothing to say.

    `links` is None for a sample paper: it is not at arXiv. `mark` is its announcement's number,
    0 outside listings. `byline` names its authors in few words. `venue`, `code` (an address) and
    `project` (an address) are what the paper says of itself, empty where it does not.
    """

    number: int
    identifier: SafeString
    url: SafeString
    title: SafeString
    title_plain: str
    authors: SafeString
    abstract: SafeString
    subjects: SafeString
    primary: str
    kind: str
    version: str
    comments: SafeString
    journal: SafeString
    doi: str
    dates: str
    interest: str
    withdrawn: bool
    sample: bool
    links: Links | None
    byline: str
    mark: int
    venue: str
    code: str
    project: str

    # Templates look for an item before an attribute, and a card has some forty look-ups.
    __getitem__ = object.__getattribute__


def make_card(
    paper: Paper,
    number: int,
    kind: str = "",
    announced_version: int | None = None,
    find_marks: FindMarks | None = None,
    mark: int = 0,
) -> Card:
    """The card of a paper that was read with its counter; no further query.

    `find_marks` marks words in its texts.
    """
    title_marks = find_marks(paper.title, Scope.TITLE) if find_marks else ()
    abstract_marks = find_marks(paper.abstract, Scope.ABSTRACT) if find_marks else ()
    code, project = mentions.find_links(paper.comments, paper.abstract)
    return Card(
        number=number,
        # Each stands on a card several times, so they are escaped once.
        identifier=conditional_escape(paper.identifier),
        url=conditional_escape(paper_address(paper.identifier)),
        title=markup.render(paper.title, links=False, marks=title_marks),
        title_plain=plaintext.render(paper.title),
        authors=make_authors(paper, AUTHORS_NAMED, AUTHORS_FOLDED),
        abstract=markup.render(paper.abstract, marks=abstract_marks),
        subjects=link_subjects(make_subjects(paper)),
        primary=paper.primary_category,
        kind=kind,
        version=_describe_version(paper, announced_version),
        comments=markup.render(paper.comments),
        journal=markup.render(paper.journal_ref),
        doi=paper.doi,
        dates=_describe_dates(paper),
        interest=describe_interest(paper),
        withdrawn=paper.withdrawn,
        sample=is_sample(paper),
        links=make_links(paper),
        byline=_describe_authors(paper),
        mark=mark,
        venue=mentions.find_venue(paper.comments),
        code=code,
        project=project,
    )


def _describe_authors(paper: Paper) -> str:
    """The first two, the last, and how many more: what a row of titles has room for."""
    entries = paper.authors
    if len(entries) <= 3:
        return ", ".join(read_author(entry)[0] for entry in entries)
    first, second, last = (read_author(entries[at])[0] for at in (0, 1, -1))
    return f"{first}, {second}, {last} +{count(len(entries) - 3)}"


def is_sample(paper: Paper) -> bool:
    """Whether a paper is one of those written for this program."""
    return paper.source == Paper.Source.SAMPLE


def read_author(entry: object) -> tuple[str, list[str]]:
    """Name and affiliations of one entry of an author list, whatever shape it was given by hand."""
    if not isinstance(entry, dict):
        return str(entry), []
    return str(entry.get("name", "")), [str(place) for place in entry.get("affiliations") or ()]


def make_authors(paper: Paper, named: int, folded: int, affiliations: bool = False) -> SafeString:
    """An author list as links to what else each wrote: `named` at once, at most `folded` more held
    in a fold."""
    everyone = [
        _link_author(name, tuple(places) if affiliations else ())
        for name, places in map(read_author, paper.authors[: named + folded])
    ]
    more = len(paper.authors) - named
    # A fold that hides one or two names costs more than it saves.
    if more <= 2:
        return markup.join(everyone, ", ")
    shown, held = markup.join(everyone[:named], ", "), markup.join(everyone[named:], ", ")
    label = escape(_("and %(count)s more") % {"count": count(more)})
    rest = ""
    if more > folded:
        all_of_them = _("all %(count)s authors") % {"count": count(len(paper.authors))}
        rest = f" … {markup.link(all_of_them, paper_address(paper.identifier))}"
    fold = f"<details><summary>{label}</summary>{held}{rest}</details>"
    return mark_safe(f"{shown}, {fold}")  # noqa: S308  # every part is finished


@lru_cache(maxsize=5_000)
def _link_author(name: str, places: tuple[str, ...]) -> SafeString:
    linked = markup.link(name, author_address(name))
    if not places:
        return linked
    where = escape("; ".join(places))
    return mark_safe(f'{linked} <span class="affiliation">({where})</span>')  # noqa: S308  # escaped


def make_subjects(paper: Paper) -> tuple[Subject, ...]:
    """A paper's categories, the primary first."""
    codes = dict.fromkeys([paper.primary_category, *paper.categories])
    language = get_language()
    return tuple(
        _make_subject(code, code == paper.primary_category, language) for code in codes if code
    )


@lru_cache(maxsize=2_000)
def _make_subject(code: str, primary: bool, language: str) -> Subject:  # noqa: ARG001  # of the name
    if code not in taxonomy.CATEGORIES:
        return Subject(code, code, "", primary, conditional_escape(code))
    name, url = _(taxonomy.CATEGORIES[code].name), f"/arxiv/{code}"
    link = markup.link(code, url, name, "primary" if primary else "")
    return Subject(code, name, url, primary, link)


def link_subjects(subjects: Sequence[Subject]) -> SafeString:
    """The codes of a paper's categories as links."""
    return markup.join((one.link for one in subjects), " ")


def make_links(paper: Paper, version: int | None = None) -> Links | None:
    """Where a paper (or one of its versions) is at arXiv; None for a sample paper."""
    if is_sample(paper):
        return None
    name = f"{paper.identifier}v{version}" if version else paper.identifier
    return Links(
        f"https://arxiv.org/abs/{name}",
        f"{settings.ARXIV_PDF_URL}/{name}",
        f"https://arxiv.org/html/{name}" if _has_html(paper.identifier) else "",
    )


def _has_html(identifier: str) -> bool:
    try:
        return identifiers.parse(identifier).month >= _FIRST_HTML
    except ValueError:
        return False


def _describe_version(paper: Paper, announced: int | None) -> str:
    if announced is not None and announced < paper.version:
        return _("announced as version %(old)s, now version %(new)s") % {
            "old": announced,
            "new": paper.version,
        }
    return _("version %(number)s") % {"number": paper.version} if paper.version > 1 else ""


def _describe_dates(paper: Paper) -> str:
    parts = []
    if paper.submitted_at and paper.submitted_precision != Precision.UNKNOWN:
        parts.append(_("submitted %(date)s") % {"date": date_plain(paper.submitted_at)})
    if paper.updated_at and paper.version > 1:
        parts.append(_("revised %(date)s") % {"date": date_plain(paper.updated_at)})
    return ", ".join(parts)


def describe_kind(kind: int) -> str:
    """What a reader calls a kind of announcement."""
    return str(Announcement.KindChoice(kind).label)
