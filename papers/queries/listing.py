"""Questions about listings: what was announced in a selection of categories, in arXiv's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, QuerySet

from papers.models import Announcement


@dataclass(frozen=True, slots=True)
class KindCount:
    """How many papers stand under a kind on a day, and how many of them are hidden.

    `newest` is the greatest number of an announcement here: it grows when a late one comes in.
    """

    date: date
    kind: int
    shown: int
    hidden: int
    newest: int = 0


def list_announcements(
    categories: Sequence[str], left_out: Sequence[str], first: date, last: date
) -> "QuerySet[Announcement]":
    """Announcements from `first` to `last`, a paper once, under its strongest kind. Lazy.

    Papers that are in a category of `left_out`, whenever announced, are not there. Hidden ones are.
    """
    rows = Announcement.objects.filter(category_id__in=categories)
    rows = rows.filter(date=first) if first == last else rows.filter(date__range=(first, last))
    if left_out:
        rows = rows.exclude(paper__categories__overlap=list(left_out))
    if len(categories) == 1 and first == last:
        return rows
    strongest = rows.order_by("paper_id", "kind", "-date").distinct("paper_id")
    return Announcement.objects.filter(pk__in=strongest.values("pk"))


def count_kinds(rows: "QuerySet[Announcement]") -> list[KindCount]:
    """Counts by day (newest first) and kind (strongest first). One query over the whole listing."""
    found: dict[tuple[date, int], list[int]] = {}
    counted = rows.values_list("date", "kind", "paper__hidden").annotate(Count("pk"), Max("pk"))
    for day, kind, hidden, count, newest in counted.order_by("-date", "kind"):
        numbers = found.setdefault((day, kind), [0, 0, 0])
        numbers[hidden] += count
        numbers[2] = max(numbers[2], newest)
    return [KindCount(day, kind, *counts) for (day, kind), counts in found.items()]


def list_page(
    rows: "QuerySet[Announcement]", *, by_position: bool, show: int, skip: int
) -> list[Announcement]:
    """One page of a listing with its papers: newest day, strongest kind, then arXiv's order.

    `by_position` for one category, whose order arXiv gives; else by identifier. One query.
    """
    order = ("position", "paper_id") if by_position else ("paper__identifier", "paper_id")
    visible = rows.filter(paper__hidden=False).select_related("paper")
    return list(visible.order_by("-date", "kind", *order)[skip : skip + show])


def count_announced(
    categories: Sequence[str], first: date, last: date, left_out: Sequence[str] = ()
) -> dict[date, int]:
    """How many visible papers were new or cross-listed in any of these, by day, without those that
    are in a category of `left_out`. One query."""
    rows = Announcement.objects.filter(
        category_id__in=categories,
        date__range=(first, last),
        kind__lte=Announcement.KindChoice.CROSS,
        paper__hidden=False,
    )
    if left_out:
        rows = rows.exclude(paper__categories__overlap=list(left_out))
    return dict(rows.values_list("date").annotate(Count("paper_id", distinct=True)))
