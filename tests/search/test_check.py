"""Index against database, row by row."""

import pytest

from search.check import Difference, Fault, compare
from search.documents import State


def state(row: int, version: int = 1, seq: int = 1) -> State:
    return State(row, version, seq)


@pytest.mark.parametrize(
    ("held", "expected", "faults"),
    [
        ([], [], []),
        ([state(1), state(3)], [(state(1), True), (state(3), True)], []),
        ([], [(state(1), True)], [(1, Fault.MISSING)]),
        ([state(1), state(2)], [(state(1), True)], [(2, Fault.LEFT_OVER)]),
        ([state(1), state(2)], [(state(2), True)], [(1, Fault.LEFT_OVER)]),
        ([state(1)], [(state(1), False)], [(1, Fault.LEFT_OVER)]),
        ([], [(state(1), False)], []),
        ([state(1), state(1)], [(state(1), True)], [(1, Fault.DOUBLED)]),
        ([state(1)], [(state(1, version=2), True)], [(1, Fault.STALE)]),
        ([state(1)], [(state(1, seq=2), True)], [(1, Fault.STALE)]),
        ([state(1)], [(state(1, seq=99), True)], []),  # changed after the checkpoint
        ([], [(state(1, seq=99), True), (state(2), True)], [(2, Fault.MISSING)]),
    ],
)
def test_differences(
    held: list[State], expected: list[tuple[State, bool]], faults: list[tuple[int, Fault]]
) -> None:
    found: list[Difference] = list(compare(held, expected, seq=10))
    assert [(difference.row, difference.fault) for difference in found] == faults
