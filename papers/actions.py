"""What administrators change by hand: each a named act, with what it has to leave behind.

Papers that arXiv describes come through `papers.ingest`; here a person overrules it.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from papers.ingest import check
from papers.ingest import day as days
from papers.models import AnnouncedDay, Paper, PaperVersion

# What a later fetch leaves alone once it was corrected; `papers.ingest.store` reads the same names.
CORRECTABLE = (
    "title", "abstract", "authors", "primary_category", "categories", "comments", "journal_ref",
    "doi", "licence", "submitted_at", "updated_at", "withdrawn",
)  # fmt: skip


class Overtaken(Exception):
    """The paper changed after it was read for correction."""


@transaction.atomic
def correct_paper(paper_id: int, values: Mapping[str, object], read_at_change: int) -> list[str]:
    """Set fields of a paper by hand; the names of those that differ, which fetches now leave alone.

    `read_at_change` is the `change_seq` of the paper as it was read; raises `Overtaken` when it
    has changed since, so that nobody overrules what they have not seen.
    """
    paper = Paper.objects.select_for_update().get(pk=paper_id)
    if paper.change_seq != read_at_change:
        raise Overtaken
    changed = [
        name for name in CORRECTABLE if name in values and values[name] != getattr(paper, name)
    ]
    for name in changed:
        setattr(paper, name, values[name])
    if changed:
        paper.corrected = sorted({*paper.corrected, *changed})
        if "submitted_at" in changed:
            paper.submitted_precision = (
                Paper.SubmittedPrecision.SECOND
                if paper.submitted_at
                else Paper.SubmittedPrecision.UNKNOWN
            )
        paper.save(update_fields=[*changed, "corrected", "submitted_precision"])
    return changed


@transaction.atomic
def release_corrections(paper_ids: Iterable[int]) -> int:
    """Let arXiv describe these papers again; returns how many had been corrected.

    Title and abstract are those arXiv gave, at once; the rest follows when it next names the paper.
    """
    released = 0
    for paper in Paper.objects.select_for_update().filter(pk__in=list(paper_ids)):
        if not paper.corrected:
            continue
        seen = PaperVersion.objects.filter(paper=paper, number=paper.version).first()
        if seen is not None:
            paper.title = seen.title if seen.title is not None else paper.title
            paper.abstract = seen.abstract if seen.abstract is not None else paper.abstract
        paper.corrected = []
        # Any source may describe this version again, also one that knows less.
        paper.detail = 0
        paper.save(update_fields=["title", "abstract", "corrected", "detail"])
        released += 1
    return released


def hide_papers(paper_ids: Iterable[int]) -> int:
    """Take papers from every page and search; returns how many were visible."""
    return Paper.objects.filter(pk__in=list(paper_ids), hidden=False).update(hidden=True)


def show_papers(paper_ids: Iterable[int]) -> int:
    """Show hidden papers again; returns how many were hidden."""
    return Paper.objects.filter(pk__in=list(paper_ids), hidden=True).update(hidden=False)


@transaction.atomic
def fetch_again(chosen: Iterable[AnnouncedDay]) -> int:
    """Make days due now: their feeds where they still show them, and a check of the whole date.

    Returns how many. The worker is hinted on commit by whoever calls; without it the next tick sees
    that they are due.
    """
    chosen = list(chosen)
    check.ask_again(sorted({day.date for day in chosen}))
    return days.ask_again(chosen)


def check_again(dates: Iterable[date]) -> int:
    """Make whole listing dates due for a check against OAI-PMH; returns how many."""
    chosen = sorted(set(dates))
    check.ask_again(chosen)
    return len(chosen)
