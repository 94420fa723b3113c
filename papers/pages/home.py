"""The home page: the categories that newcomers see first, all the others, and the latest days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import schedule
from papers.arxiv import taxonomy
from papers.arxiv.taxonomy import DEFAULT_CATEGORIES
from papers.formatting import day_long, time_utc
from papers.pages import overview
from papers.pages.frame import Frame
from papers.pages.overview import CategoryLine, Overview, make_line
from papers.pages.status import BRIEFLY, Status, say_failure
from papers.queries import days as day_queries
from papers.queries import fetches, installation
from papers.queries.days import DayState
from papers.selection import Selection, is_archive

_LATEST_DAYS = 10


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
class HomePage:
    """`status` also says what is still to be fetched on a first start or in the morning, `trouble`
    that the last fetch failed; `overview` is of the categories that newcomers see first."""

    frame: Frame
    status: Status
    trouble: str
    overview: Overview
    archives: tuple[ArchiveBlock, ...]


def build(now: datetime) -> HomePage:
    """The home page. At most eight queries, whatever has come."""
    states = day_queries.list_latest_states(_LATEST_DAYS)
    latest: dict[str, DayState] = {}
    for state in states:
        if state.present or state.replaced:
            latest.setdefault(state.category, state)
    due = schedule.latest_listing_date(now)
    samples = installation.shows_samples()
    finished = {s.category for s in states if s.date == due and s.complete}
    lines = {
        code: make_line(code, _(category.name), latest.get(code))
        for code, category in taxonomy.CATEGORIES.items()
        if category.alias_of is None
    }
    active = [c.code for c in taxonomy.CATEGORIES.values() if c.active and c.alias_of is None]
    unfinished = len(active) - len(finished)
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
        trouble=say_failure(fetches.find_failure(), now) if unfinished and not samples else "",
        overview=overview.build(Selection(DEFAULT_CATEGORIES), now),
        archives=tuple(_make_archives(lines)),
    )


def _name_state(samples: bool, unfinished: int, begun: bool) -> str:
    if samples:
        return "none"
    if not unfinished:
        return "complete"
    return "incomplete" if begun else "waiting"


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
                name=_(archive.name),
                url=f"/arxiv/{archive.code}",
                code=archive.code,
                categories=tuple(own) if whole else (),
                lively=any(line.count for line in own),
                open=any(line.code in DEFAULT_CATEGORIES for line in own),
            )
        )
    return blocks
