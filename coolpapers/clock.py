"""The one clock. All that depends on time (today, the schedule, the gate, retry waits) asks it.

`COOLPAPERS_CLOCK` sets a start time and `COOLPAPERS_CLOCK_RATE` a speed, for replays and tests.
`COOLPAPERS_CLOCK_ANCHOR` is the real time (Unix seconds) at which it showed its start time; whoever
starts several processes sets it, so that they agree. Without it the clock starts with the process.
"""

import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from coolpapers import environment

EASTERN = ZoneInfo("America/New_York")


class Clock:
    """A clock that starts at `start` when real time is `anchor` and runs `rate` times as fast."""

    def __init__(
        self, start: datetime | None = None, rate: float = 1.0, anchor: float | None = None
    ) -> None:
        self.rate = rate
        self._anchor = time.time() if anchor is None else anchor
        self._start = start

    def now(self) -> datetime:
        """The time, aware, in UTC."""
        if self._start is None:
            return datetime.now(UTC)
        return self._start + timedelta(seconds=(time.time() - self._anchor) * self.rate)

    def today(self) -> date:
        """The date at arXiv (US Eastern)."""
        return self.now().astimezone(EASTERN).date()

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds` of this clock's time."""
        if seconds > 0:
            time.sleep(seconds / self.rate)


def _from_environment() -> Clock:
    start = environment.moment("COOLPAPERS_CLOCK")
    rate = environment.number("COOLPAPERS_CLOCK_RATE", 1.0, minimum=0.001)
    anchor = environment.number("COOLPAPERS_CLOCK_ANCHOR", 0)
    if start is None and rate != 1:
        environment.refuse("COOLPAPERS_CLOCK_RATE", "needs COOLPAPERS_CLOCK, a time to start from")
    return Clock(start, rate, anchor or None)


_clock = _from_environment()


def now() -> datetime:
    """The time, aware, in UTC."""
    return _clock.now()


def today() -> date:
    """The date at arXiv (US Eastern)."""
    return _clock.today()


def sleep(seconds: float) -> None:
    """Sleep for `seconds` of the clock's time, which is shorter when the clock is fast."""
    _clock.sleep(seconds)


def set_clock(clock: Clock) -> Clock:
    """Put another clock in place for this process and return the one it replaces."""
    global _clock
    previous, _clock = _clock, clock
    return previous
