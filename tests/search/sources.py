"""Something to follow that is not a database: a list of changes in a file or in memory."""

import threading
from collections.abc import Iterator, Sequence

from search.documents import Change, Checkpoint, Document, Removal, State
from search.errors import SourceUnavailable
from tests.search.conftest import DATABASE


class ListSource:
    """Rows in memory, changed by tests; `broken` plays a database that went away."""

    def __init__(self, database: str = DATABASE) -> None:
        self.database = database
        self.rows: dict[int, Change] = {}
        self.seq = 0
        self.broken = False
        self.changed = threading.Event()

    def put(self, *changes: Change) -> None:
        """Changes with rising numbers, whatever numbers they had."""
        for change in changes:
            self.seq += 1
            values = {name: getattr(change, name) for name in type(change).__dataclass_fields__}
            self.rows[change.row] = type(change)(**(values | {"seq": self.seq}))
        self.changed.set()

    def head(self) -> Checkpoint:
        self._answer()
        return Checkpoint(self.database, max((c.seq for c in self.rows.values()), default=0))

    def changes_after(self, seq: int, limit: int) -> Sequence[Change]:
        self._answer()
        later = sorted((c for c in self.rows.values() if c.seq > seq), key=lambda c: c.seq)
        return later[:limit]

    def changes_of(self, rows: Sequence[int]) -> Sequence[Change]:
        self._answer()
        return [self.rows.get(row) or Removal(row, 0) for row in rows]

    def pending(self, seq: int) -> int:
        return sum(change.seq > seq for change in self.rows.values())

    def states(self) -> Iterator[tuple[State, bool]]:
        for row in sorted(self.rows):
            change = self.rows[row]
            version = change.version if isinstance(change, Document) else 1
            yield State(row, version, change.seq), isinstance(change, Document)

    def wait(self, timeout: float) -> None:
        self._answer()
        self.changed.wait(timeout)
        self.changed.clear()

    def _answer(self) -> None:
        if self.broken:
            raise SourceUnavailable("gone")
