"""The real processes under test: Celery's worker and beat, started, and killed without mercy.

They run against the test's own database and Redis, and against a replay server, on the clock that
the test sets. What they are to do is said elsewhere (`play`).
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from coolpapers import clock
from papers.arxiv.replay import ReplayServer

PROJECT = Path(__file__).resolve().parent.parent.parent
WORK = "torture-work"
# By the name of its connections, a test finds and ends those of the processes it started.
_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "coolpapers")


def set_clock(start: datetime, rate: float) -> dict[str, str]:
    """Let this process's clock show `start` now, running at `rate`; the others' variables."""
    anchor = time.time()
    clock.set_clock(clock.Clock(start, rate, anchor))
    return {
        "COOLPAPERS_CLOCK": start.isoformat(),
        "COOLPAPERS_CLOCK_RATE": repr(rate),
        "COOLPAPERS_CLOCK_ANCHOR": repr(anchor),
    }


def database_url() -> str:
    """The address of the test's own database, for other processes."""
    place = connection.settings_dict
    options = {"host": place["HOST"], "user": place["USER"], "application_name": WORK}
    if place["PORT"]:
        options["port"] = place["PORT"]
    password = f":{quote(place['PASSWORD'], safe='')}@" if place["PASSWORD"] else ""
    query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in options.items())
    return f"postgresql://{password}/{quote(place['NAME'])}?{query}"


def addresses(server: ReplayServer) -> dict[str, str]:
    """The variables that lead a process to the replay server instead of arXiv."""
    return {
        "ARXIV_RSS_URL": server.rss_url,
        "ARXIV_API_URL": server.api_url,
        "ARXIV_OAI_URL": server.oai_url,
    }


def make_environment(more: Mapping[str, str]) -> dict[str, str]:
    """A process's environment: the test's own database and Redis, and what `more` says."""
    return {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "PYTHONWARNINGS": "ignore",
        **more,
    }


class Process:
    """A Celery program in a process group of its own, its output kept in a file."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        self.log = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - it lives as long as the process
        self._popen = subprocess.Popen(
            [*_CELERY, *arguments],
            cwd=PROJECT,
            env=make_environment(environment),
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self.log.close()

    @property
    def is_running(self) -> bool:
        """Whether the main process still lives."""
        return self._popen.poll() is None

    def list_children(self) -> list[int]:
        """The main process's children: for a worker, those that do the work."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._popen.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return [int(pid) for pid in listed.stdout.split()]

    def kill(self) -> None:
        """SIGKILL for the whole group, as when a machine dies. Orphans of `kill_main` go too."""
        _send(self._popen.pid, signal.SIGKILL, group=True)
        self._popen.wait()

    def kill_main(self) -> None:
        """SIGKILL for the main process alone; its children notice and end, some day."""
        _send(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def kill_children(self) -> None:
        """SIGKILL for all that do the work, as the kernel does when memory is short."""
        for pid in self.list_children():
            _send(pid, signal.SIGKILL)

    def read_log(self) -> str:
        """What it has printed."""
        self.log.seek(0)
        return self.log.read().decode(errors="replace")


def start_worker(environment: Mapping[str, str]) -> Process:
    """A worker as `make run` starts it."""
    return Process(
        "worker", "--loglevel", "INFO", "--concurrency", "2", "--queues", "default,arxiv",
        "--without-gossip", "--without-mingle",
        environment=environment,
    )  # fmt: skip


def start_beat(environment: Mapping[str, str], schedule: Path) -> Process:
    """The schedule, kept in the file `schedule`."""
    return Process(
        "beat", "--loglevel", "INFO", "--schedule", str(schedule), "--pidfile=",
        environment=environment,
    )  # fmt: skip


def cut_connections() -> None:
    """End every database session of the processes under test, as a restart of PostgreSQL does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = current_database()",
            [WORK],
        )


def is_fetching() -> bool:
    """Whether a round of fetching is under way (its lock is held)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
            "WHERE l.locktype = 'advisory' AND l.granted AND l.objid = 7070003 "
            "AND d.datname = current_database())"
        )
        (held,) = cursor.fetchone()
    return bool(held)


def _send(pid: int, number: signal.Signals, *, group: bool = False) -> None:
    try:
        (os.killpg if group else os.kill)(pid, number)
    except ProcessLookupError:
        return
