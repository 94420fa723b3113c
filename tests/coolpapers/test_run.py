"""`make run` as a newcomer meets it: the whole site as a process, with real children."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from coolpapers import embedded, network, run
from coolpapers.network import find_free_port
from coolpapers.processes import find_survivors

from .embedded.conftest import var as var  # the fixture
from .embedded.test_services import eventually, runs_nothing, server_of
from .test_network import listening

PROJECT = Path(__file__).resolve().parents[2]
OURS = ("ARXIV_", "COOLPAPERS_", "DATABASE_URL", "REDIS_URL", "HOST", "PORT", "DJANGO_", "PYTEST_")


class Site:
    """A `python -m coolpapers.run` and all that it has said so far."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.var = var
        self.port = find_free_port()
        plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        nowhere = {f"ARXIV_{name}_URL": "http://127.0.0.1:9/" for name in ("RSS", "API", "OAI")}
        own = {"COOLPAPERS_VAR": str(var), "PORT": str(self.port), "ARXIV_MIN_INTERVAL": "0"}
        self.environment = {**plain, **nowhere, **own, **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "coolpapers.run"],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout:
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))

    def said(self, pattern: str) -> bool:
        return any(re.search(pattern, line) for line in self.lines)

    def await_line(self, pattern: str, seconds: float = 60) -> None:
        found = eventually(lambda: self.said(pattern) or self.process.poll() is not None, seconds)
        assert found and self.said(pattern), "\n".join(self.lines)

    def read(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return str(answer.read().decode())

    def end(self, number: signal.Signals = signal.SIGINT, seconds: float = 30) -> int:
        """Signal it and everything in its group, as a terminal does; the exit status."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        try:
            return self.process.wait(seconds)
        finally:
            self.process.kill()
            self._reader.join()


@pytest.fixture
def sites() -> Iterator[list[Site]]:
    """Sites to end with the test."""
    started: list[Site] = []
    yield started
    for site in started:
        site.end()


def test_the_site_starts_serves_survives_and_stops_without_a_trace(
    var: Path, sites: list[Site]
) -> None:
    site = Site(var)
    sites.append(site)
    site.await_line(rf"^coolpapers \| Ready: http://127\.0\.0\.1:{site.port}$")
    # The page could be read before the address was printed.
    assert site.read("/healthz") == "ok\n"
    assert site.said(r"manage\.py createsuperuser$")

    # A second one on the same var says so in one line and touches nothing.
    second = Site(var)
    sites.append(second)
    assert second.process.wait(20) == 1
    second.end()
    assert len(second.lines) == 1
    assert f"process {site.process.pid}, http://127.0.0.1:{site.port}" in second.lines[0]

    # A command beside it joins its database.
    shown = subprocess.run(
        [sys.executable, "manage.py", "showmigrations", "auth"],
        cwd=PROJECT,
        env={**site.environment, "DJANGO_SETTINGS_MODULE": "coolpapers.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "[X] 0001_initial" in shown

    # A killed PostgreSQL is back, and pages with it.
    with embedded.start(var, redis=False) as services:
        os.kill(server_of(services), signal.SIGKILL)
    site.await_line(r"^postgres +\| PostgreSQL was killed by signal 9; starting it again\.$")
    site.await_line(r"^postgres +\| PostgreSQL is back\.$")
    assert eventually(lambda: "postgresql ok" in _ready(site))

    # Ctrl-C.
    assert site.end(signal.SIGINT) == 0
    assert site.lines[-1] == "coolpapers | Stopped."
    assert find_survivors(str(var)) == []
    assert runs_nothing(var)

    # The next start on the same var is quick; a busy machine is allowed its share of time.
    quickest = min(_start_again(var, sites) for _ in range(3))
    share = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    assert quickest < 5 * share, f"{quickest:.1f} s at {share:.1f} times the processors' load"
    assert runs_nothing(var)


def _start_again(var: Path, sites: list[Site]) -> float:
    began = time.monotonic()
    site = Site(var)
    sites.append(site)
    site.await_line("Ready: ")
    took = time.monotonic() - began
    assert site.end(signal.SIGTERM) == 0
    return took


def _ready(site: Site) -> str:
    try:
        return site.read("/readyz")
    except OSError:
        return ""


def test_nothing_is_left_of_a_killed_site_and_the_next_start_works(
    var: Path, sites: list[Site]
) -> None:
    site = Site(var)
    sites.append(site)
    site.await_line("Ready: ")
    site.process.kill()
    assert eventually(lambda: not find_survivors(str(var)), 15)
    assert eventually(lambda: runs_nothing(var), 15)
    site.end()

    again = Site(var)
    sites.append(again)
    again.await_line("Ready: ")
    assert again.end() == 0


def test_with_databases_named_it_starts_none_of_its_own(
    tmp_path: Path, var: Path, sites: list[Site]
) -> None:
    with embedded.start(var, throwaway=True) as services:
        site = Site(tmp_path / "var", **services.environment)
        sites.append(site)
        site.await_line("Ready: ")
        assert not list((tmp_path / "var").glob("postgres*"))
        assert not list((tmp_path / "var" / "run").glob("*.keeper"))
        assert site.end() == 0


def test_a_port_in_use_is_told_before_anything_is_started(var: Path) -> None:
    with closing(listening()) as server:
        port = str(server.getsockname()[1])
        site = Site(var, PORT=port)
        assert site.process.wait(20) == 1
        site.end()
    assert len(site.lines) == 1
    assert f"port {port} on 127.0.0.1 is in use" in site.lines[0]
    assert not (var / "postgres").exists()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"PORT": "eighty"}, "PORT must be a whole number"),
        ({"PORT": "70000"}, "PORT must be between 1 and 65535"),
        ({"ARXIV_REPLAY": "/no/such/folder"}, "/no/such/folder, which is not a folder"),
        ({"ARXIV_REPLAY": str(PROJECT / "coolpapers")}, "has no file such as"),
        ({"COOLPAPERS_VAR": "/proc/var"}, "set COOLPAPERS_VAR"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    var: Path, settings: dict[str, str], words: str
) -> None:
    site = Site(var, **settings)
    assert site.process.wait(20) == 1
    site.end()
    assert len(site.lines) == 1
    assert words in site.lines[0]


def test_a_wrong_setting_of_the_pages_ends_the_start_too(var: Path, sites: list[Site]) -> None:
    site = Site(var, SEARCH_ENGINE="none")
    sites.append(site)
    assert site.process.wait(60) == 1
    site.end()
    assert site.said("SEARCH_ENGINE must be one of")
    assert site.lines[-1] == "coolpapers | Stopped."
    assert runs_nothing(var)


def test_the_last_day_of_a_folder_is_the_day_of_the_clock(tmp_path: Path) -> None:
    for name in ("2026-08-10.jsonl.gz", "2026-08-14.jsonl.gz", "notes.txt", "2027.jsonl.gz"):
        (tmp_path / name).touch()
    place = run.Place(tmp_path, "127.0.0.1", 8000, replay=tmp_path, replay_port=4711)
    given = run.replay_environment(place)
    assert given["COOLPAPERS_CLOCK"] == "2026-08-14T04:10:00Z"
    assert abs(float(given["COOLPAPERS_CLOCK_ANCHOR"]) - time.time()) < 5
    assert given["ARXIV_OAI_URL"] == "http://127.0.0.1:4711/oai"
    assert given["ARXIV_MIN_INTERVAL"] == "0"


def test_the_worker_and_the_schedule_wait_until_the_days_have_been_played(tmp_path: Path) -> None:
    (tmp_path / "2026-08-14.jsonl.gz").touch()
    place = run.Place(tmp_path, "127.0.0.1", 8000, replay=tmp_path, replay_port=4711)
    programs = {program.name: program for program in run.plan(place, lambda: None)}
    assert programs["walk"].once
    assert programs["walk"].after == ("replay", "web")
    assert programs["worker"].after == programs["beat"].after == ("walk",)
    assert "walk" not in programs["indexer"].after


def test_without_a_folder_today_is_fetched_once_while_everything_runs(tmp_path: Path) -> None:
    place = run.Place(tmp_path, "127.0.0.1", 8000)
    programs = {program.name: program for program in run.plan(place, lambda: None)}
    assert list(programs) == ["setup", "web", "fetch", "worker", "beat", "indexer"]
    assert programs["fetch"].command[-1] == "first_fetch"
    assert programs["fetch"].once
    assert run.replay_environment(place) == {}


def test_open_to_the_network_it_says_what_a_phone_would_type(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network, "find_network_addresses", lambda: ["192.168.1.5"])
    lines: list[str] = []
    run.announce(run.Place(Path("/srv/var"), "0.0.0.0", 8000), lines.append)
    assert lines[0] == "Ready: http://127.0.0.1:8000"
    assert lines[1] == "From a phone on the same network: http://192.168.1.5:8000"
    assert "COOLPAPERS_VAR=/srv/var " in lines[2]
