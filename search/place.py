"""Where an index lies: a folder with a folder for each build, and a file that names the live one.

    current            the name of the live build
    tantivy-1-3/       a build: engine, format, number
    writer.lock        held by the one process that writes
    repair             rows that whoever checks asks the writer to index again

A build is made beside the live one and becomes it by replacing `current`; readers look there.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from search.engines.base import Engine
from search.errors import IndexBusy

_BUILD = re.compile(r"[a-z]+-\d+-(\d+)")


class Place:
    """The folder of one engine's index. Nothing is made in it before something is written."""

    def __init__(self, folder: Path, engine: type[Engine]) -> None:
        self.folder = folder
        self.engine = engine
        self._pointer = folder / "current"
        self._request = folder / "repair"

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another build becomes the live one; None when there is none."""
        try:
            status = self._pointer.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def current(self) -> Path | None:
        """The live build, if there is one of this engine and format."""
        try:
            name = self._pointer.read_text().strip()
        except (OSError, UnicodeDecodeError):
            return None
        if not name.startswith(self._prefix) or not _BUILD.fullmatch(name):
            return None
        path = self.folder / name
        return path if path.is_dir() else None

    def unfinished(self) -> Path | None:
        """The newest build that never became the live one, for going on with it."""
        live = self.current()
        builds = [path for path in self._builds() if path.name.startswith(self._prefix)]
        return builds[-1] if builds and builds[-1] != live else None

    def new_build(self) -> Path:
        """A name for a new build; the folder does not exist yet. Number rising."""
        last = max((_number(path) for path in self._builds()), default=0)
        return self.folder / f"{self._prefix}{last + 1}"

    def publish(self, path: Path) -> None:
        """Make a build the live one, at once and for good, and take the others away.

        Readers of an older build keep its files open until they look again.
        """
        draft = self.folder / "current.new"
        with draft.open("w") as file:
            file.write(path.name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._pointer)
        self.sweep()

    def sweep(self) -> None:
        """Take away every build but the live one. Only for whoever holds the lock."""
        live = self.current()
        for path in self._builds():
            if path != live:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the right to write. Raises IndexBusy when another process has it.

        A killed process lets go of it by being gone.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy(f"Another process writes the index in {self.folder}.") from error
            yield

    def ask_for_repair(self, rows: Sequence[int]) -> None:
        """Ask the process that writes to index these rows again."""
        draft = self.folder / "repair.new"
        draft.write_text(json.dumps(list(rows)))
        draft.replace(self._request)

    def asked_repair(self) -> list[int]:
        """The rows asked for, none when nothing is asked."""
        try:
            rows = json.loads(self._request.read_text())
        except (OSError, ValueError):
            return []
        return [row for row in rows if isinstance(row, int)] if isinstance(rows, list) else []

    def repair_done(self) -> None:
        """What was asked for is done."""
        self._request.unlink(missing_ok=True)

    @property
    def repair_pending(self) -> bool:
        """Whether something asked for is not done yet."""
        return self._request.exists()

    @property
    def _prefix(self) -> str:
        return f"{self.engine.name}-{self.engine.format}-"

    def _builds(self) -> list[Path]:
        """Every build of any engine, numbers rising."""
        try:
            paths = [path for path in self.folder.iterdir() if _BUILD.fullmatch(path.name)]
        except OSError:
            return []
        return sorted(paths, key=_number)


def _number(path: Path) -> int:
    match = _BUILD.fullmatch(path.name)
    return int(match.group(1)) if match else 0
