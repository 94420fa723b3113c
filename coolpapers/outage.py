"""A service that failed is left alone for a moment: one that hangs must not slow every page."""

import time


class Outage:
    """Whether a service is out of reach; news once, from its first failure until it answers again.

    `seconds` is how long it is left alone after each failure. For any number of threads: at worst
    two of them have the same news.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._failed = False
        self._until = 0.0

    def lasts(self) -> bool:
        """Whether the service should not be asked now."""
        return self._failed and time.monotonic() < self._until

    def note(self) -> bool:
        """The service failed; whether that is news."""
        news = not self._failed
        self._failed, self._until = True, time.monotonic() + self._seconds
        return news

    def end(self) -> None:
        """The service answered."""
        self._failed = False
