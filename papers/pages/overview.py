"""A reader's categories at a glance: each with its latest day, all merged, the last weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import schedule
from papers.addresses import ListingAddress
from papers.formatting import count, day_brief, weekday
from papers.pages.frame import Frame
from papers.pages.status import BRIEFLY
from papers.queries import days as day_queries
from papers.queries import listing as listing_queries
from papers.queries.days import DayState
from papers.selection import Selection, name_of

_WEEKS = 5


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category with the count of its latest day; `count` is empty where nothing has come.

    `days` tells the browser what came on each of the last weeks' days, the oldest first, so that it
    can say what waits: `2026-08-10=0 2026-08-11=3 2026-08-12=32`.
    """

    code: str
    name: str
    url: str
    count: str
    day: str
    complete: bool
    days: str


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar (`day` in ISO 8601, `new` its papers); `url` and `papers` are empty
    where there is nothing."""

    day: str
    new: int
    name: str
    number: str
    papers: str
    url: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """`key` names the categories to the browser; `merged` is the link's text with the count of the
    latest day; weeks from Monday to Friday, the latest first."""

    frame: Frame
    key: str
    lines: tuple[CategoryLine, ...]
    together: str
    merged: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[DayCell, ...], ...]


def build(selection: Selection, now: datetime) -> Overview:
    """The overview of a selection as of now. Two queries."""
    due = schedule.latest_listing_date(now)
    monday = due - timedelta(days=due.weekday())
    first = monday - timedelta(weeks=_WEEKS - 1)
    states = day_queries.list_states(selection.categories, first, due)
    counts = listing_queries.count_announced(selection.categories, first, due, selection.left_out)
    latest = {s.category: s for s in states if s.present or s.replaced}
    newest = max((state.date for state in latest.values()), default=None)
    unfinished = set(selection.categories) != {
        s.category for s in states if s.date == due and s.complete
    }
    return Overview(
        frame=Frame("", "", keep=BRIEFLY if unfinished else Frame("", "").keep),
        key=selection.key,
        lines=tuple(
            make_line(
                code, name_of(code), latest.get(code), [s for s in states if s.category == code]
            )
            for code in selection.included
        ),
        together=str(ListingAddress(selection)),
        merged=_say_merged(counts.get(newest, 0) if newest else 0),
        weekdays=tuple(weekday(monday + timedelta(days=number)) for number in range(5)),
        weeks=tuple(
            tuple(
                _make_cell(monday + timedelta(days=number - 7 * back), selection, states, counts)
                for number in range(5)
            )
            for back in range(_count_weeks(monday, counts, states))
        ),
    )


def _count_weeks(monday: date, counts: dict[date, int], states: Sequence[DayState]) -> int:
    """Back to the first week of which there is anything."""
    oldest = min([*counts, *(s.date for s in states if s.replaced)], default=None)
    if oldest is None:
        return 0
    return (monday - (oldest - timedelta(days=oldest.weekday()))).days // 7 + 1


def make_line(
    code: str, name: str, state: DayState | None, states: Sequence[DayState] = ()
) -> CategoryLine:
    """A category, its state on its latest day, and on those of the last weeks, the oldest first."""
    return CategoryLine(
        code=code,
        name=name,
        url=f"/arxiv/{code}",
        count=count(state.present) if state and state.present else "",
        day=day_brief(state.date) if state else "",
        complete=state.complete if state else False,
        days=" ".join(f"{s.date}={s.present}" for s in states),
    )


def _say_merged(papers: int) -> str:
    if not papers:
        return _("All of them together, without repeats")
    said = ngettext(
        "All of them together, without repeats: %(count)s paper",
        "All of them together, without repeats: %(count)s papers",
        papers,
    )
    return said % {"count": count(papers)}


def _make_cell(
    day: date, selection: Selection, states: Sequence[DayState], counts: dict[date, int]
) -> DayCell:
    here = [s for s in states if s.date == day]
    papers = counts.get(day, 0)
    there = papers > 0 or any(s.replaced for s in here)
    return DayCell(
        day=str(day),
        new=papers,
        name=day_brief(day),
        number=str(day.day),
        papers=count(papers) if there else "",
        url=str(ListingAddress(selection, day, day)) if there else "",
        complete=all(s.complete for s in here),
    )
