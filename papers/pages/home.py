"""The home page: the categories that newcomers see first, all the others, and the latest days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import schedule
from papers.addresses import ListingAddress
from papers.arxiv import taxonomy
from papers.arxiv.taxonomy import DEFAULT_CATEGORIES
from papers.formatting import count, day_brief, day_long, time_utc
from papers.pages.frame import Frame
from papers.pages.status import BRIEFLY, Status
from papers.queries import days as day_queries
from papers.queries import installation
from papers.queries import listing as listing_queries
from papers.queries.days import DayState
from papers.selection import Selection, is_archive

_LATEST_DAYS = 7


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category with the count of its latest day; `count` is empty where nothing has come."""

    code: str
    name: str
    url: str
    count: str
    day: str
    complete: bool


@dataclass(frozen=True, slots=True)
class ArchiveBlock:
    """An archive and its categories; one without parts is its own only category. `lively` where
    papers have come lately, `open` where the categories of newcomers are."""

    name: str
    url: str
    code: str
    categories: tuple[CategoryLine, ...]
    lively: bool
    open: bool


@dataclass(frozen=True, slots=True)
class DayLine:
    """One of the latest days of the default categories together."""

    day: str
    url: str
    papers: str
    complete: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """`status` also says what is still to be fetched on a first start or in the morning."""

    frame: Frame
    status: Status
    defaults: tuple[CategoryLine, ...]
    together: str
    days: tuple[DayLine, ...]
    archives: tuple[ArchiveBlock, ...]


def build(now: datetime) -> HomePage:
    """The home page. Five queries, whatever has come."""
    states = day_queries.list_latest_states(_LATEST_DAYS + 3)
    latest: dict[str, DayState] = {}
    for state in states:
        if state.present or state.replaced:
            latest.setdefault(state.category, state)
    due = schedule.latest_listing_date(now)
    samples = installation.shows_samples()
    finished = {s.category for s in states if s.date == due and s.complete}
    lines = {
        code: _make_line(code, category.name, latest.get(code))
        for code, category in taxonomy.CATEGORIES.items()
        if category.alias_of is None
    }
    active = [c.code for c in taxonomy.CATEGORIES.values() if c.active and c.alias_of is None]
    unfinished = len(active) - len(finished)
    together = Selection(DEFAULT_CATEGORIES)
    return HomePage(
        frame=Frame(
            title=_("Today’s papers"),
            canonical="/",
            description=_("Skim the day's new research papers from arXiv, all of them."),
            keep=BRIEFLY if unfinished or samples else Frame("", "").keep,
            samples=samples,
        ),
        status=Status(
            _name_state(samples, unfinished, bool(finished)),
            (day_long(due),)
            if samples
            else (day_long(due), _say_coming(unfinished, len(active), bool(latest), states, due)),
        ),
        defaults=tuple(lines[code] for code in DEFAULT_CATEGORIES),
        together=str(ListingAddress(together)),
        days=tuple(_make_days(together, states)),
        archives=tuple(_make_archives(lines)),
    )


def _name_state(samples: bool, unfinished: int, begun: bool) -> str:
    if samples:
        return "none"
    if not unfinished:
        return "complete"
    return "incomplete" if begun else "waiting"


def _make_line(code: str, name: str, state: DayState | None) -> CategoryLine:
    return CategoryLine(
        code=code,
        name=name,
        url=f"/arxiv/{code}",
        count=count(state.present) if state and state.present else "",
        day=day_brief(state.date) if state else "",
        complete=state.complete if state else False,
    )


def _say_coming(
    unfinished: int, total: int, begun: bool, states: Sequence[DayState], due: date
) -> str:
    if not unfinished:
        checked = max(
            (s.checked_at for s in states if s.date == due and s.checked_at), default=None
        )
        if checked is None:
            return _("all %(total)s categories complete") % {"total": total}
        return _("all %(total)s categories complete %(time)s") % {
            "total": total,
            "time": time_utc(checked, due),
        }
    if not begun:
        return _("nothing has come in yet; the first categories take about a minute")
    return ngettext(
        "%(unfinished)s of %(total)s categories is still to come",
        "%(unfinished)s of %(total)s categories are still to come",
        unfinished,
    ) % {"unfinished": unfinished, "total": total}


def _make_days(together: Selection, states: Sequence[DayState]) -> list[DayLine]:
    of_defaults = [s for s in states if s.category in together.categories]
    dates = sorted({s.date for s in of_defaults if s.present or s.replaced}, reverse=True)
    if not dates:
        return []
    counts = listing_queries.count_announced(together.categories, dates[-1], dates[0])
    return [
        DayLine(
            day=day_brief(day),
            url=str(ListingAddress(together, day, day)),
            papers=ngettext("%(count)s paper", "%(count)s papers", counts.get(day, 0))
            % {"count": count(counts.get(day, 0))},
            complete=all(s.complete for s in of_defaults if s.date == day),
        )
        for day in dates[:_LATEST_DAYS]
    ]


def _make_archives(lines: dict[str, CategoryLine]) -> list[ArchiveBlock]:
    blocks = []
    for archive in taxonomy.ARCHIVES.values():
        if not archive.active:
            continue
        own = [
            lines[c.alias_of or c.code]
            for c in taxonomy.CATEGORIES.values()
            if c.archive == archive.code and c.active and c.alias_of is None
        ]
        whole = is_archive(archive.code)
        blocks.append(
            ArchiveBlock(
                name=archive.name,
                url=f"/arxiv/{archive.code}",
                code=archive.code,
                categories=tuple(own) if whole else (),
                lively=any(line.count for line in own),
                open=any(line.code in DEFAULT_CATEGORIES for line in own),
            )
        )
    return blocks
