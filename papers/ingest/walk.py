"""Play a collection of papers through the real door: day after day, by RSS, from a replay server.

This is how sample papers come in, and how `make run ARXIV_REPLAY=DIR` fills an empty database.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.client import Addresses, Client
from papers.arxiv.replay.collection import Collection
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import day as days
from papers.ingest.gate import PostgresGate
from papers.models import Announcement, Paper

_PAST_MIDNIGHT = timedelta(minutes=10)


def walk(
    collection: Collection,
    categories: Sequence[str],
    report: Callable[[str], None],
    source: str = Paper.Source.ARXIV,
) -> None:
    """Fetch every day of `collection`, oldest first, and report a line a day.

    The process's clock stands at ten past midnight Eastern of the day being fetched. What is
    complete already is not asked for again, so a walk that was stopped goes on where it was.
    Raises `ArxivError` where the replay server fails.
    """
    with ReplayServer(collection) as server:
        addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
        with Client(addresses, PostgresGate(0), "Coolpapers walk") as client:
            for day in collection.days:
                server.set_today(day)
                real = clock.set_clock(clock.Clock(calendar.rss_due_at(day) + _PAST_MIDNIGHT))
                try:
                    _fetch_day(client, day, categories, source)
                finally:
                    clock.set_clock(real)
                report(f"{day:%a %d %b %Y}: {_count_papers(day)} papers announced")


def _fetch_day(client: Client, day: date, categories: Sequence[str], source: str) -> None:
    due = set(days.list_due(day, clock.now()))
    for category in categories:
        if category in due:
            days.sync_category(client, category, day, source)


def _count_papers(day: date) -> int:
    return Announcement.objects.filter(date=day).values("paper").distinct().count()
