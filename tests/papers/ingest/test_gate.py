"""One request to arXiv at a time, and not too soon after the last."""

import threading
import time

import pytest
from django.db import close_old_connections, connection, transaction

from coolpapers import clock
from papers.ingest.gate import PostgresGate
from papers.models import Gate

pytestmark = pytest.mark.django_db(transaction=True)


def pass_through(gate: PostgresGate, starts: list[float], hold: float = 0.0) -> None:
    with gate.passage():
        starts.append(time.monotonic())
        time.sleep(hold)


def test_the_second_request_starts_the_interval_after_the_first() -> None:
    starts: list[float] = []
    gate = PostgresGate(0.4)
    pass_through(gate, starts)
    pass_through(gate, starts)
    assert 0.39 <= starts[1] - starts[0] < 0.8


def test_no_two_requests_are_in_flight_at_once() -> None:
    inside: list[int] = []
    most: list[int] = []

    def ask() -> None:
        gate = PostgresGate(0)
        try:
            with gate.passage():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.05)
                inside.pop()
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert len(most) == 3
    assert max(most) == 1


def test_an_error_inside_leaves_the_gate_open() -> None:
    starts: list[float] = []
    gate = PostgresGate(0)
    with pytest.raises(OSError, match="broken"), gate.passage():
        raise OSError("broken")
    pass_through(gate, starts)
    assert starts


def test_when_arxiv_asks_to_be_left_alone_nobody_passes() -> None:
    starts: list[float] = []
    gate = PostgresGate(0)
    begun = time.monotonic()
    gate.close_for(0.5)
    gate.close_for(0.1)
    pass_through(gate, starts)
    assert starts[0] - begun >= 0.49


def test_a_last_start_in_the_future_costs_one_interval_at_most() -> None:
    Gate.objects.update(last_start="2099-01-01T00:00:00Z")
    starts: list[float] = []
    gate = PostgresGate(0.2)
    begun = time.monotonic()
    pass_through(gate, starts)
    assert starts[0] - begun < 1


def test_the_gate_waits_by_the_one_clock() -> None:
    previous = clock.set_clock(clock.Clock(clock.now(), rate=100))
    try:
        starts: list[float] = []
        gate = PostgresGate(30)
        pass_through(gate, starts)
        pass_through(gate, starts)
    finally:
        clock.set_clock(previous)
    assert 0.29 <= starts[1] - starts[0] < 1


def test_the_gate_is_not_entered_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError), PostgresGate(0).passage():
        pass
