"""arXiv's announcement calendar, on America/New_York days.

A *listing date* is the date a day's announcement carries in the feed and on the listing pages. Its
papers were submitted in a *window* that closed at 14:00 on the weekday before, its *closing day*;
they are announced at 20:00 on the evening before the listing date (for a Monday: on Sunday).

arXiv publishes days on which it "defers the announcement". Such a day is a closing day on which
nothing closes: the listing of the next weekday does not take place, and its papers go into the
following one, whose window is longer. (Seen in 2025-26: deferred on Thursday 2025-06-19, no listing
on Friday 06-20; deferred on Friday 2026-06-19, a listing that day, none on Monday 06-22, a double
one on Tuesday.) Every function takes other holidays than `HOLIDAYS`. For years it has no data for,
the rule of weekdays alone holds, and before 2017 the hour of closing was another one at arXiv:
there, dates are reconstructions. Nothing here reads a clock.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from coolpapers.clock import EASTERN as EASTERN

FIRST_DAY = date(1991, 8, 14)

CLOSING = time(14, 0)
ANNOUNCEMENT = time(20, 0)
OAI_UPDATE = time(22, 30)

_DAY = timedelta(days=1)

# The name of a day that arXiv gave no reason for.
DEFERRED = "deferred by arXiv"

# Days on which nothing closes: 2023 and 2026 as arXiv published them, 2025 as seen in its listings.
HOLIDAYS: Mapping[date, str] = MappingProxyType(
    {
        date(2023, 1, 16): "Martin Luther King Jr. Day",
        date(2023, 6, 14): DEFERRED,
        date(2023, 6, 19): "Juneteenth",
        date(2023, 7, 4): "Independence Day",
        date(2023, 9, 4): "Labor Day",
        date(2023, 11, 23): "Thanksgiving",
        date(2023, 12, 25): "Christmas Day",
        date(2023, 12, 27): DEFERRED,
        date(2025, 6, 19): "Juneteenth",
        date(2025, 7, 4): "Independence Day",
        date(2025, 9, 1): "Labor Day",
        date(2025, 11, 27): "Thanksgiving",
        date(2025, 12, 25): "Christmas Day",
        date(2025, 12, 30): DEFERRED,
        date(2026, 1, 1): "New Year's Day",
        date(2026, 1, 19): "Martin Luther King Jr. Day",
        date(2026, 6, 19): "Juneteenth",
        date(2026, 7, 3): "Independence Day",
        date(2026, 9, 7): "Labor Day",
        date(2026, 11, 26): "Thanksgiving",
        date(2026, 12, 25): "Christmas Day",
        date(2026, 12, 29): DEFERRED,
        date(2026, 12, 31): "New Year's Eve",
    }
)


class Reason(StrEnum):
    """Why a date has no listing."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    BEFORE_ARXIV = "before-arxiv"


@dataclass(frozen=True, slots=True)
class Absence:
    """Why a date has no listing; for a holiday its name and the closing day it fell on."""

    reason: Reason
    holiday: str = ""
    holiday_date: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Submissions from `start` (included) to `end` (excluded), aware, in UTC."""

    start: datetime
    end: datetime


def explain_absence(day: date, holidays: Mapping[date, str] = HOLIDAYS) -> Absence | None:
    """Why `day` has no listing, or None where it has one."""
    if day < FIRST_DAY:
        return Absence(Reason.BEFORE_ARXIV)
    if _is_weekend(day):
        return Absence(Reason.WEEKEND)
    closing = _weekday_before(day)
    if closing in holidays:
        return Absence(Reason.HOLIDAY, holidays[closing], closing)
    return None


def is_listing_date(day: date, holidays: Mapping[date, str] = HOLIDAYS) -> bool:
    """Whether arXiv publishes a listing with this date."""
    return explain_absence(day, holidays) is None


def next_listing_date(day: date, holidays: Mapping[date, str] = HOLIDAYS) -> date:
    """The first listing date after `day`."""
    day = max(day, FIRST_DAY - _DAY) + _DAY
    while not is_listing_date(day, holidays):
        day += _DAY
    return day


def previous_listing_date(day: date, holidays: Mapping[date, str] = HOLIDAYS) -> date:
    """The last listing date before `day`. Raises ValueError where there is none."""
    while day > FIRST_DAY:
        day -= _DAY
        if is_listing_date(day, holidays):
            return day
    raise ValueError(f"there is no listing before {FIRST_DAY}")


def list_listing_dates(
    first: date, last: date, holidays: Mapping[date, str] = HOLIDAYS
) -> Iterator[date]:
    """Every listing date from `first` to `last`, both included, oldest first."""
    day = max(first, FIRST_DAY)
    while day <= last:
        if is_listing_date(day, holidays):
            yield day
        day += _DAY


def submission_window(day: date, holidays: Mapping[date, str] = HOLIDAYS) -> Window:
    """When the papers of listing date `day` were submitted; moderation can hold any of them longer.

    The windows of successive listing dates touch, also over weekends, holidays and changes of
    daylight saving time. Raises ValueError where `day` has no listing.
    """
    if not is_listing_date(day, holidays):
        raise ValueError(f"there is no listing on {day}")
    closing = _weekday_before(day)
    opening = _weekday_before(closing)
    while opening in holidays:
        opening = _weekday_before(opening)
    return Window(_at(opening, CLOSING), _at(closing, CLOSING))


def listing_date_of(submitted: datetime, holidays: Mapping[date, str] = HOLIDAYS) -> date:
    """The listing date whose window holds `submitted` (aware); never before the first.

    Raises ValueError for a time without a zone.
    """
    if submitted.tzinfo is None:
        raise ValueError("a submission time needs a time zone")
    local = submitted.astimezone(EASTERN)
    closing = local.date() if local.time() < CLOSING else local.date() + _DAY
    while _is_weekend(closing) or closing in holidays:
        closing += _DAY
    return max(_weekday_after(closing), FIRST_DAY)


def announced_at(day: date) -> datetime:
    """When arXiv announces the listing of `day`, in UTC: 20:00 Eastern the evening before."""
    return _at(day - _DAY, ANNOUNCEMENT)


def oai_due_at(day: date) -> datetime:
    """When OAI-PMH has the papers of `day`, in UTC: about 22:30 Eastern the evening before."""
    return _at(day - _DAY, OAI_UPDATE)


def rss_due_at(day: date) -> datetime:
    """When the feeds show the listing of `day`, in UTC: midnight Eastern, at its beginning."""
    return _at(day, time.min)


def latest_listing_date(now: datetime, holidays: Mapping[date, str] = HOLIDAYS) -> date:
    """The newest listing date whose feed is due at `now` (aware)."""
    today = now.astimezone(EASTERN).date()
    return previous_listing_date(today + _DAY, holidays)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, EASTERN).astimezone(UTC)


def _is_weekend(day: date) -> bool:
    return day.weekday() >= 5


def _weekday_before(day: date) -> date:
    return day - timedelta(days={0: 3, 6: 2}.get(day.weekday(), 1))


def _weekday_after(day: date) -> date:
    return day + timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))
