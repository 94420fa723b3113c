import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[4]


def start(*arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "coolpapers.settings",
        "PYTHONPATH": str(ROOT),
        # Nothing listens there: the command must not ask for a database.
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "django", "replay", *arguments],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_addresses_and_stops_cleanly(folder: Path, number: int) -> None:
    process = start(
        str(folder), "--port", "0", "--today", "2026-08-11", "--fault", "503=7@rss/cs.AI*1"
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        match = re.search(r"at (http://127\.0\.0\.1:\d+): 9 papers", first)
        assert match, first
        exports = [process.stdout.readline().strip() for _ in range(4)]
        assert exports[0] == f"export ARXIV_RSS_URL={match[1]}/rss"
        refused = httpx.get(f"{match[1]}/rss/cs.AI")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "7")
        assert b"2608.00011v1" in httpx.get(f"{match[1]}/rss/cs.AI").content
    finally:
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("/nowhere",), "/nowhere is not a folder"),
        (("{folder}", "--fault", "flood"), "'flood' is no fault"),
        (("{folder}", "--host", "0.0.0.0"), "0.0.0.0 is not loopback"),
        (("{folder}", "--fault-rate", "2"), "2.0 is no rate"),
    ],
)
def test_what_it_cannot_do_is_said_in_a_line(
    folder: Path, arguments: tuple[str, ...], message: str
) -> None:
    process = start("--port", "0", *(a.replace("{folder}", str(folder)) for a in arguments))
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors.count("\n") == 1
    assert message in errors
