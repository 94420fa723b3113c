"""Starting and joining: what a user of the embedded services holds while it uses them."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.layout import (
    is_held,
    locked,
    make_var,
    open_lock,
    read_state,
    try_lock,
)

PROJECT = Path(__file__).resolve().parent.parent.parent
# An upgrade of a large database, or a recovery after a power cut, takes its time.
READY_SECONDS = 900.0
LEAVE_SECONDS = 40.0


@dataclass
class _Use:
    """One service in use: the lock that says so, and the keeper if this process started it."""

    var: Path
    name: str
    users: int
    url: str
    keeper: subprocess.Popen[bytes] | None

    def is_kept(self) -> bool:
        if self.keeper is not None:
            self.keeper.poll()
        return is_held(self.var / "run" / f"{self.name}.keeper")

    def leave(self) -> None:
        os.close(self.users)
        self._wake_keeper()

    def wait_for_end(self, deadline: float) -> None:
        """Wait until the keeper has gone, or somebody else is seen to use the service."""
        users = open_lock(self.var / "run" / f"{self.name}.users")
        try:
            while self.is_kept() and time.monotonic() < deadline:
                if try_lock(users, fcntl.LOCK_EX):
                    # Nobody uses it and the keeper has not seen that yet, maybe because of us.
                    fcntl.flock(users, fcntl.LOCK_UN)
                    self._wake_keeper()
                elif try_lock(users, fcntl.LOCK_SH):
                    # A keeper that stops holds the lock for itself; users share it.
                    return
                time.sleep(0.02)
        finally:
            os.close(users)

    def _wake_keeper(self) -> None:
        keeper = read_state(self.var, self.name).get("pid")
        if isinstance(keeper, int) and self.is_kept():
            with contextlib.suppress(OSError):
                os.kill(keeper, signal.SIGUSR1)


class Services:
    """The embedded services in use by this process, until `stop()` or its death."""

    def __init__(self, var: Path, wanted: dict[str, bool], throwaway: bool) -> None:
        self._var = var
        self._throwaway = throwaway
        self._uses: dict[str, _Use] = {}
        try:
            for name in (name for name, wants in wanted.items() if wants):
                self._uses[name] = _join(var, name, throwaway)
        except BaseException:
            self.stop()
            raise

    @property
    def database_url(self) -> str:
        """`postgresql://coolpapers@/coolpapers?host=/folder`."""
        return self._uses["postgres"].url

    @property
    def redis_url(self) -> str:
        """`unix:///folder/redis.sock?db=0`."""
        return self._uses["redis"].url

    @property
    def environment(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL of those that were asked for."""
        names = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
        return {names[name]: use.url for name, use in self._uses.items()}

    def revive(self) -> list[str]:
        """Start a keeper again for each service that has lost its own; the names of those.

        Costs a lock tried for each service, so it can be asked every second. Raises EmbeddedError
        when a keeper gave up or none can be started.
        """
        lost = []
        for name, use in list(self._uses.items()):
            if use.is_kept():
                continue
            lost.append(name)
            state = read_state(self._var, name)
            if state.get("state") == "failed":
                raise EmbeddedError(str(state["line"]))
            os.close(self._uses.pop(name).users)
            self._uses[name] = _join(self._var, name, self._throwaway)
        return lost

    def stop(self) -> None:
        """Use them no longer. Returns when they have stopped, or when others still use them."""
        uses = list(self._uses.values())
        self._uses.clear()
        for use in reversed(uses):
            use.leave()
        deadline = time.monotonic() + LEAVE_SECONDS
        for use in uses:
            use.wait_for_end(deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    var: Path, *, postgres: bool = True, redis: bool = True, throwaway: bool = False
) -> Services:
    """Use the embedded PostgreSQL and Redis of `var`: start them, or join those that run.

    Returns when both answer: in about 0.3 s, on a new `var` in about 1 s. Raises EmbeddedError
    with one line for people. `throwaway` is for tests: no safety against power cuts, and the
    data is gone when it stops.
    """
    var = make_var(var.absolute())
    try:
        return Services(var, {"postgres": postgres, "redis": redis}, throwaway)
    except PermissionError as error:
        if not str(error.filename).startswith(str(var)):
            raise
        raise EmbeddedError(
            f"{error.filename} belongs to another user: give {var} back to its owner (chown), or "
            "set COOLPAPERS_VAR to a folder of your own."
        ) from error


def _join(var: Path, name: str, throwaway: bool) -> _Use:
    run = var / "run"
    deadline = time.monotonic() + READY_SECONDS
    # One starter at a time; the others find its work done.
    with locked(run / f"{name}.starting"):
        users = open_lock(run / f"{name}.users")
        try:
            while not try_lock(users, fcntl.LOCK_SH):
                # A keeper without users is about to be gone.
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"{name} under {var} neither stops nor starts.")
                time.sleep(0.02)
            keeper = None
            if not is_held(run / f"{name}.keeper"):
                (run / f"{name}.json").unlink(missing_ok=True)
                keeper = _spawn_keeper(var, name, throwaway)
            return _Use(var, name, users, _await_url(var, name, keeper, deadline), keeper)
        except BaseException:
            os.close(users)
            raise


def _spawn_keeper(var: Path, name: str, throwaway: bool) -> subprocess.Popen[bytes]:
    log = var / "log" / f"{name}.log"
    if log.exists() and log.stat().st_size > 10_000_000:
        log.replace(log.with_suffix(".log.1"))
    command = [sys.executable, "-m", "coolpapers.embedded", name, str(var)]
    with log.open("ab") as output:
        return subprocess.Popen(
            command + ["throwaway"] * throwaway,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=PROJECT,
            start_new_session=True,
        )


def _await_url(
    var: Path, name: str, keeper: subprocess.Popen[bytes] | None, deadline: float
) -> str:
    while time.monotonic() < deadline:
        state = read_state(var, name)
        if state.get("state") == "ready":
            return str(state["url"])
        if state.get("state") == "failed":
            if keeper is not None:
                keeper.wait()
            raise EmbeddedError(str(state["line"]))
        if keeper is None and not is_held(var / "run" / f"{name}.keeper"):
            break
        if keeper is not None and keeper.poll() is not None:
            break
        time.sleep(0.02)
    raise EmbeddedError(f"{name} did not start: see {var / 'log' / f'{name}.log'}")
