"""A paper's own page: everything known of it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from papers import markup, mentions, plaintext
from papers.addresses import ListingAddress, paper_address
from papers.arxiv.records import Precision
from papers.formatting import date_plain, day_short, moment_utc
from papers.models import Paper, PaperVersion
from papers.pages.card import (
    Links,
    Subject,
    describe_kind,
    is_sample,
    link_subjects,
    make_authors,
    make_links,
    make_subjects,
    read_author,
)
from papers.pages.changes import Changes, describe_changes
from papers.pages.frame import Frame
from papers.pages.interest import describe_interest
from papers.pages.related import KeywordLink, RelatedLine, make_keywords, make_lines
from papers.pages.status import BRIEFLY
from papers.queries.papers import PaperAccount
from papers.queries.related import Surroundings
from papers.selection import Selection

_AUTHORS_NAMED = 40
_ALL = 100_000
_AUTHORS_IN_METADATA = 500
_LONGEST_DESCRIPTION = 300


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the history. `url` is empty for the one on the page."""

    name: str
    date: str
    url: str
    seen: bool


@dataclass(frozen=True, slots=True)
class AnnouncedLine:
    """A day on which the paper was announced, and how in which categories."""

    day: str
    url: str
    kinds: str


@dataclass(frozen=True, slots=True)
class Meta:
    """One `<meta>` for reference managers."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """A paper. `version_notice` speaks where another version was asked for than is shown,
    `interest` says how often it was opened and starred.

    `lines` are the papers nearest to it; `venue`, `code` and `project` as on a card.
    """

    frame: Frame
    identifier: str
    version: str
    version_notice: str
    newest_url: str
    title: SafeString
    authors: SafeString
    abstract: SafeString
    subjects: tuple[Subject, ...]
    subject_links: SafeString
    comments: SafeString
    journal: SafeString
    doi: str
    licence: str
    licence_name: str
    submitted: str
    updated: str
    interest: str
    withdrawn: bool
    sample: bool
    links: Links | None
    versions: tuple[VersionLine, ...]
    changes: Changes | None
    announcements: tuple[AnnouncedLine, ...]
    metadata: tuple[Meta, ...]
    keywords: tuple[KeywordLink, ...]
    lines: tuple[RelatedLine, ...]
    venue: str
    code: str
    project: str
    citation: str


def build(
    account: PaperAccount, asked: int | None, origin: str, around: Surroundings
) -> PaperPage | None:
    """The page of a paper or, with `asked`, of one of its versions; None where that cannot exist.

    `origin` is scheme and host, for the addresses that reference managers keep. No queries.
    """
    paper = account.paper
    if asked is not None and asked > paper.version:
        return None
    version = next((v for v in account.versions if v.number == asked), None)
    title, abstract, notice, shown = paper.title, paper.abstract, "", paper.version
    if asked is not None and asked < paper.version:
        if version and version.title is not None and version.abstract is not None:
            title, abstract, shown = version.title, version.abstract, asked
            notice = _("This is version %(old)s; the newest is version %(new)s.")
        else:
            notice = _(
                "Version %(old)s was never seen by this site: arXiv gives the dates of old "
                "versions, not their texts. This is the newest, version %(new)s."
            )
        notice %= {"old": asked, "new": paper.version}
    canonical = paper_address(paper.identifier, asked if asked != paper.version else None)
    plain = plaintext.render(title)
    code, project = mentions.find_links(paper.comments, abstract)
    return PaperPage(
        frame=Frame(
            title=plain,
            canonical=canonical,
            description=_shorten(plaintext.render(abstract)),
            # Without what the index knows it is not whole yet.
            keep=timedelta(hours=1) if around.known else BRIEFLY,
            samples=is_sample(paper),
            indexed=not notice,
        ),
        identifier=paper.identifier,
        version=str(paper.version),
        version_notice=notice,
        newest_url=paper_address(paper.identifier) if notice else "",
        title=markup.render(title, links=False),
        authors=make_authors(paper, _AUTHORS_NAMED, _ALL, affiliations=True),
        abstract=markup.render(abstract),
        subjects=(subjects := make_subjects(paper)),
        subject_links=link_subjects(subjects),
        comments=markup.render(paper.comments),
        journal=markup.render(paper.journal_ref),
        doi=paper.doi,
        licence=paper.licence if paper.licence.startswith(("http://", "https://")) else "",
        licence_name=_name_licence(paper.licence),
        submitted=_describe_submitted(paper),
        updated=moment_utc(paper.updated_at) if paper.updated_at and paper.version > 1 else "",
        interest=describe_interest(paper),
        withdrawn=paper.withdrawn,
        sample=is_sample(paper),
        links=make_links(paper, asked),
        versions=_list_versions(paper, account.versions, asked or paper.version),
        changes=describe_changes(title, abstract, shown, account.versions),
        announcements=_list_announcements(account),
        metadata=tuple(_list_metadata(paper, plain, origin + canonical)),
        keywords=make_keywords(around.keywords),
        lines=make_lines(around.neighbours),
        venue=mentions.find_venue(paper.comments),
        code=code,
        project=project,
        citation=f"{paper_address(paper.identifier)}.bib",
    )


def _describe_submitted(paper: Paper) -> str:
    if not paper.submitted_at or paper.submitted_precision == Precision.UNKNOWN:
        return ""
    if paper.submitted_precision == Precision.DAY:
        return date_plain(paper.submitted_at)
    return moment_utc(paper.submitted_at)


def _list_versions(
    paper: Paper, known: tuple[PaperVersion, ...], shown: int
) -> tuple[VersionLine, ...]:
    """Every version there must be, newest first, also those of which only the number is known."""
    rows = {version.number: version for version in known}
    lines = []
    for number in range(paper.version, 0, -1):
        row = rows.get(number)
        lines.append(
            VersionLine(
                name=f"v{number}",
                date=moment_utc(row.date) if row and row.date else "",
                url="" if number == shown else paper_address(
                    paper.identifier, number if number != paper.version else None
                ),
                seen=bool(row and row.title is not None) or number == paper.version,
            )
        )  # fmt: skip
    return tuple(lines)


def _list_announcements(account: PaperAccount) -> tuple[AnnouncedLine, ...]:
    """A line a day and kind; the first links to the day's listing in its primary category."""
    found: dict[tuple[date, int], list[str]] = {}
    for row in account.announcements:
        found.setdefault((row.date, row.kind), []).append(row.category_id)
    return tuple(
        AnnouncedLine(
            day_short(day),
            str(ListingAddress(Selection((codes[0],)), day, day)),
            _("%(kind)s in %(codes)s") % {"kind": describe_kind(kind), "codes": ", ".join(codes)},
        )
        for (day, kind), codes in found.items()
    )


def _list_metadata(paper: Paper, title: str, url: str) -> list[Meta]:
    """What Zotero and Scholar read. The names are theirs."""
    found = [Meta("citation_title", title)]
    names = (read_author(entry)[0] for entry in paper.authors[:_AUTHORS_IN_METADATA])
    found += [Meta("citation_author", name) for name in names]
    if paper.submitted_at:
        found.append(Meta("citation_date", f"{paper.submitted_at:%Y/%m/%d}"))
    if paper.updated_at:
        found.append(Meta("citation_online_date", f"{paper.updated_at:%Y/%m/%d}"))
    if paper.doi:
        found.append(Meta("citation_doi", paper.doi))
    if links := make_links(paper):
        found += [
            Meta("citation_arxiv_id", paper.identifier),
            Meta("citation_pdf_url", links.pdf),
            Meta("citation_publisher", "arXiv"),
        ]
    found.append(Meta("citation_public_url", url))
    found.append(Meta("citation_abstract", plaintext.render(paper.abstract)))
    return found


_LICENCES = {
    "creativecommons.org/licenses/by/": "CC BY",
    "creativecommons.org/licenses/by-sa/": "CC BY-SA",
    "creativecommons.org/licenses/by-nc-sa/": "CC BY-NC-SA",
    "creativecommons.org/licenses/by-nc-nd/": "CC BY-NC-ND",
    "creativecommons.org/publicdomain/zero/": "CC0",
    "creativecommons.org/licenses/publicdomain": "public domain",
    "arxiv.org/licenses/nonexclusive-distrib/": "arXiv, non-exclusive",
}


def _name_licence(licence: str) -> str:
    for part, name in _LICENCES.items():
        if part in licence:
            version = licence.partition(part)[2].strip("/")
            return f"{name} {version}" if version[:1].isdigit() and name != "CC0" else name
    return licence


def _shorten(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return text[:_LONGEST_DESCRIPTION].rpartition(" ")[0] + " …"
