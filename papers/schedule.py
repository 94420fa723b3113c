"""arXiv's calendar as this site knows it: as shipped, and as its administrators corrected it.

The rules are `papers.arxiv.calendar`'s; whoever asks it about holidays passes `list_holidays()`.
"""

from collections.abc import Mapping
from datetime import date, datetime

from papers.arxiv import calendar
from papers.models import Holiday


def list_holidays() -> Mapping[date, str]:
    """The days on which nothing closes at arXiv, and their names. One query of a small table."""
    found = dict(calendar.HOLIDAYS)
    for day, name, deferred in Holiday.objects.values_list("date", "name", "deferred"):
        if deferred:
            found[day] = name
        else:
            found.pop(day, None)
    return found


def latest_listing_date(now: datetime) -> date:
    """The newest listing date whose feeds are due at `now` (aware). One query."""
    return calendar.latest_listing_date(now, list_holidays())
