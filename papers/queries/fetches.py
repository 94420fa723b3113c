"""Questions about fetches, for those who wait for what they bring."""

from datetime import datetime

from papers.models import FetchRun


def find_failure() -> datetime | None:
    """When the last fetch of a day's papers ended, if it failed; None if it did not. One query."""
    finished = FetchRun.objects.filter(finished_at__isnull=False).exclude(source="api")
    last = finished.order_by("-started_at").values_list("outcome", "finished_at").first()
    return last[1] if last and last[0] == FetchRun.Outcome.FAILED else None
