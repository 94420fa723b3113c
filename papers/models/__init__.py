"""What is stored. Constraints live in the database; filter words are QuerySet methods.

No whole-page reads here (`papers.queries`), no writes from arXiv (`papers.ingest`), no business in
`save()`. The triggers that number changes are in the migration `0002_follow_changes`.
"""

from papers.models.content import (
    Category,
    Installation,
    Paper,
    PaperCounter,
    PaperQuerySet,
    PaperVersion,
    Tally,
)
from papers.models.days import KINDS, AnnouncedDay, Announcement, DayCheck, Holiday
from papers.models.fetching import Alarm, FetchRun, Gate, Harvest, SnapshotImport, Wanted

__all__ = [
    "KINDS",
    "Alarm",
    "AnnouncedDay",
    "Announcement",
    "Category",
    "DayCheck",
    "FetchRun",
    "Gate",
    "Harvest",
    "Holiday",
    "Installation",
    "Paper",
    "PaperCounter",
    "PaperQuerySet",
    "PaperVersion",
    "SnapshotImport",
    "Tally",
    "Wanted",
]
