"""Fixtures that many rooms need. The services themselves are started by `tests.services`."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, settings

from coolpapers import clock

# The same examples each time, so that a change fails for what it did; `make torture` takes others.
# How long a machine with other work takes to make an example says nothing of the program.
settings.register_profile(
    "project",
    derandomize="TORTURE_MUTATIONS" not in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

# A shell lets what it starts behind `&` ignore Ctrl+C, and so do the programs that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


@pytest.fixture
def real_papers() -> Path:
    """The folder of real papers, beside the project; skips where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the real papers (../shared/data) are not here")
    return SHARED


@pytest.fixture(autouse=True)
def own_clock() -> Iterator[None]:
    """Whatever a test does to the clock ends with it."""
    previous = clock.set_clock(clock.Clock())
    yield
    clock.set_clock(previous)


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """No test sees another's cached pages."""
    yield
    cache.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: Playwright keeps an event loop running that asyncio's own tests can't bear."""
    items.sort(key=lambda item: "browser" in item.path.parts)
