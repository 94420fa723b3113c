"""Dates, counts and lists as readers see them. Pure but for the language of the moment."""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def day_short(day: date) -> str:
    """Tue 11 Aug 2026."""
    return format_date(day, _("D j M Y"))


def day_long(day: date) -> str:
    """Tuesday, 11 August 2026."""
    return format_date(day, _("l, j F Y"))


def day_brief(day: date) -> str:
    """Tue 11 Aug, where the year is plain."""
    return format_date(day, _("D j M"))


def days_short(first: date, last: date) -> str:
    """Tue 11 Aug – Fri 14 Aug 2026; of one day, that day."""
    return day_short(last) if first == last else f"{day_brief(first)} – {day_short(last)}"


def weekday(day: date) -> str:
    """Tuesday."""
    return format_date(day, "l")


def weekday_plural(day: date) -> str:
    """Saturdays, Sundays: the days on which there is never an announcement."""
    return _("Saturdays") if day.weekday() == 5 else _("Sundays")


def date_plain(moment: datetime | date) -> str:
    """11 Aug 2026; of a time, its date in UTC."""
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return _format_day(day, get_language())


@lru_cache(maxsize=4_000)
def _format_day(day: date, language: str) -> str:  # noqa: ARG001  # of the pattern
    return format_date(day, _("j M Y"))


def time_utc(moment: datetime, near: date | None = None) -> str:
    """04:12 UTC; with the date before it unless it lies on the day `near`."""
    moment = moment.astimezone(UTC)
    clock = _("%(time)s UTC") % {"time": format_date(moment, "H:i")}
    if near is None or moment.date() == near:
        return clock
    return f"{format_date(moment.date(), _('j M'))} {clock}"


def moment_utc(moment: datetime) -> str:
    """11 Aug 2026, 04:12 UTC."""
    return f"{date_plain(moment)}, {time_utc(moment)}"


def count(number: int) -> str:
    """1,234."""
    if 0 <= number < 1_000:
        return str(number)
    return number_format(number, force_grouping=True)
