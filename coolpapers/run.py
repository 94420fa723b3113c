"""`make run`: everything a reader needs, in the foreground, under one supervisor.

Says which programs run, in which order, and what a newcomer is told. How programs are kept and
stopped is said in `processes`, PostgreSQL and Redis in `embedded`. It reads no Django settings, so
that it starts at once and its children are the only ones to fail on them.
"""

import asyncio
import contextlib
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coolpapers import embedded, environment, network, web
from coolpapers.embedded.keeper import MARK as KEEPER
from coolpapers.embedded.layout import make_var
from coolpapers.instance import AlreadyRunningError, Instance
from coolpapers.processes import MARK, Console, Program, Supervisor, end_survivors

PROJECT = Path(__file__).resolve().parent.parent
# The hour at which the played folder's last day has been announced and fed.
PLAYED_HOUR = "T04:10:00Z"
# PostgreSQL's own lines that are worth a look; the log file has all of them.
SERIOUS = re.compile(r"\b(WARNING|ERROR|FATAL|PANIC): ")


class RefusedError(Exception):
    """The site cannot be started; the message is one line that says what to do."""


@dataclass(frozen=True)
class Place:
    """Where the site runs and what it plays."""

    var: Path
    host: str
    port: int
    replay: Path | None = None
    replay_port: int = 0

    @property
    def address(self) -> str:
        """Where this machine's own browser finds the site."""
        return network.address(network.reach(self.host), self.port)


def read_place() -> Place:
    """The place that the environment names; RefusedError or SystemExit with one line if wrong."""
    replay = environment.path("ARXIV_REPLAY", Path()) if environment.text("ARXIV_REPLAY") else None
    if replay is not None:
        find_last_day(replay)
    return Place(
        var=environment.path("COOLPAPERS_VAR", PROJECT / "var").absolute(),
        host=environment.text("HOST", "127.0.0.1"),
        port=environment.integer("PORT", 8000, 1, 65535),
        replay=replay,
        replay_port=network.find_free_port() if replay else 0,
    )


def find_last_day(folder: Path) -> str:
    """The last day (`2026-08-14`) that a folder of papers holds."""
    if not folder.is_dir():
        raise RefusedError(f"ARXIV_REPLAY names {folder}, which is not a folder.")
    names = (
        re.fullmatch(r"(\d{4}-\d\d-\d\d)\.jsonl(\.gz)?", path.name) for path in folder.iterdir()
    )
    days = [name[1] for name in names if name]
    if not days:
        raise RefusedError(
            f"ARXIV_REPLAY names {folder}, which has no file such as 2026-08-14.jsonl.gz."
        )
    return max(days)


def replay_environment(place: Place) -> dict[str, str]:
    """What turns a process from arXiv to the replay server and its clock to the last day."""
    if place.replay is None:
        return {}
    server = f"http://127.0.0.1:{place.replay_port}"
    return {
        "ARXIV_RSS_URL": f"{server}/rss",
        "ARXIV_API_URL": f"{server}/api/query",
        "ARXIV_OAI_URL": f"{server}/oai",
        "ARXIV_PDF_URL": f"{server}/pdf",
        "ARXIV_MIN_INTERVAL": "0",
        "COOLPAPERS_CLOCK": find_last_day(place.replay) + PLAYED_HOUR,
        "COOLPAPERS_CLOCK_ANCHOR": str(time.time()),
    }


def plan(place: Place, on_up: Callable[[], None]) -> list[Program]:
    """The programs, in the order of their start."""
    python = sys.executable
    manage = (python, str(PROJECT / "manage.py"))
    celery = (python, "-m", "celery", "--quiet", "-A", "coolpapers")
    programs = []
    if place.replay is not None:
        programs.append(
            Program(
                "replay",
                (*manage, "replay", str(place.replay), "--port", str(place.replay_port)),
                vital=True,
                is_up=lambda: network.listens("127.0.0.1", place.replay_port),
            )
        )
        fill = Program("walk", (*manage, "walk", str(place.replay)), ("replay", "web"), once=True)
    else:
        fill = Program("fetch", (*manage, "first_fetch"), ("web",), once=True)
    # While the days are played one after the other, nobody else fetches.
    before = (fill.name,) if place.replay is not None else ("web",)
    beat = ("beat", "--loglevel", "WARNING", "--schedule", str(place.var / "run" / "beat"))
    work = ("worker", "--loglevel", "WARNING", "--concurrency", "2", "--queues", "default,arxiv")
    return [
        *programs,
        Program("setup", (python, "-m", "coolpapers.preparation"), once=True, vital=True),
        Program(
            "web",
            web.command(),
            ("setup",),
            vital=True,
            is_up=lambda: network.answers(network.reach(place.host), place.port),
            on_up=on_up,
        ),
        fill,
        Program(
            "worker",
            (*celery, *work, "--without-gossip", "--without-mingle"),
            before,
            # A running fetch may wait long for arXiv. Cut short, it is planned again.
            farewells=((signal.SIGTERM, 2.0), (signal.SIGQUIT, 4.0)),
            # Whoever starts it as root does so on purpose (in a container, say).
            environment={"PYTHONWARNINGS": "ignore:You're running the worker"},
        ),
        Program("beat", (*celery, *beat, "--pidfile="), before),
        Program("indexer", (*manage, "index", "--follow"), ("web",)),
    ]


def announce(place: Place, say: Callable[[str], None]) -> None:
    """Tell a newcomer where the site is and what to do next."""
    say(f"Ready: {place.address}")
    if network.is_everywhere(place.host):
        for found in network.find_network_addresses():
            say(f"From a phone on the same network: {network.address(found, place.port)}")
    var = "" if place.var == PROJECT / "var" else f"COOLPAPERS_VAR={place.var} "
    say(
        f"To make an administrator, in another terminal: {var}{_python()} manage.py createsuperuser"
    )
    say("Ctrl-C stops everything.")


def _python() -> str:
    """The interpreter, as short as it can be written from the project's folder."""
    with contextlib.suppress(ValueError):
        return str(Path(sys.executable).relative_to(PROJECT))
    return sys.executable


async def supervise(
    place: Place,
    programs: Callable[[Callable[[], None]], Sequence[Program]],
    shared: dict[str, str],
) -> int:
    """Run the embedded services that are needed and `programs` until told to stop."""
    supervisor: Supervisor
    listed = programs(lambda: announce(place, supervisor.say))
    names = [Supervisor.TITLE, "postgres", "redis", *(program.name for program in listed)]
    console = Console(names)
    supervisor = Supervisor(listed, console)
    _stop_on_signals(supervisor)
    logs = {name: place.var / "log" / f"{name}.log" for name in ("postgres", "redis")}
    followers = [asyncio.create_task(_follow(path, name, console)) for name, path in logs.items()]
    wanted = {
        "postgres": not environment.text("DATABASE_URL"),
        "redis": not environment.text("REDIS_URL"),
    }
    services = await asyncio.to_thread(embedded.start, place.var, **wanted)
    try:
        os.environ.update({**shared, **services.environment, MARK: str(place.var)})
        followers.append(asyncio.create_task(_revive(services, supervisor)))
        status = await supervisor.run()
    finally:
        followers[-1].cancel()
        os.environ.pop(MARK, None)
        await asyncio.to_thread(services.stop)
        for follower in followers:
            follower.cancel()
    supervisor.say("Stopped.")
    return status


def _stop_on_signals(supervisor: Supervisor) -> None:
    """Stop on the first, hurry on a second Ctrl-C; make sends one signal twice, at once."""
    first: list[float] = []

    def on_signal(number: signal.Signals) -> None:
        now = time.monotonic()
        if not first:
            supervisor.say("Stopping; Ctrl-C again to hurry.")
            supervisor.stop()
            first.append(now)
        elif number == signal.SIGINT and now - first[0] > 0.5:
            supervisor.hurry()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, on_signal, number)


async def _revive(services: embedded.Services, supervisor: Supervisor) -> None:
    while True:
        await asyncio.sleep(1)
        try:
            for name in await asyncio.to_thread(services.revive):
                supervisor.say(f"The keeper of {name} had died; it is running again.")
        except embedded.EmbeddedError as error:
            supervisor.say(f"{error}")
            supervisor.stop(1)
            return


async def _follow(log: Path, name: str, console: Console) -> None:
    """Show what a keeper says, and what its server says that is serious, from now on."""
    place = log.stat().st_size if log.exists() else 0
    while True:
        try:
            for line in _read_lines(log, place):
                place += len(line)
                text = line.decode(errors="replace").rstrip()
                if text.startswith(KEEPER):
                    console.write(name, text.removeprefix(KEEPER))
                elif SERIOUS.search(text):
                    console.write(name, text)
        except OSError:
            place = 0
        await asyncio.sleep(0.25)


def _read_lines(log: Path, place: int) -> Iterator[bytes]:
    with log.open("rb") as file:
        if file.seek(0, os.SEEK_END) < place:
            # It was put aside for a new one.
            raise OSError
        file.seek(place)
        for line in file:
            if line.endswith(b"\n"):
                yield line


def main() -> int:
    """Run the site in the foreground; 0 after Ctrl-C or SIGTERM, 1 when it could not run."""
    try:
        place = read_place()
        with Instance(make_var(place.var), place.address) as instance:
            end_survivors(str(place.var))
            network.check_port(place.host, place.port)
            names = (name for name in ("DATABASE_URL", "REDIS_URL") if environment.text(name))
            shared = replay_environment(place) | {name: os.environ[name] for name in names}
            instance.share(shared)
            shared["COOLPAPERS_VAR"] = str(place.var)
            return asyncio.run(supervise(place, lambda on_up: plan(place, on_up), shared))
    except (RefusedError, AlreadyRunningError, network.PortError, embedded.EmbeddedError) as error:
        print(f"coolpapers: {error}", file=sys.stderr)  # noqa: T201 - before there is a console
        return 1
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
