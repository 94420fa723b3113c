"""A list of papers as other programs take it: the papers of a listing, a search, a picked list.

What `papers.feeds` and `papers.exports` write down. Lists for people are the other modules here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import feeds, schedule
from papers.addresses import (
    BadAddress,
    ListingAddress,
    PickedAddress,
    SearchAddress,
    Slice,
    paper_address,
)
from papers.arxiv import calendar
from papers.exports.data import Announced
from papers.formatting import count, day_short
from papers.models import Announcement, Paper, PaperVersion
from papers.pages.interest import keep_for
from papers.pages.status import BRIEFLY
from papers.queries import announcements as announcement_queries
from papers.queries import days as day_queries
from papers.queries import listing as listing_queries
from papers.queries import papers as paper_queries
from papers.queries import search as search_queries
from papers.queries.announcements import Span
from papers.selection import name_of

# A whole list is written down up to here: more than arXiv ever announced on a day.
MOST_WRITTEN = 4_000
# A feed of a search holds the newest of what it finds.
NEWEST_FOUND = 50
_NEVER = calendar.announced_at(calendar.FIRST_DAY)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Line:
    """A paper in a list; in a listing, with how it was announced."""

    paper: Paper
    announced: Announced | None = None


@dataclass(frozen=True, slots=True)
class PaperList:
    """Papers to be written down. `address` and `next` are those of pages, `next` may be empty.

    `name` is what a file with them is called, without its ending; `keep` is how long this may be
    cached; `began` a time that does not move, for a feed without entries.
    """

    kind: str
    title: str
    address: str
    name: str
    lines: tuple[Line, ...]
    total: int
    skip: int = 0
    next: str = ""
    subtitle: str = ""
    keep: timedelta = timedelta(hours=1)
    began: datetime = _NEVER
    details: dict[str, Any] = field(default_factory=dict)


def collect_listing(
    address: ListingAddress, now: datetime, today: date, *, whole: bool, replaced: bool = True
) -> PaperList:
    """The papers of a listing, or of its part that the address names. At most five queries.

    `whole` leaves the part aside; without `replaced` there are only new and cross-listed papers.
    Raises BadAddress for a day still to come, and beyond the end.
    """
    selection = address.selection
    newest = day_queries.latest_date(selection.categories)
    latest = newest or calendar.latest_listing_date(now, schedule.list_holidays())
    first, last = address.first or latest, address.last or latest
    if first > max(today, latest):
        raise BadAddress(
            404,
            _("%(day)s is still to come") % {"day": day_short(first)},
            _("A listing can be had as soon as arXiv has announced it."),
            ((str(selection), str(address.of(None))),),
        )
    states = day_queries.list_states(selection.categories, first, last)
    rows = listing_queries.list_announcements(selection.categories, selection.left_out, first, last)
    if not replaced:
        rows = rows.filter(kind__lte=Announcement.KindChoice.CROSS)
    total = sum(one.shown for one in listing_queries.count_kinds(rows))
    part = _choose_part(address, total, whole=whole)
    page = listing_queries.list_page(
        rows,
        by_position=selection.single is not None and first == last,
        show=part.show,
        skip=part.skip,
        order=address.order,
    )
    days = str(first) if first == last else f"{first}..{last}"
    complete = bool(states) and all(state.complete for state in states)
    return PaperList(
        kind="listing",
        title=str(selection),
        subtitle=", ".join(map(name_of, selection.included)),
        address=str(address),
        name=_make_name(f"{selection}-{days}"),
        lines=tuple(
            Line(row.paper, Announced(row.date, row.kind, row.version)) for row in page
        ),
        total=total,
        skip=part.skip,
        next=_find_next(address, part, total),
        keep=keep_for(address.order, timedelta(hours=1) if complete else BRIEFLY),
        began=calendar.announced_at(first),
        details={
            "first": first.isoformat(),
            "last": last.isoformat(),
            "complete": complete,
            "sort": str(address.order),
            "days": [
                {
                    "date": state.date.isoformat(),
                    "category": state.category,
                    "announced": state.announced,
                    "present": state.present,
                    "replaced": state.replaced,
                    "complete": state.complete,
                }
                for state in states
            ],
        },
    )  # fmt: skip


def collect_picked(address: PickedAddress, *, whole: bool) -> PaperList:
    """The papers of a hand-picked list that are here, each once. One query."""
    found = paper_queries.list_papers([one.id for one in address.picked])
    here = list(dict.fromkeys(found[one.id] for one in address.picked if one.id in found))
    part = _choose_part(address, len(here), whole=whole)
    return PaperList(
        kind="picked",
        title=ngettext("%(count)s picked paper", "%(count)s picked papers", len(here))
        % {"count": count(len(here))},
        address=str(address),
        name=_make_name("picked" if len(here) != 1 else here[0].identifier),
        lines=_make_lines(islice(here, part.skip, part.skip + part.show)),
        total=len(here),
        skip=part.skip,
        next=_find_next(address, part, len(here)),
        details={"missing": [one.id for one in address.picked if one.id not in found]},
    )


def collect_search(address: SearchAddress, *, newest: bool = False) -> PaperList:
    """What a search finds: the part that the address names, or the newest. One query.

    Raises IndexUnusable (`search.errors`) where there is no index, BadAddress without a query.
    """
    if not address.query:
        raise BadAddress(
            400,
            _("This search is empty"),
            _("An address of a search names what to search for: ?query=…"),
            ((_("Search"), "/arxiv/search"),),
        )
    part = Slice(NEWEST_FOUND) if newest else address.slice
    by_date = newest or address.by_date
    narrowing = search_queries.Narrowing(address.categories, address.year)
    found = search_queries.search(address.query, part.show, part.skip, by_date, narrowing)
    if part.skip and part.skip >= found.reachable:
        raise _beyond_end(address, found.reachable)
    return PaperList(
        kind="search",
        title=_("Search: %(query)s") % {"query": address.query},
        address=str(address),
        name=_make_name(f"search-{address.query}"),
        lines=_make_lines(found.papers),
        total=found.total,
        skip=part.skip,
        next=_find_next(address, part, found.reachable),
        # The index may lag behind the database by a moment.
        keep=BRIEFLY,
        details={
            "query": address.query,
            "cat": list(address.categories),
            "year": address.year,
            "sort": "date" if by_date else "relevance",
            "loosened": found.loosened,
        },
    )


def collect_paper(account: paper_queries.PaperAccount, asked: int | None) -> PaperList:
    """A list of one paper, or of one of its versions. No queries."""
    paper = show_version(account, asked)
    return PaperList(
        kind="paper",
        title=paper.identifier,
        address=paper_address(paper.identifier, asked),
        name=_make_name(f"{paper.identifier}v{asked}" if asked else paper.identifier),
        lines=(Line(paper),),
        total=1,
    )


def show_version(account: paper_queries.PaperAccount, asked: int | None) -> Paper:
    """The paper as it was in a version, as far as this site saw it; its number and date anyway."""
    paper = account.paper
    if asked is None or asked == paper.version:
        return paper
    row = next((row for row in account.versions if row.number == asked), PaperVersion())
    paper.version = asked
    paper.updated_at = row.date
    if row.title is not None and row.abstract is not None:
        paper.title, paper.abstract = row.title, row.abstract
    return paper


def make_feed(papers: PaperList, origin: str, self_address: str) -> feeds.Feed:
    """A list as a feed. One query, for when its papers were announced."""
    spans = announcement_queries.list_spans([line.paper.pk for line in papers.lines])
    return feeds.Feed(
        title=f"{papers.title} · Coolpapers",
        subtitle=papers.subtitle,
        url=origin + papers.address,
        self_url=origin + self_address,
        began=papers.began,
        entries=tuple(
            _make_entry(line, spans.get(line.paper.pk, Span()), origin) for line in papers.lines
        ),
    )


def _make_entry(line: Line, span: Span, origin: str) -> feeds.Entry:
    """Published when it was first announced, since the submission may lie weeks before; updated
    when its newest version was announced or, where that was not seen, submitted."""
    paper = line.paper
    published = calendar.announced_at(span.first) if span.first else paper.submitted_at
    published = published or paper.updated_at or paper.first_seen_at
    moments = [published]
    if span.replaced:
        moments.append(calendar.announced_at(span.replaced))
    if paper.updated_at:
        moments.append(paper.updated_at)
    kind = line.announced.kind if line.announced else None
    return feeds.make_entry(paper, origin, published, max(moments), kind)


def _make_lines(papers: Iterable[Paper]) -> tuple[Line, ...]:
    return tuple(map(Line, papers))


def _choose_part(address: ListingAddress | PickedAddress, total: int, *, whole: bool) -> Slice:
    if whole:
        return Slice(MOST_WRITTEN)
    if address.slice.skip and address.slice.skip >= total:
        raise _beyond_end(address, total)
    return address.slice


def _beyond_end(address: ListingAddress | PickedAddress | SearchAddress, total: int) -> BadAddress:
    return BadAddress(
        404,
        _("There is nothing behind the last paper"),
        ngettext("This list has %(count)s paper.", "This list has %(count)s papers.", total)
        % {"count": count(total)},
        ((_("From the beginning"), str(address.from_(0))),),
    )


def _find_next(
    address: ListingAddress | PickedAddress | SearchAddress, part: Slice, total: int
) -> str:
    end = part.skip + part.show
    return str(address.from_(end)) if end < total else ""


def _make_name(text: str) -> str:
    """A name for a file: ASCII, without anything a file system or a header may mind."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in ".+,_-") else "-" for c in text)
    return "-".join(filter(None, kept.split("-")))[:_LONGEST_NAME].strip(".,-") or "papers"
