"""One running site a `var/`: the lock that says so, and what commands beside it must know.

The supervisor holds `var/lock` while it lives; the kernel frees it, so it is never stale. In it
stands what the site's processes were given, so that `manage.py fetch` in another terminal asks the
same arXiv, at the same time of the same clock, for the same database.
"""

import fcntl
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from coolpapers.embedded.layout import is_held, open_lock, try_lock


class AlreadyRunningError(Exception):
    """Another supervisor runs on this `var`; the message is one line that says what to do."""


class Instance:
    """The right to run the site on `var`, for as long as this is open."""

    def __init__(self, var: Path, address: str) -> None:
        self._path = var / "lock"
        self._descriptor = open_lock(self._path)
        if not try_lock(self._descriptor, fcntl.LOCK_EX):
            os.close(self._descriptor)
            other = _read(self._path)
            where = other.get("address", "an address of its own")
            raise AlreadyRunningError(
                f"the site already runs on {var} (process {other.get('pid', 'unknown')}, {where}): "
                "use or stop that one, or set COOLPAPERS_VAR to another folder."
            )
        self._address = address
        self.share({})

    def share(self, environment: Mapping[str, str]) -> None:
        """Leave word of what this site's processes are given."""
        word = {"pid": os.getpid(), "address": self._address, "environment": dict(environment)}
        self._write(json.dumps(word))

    def _write(self, text: str) -> None:
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # It may name a database with its password.
        self._write("")
        os.close(self._descriptor)


def read_shared(var: Path) -> dict[str, str]:
    """What the site that runs on `var` gave its processes; empty when none runs."""
    if not is_held(var / "lock"):
        return {}
    environment = _read(var / "lock").get("environment", {})
    return {str(name): str(value) for name, value in environment.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        word = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return word if isinstance(word, dict) else {}
