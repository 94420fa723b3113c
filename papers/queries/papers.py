"""Questions about single papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from papers.models import Announcement, Paper, PaperVersion


@dataclass(frozen=True, slots=True)
class PaperAccount:
    """A paper with all that is known of its history."""

    paper: Paper
    versions: tuple[PaperVersion, ...]
    announcements: tuple[Announcement, ...]


def find_paper(identifier: str) -> Paper | None:
    """The visible paper of an identifier, a real one before a sample. One query."""
    # "arxiv" comes before "sample".
    rows = Paper.objects.visible().select_related("counter").filter(identifier=identifier)
    return rows.order_by("source").first()


def read_account(paper: Paper) -> PaperAccount:
    """Its versions, newest first, and announcements, oldest first. Two queries."""
    versions = paper.versions.order_by("-number")
    announcements = paper.announcements.order_by("date", "kind", "category_id")
    return PaperAccount(paper, tuple(versions), tuple(announcements))


def list_papers(identifiers: Sequence[str]) -> dict[str, Paper]:
    """The visible papers of these identifiers, real ones before samples. One query."""
    rows = Paper.objects.visible().select_related("counter").filter(identifier__in=identifiers)
    rows = rows.order_by("-source")
    return {paper.identifier: paper for paper in rows}


def list_ranked(rows: Sequence[int]) -> list[Paper]:
    """The visible papers of these row numbers, in this order, without those gone. One query."""
    found = Paper.objects.visible().select_related("counter").in_bulk(list(rows))
    return [found[row] for row in rows if row in found]
