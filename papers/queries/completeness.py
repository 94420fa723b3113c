"""Questions about whole listing dates: how complete they are over all categories, and why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Min, Q, Sum

from papers.models import AnnouncedDay, Announcement, DayCheck


@dataclass(frozen=True, slots=True)
class DateState:
    """What is known of one listing date.

    `papers` are those newly announced that are stored, each once; `missing` announcements were
    named and are not. `unfinished` are the codes of categories that are not complete. The check's
    fields are None where no check is planned, as for days before this site began.
    """

    date: date
    papers: int = 0
    missing: int = 0
    unfinished: tuple[str, ...] = ()
    accounted: bool = False
    reconstructed: bool = False
    checked: bool | None = None
    attempts: int = 0
    repaired: int = 0
    reason: str = ""
    checked_at: datetime | None = None
    next_check_at: datetime | None = None


def list_dates(first: date, last: date) -> dict[date, DateState]:
    """What is known of the dates from `first` to `last`. Three queries over all their rows."""
    papers = dict(
        Announcement.objects.filter(date__range=(first, last), kind__lte=2, paper__hidden=False)
        .values_list("date")
        .annotate(Count("paper", distinct=True))
        .order_by("date")
    )
    accounts = {
        row["date"]: row
        for row in AnnouncedDay.objects.filter(date__range=(first, last))
        .values("date")
        .annotate(
            absent=Sum("missing__len", default=0),
            unfinished=ArrayAgg("category", filter=Q(complete=False), order_by="category"),
            rebuilt=Count("pk", filter=Q(reconstructed=True, present__gt=0)),
        )
        .order_by("date")
    }
    checks = {check.date: check for check in DayCheck.objects.filter(date__range=(first, last))}
    return {
        day: _make_state(day, papers.get(day, 0), accounts.get(day), checks.get(day))
        for day in sorted({*papers, *accounts, *checks})
    }


def first_planned() -> date | None:
    """The first date that this site took upon itself. One query.

    Without a worker nothing is planned; then it is the first that was ever checked.
    """
    found = DayCheck.objects.aggregate(
        planned=Min("date", filter=Q(planned_at__isnull=False)), checked=Min("date")
    )
    first: date | None = found["planned"] or found["checked"]
    return first


def _make_state(
    day: date, papers: int, account: Mapping[str, Any] | None, check: DayCheck | None
) -> DateState:
    return DateState(
        date=day,
        papers=papers,
        missing=account["absent"] if account else 0,
        unfinished=tuple(account["unfinished"] or ()) if account else (),
        accounted=account is not None,
        reconstructed=bool(account and account["rebuilt"]),
        checked=check.complete if check else None,
        attempts=check.attempts if check else 0,
        repaired=check.repaired if check else 0,
        reason=check.reason if check else "",
        checked_at=check.checked_at if check else None,
        next_check_at=check.next_check_at if check else None,
    )
