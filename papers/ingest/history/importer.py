"""A snapshot file into the database: parsed by one process ahead, stored a block a transaction.

Where the import stands is a row that changes with each block in the same transaction, so an import
that is killed at any point goes on exactly where the database is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from coolpapers import clock
from papers import schedule
from papers.arxiv.records import Refusal
from papers.ingest import samples
from papers.ingest.history.ahead import parse_ahead
from papers.ingest.history.lines import Parsed
from papers.ingest.history.listings import account_for_days, announce
from papers.ingest.history.source import Block, Source
from papers.ingest.runs import Run, record_run
from papers.ingest.store import Detail, store_batch
from papers.models import SnapshotImport

_LOCK = 7070004

# A batch is small against the tables, whose statistics lag behind an import: always by index.
_BY_INDEX = """
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off
"""


class ImportRunningError(Exception):
    """Another import is under way on this database."""


@dataclass(slots=True)
class Progress:
    """Where an import stands. `share` of the file, 0 to 1, None where its size is unknown.

    The counts are this run's: papers new, changed, unchanged, lines refused, and `listed`, the
    lines of listings made. `line` is the last line stored, counted from the file's beginning.
    """

    line: int = 0
    share: float | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    listed: int = 0
    days: int = 0

    @property
    def papers(self) -> int:
        """All papers of this run, whatever became of them."""
        return self.new + self.changed + self.unchanged


def import_snapshot(
    source: Source,
    *,
    restart: bool = False,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_refusals: Callable[[tuple[Refusal, ...]], None] = lambda _: None,
) -> Progress:
    """Import what `source` holds, from where its last import was broken off, else all of it.

    The same file again changes no row. `on_progress` is called before the first and after each
    block (some 2,500 papers), `on_refusals` with a block's bad lines, whose `position` is the
    line's number from 1. Memory does not grow with the file. Leaves a FetchRun. Whatever
    ends it early, the next call goes on. Raises `ImportRunningError`, `UnreadableSnapshotError`.
    """
    with _sole_import(), record_run("snapshot", source.name[-200:]) as run:
        row = _find_or_begin(source, restart)
        progress = Progress(line=row.next_line - 1)
        on_progress(progress)
        blocks = source.blocks(row.offset, row.next_line, row.tail)
        for block, parsed in parse_ahead(blocks, dict(schedule.list_holidays())):
            _store(row, run, block, parsed, progress)
            on_refusals(parsed.refusals)
            on_progress(progress)
        progress.days = account_for_days()
        row.finished_at = clock.now()
        row.save()
        return progress


def count_stored_lines(source: Source) -> int:
    """How many lines of `source`, from its beginning, its last import has stored. One query."""
    row = SnapshotImport.objects.filter(key=source.key).first()
    return row.next_line - 1 if row else 0


@contextmanager
def _sole_import() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
    if not mine:
        raise ImportRunningError("another import is under way on this database")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _find_or_begin(source: Source, restart: bool) -> SnapshotImport:
    row = SnapshotImport.objects.filter(key=source.key, finished_at=None).first()
    if row and not restart:
        return row
    row, _created = SnapshotImport.objects.update_or_create(
        key=source.key,
        defaults={
            "name": source.name[-200:], "next_line": 1, "offset": 0, "tail": "",
            "started_at": clock.now(), "finished_at": None,
        },
    )  # fmt: skip
    return row


def _store(row: SnapshotImport, run: Run, block: Block, parsed: Parsed, progress: Progress) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BY_INDEX)
        if parsed.batch.size:
            samples.retire()
            counts = store_batch(parsed.batch, Detail.SNAPSHOT)
            progress.new += counts.new
            progress.changed += counts.changed
            progress.unchanged += counts.unchanged
            progress.listed += announce(parsed.listings)
            run.count(counts.new, counts.changed, counts.unchanged)
        run.refuse([_on_its_line(refusal) for refusal in parsed.refusals])
        run.row.save(update_fields=["new", "changed", "unchanged", "refused", "refusals"])
        row.next_line, row.offset, row.tail = block.next_line, block.end, block.tail
        row.save(update_fields=["next_line", "offset", "tail"])
    progress.refused += len(parsed.refusals)
    progress.line = block.next_line - 1
    progress.share = block.share


def _on_its_line(refusal: Refusal) -> Refusal:
    """With the line's number in words, since an operator looks for it by that."""
    line = refusal.position
    return Refusal(line - 1, refusal.identifier, f"line {line}: {refusal.reason}")
