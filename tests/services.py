"""A pytest plugin: real PostgreSQL and Redis for the run, before Django's settings are read.

The first process starts them under the system's temporary folder; xdist's workers inherit the
addresses and take a Redis database each. With DATABASE_URL and REDIS_URL set, those are used.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from coolpapers.embedded import Services, start
from coolpapers.messages import compile_messages

_folder: Path | None = None
_services: Services | None = None


def _start() -> None:
    global _folder, _services
    # A port that nothing listens on: a test that forgets its replay server fails at once.
    nowhere = "http://127.0.0.1:9"
    os.environ.update(
        ARXIV_RSS_URL=f"{nowhere}/rss",
        ARXIV_API_URL=f"{nowhere}/api/query",
        ARXIV_OAI_URL=f"{nowhere}/oai",
        ARXIV_MIN_INTERVAL="0",
    )
    _folder = Path(tempfile.mkdtemp(prefix="coolpapers-test-"))
    # PostgreSQL runs as a user of its own when root starts it, and has to reach its data.
    _folder.chmod(0o711)
    os.environ["COOLPAPERS_VAR"] = str(_folder / "var")
    (_folder / "var" / "static").mkdir(parents=True)
    wanted = {
        "postgres": not os.environ.get("DATABASE_URL"),
        "redis": not os.environ.get("REDIS_URL"),
    }
    if any(wanted.values()):
        _services = start(_folder / "services", throwaway=True, **wanted)
        os.environ.update(_services.environment)


def _take_own_redis(worker: str) -> None:
    """Give an xdist worker (`gw3`) a database of its own; Redis has sixteen."""
    base, _, _query = os.environ["REDIS_URL"].partition("?")
    if base.startswith("unix:"):
        os.environ["REDIS_URL"] = f"{base}?db={1 + int(worker.removeprefix('gw')) % 15}"
    os.environ["COOLPAPERS_VAR"] = f"{os.environ['COOLPAPERS_VAR']}-{worker}"
    (Path(os.environ["COOLPAPERS_VAR"]) / "static").mkdir(parents=True)


compile_messages()
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _take_own_redis(worker)
else:
    _start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what this process started, and leave nothing behind."""
    if _services:
        _services.stop()
    if _folder:
        shutil.rmtree(_folder, ignore_errors=True)
