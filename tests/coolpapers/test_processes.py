"""The supervisor, with small programs in place of the site's."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from coolpapers.embedded.leash import started_at
from coolpapers.processes import (
    MARK,
    Console,
    Program,
    Supervisor,
    end_survivors,
    find_survivors,
)

PROJECT = Path(__file__).resolve().parents[2]


class Memory(Console):
    """Remembers instead of writing."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, name: str, line: str) -> None:
        self.lines.append(f"{name}: {line}")

    def heard(self, words: str) -> bool:
        return any(words in line for line in self.lines)


def shell(name: str, script: str, **more: object) -> Program:
    return Program(name, ("sh", "-c", script), **more)  # type: ignore[arg-type]  # passed through


def supervise(
    programs: Sequence[Program], until: Callable[[Memory], bool], seconds: float = 15.0
) -> tuple[int, Memory]:
    """Run `programs` until something was said, then stop; the status and all that was said."""
    memory = Memory()

    async def run() -> int:
        supervisor = Supervisor(programs, memory, first_wait=0.01)

        async def watch() -> None:
            deadline = time.monotonic() + seconds
            while not until(memory) and time.monotonic() < deadline:
                await asyncio.sleep(0.01)
            supervisor.stop()

        watcher = asyncio.create_task(watch())
        status = await supervisor.run()
        watcher.cancel()
        return status

    return asyncio.run(run()), memory


SLEEP = "exec sleep 600"


def test_each_line_stands_whole_behind_the_name_of_who_said_it() -> None:
    script = "printf 'one, '; sleep 0.1; printf 'still one\\ntwo'; sleep 0.1; echo; echo err >&2;"
    status, memory = supervise([shell("a", script + SLEEP)], lambda m: m.heard("err"))
    assert status == 0
    assert memory.lines[:3] == ["a: one, still one", "a: two", "a: err"]


def test_a_very_long_line_and_odd_bytes_do_no_harm() -> None:
    script = "head -c 300000 /dev/zero | tr '\\0' x; printf '\\377\\n'; echo end;"
    _, memory = supervise([shell("a", script + SLEEP)], lambda m: m.heard("end"))
    said = "".join(line.removeprefix("a: ") for line in memory.lines)
    assert said.count("x") == 300_000
    assert memory.heard("\ufffd")


def test_the_console_aligns_names_and_colours_them_only_on_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = Console(["web", "indexer"])
    console.write("web", "hello")
    console.write("indexer", "hello")
    assert capsys.readouterr().out == "web     | hello\nindexer | hello\n"


def test_programs_wait_for_what_they_need() -> None:
    up = asyncio.Event()

    async def is_up() -> bool:
        return up.is_set()

    programs = [
        shell("first", "sleep 0.2; echo first", once=True),
        shell("second", "echo second; " + SLEEP, after=("first",), is_up=is_up),
        shell("third", "echo third; " + SLEEP, after=("second",)),
    ]

    def until(memory: Memory) -> bool:
        if memory.heard("second: second"):
            assert up.is_set() or not memory.heard("third")
            up.set()
        return memory.heard("third: third")

    _, memory = supervise(programs, until)
    assert memory.lines == ["first: first", "second: second", "third: third"]


def test_programs_stop_in_reverse_order_each_after_the_one_before() -> None:
    def talking(name: str, after: tuple[str, ...] = ()) -> Program:
        script = "trap 'sleep 0.1; echo bye; exit' TERM; echo up; while :; do sleep 0.05; done"
        return shell(name, script, after=after)

    programs = [talking("a"), talking("b", ("a",)), talking("c", ("b",))]
    status, memory = supervise(programs, lambda m: m.heard("c: up"))
    assert status == 0
    assert [line for line in memory.lines if "bye" in line] == ["c: bye", "b: bye", "a: bye"]


def test_a_crashed_program_is_started_again_with_a_line() -> None:
    status, memory = supervise(
        [shell("a", "echo up; exit 3")], lambda m: sum("up" in line for line in m.lines) >= 3
    )
    assert status == 0
    assert memory.heard("a ended with status 3; starting it again in 0.01 s.")
    assert memory.heard("a ended with status 3; starting it again in 0.02 s.")


def test_a_killed_program_is_named_with_its_signal() -> None:
    _, memory = supervise([shell("a", "kill -9 $$")], lambda m: m.heard("again"))
    assert memory.heard("a was ended by SIGKILL; starting it again")


def test_a_vital_program_that_fails_five_times_in_a_row_ends_everything() -> None:
    programs = [shell("other", SLEEP), shell("web", "echo no; exit 1", vital=True)]
    status, memory = supervise(programs, lambda _: False)
    assert status == 1
    assert sum(line == "web: no" for line in memory.lines) == 5
    assert memory.heard("web ended with status 1, for the 5th time in a row; stopping.")


def test_a_vital_step_that_fails_ends_everything_and_nothing_after_it_starts() -> None:
    programs = [
        shell("setup", "echo broken; exit 4", once=True, vital=True),
        shell("web", "echo up; " + SLEEP, after=("setup",)),
    ]
    status, memory = supervise(programs, lambda _: False)
    assert status == 1
    assert memory.lines == ["setup: broken", "coolpapers: setup ended with status 4; stopping."]


def test_a_step_that_is_not_vital_may_fail_and_the_rest_goes_on() -> None:
    programs = [
        shell("fetch", "exit 2", once=True),
        shell("worker", "echo up; " + SLEEP, after=("fetch",)),
    ]
    status, memory = supervise(programs, lambda m: m.heard("worker: up"))
    assert status == 0
    assert memory.heard("fetch ended with status 2; going on without it.")


def test_a_program_that_ignores_its_farewells_is_ended() -> None:
    program = shell(
        "deaf",
        "trap '' TERM; echo up; while :; do sleep 0.1; done",
        farewells=((signal.SIGTERM, 0.2),),
    )
    began = time.monotonic()
    _, memory = supervise([program], lambda m: m.heard("up"))
    assert memory.heard("deaf does not stop; ending it.")
    assert time.monotonic() - began < 5


def test_a_second_farewell_may_be_more_insistent() -> None:
    program = shell(
        "busy",
        "trap '' TERM; trap 'echo quit; exit' QUIT; echo up; while :; do sleep 0.05; done",
        farewells=((signal.SIGTERM, 0.2), (signal.SIGQUIT, 5.0)),
    )
    _, memory = supervise([program], lambda m: m.heard("up"))
    assert memory.lines == ["busy: up", "busy: quit"]


def test_a_program_that_never_answers_is_started_again() -> None:
    async def never() -> bool:
        return False

    program = shell("web", SLEEP, is_up=never, up_seconds=0.1)
    _, memory = supervise([program], lambda m: m.heard("again"))
    assert memory.heard("web does not answer after 0.1 s.")


def test_what_a_program_started_itself_ends_with_it() -> None:
    script = "sleep 600 & echo $!; " + SLEEP
    _, memory = supervise([shell("a", script)], lambda m: bool(m.lines))
    child = int(memory.lines[0].removeprefix("a: "))
    deadline = time.monotonic() + 5
    while started_at(child) is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert started_at(child) is None


def test_nothing_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    """The kernel tells the programs; what it could not tell, the next start finds and ends."""
    mark = str(tmp_path)
    script = (
        "import asyncio, sys\n"
        "from coolpapers.processes import Console, Program, Supervisor\n"
        "deaf = \"trap '' TERM; echo up; while :; do sleep 0.1; done\"\n"
        "programs = [Program('tame', ('sh', '-c', 'echo up; exec sleep 600')),\n"
        "            Program('deaf', ('sh', '-c', deaf))]\n"
        "asyncio.run(Supervisor(programs, Console(['tame'])).run())\n"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        env={**os.environ, MARK: mark},
    )
    assert supervisor.stdout is not None
    assert {supervisor.stdout.readline(), supervisor.stdout.readline()} == {
        b"tame | up\n",
        b"deaf | up\n",
    }
    supervisor.kill()
    supervisor.wait()
    supervisor.stdout.close()
    deadline = time.monotonic() + 10
    while len(find_survivors(mark)) > 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert find_survivors(mark), "the deaf one should still be there"
    assert end_survivors(mark, patience=0.2) >= 1
    assert find_survivors(mark) == []


def test_survivors_of_another_installation_are_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen(["sleep", "600"], env={**os.environ, MARK: str(tmp_path / "other")})
    try:
        assert end_survivors(str(tmp_path)) == 0
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()
