"""Questions about listings: what was announced in a selection of categories, in arXiv's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, DateTimeField, Max, QuerySet
from django.db.models.functions import Cast, Coalesce

from papers.addresses import Order
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
    rows: "QuerySet[Announcement]",
    *,
    by_position: bool,
    show: int,
    skip: int,
    order: Order = Order.ARXIV,
) -> list[Announcement]:
    """One page of a listing with its papers and their counters. One query.

    arXiv's order is the newest day, the strongest kind, then, `by_position` for one category, whose
    order arXiv gives, else by identifier. By time: the first version submitted last comes first;
    where its time is not known (yet), it counts as the day. By stars, then by opens, then as arXiv.
    """
    within = ("position", "paper_id") if by_position else ("paper__identifier", "paper_id")
    visible = rows.filter(paper__hidden=False).select_related("paper__counter")
    return list(visible.order_by(*_LEADS[order], "-date", "kind", *within)[skip : skip + show])


_LEADS = {
    Order.ARXIV: (),
    # arXiv numbers papers as they are submitted, also where no more than the day is known.
    Order.TIME: (
        Coalesce("paper__submitted_at", Cast("date", DateTimeField())).desc(),
        "-paper__identifier",
    ),
    Order.STARS: (
        Coalesce("paper__counter__stars", 0).desc(),
        Coalesce("paper__counter__opens", 0).desc(),
    ),
}


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
