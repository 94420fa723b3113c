"""`manage.py walk DIR`: fill the database from a folder of papers, day by day, without internet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from papers.arxiv.errors import ArxivError
from papers.arxiv.replay.collection import Collection, CollectionError
from papers.ingest import day as days
from papers.ingest.walk import walk


class Command(BaseCommand):
    help = "Play every day of a folder of papers into the database, oldest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            collection = Collection.load(options["folder"])
            walk(collection, days.list_categories(), self.stdout.write)
        except (CollectionError, ArxivError) as error:
            raise CommandError(str(error)) from error
