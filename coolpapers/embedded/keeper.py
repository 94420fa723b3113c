"""The process that keeps one embedded server running: `python -m coolpapers.embedded`.

It starts the server, starts it again when it dies, and stops it when nobody uses it any more. Every
user holds a shared lock on `var/run/<service>.users`; when the keeper gets that lock for itself,
there are none left. It runs in a session of its own, so a terminal's Ctrl-C does not reach it.
What a server is and needs is said in `postgres` and `redis`.
"""

import fcntl
import os
import select
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections import deque
from pathlib import Path

from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.layout import (
    drop_socket_folder,
    open_lock,
    try_lock,
    write_state,
)
from coolpapers.embedded.leash import leash

# Begins the lines that a keeper itself writes into its server's log.
MARK = "== "
LOOK_SECONDS = 1.0
START_SECONDS = 120.0
# More deaths than this within the time below, and the keeper gives up.
DEATHS = 5
DEATHS_WITHIN_SECONDS = 300.0


class Server(ABC):
    """A server as its keeper sees it: how to prepare, start, recognise and stop it."""

    name: str
    title: str
    # From polite to final, each with the seconds it is given.
    farewells: tuple[tuple[signal.Signals, float], ...]

    def __init__(self, var: Path, throwaway: bool) -> None:
        self.var = var
        self.throwaway = throwaway

    @abstractmethod
    def prepare(self) -> None:
        """Make everything that must be there before a start; EmbeddedError when it cannot be."""

    @abstractmethod
    def spawn(self) -> subprocess.Popen[bytes]:
        """Start the process. Called again after each death."""

    @abstractmethod
    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it answers."""

    @property
    @abstractmethod
    def url(self) -> str:
        """The address for its users; the same for as long as the keeper or a user lives."""

    @abstractmethod
    def clean(self) -> None:
        """Take away what a stopped server leaves in its socket folder."""

    @property
    def log(self) -> Path:
        """The file that holds what the server and its keeper said."""
        return self.var / "log" / f"{self.name}.log"

    def say(self, line: str) -> None:
        """Write a line for people into the log; the mark tells it from the server's own."""
        with self.log.open("a") as log:
            log.write(f"{MARK}{line}\n")

    def last_words(self) -> str:
        """What the log says of a failed start, in one line."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-40:]
        except OSError:
            return ""
        fatal = [line for line in lines if "FATAL" in line or "PANIC" in line or "Fatal" in line]
        return (fatal or [line for line in lines if line.strip()] or [""])[-1].strip()


class Keeper:
    """Keeps `server` running while it has users."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._process: subprocess.Popen[bytes] | None = None
        self._deaths: deque[float] = deque()
        run = server.var / "run"
        self._own = open_lock(run / f"{server.name}.keeper")
        self._users = open_lock(run / f"{server.name}.users")
        self._awake, self._wake = os.pipe()

    def run(self) -> int:
        """Keep the server until its last user has left; 0, or 1 when it could not be kept."""
        if not self._is_the_only_one():
            return 0
        self._listen_to_signals()
        server = self._server
        self._tell("starting")
        try:
            server.prepare()
            self._start()
            self._tell("ready", url=server.url)
            while not self._is_unused():
                self._sleep(LOOK_SECONDS)
                if self._process is not None and self._process.poll() is not None:
                    self._start_again(self._process.returncode)
            self._stop()
        except (EmbeddedError, OSError, subprocess.SubprocessError) as error:
            self._stop()
            server.say(f"{error}")
            self._tell("failed", line=str(error))
            drop_socket_folder(server.var, server.name)
            return 1
        server.clean()
        (server.var / "run" / f"{server.name}.json").unlink(missing_ok=True)
        drop_socket_folder(server.var, server.name)
        return 0

    def _is_the_only_one(self) -> bool:
        # Somebody who only looks whether a keeper is there may hold the lock for a moment.
        deadline = time.monotonic() + 2
        while not try_lock(self._own, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def _listen_to_signals(self) -> None:
        os.set_blocking(self._awake, False)
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for one in (signal.SIGCHLD, signal.SIGUSR1, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # A handler of Python's own is put back to the default in children, a mask is not.
            signal.signal(one, lambda *_: None)

    def _sleep(self, seconds: float) -> None:
        """Sleep, but wake when a child died or a user says that it leaves."""
        if select.select([self._awake], [], [], seconds)[0]:
            os.read(self._awake, 512)

    def _is_unused(self) -> bool:
        return try_lock(self._users, fcntl.LOCK_EX)

    def _tell(self, state: str, **more: object) -> None:
        write_state(self._server.var, self._server.name, state=state, pid=os.getpid(), **more)

    def _start(self) -> None:
        process = self._process = self._server.spawn()
        deadline = time.monotonic() + START_SECONDS
        while not self._server.is_ready(process):
            if process.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"{self._server.title} did not start: {self._server.last_words()} "
                    f"(the whole story is in {self._server.log})"
                )
            self._sleep(0.02)

    def _start_again(self, status: int) -> None:
        server = self._server
        reason = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        while True:
            now = time.monotonic()
            self._deaths.append(now)
            while self._deaths[0] < now - DEATHS_WITHIN_SECONDS:
                self._deaths.popleft()
            if len(self._deaths) > DEATHS:
                raise EmbeddedError(
                    f"{server.title} {reason}, for the {len(self._deaths)}th time within "
                    f"{DEATHS_WITHIN_SECONDS / 60:.0f} minutes: giving up (see {server.log})"
                )
            server.say(f"{server.title} {reason}; starting it again.")
            self._tell("restarting")
            try:
                self._start()
            except EmbeddedError as error:
                self._kill()
                reason = f"is not back ({error})"
                time.sleep(0.5 * 2 ** len(self._deaths))
                continue
            server.say(f"{server.title} is back.")
            self._tell("ready", url=server.url)
            return

    def _stop(self) -> None:
        process = self._process
        if process is None:
            return
        for farewell, seconds in self._server.farewells:
            if process.poll() is not None:
                break
            process.send_signal(farewell)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                self._server.say(
                    f"{self._server.title} is still there {seconds:.0f} s after {farewell.name}."
                )
        self._kill()

    def _kill(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def spawn_server(
    server: Server, command: list[str], parting: signal.Signals, **how: object
) -> subprocess.Popen[bytes]:
    """Start a server's process: its output to the log, signalled with `parting` if we die."""
    with server.log.open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # kwargs vary by user
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=leash(parting),
            **how,
        )
