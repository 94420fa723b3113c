"""Bring the search index level with the database."""

import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from papers import documents
from papers.models import Paper
from search.check import Difference, compare
from search.documents import Checkpoint
from search.errors import IndexBusy, IndexUnusable, SourceUnavailable
from search.follow import ChangeSource, Follower
from search.place import Place

_MOST_LINES = 50
# How long a check waits for an indexer that runs beside it.
_PATIENCE = 60.0


class Command(BaseCommand):
    help = (
        "Bring the search index level with the database, once. "
        "Exit status 0 when it is, 1 when that failed or differences remain."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_mutually_exclusive_group()
        ways.add_argument("--follow", action="store_true", help="go on for ever, until SIGTERM")
        ways.add_argument(
            "--rebuild", action="store_true", help="build a new index beside the old one and swap"
        )
        ways.add_argument(
            "--check",
            action="store_true",
            help="compare every paper's version in index and database, and repair the index",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        place = documents.place()
        if limit := place.engine.meant_for:
            self.stderr.write(
                f"The search engine {settings.SEARCH_ENGINE} is meant for up to {limit:,} papers; "
                f"this site has about {Paper.objects.count():,}."
            )
        with _stopped_by_signals() as stop, closing(documents.PaperChanges()) as source:
            try:
                if options["check"]:
                    self._check(place, source, stop)
                    return
                with place.writing(), closing(Follower(place, source, stop)) as follower:
                    if options["follow"]:
                        follower.follow()
                    elif options["rebuild"]:
                        _finish(follower.rebuild())
                    else:
                        _finish(follower.catch_up())
            except IndexBusy as error:
                raise CommandError(f"{error} One is enough.") from error
            except (IndexUnusable, SourceUnavailable) as error:
                raise CommandError(str(error)) from error

    def _check(self, place: Place, source: ChangeSource, stop: threading.Event) -> None:
        try:
            with place.writing(), closing(Follower(place, source, stop)) as follower:
                _finish(follower.catch_up())
                differences = self._differences(place, source)
                if differences:
                    follower.apply(source.changes_of(_rows(differences)))
                    self._still_differing(self._differences(place, source), len(differences))
        except IndexBusy:
            # An indexer runs, as it should: let it come level, and let it do what is to be done.
            _await(lambda: _is_level(place, source.head()), stop)
            differences = self._differences(place, source)
            if differences:
                place.ask_for_repair(_rows(differences))
                _await(lambda: not place.repair_pending, stop)
                self._still_differing(self._differences(place, source), len(differences))

    def _differences(self, place: Place, source: ChangeSource) -> list[Difference]:
        path = place.current()
        if path is None:
            raise CommandError("There is no index yet.")
        with closing(place.engine.open(path)) as engine:
            checkpoint = engine.checkpoint()
            assert checkpoint is not None
            held = engine.count()
            differences = list(compare(engine.states(), source.states(), checkpoint.seq))
        if not differences:
            self.stdout.write(f"Index and database agree: {held:,} papers.")
        names = dict(
            Paper.objects.filter(pk__in=_rows(differences[:_MOST_LINES])).values_list(
                "pk", "identifier"
            )
        )
        for difference in islice(differences, _MOST_LINES):
            name = names.get(difference.row, f"row {difference.row}")
            self.stdout.write(f"{name}: {_told(difference)}")
        if len(differences) > _MOST_LINES:
            self.stdout.write(f"… and {len(differences) - _MOST_LINES:,} more.")
        return differences

    def _still_differing(self, left: Sequence[Difference], before: int) -> None:
        if left:
            raise CommandError(f"{len(left):,} of {before:,} differences could not be repaired.")
        self.stdout.write(f"{before:,} repaired.")


def _rows(differences: Sequence[Difference]) -> list[int]:
    return [difference.row for difference in differences]


def _told(difference: Difference) -> str:
    held, expected = difference.held, difference.expected
    if held is None or expected is None or held == expected:
        return f"{difference.fault} in the index"
    return (
        f"{difference.fault} in the index: version {held.version} of change {held.seq}, "
        f"in the database version {expected.version} of change {expected.seq}"
    )


def _is_level(place: Place, head: Checkpoint) -> bool:
    path = place.current()
    if path is None:
        return False
    with closing(place.engine.open(path)) as engine:
        checkpoint = engine.checkpoint()
    return (
        checkpoint is not None
        and checkpoint.database == head.database
        and checkpoint.seq >= head.seq
    )


def _await(condition: Any, stop: threading.Event) -> None:
    started = monotonic()
    while not condition():
        if monotonic() - started > _PATIENCE:
            raise CommandError(
                f"The indexer that is running did not come level within {_PATIENCE:.0f} seconds."
            )
        if stop.wait(0.2):
            _finish(False)


def _finish(done: bool) -> None:
    if not done:
        raise CommandError("Stopped before the end; the next run goes on from here.")


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set: work ends after the batch at hand."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {
        number: signal.signal(number, lambda *_: stop.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
