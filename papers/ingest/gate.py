"""The one gate to arXiv: one request in flight, one start every few seconds, over all hosts.

It lives in PostgreSQL (a session advisory lock and one row), because Redis may be lost, and a host
that forgets the last request would break arXiv's rule.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from coolpapers import clock
from papers.models import Gate

_LOCK = 7070002


class PostgresGate:
    """Lets one caller at a time pass, `interval` seconds of the clock after the last one began."""

    def __init__(self, interval: float) -> None:
        self._interval = timedelta(seconds=interval)

    @contextmanager
    def passage(self) -> Iterator[None]:
        """Wait for the turn, then hold the gate while the request is in flight.

        Must not be entered inside a transaction: others would wait for its end. The lock goes with
        its database session, so a killed process frees it.
        """
        if connection.in_atomic_block:
            raise RuntimeError("The gate to arXiv must not be entered inside a transaction.")
        came = clock.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                clock.sleep(self._remaining().total_seconds())
                start = clock.now()
                Gate.objects.filter(id=1).update(
                    last_start=start,
                    passages=F("passages") + 1,
                    waited=F("waited") + max((start - came).total_seconds(), 0),
                )
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def close_for(self, seconds: float) -> None:
        """Let nobody pass for `seconds`: arXiv asked to be left alone."""
        until = clock.now() + timedelta(seconds=seconds)
        Gate.objects.filter(id=1).update(
            closed_until=Greatest(Coalesce(F("closed_until"), until), until)
        )

    def _remaining(self) -> timedelta:
        gate = Gate.objects.get(id=1)
        now = clock.now()
        wait = timedelta(0)
        if gate.last_start:
            # A start in the future is another clock's (a replay): one full interval is safe then.
            wait = min(self._interval, gate.last_start + self._interval - now)
        if gate.closed_until:
            # Nor may another clock's closing hold this one for years.
            wait = max(wait, min(gate.closed_until - now, timedelta(hours=1)))
        return max(wait, timedelta(0))
