"""Questions about when papers were announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q

from papers.models import Announcement


@dataclass(frozen=True, slots=True)
class Span:
    """When a paper was first announced anywhere, and when replaced last; None where never seen."""

    first: date | None = None
    replaced: date | None = None


def list_spans(papers: Sequence[int]) -> dict[int, Span]:
    """The spans of these papers (row numbers) that were announced at all. One query."""
    replacing = Q(kind__gte=Announcement.KindChoice.REPLACE)
    rows = Announcement.objects.filter(paper_id__in=list(papers)).values_list("paper_id")
    found = rows.annotate(
        first=Min("date", filter=~replacing), replaced=Max("date", filter=replacing)
    )
    return {paper: Span(first, replaced) for paper, first, replaced in found}
