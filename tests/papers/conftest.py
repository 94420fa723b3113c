"""What tests of pages share: a clock that stands still, static files without a manifest."""

from datetime import datetime

import pytest
from pytest_django import Settings

from coolpapers import clock
from papers import page_cache
from tests.papers.factory import NOW


class StandingClock(clock.Clock):
    """Shows one time until it is set to another."""

    def __init__(self) -> None:
        super().__init__()
        self.time = NOW

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time


@pytest.fixture
def reading(db: None, own_clock: None, settings: Settings) -> StandingClock:
    """All that a reading page needs; the clock stands at `NOW` until the test sets it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    page_cache.outage.end()
    standing = StandingClock()
    clock.set_clock(standing)
    return standing
