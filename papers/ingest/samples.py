"""The sample papers of a first start without internet, and how they leave when arXiv comes."""

from papers.models import AnnouncedDay, Announcement, Paper


def are_shown() -> bool:
    """Whether any visible paper is a sample. One query."""
    return Paper.objects.visible().filter(source=Paper.Source.SAMPLE).exists()


def retire() -> None:
    """Hide the samples and forget their announcements, because real papers have come.

    Belongs into the transaction that stores the first of them. One query when there are none.
    """
    if not are_shown():
        return
    announcements = Announcement.objects.filter(paper__source=Paper.Source.SAMPLE)
    days = set(announcements.values_list("category_id", "date"))
    announcements.delete()
    for category, date in days:
        AnnouncedDay.objects.filter(category_id=category, date=date).delete()
    Paper.objects.filter(source=Paper.Source.SAMPLE).update(hidden=True)
