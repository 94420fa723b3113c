"""Questions about announced days: which there are, and how complete they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from papers.models import AnnouncedDay

_ANYTHING = Q(present__gt=0) | Q(replaced__gt=0) | Q(announced__gt=0)


@dataclass(frozen=True, slots=True)
class DayState:
    """One category's account of one day."""

    category: str
    date: date
    announced: int
    present: int
    replaced: int
    missing: tuple[str, ...]
    complete: bool
    reconstructed: bool
    checked_at: datetime | None
    next_check_at: datetime | None


def list_states(categories: Sequence[str], first: date, last: date) -> list[DayState]:
    """The accounts of these categories from `first` to `last`. One query."""
    rows = AnnouncedDay.objects.filter(category_id__in=categories, date__range=(first, last))
    return [_make_state(row) for row in rows.order_by("date", "category_id")]


def list_latest_states(days: int) -> list[DayState]:
    """All categories' accounts of the newest announced day and the `days` before it.

    Two queries; at most 149 rows a day.
    """
    newest = _newest(AnnouncedDay.objects.all())
    if newest is None:
        return []
    rows = AnnouncedDay.objects.filter(date__gt=newest - timedelta(days=days), date__lte=newest)
    return [_make_state(row) for row in rows.order_by("-date", "category_id")]


def latest_date(categories: Sequence[str]) -> date | None:
    """The newest day on which anything was announced in these categories. One query by index."""
    return _newest(AnnouncedDay.objects.filter(category_id__in=categories))


def neighbours(
    categories: Sequence[str], first: date, last: date
) -> tuple[date | None, date | None]:
    """The announced days before `first` and after `last` in these categories. Two queries."""
    rows = AnnouncedDay.objects.filter(_ANYTHING, category_id__in=categories)
    earlier = rows.filter(date__lt=first).order_by("-date").values_list("date", flat=True).first()
    later = rows.filter(date__gt=last).order_by("date").values_list("date", flat=True).first()
    return earlier, later


def _newest(rows: QuerySet[AnnouncedDay]) -> date | None:
    return rows.filter(_ANYTHING).order_by("-date").values_list("date", flat=True).first()


def _make_state(row: AnnouncedDay) -> DayState:
    return DayState(
        category=row.category_id,
        date=row.date,
        announced=row.announced,
        present=row.present,
        replaced=row.replaced,
        missing=tuple(row.missing),
        complete=row.complete,
        reconstructed=row.reconstructed,
        checked_at=row.checked_at,
        next_check_at=row.next_check_at,
    )
