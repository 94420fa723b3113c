"""`manage.py first_fetch`: what an empty database shows first."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from papers.arxiv import replay, taxonomy
from papers.arxiv.errors import Transient
from papers.arxiv.replay.collection import Collection
from papers.ingest import rounds
from papers.ingest.walk import walk
from papers.models import Paper

SAMPLES = Path(replay.__file__).parent / "samples"


class Command(BaseCommand):
    help = (
        "On an empty database: see whether arXiv answers, else take in the sample papers, which "
        "leave when arXiv comes. On any other database: nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if Paper.objects.exists():
            return
        try:
            with rounds.open_client() as client:
                client.probe(taxonomy.DEFAULT_CATEGORIES[0])
        except Transient as error:
            self.stdout.write(f"arXiv cannot be reached: {error}")
            self.stdout.write("Taking in the sample papers instead, until arXiv answers.")
            collection = Collection.load(SAMPLES)
            walk(collection, _categories_of(collection), self.stdout.write, Paper.Source.SAMPLE)
        else:
            self.stdout.write("arXiv answers; the worker fetches today's papers.")


def _categories_of(collection: Collection) -> list[str]:
    named = {
        c for day in collection.days for line in collection.lines(day) for c in line.categories
    }
    return sorted(taxonomy.canonical_all(sorted(named)))
