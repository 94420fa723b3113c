"""The last thirty days: which are complete, which are not, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from papers import schedule
from papers.addresses import ListingAddress
from papers.arxiv import calendar
from papers.arxiv.calendar import Reason
from papers.arxiv.taxonomy import DEFAULT_CATEGORIES
from papers.formatting import count, day_short, time_utc, weekday, weekday_plural
from papers.ingest.check import LAGGING
from papers.pages.frame import Frame
from papers.pages.status import BRIEFLY, Status, name_codes, name_holiday
from papers.queries import completeness as queries
from papers.queries.completeness import DateState
from papers.selection import Selection

DAYS = 30

_MARKS = {
    "complete": "✓",
    "partial": "◐",
    "missing": "✗",
    "waiting": "…",
    "none": "–",
    "before": "",
}


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `state` is complete, partial, missing, waiting, none or before; `word` says it and
    `mark` shows it where there is no room for words.

    `parts` are said in a row; `papers` is empty where nothing is expected. `url` is empty where
    there is nothing to read.
    """

    date: date
    number: str
    name: str
    state: str
    word: str
    mark: str
    papers: str
    parts: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class CompletenessPage:
    """Weeks from Monday to Sunday, oldest first, with None for days out of range; `days` are the
    same, newest first."""

    frame: Frame
    status: Status
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day | None, ...], ...]
    days: tuple[Day, ...]


def build(now: datetime, today: date) -> CompletenessPage:
    """The page as of now; `today` at arXiv. Five queries."""
    first = today - timedelta(days=DAYS - 1)
    holidays = schedule.list_holidays()
    states = queries.list_dates(first, today)
    began = queries.first_planned()
    dates = [first + timedelta(days=number) for number in range(DAYS)]
    days = {day: _make_day(day, states.get(day), began, holidays, now) for day in dates}
    unsettled = any(day.state in ("partial", "missing", "waiting") for day in days.values())
    monday = first - timedelta(days=first.weekday())
    weeks = [
        tuple(days.get(monday + timedelta(days=start + number)) for number in range(7))
        for start in range(0, (today - monday).days + 1, 7)
    ]
    return CompletenessPage(
        frame=Frame(
            title=_("How complete the days are"),
            canonical="/status",
            description=_("The last 30 days of arXiv's announcements: complete, partial, missing."),
            keep=BRIEFLY if unsettled else timedelta(hours=1),
        ),
        status=_describe(list(days.values())),
        weekdays=tuple(weekday(monday + timedelta(days=number)) for number in range(7)),
        weeks=tuple(weeks),
        days=tuple(reversed(days.values())),
    )


def _describe(days: list[Day]) -> Status:
    expected = [day for day in days if day.state not in ("none", "before")]
    complete = sum(day.state == "complete" for day in expected)
    if not expected:
        return Status("waiting", (_("No day has come in yet"),))
    said = ngettext(
        "%(complete)s of %(count)s listing complete",
        "%(complete)s of %(count)s listings complete",
        len(expected),
    ) % {"complete": complete, "count": len(expected)}
    return Status("complete" if complete == len(expected) else "incomplete", (said,))


def _make_day(
    day: date,
    state: DateState | None,
    began: date | None,
    holidays: Mapping[date, str],
    now: datetime,
) -> Day:
    known = state or DateState(day)
    name = _judge(known, began, holidays)
    readable = known.papers > 0
    return Day(
        date=day,
        number=str(day.day),
        name=day_short(day),
        state=name,
        word=_say_word(name),
        mark=_MARKS[name],
        papers="" if name in ("none", "before", "waiting") else count(known.papers),
        parts=tuple(_say(name, known, holidays, now)),
        url=str(ListingAddress(Selection(DEFAULT_CATEGORIES), day, day)) if readable else "",
    )


def _judge(state: DateState, began: date | None, holidays: Mapping[date, str]) -> str:
    if not state.papers and calendar.explain_absence(state.date, holidays):
        return "none"
    if state.checked is None:
        if state.accounted:
            return "partial" if state.unfinished else "complete"
        return "before" if began is None or state.date < began else "missing"
    if state.checked:
        return "complete"
    if state.papers:
        return "partial"
    return "missing" if state.attempts else "waiting"


def _say_word(state: str) -> str:
    return {
        "complete": _("complete"),
        "partial": _("partial"),
        "missing": _("missing"),
        "waiting": _("being fetched"),
        "none": _("none expected"),
        "before": _("not kept"),
    }[state]


def _say(name: str, state: DateState, holidays: Mapping[date, str], now: datetime) -> list[str]:
    """Why a day is what it is."""
    if name == "none":
        absence = calendar.explain_absence(state.date, holidays)
        if absence and absence.reason is Reason.HOLIDAY:
            return [name_holiday(absence)]
        return [_("no announcement on %(days)s") % {"days": weekday_plural(state.date)}]
    if name == "before":
        return [_("before this site began")]
    parts = []
    if state.papers:
        parts.append(
            ngettext("%(count)s paper", "%(count)s papers", state.papers)
            % {"count": count(state.papers)}
        )
    if state.missing:
        parts.append(_("%(count)s announced and not here") % {"count": count(state.missing)})
    if state.repaired:
        parts.append(
            _("%(count)s left out by the feeds and repaired") % {"count": count(state.repaired)}
        )
    if state.reconstructed:
        parts.append(_("partly reconstructed from submission times"))
    if state.unfinished:
        parts.append(_("unfinished: %(codes)s") % {"codes": name_codes(state.unfinished)})
    if name == "complete":
        if state.checked_at:
            parts.append(_("checked %(time)s") % {"time": time_utc(state.checked_at, state.date)})
        return parts
    if state.reason == LAGGING:
        parts.append(_("arXiv's second source does not have this day's papers yet"))
    elif state.reason and not state.unfinished:
        parts.append(_("arXiv's second source could not be read"))
    if state.next_check_at and state.next_check_at > now:
        parts.append(
            _("checking again at %(time)s") % {"time": time_utc(state.next_check_at, now.date())}
        )
    elif state.checked is not None:
        parts.append(_("checking again soon"))
    return parts
