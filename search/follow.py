"""Keeps an index level with what it follows.

The index itself says how far it has come: each batch and its checkpoint are one commit. So a
follower killed at any point goes on where the index says, and one that finds an index of another
database, newer than its database, of another format, or torn, builds a new one beside it and swaps.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Protocol

from search.documents import Change, Checkpoint, Document, Removal, State, why_unfit
from search.engines.base import Engine
from search.errors import IndexTorn, IndexUnusable, SourceUnavailable, UnfitDocument
from search.place import Place
from search.plan import Mixed, Term

log = logging.getLogger(__name__)

# A batch takes some 50 MB of memory.
BATCH = 5_000
# A commit costs about as much as a thousand documents, so a long way has few of them.
BATCHES_A_COMMIT = 4
# It is woken when something changes, and looks this often (seconds) in case nobody did.
LOOK_EVERY = 1.0
# So many of the documents indexed last are compared with the database when an index is opened.
_COMPARED = 50
_REPORT_EVERY = 5.0
_LONGEST_PAUSE = 60.0


class ChangeSource(Protocol):
    """What an index follows. Every method may raise SourceUnavailable."""

    def head(self) -> Checkpoint:
        """Which database this is, and its newest change."""

    def changes_after(self, seq: int, limit: int) -> Sequence[Change]:
        """The first `limit` changes after `seq`, in their order; the newest state of each row."""

    def changes_of(self, rows: Sequence[int]) -> Sequence[Change]:
        """The state of these rows now; a row that is not there is a Removal."""

    def pending(self, seq: int) -> int:
        """How many rows have changed after `seq`."""

    def states(self) -> Iterator[tuple[State, bool]]:
        """Every row, rising, and whether it belongs into the index. May keep a transaction open."""

    def wait(self, timeout: float) -> None:
        """Return when something has changed, or after `timeout` seconds."""


class Follower:
    """The one writer of an index. Use it while holding `place.writing()`, and close it.

    `stop` ends whatever runs at the next batch, with everything so far committed.
    """

    def __init__(
        self,
        place: Place,
        source: ChangeSource,
        stop: threading.Event | None = None,
        batch: int = BATCH,
    ) -> None:
        self._place = place
        self._source = source
        self._stop = stop or threading.Event()
        self._batch = batch
        self._engine: Engine | None = None
        self._path: Path | None = None

    def catch_up(self) -> bool:
        """Take in everything that has changed. False if it was stopped before the end.

        Builds the index if there is none that fits. Raises SourceUnavailable, and IndexUnusable
        when the index can't be written.
        """
        engine = self._open_live()
        if engine is None:
            return self.rebuild(resume=True)
        return self._drain(engine)

    def rebuild(self, *, resume: bool = False) -> bool:
        """Build the index anew beside the live one, then make it the live one.

        With `resume`, a build that was interrupted is gone on with. False if it was stopped.
        """
        self.close()
        head = self._source.head()
        self._path = self._place.unfinished() if resume else None
        if self._path is not None:
            self._engine = _open_fitting(self._place, self._path, head, self._source)
        if self._engine is None:
            self._path = self._place.new_build()
            self._engine = self._place.engine.create(self._path)
            self._engine.apply([], Checkpoint(head.database, 0))
            log.info("Building the index from the database.")
        else:
            log.info("Going on with the build of the index.")
        if not self._drain(self._engine):
            return False
        assert self._path is not None
        self._place.publish(self._path)
        log.info("The new index is live: %d documents.", self._engine.count())
        return True

    def follow(self) -> None:
        """Follow until stopped. What can fail is tried again, with growing pauses."""
        pause = 0.0
        torn = False
        lost = False
        while not self._stop.is_set():
            try:
                if torn:
                    self.rebuild()
                else:
                    self.catch_up()
                self._repair_what_is_asked()
                if lost:
                    log.info("The database answers again.")
                pause, torn, lost = 0.0, False, False
                if not self._stop.is_set():
                    self._source.wait(LOOK_EVERY)
            except SourceUnavailable as error:
                if not lost:
                    log.warning("The database does not answer, waiting for it: %s", error)
                lost = True
                # What comes back may have been restored: it is compared when the index is opened.
                self.close()
                self._stop.wait(LOOK_EVERY)
            except (IndexUnusable, OSError) as error:
                # Once may be an accident and is opened again; twice in a row is built anew.
                torn = pause > 0
                pause = min(max(LOOK_EVERY, 2 * pause), _LONGEST_PAUSE)
                log.error("The index can't be written, next try in %.0f s: %s", pause, error)
                self.close()
                self._stop.wait(pause)

    def apply(self, changes: Sequence[Change]) -> None:
        """Take in changes out of their order, without moving the checkpoint; for repairs."""
        engine = self._open_live()
        checkpoint = engine.checkpoint() if engine else None
        if engine is None or checkpoint is None:
            raise IndexTorn("There is no index to repair.")
        self._apply(engine, changes, checkpoint)

    def close(self) -> None:
        """Let go of the index."""
        engine, self._engine, self._path = self._engine, None, None
        if engine is not None:
            with suppress(IndexUnusable):
                engine.close()

    def _open_live(self) -> Engine | None:
        """The live build if it fits the database as it is now."""
        head = self._source.head()
        path = self._place.current()
        if self._engine is not None and self._path == path:
            checkpoint = self._engine.checkpoint()
            if checkpoint is not None and _fits(checkpoint, head):
                return self._engine
        self.close()
        if path is None:
            return None
        self._engine, self._path = _open_fitting(self._place, path, head, self._source), path
        return self._engine

    def _drain(self, engine: Engine) -> bool:
        checkpoint = engine.checkpoint()
        assert checkpoint is not None
        database, seq = checkpoint.database, checkpoint.seq
        progress = _Progress()
        waiting = 0
        while not self._stop.is_set():
            changes = self._source.changes_after(seq, self._batch)
            if not changes:
                if waiting:
                    engine.apply([], Checkpoint(database, seq))
                progress.end()
                return True
            seq = changes[-1].seq
            # A batch that is not full is the last for now, and shall be seen at once.
            commit = len(changes) < self._batch or waiting + 1 == BATCHES_A_COMMIT
            waiting = 0 if commit else waiting + 1
            self._apply(engine, changes, Checkpoint(database, seq), commit=commit)
            if progress.is_due(len(changes)):
                progress.report(self._source.pending(seq))
        if waiting:
            engine.apply([], Checkpoint(database, seq))
        return False

    def _apply(
        self,
        engine: Engine,
        changes: Sequence[Change],
        checkpoint: Checkpoint,
        *,
        commit: bool = True,
    ) -> None:
        try:
            engine.apply(changes, checkpoint, commit=commit)
        except UnfitDocument:
            # One of them is broken; the others shall not wait for it.
            fit = list(changes)
            for at, change in enumerate(fit):
                if reason := why_unfit(change):
                    log.error("Document %s is left out of the index: %s.", change.row, reason)
                    fit[at] = Removal(change.row, change.seq)
            engine.apply(fit, checkpoint, commit=commit)

    def _repair_what_is_asked(self) -> None:
        rows = self._place.asked_repair()
        if rows:
            log.info("Indexing %d documents again, as asked by a check.", len(rows))
            self.apply(self._source.changes_of(rows))
        if self._place.repair_pending:
            self._place.repair_done()


def _fits(checkpoint: Checkpoint, head: Checkpoint) -> bool:
    return checkpoint.database == head.database and checkpoint.seq <= head.seq


def _is_of_the_past(engine: Engine, source: ChangeSource) -> bool:
    """Whether the database is an older state of the one that was indexed, whatever came in since.

    It then has what was indexed last in an older state, or not at all, or something else in its
    row. Changes only ever get higher numbers, so none of this happens otherwise.
    """
    newest = {state.row: state.seq for state in engine.newest(_COMPARED)}
    now = source.changes_of(list(newest))
    if any(change.seq < newest[change.row] for change in now):
        return True
    rows = {change.key: change.row for change in now if isinstance(change, Document)}
    same = Mixed(should=tuple(Term("key", key) for key in rows))
    held = {hit.row for hit in engine.nearest(same, len(rows))} if rows else set()
    return not held.issuperset(rows.values())


def _open_fitting(
    place: Place, path: Path, head: Checkpoint, source: ChangeSource
) -> Engine | None:
    """The build open for writing, or None (and a line why) when it can't be gone on with."""
    try:
        engine = place.engine.open(path, write=True)
    except IndexUnusable as error:
        log.warning("The index can't be read, building it anew: %s", error)
        return None
    checkpoint = engine.checkpoint()
    if checkpoint is None:
        why = "The index does not say how far it is"
    elif checkpoint.database != head.database:
        why = "The index belongs to another database"
    elif checkpoint.seq > head.seq or _is_of_the_past(engine, source):
        why = "The index is ahead of the database (restored?)"
    else:
        return engine
    engine.close()
    log.warning("%s, building it anew.", why)
    return None


class _Progress:
    """Lines about long runs, and one about any run that changed something."""

    def __init__(self) -> None:
        self._started = self._reported = monotonic()
        self._done = 0

    def is_due(self, number: int) -> bool:
        self._done += number
        return monotonic() - self._reported >= _REPORT_EVERY

    def report(self, left: int) -> None:
        self._reported = monotonic()
        rate = self._done / max(self._reported - self._started, 0.001)
        log.info(
            "Indexed %d changes, %d left, %.0f a second, about %.0f s to go.",
            self._done,
            left,
            rate,
            left / rate,
        )

    def end(self) -> None:
        if self._done:
            seconds = monotonic() - self._started
            log.info("Indexed %d changes in %.1f s.", self._done, seconds)
