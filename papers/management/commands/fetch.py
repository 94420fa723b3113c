"""`manage.py fetch`: one sync without a worker, for cron."""

import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.arxiv import taxonomy
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
        incomplete, failed = rounds.fetch_categories(
            categories or days.list_categories(), day, self.stdout.write
        )
        if failed:
            raise CommandError(f"{failed} failed, {incomplete} incomplete.", returncode=1)
        if incomplete:
            self.stderr.write(f"{incomplete} incomplete; they are due again later.")
            sys.exit(INCOMPLETE)


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date such as 2026-08-11.") from None


def _read_category(code: str) -> str:
    try:
        return taxonomy.canonical(code)
    except KeyError:
        near = ", ".join(taxonomy.nearest(code))
        raise CommandError(f"{code!r} is no category of arXiv. Near: {near}.") from None
