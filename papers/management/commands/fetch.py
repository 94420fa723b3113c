"""`manage.py fetch`: one sync without a worker, for cron."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers import interest, schedule
from papers.arxiv import calendar, taxonomy
from papers.arxiv.errors import ArxivError
from papers.ingest import day as days
from papers.ingest import rounds

INCOMPLETE = 3


class Command(BaseCommand):
    help = (
        "Fetch a day's announcement from arXiv, all categories or those named. "
        "Exit status: 0 complete, 3 incomplete (asked again later), 1 failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--date", help="listing date, such as 2026-08-11; the default is the latest"
        )
        parser.add_argument("category", nargs="*", metavar="CATEGORY", help="such as cs.AI")

    def handle(self, *args: Any, **options: Any) -> None:
        day = _read_date(options["date"]) if options["date"] else days.latest_day()
        categories = [_read_category(code) for code in options["category"]]
        # A site without a worker has nobody else for it.
        interest.flush()
        with rounds.open_client() as client:
            if categories:
                incomplete, failed = rounds.fetch_categories(
                    client, categories, day, self.stdout.write
                )
                if failed:
                    raise CommandError(f"{failed} of {len(categories)} failed.", returncode=1)
                complete = not incomplete
            else:
                try:
                    complete = rounds.fetch_day(client, day, self.stdout.write)
                except ArxivError as error:
                    raise CommandError(f"{day} cannot be checked: {error}", returncode=1) from error
        if not complete:
            self.stderr.write(f"{day} is incomplete and due again later.")
            sys.exit(INCOMPLETE)


def _read_date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date such as 2026-08-11.") from None
    if day > days.latest_day():
        raise CommandError(f"{day} is not announced yet; the latest is {days.latest_day()}.")
    if absence := calendar.explain_absence(day, schedule.list_holidays()):
        raise CommandError(f"arXiv announced nothing on {day}: {absence.reason.value}.")
    return day


def _read_category(code: str) -> str:
    try:
        return taxonomy.canonical(code)
    except KeyError:
        near = ", ".join(taxonomy.nearest(code))
        raise CommandError(f"{code!r} is no category of arXiv. Near: {near}.") from None
