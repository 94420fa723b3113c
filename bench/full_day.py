"""A full day: every category's feed and the check, as arXiv announces it, without arXiv's waits.

What is measured is the project's own work. At arXiv the gate adds three seconds a request.
"""

import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from bench.import_snapshot import REAL_PAPERS
from coolpapers import clock, embedded

# A busy Tuesday: arXiv announces 1,000 to 2,500 papers.
PAPERS = 2_000
DAY = "2026-08-11"
INTERVAL = 3.0


def measure() -> Iterator[str]:
    """Seconds of own work for a day of 2,000 papers in 149 categories, and what the gate adds."""
    if not REAL_PAPERS.exists():
        yield f"Skipped: the real papers ({REAL_PAPERS.name}) are not beside the project."
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_day(folder / "days")
        (folder / "var").mkdir()
        folder.chmod(0o711)
        with embedded.start(folder / "var") as services:
            os.environ.update(
                services.environment,
                COOLPAPERS_VAR=str(folder / "var"),
                DJANGO_SETTINGS_MODULE="coolpapers.settings",
            )
            yield from _fetch(folder / "days")


def _write_day(folder: Path) -> None:
    """Real papers of many years, told as one day's new ones: their identifiers are made up."""
    folder.mkdir()
    with gzip.open(REAL_PAPERS, "rt") as lines:
        sample = random.Random(1).sample(list(islice(lines, 60_000)), PAPERS)
    with (folder / f"{DAY}.jsonl").open("w") as file:
        for number, line in enumerate(sample, 1):
            paper = json.loads(line)
            kept = ("title", "authors", "abstract", "categories", "primary_category")
            row = {"id": f"2608.{number:05}", **{key: paper[key] for key in kept}}
            file.write(json.dumps(row) + "\n")


def _fetch(folder: Path) -> Iterator[str]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from papers.arxiv import calendar
    from papers.arxiv.client import Addresses, Client
    from papers.arxiv.replay.server import ReplayServer
    from papers.ingest import check
    from papers.ingest import day as days
    from papers.ingest.gate import PostgresGate

    with ReplayServer(folder) as server:
        day = server.collection.days[-1]
        clock.set_clock(clock.Clock(calendar.rss_due_at(day) + timedelta(minutes=10)))
        addresses = Addresses(server.rss_url, server.api_url, server.oai_url)
        with Client(addresses, PostgresGate(0), "bench") as client:
            started = time.perf_counter()
            for category in days.list_categories():
                days.sync_category(client, category, day)
            fed = time.perf_counter() - started
            (result,) = check.check_days(client, [day])
            took = time.perf_counter() - started
        requests = len(server.requests)
    yield (
        f"{PAPERS} papers: feeds {fed:.1f} s, check {took - fed:.1f} s, together {took:.1f} s "
        f"of own work (goal: under 10); complete: {result.complete}"
    )
    yield (
        f"{requests} requests at {INTERVAL:.0f} s each: {(took + requests * INTERVAL) / 60:.1f} "
        "minutes at arXiv (goal: under 10)"
    )
