"""Running several programs as one: started in order, kept alive, logged, stopped in reverse order.

Which programs those are is said in `run`. Each is the leader of a session of its own, so that a
terminal's Ctrl-C reaches the supervisor alone; and each is tied to the supervisor, so that none
outlives it (`embedded.leash`; what did all the same is found by `find_survivors`).
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from coolpapers.embedded.leash import leash

# In the environment of every supervised program, with a value that names the installation.
MARK = "COOLPAPERS_SUPERVISED"
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)
LONGEST_LINE = 65536


@dataclass(frozen=True)
class Program:
    """One program to run. Times are real seconds."""

    name: str
    command: Sequence[str]
    # Names of programs that must be up, or finished if they run once, before this one starts.
    after: tuple[str, ...] = ()
    # Runs to its end instead of for good.
    once: bool = False
    # Without it there is no point in going on.
    vital: bool = False
    # Asked until it is true; the program is up from then on.
    is_up: Callable[[], Awaitable[bool]] | None = None
    on_up: Callable[[], None] = lambda: None
    up_seconds: float = 60.0
    # From polite to insistent, each with the seconds it is given; then it is killed.
    farewells: tuple[tuple[signal.Signals, float], ...] = ((signal.SIGTERM, 5.0),)
    environment: Mapping[str, str] = field(default_factory=dict)


class Console:
    """Writes whole lines, each behind the aligned name of who said it; coloured on a terminal."""

    def __init__(self, names: Sequence[str]) -> None:
        self._width = max(map(len, names))
        self._names = list(names)
        self._coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def write(self, name: str, line: str) -> None:
        """Write one line. A reader who has gone away (`make run | head`) ends the supervisor."""
        prefix = f"{name:<{self._width}} |"
        if self._coloured:
            colour = COLOURS[self._names.index(name) % len(COLOURS)] if name in self._names else 0
            prefix = f"\x1b[{colour}m{prefix}\x1b[0m"
        try:
            sys.stdout.write(f"{prefix} {line}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            # Also what the interpreter would write on its way out goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            os.kill(os.getpid(), signal.SIGTERM)


class Supervisor:
    """Runs `programs` until it is told to stop or one of the vital ones cannot be run."""

    TITLE = "coolpapers"
    # A program that fails is started again after 1, 2, 4 ... seconds, at most this many.
    LONGEST_WAIT = 30.0
    # One that lived this long has not failed in a row.
    STEADY_SECONDS = 60.0
    FAILURES_IN_A_ROW = 5

    def __init__(self, programs: Sequence[Program], console: Console, first_wait: float = 1.0):
        self._programs = programs
        self._console = console
        self._first_wait = first_wait
        self._up = {program.name: asyncio.Event() for program in programs}
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._status = 0

    def say(self, line: str) -> None:
        """Write a line of the supervisor's own."""
        self._console.write(self.TITLE, line)

    def stop(self, status: int = 0) -> None:
        """Begin to stop everything; `status` is what `run` returns."""
        self._status = max(self._status, status)
        self._stop.set()

    def hurry(self) -> None:
        """Wait for nothing any more."""
        self.stop()
        self._hurry.set()

    @property
    def is_stopping(self) -> bool:
        """Whether the end has begun."""
        return self._stop.is_set()

    async def run(self) -> int:
        """Run until `stop`; returns the exit status once nothing runs any more."""
        tasks = {p.name: asyncio.create_task(self._keep(p), name=p.name) for p in self._programs}
        try:
            await self._stop.wait()
        finally:
            for program in reversed(self._programs):
                await self._end(program)
                tasks[program.name].cancel()
            for result in await asyncio.gather(*tasks.values(), return_exceptions=True):
                if isinstance(result, Exception):
                    self.say(f"Internal error: {result!r}")
                    self._status = 1
        return self._status

    # --- one program ---

    async def _keep(self, program: Program) -> None:
        for name in program.after:
            await self._up[name].wait()
        failures = 0
        while not self.is_stopping:
            began = time.monotonic()
            status = await self._run_once(program)
            if self.is_stopping:
                return
            if program.once and (status == 0 or not program.vital):
                if status != 0:
                    self.say(f"{program.name} {_describe(status)}; going on without it.")
                self._up[program.name].set()
                return
            if program.once:
                self.say(f"{program.name} {_describe(status)}; stopping.")
                self.stop(1)
                return
            failures = 1 if time.monotonic() - began > self.STEADY_SECONDS else failures + 1
            if program.vital and failures >= self.FAILURES_IN_A_ROW:
                self.say(
                    f"{program.name} {_describe(status)}, for the {failures}th time in a row; "
                    "stopping. Its last lines above say why."
                )
                self.stop(1)
                return
            wait = min(self._first_wait * 2 ** (failures - 1), self.LONGEST_WAIT)
            self.say(f"{program.name} {_describe(status)}; starting it again in {wait:g} s.")
            await asyncio.sleep(wait)

    async def _run_once(self, program: Program) -> int:
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **program.environment}
        process = await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            preexec_fn=leash(signal.SIGTERM),
        )
        self._running[program.name] = process
        assert process.stdout is not None
        log = asyncio.create_task(self._log(program.name, process.stdout))
        look = asyncio.create_task(self._look_whether_up(program, process))
        try:
            status = await process.wait()
        finally:
            look.cancel()
        # Its own children go with it: they may hold the port or the lock that its successor needs.
        signal_group(process.pid, signal.SIGKILL)
        # A descendant in a session of its own may hold the pipe open for as long as it likes.
        await asyncio.wait((log,), timeout=2)
        log.cancel()
        del self._running[program.name]
        return status

    async def _log(self, name: str, stream: asyncio.StreamReader) -> None:
        rest = b""
        while chunk := await stream.read(LONGEST_LINE):
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            for line in lines:
                self._console.write(name, line.decode(errors="replace").rstrip("\r"))
        if rest:
            self._console.write(name, rest.decode(errors="replace"))

    async def _look_whether_up(self, program: Program, process: asyncio.subprocess.Process) -> None:
        if program.once or self._up[program.name].is_set():
            return
        deadline = time.monotonic() + program.up_seconds
        while program.is_up is not None and not await program.is_up():
            if time.monotonic() > deadline:
                self.say(f"{program.name} does not answer after {program.up_seconds:g} s.")
                process.kill()
                return
            await asyncio.sleep(0.05)
        self._up[program.name].set()
        program.on_up()

    async def _end(self, program: Program) -> None:
        process = self._running.get(program.name)
        if process is None or process.returncode is not None:
            return
        ended = asyncio.create_task(process.wait())
        hurried = asyncio.create_task(self._hurry.wait())
        for farewell, seconds in program.farewells:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(farewell)
            await asyncio.wait(
                (ended, hurried), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if ended.done() or hurried.done():
                break
        else:
            self.say(f"{program.name} does not stop; ending it.")
        hurried.cancel()
        if not ended.done():
            signal_group(process.pid, signal.SIGKILL)
        await ended
        # What it said last is still on its way.
        while program.name in self._running:
            await asyncio.sleep(0.01)


def _describe(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal all processes of a group; none is fine."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def find_survivors(mark: str) -> list[int]:
    """Processes that a dead supervisor left behind: those with `mark` in their environment.

    Reads /proc once; on a system without it there are none to find.
    """
    wanted = f"{MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return sorted(set(found) - {os.getpid()})


def end_survivors(mark: str, patience: float = 3.0) -> int:
    """End what a dead supervisor left behind, politely at first; how many there were."""
    survivors = find_survivors(mark)
    deadline = time.monotonic() + patience
    count, left = len(survivors), survivors
    while left:
        for pid in left:
            polite = time.monotonic() < deadline
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if polite else signal.SIGKILL)
        time.sleep(0.1)
        left = find_survivors(mark)
    return count
