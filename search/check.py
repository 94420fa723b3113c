"""Compares an index with what it follows, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from search.documents import State


class Fault(StrEnum):
    """What is wrong with a row of the index."""

    MISSING = "missing"
    STALE = "stale"
    DOUBLED = "doubled"
    LEFT_OVER = "left over"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row on which index and database disagree; None where one of them has nothing."""

    row: int
    fault: Fault
    held: State | None
    expected: State | None


def compare(
    held: Iterable[State], expected: Iterable[tuple[State, bool]], seq: int
) -> Iterator[Difference]:
    """Where an index that has followed up to change `seq` differs from the database.

    Both come with rows rising; `expected` says of each row whether it belongs into the index. Rows
    changed after `seq` are passed over: the index can't know them yet. Memory stays constant.
    """
    index = _grouped(held)
    entry = next(index, None)
    for state, present in expected:
        while entry is not None and entry[0].row < state.row:
            yield Difference(entry[0].row, Fault.LEFT_OVER, entry[0], None)
            entry = next(index, None)
        found, times = entry if entry is not None and entry[0].row == state.row else (None, 0)
        if found is not None:
            entry = next(index, None)
        if state.seq > seq:
            continue
        wanted = state if present else None
        if fault := _fault(found, times, wanted):
            yield Difference(state.row, fault, found, wanted)
    while entry is not None:
        yield Difference(entry[0].row, Fault.LEFT_OVER, entry[0], None)
        entry = next(index, None)


def _fault(found: State | None, times: int, wanted: State | None) -> Fault | None:
    if found is None:
        return Fault.MISSING if wanted is not None else None
    if wanted is None:
        return Fault.LEFT_OVER
    if times > 1:
        return Fault.DOUBLED
    return Fault.STALE if found != wanted else None


def _grouped(states: Iterable[State]) -> Iterator[tuple[State, int]]:
    """Each row once, with the number of times it is there."""
    last: State | None = None
    times = 0
    for state in states:
        if last is not None and state.row == last.row:
            times += 1
            continue
        if last is not None:
            yield last, times
        last, times = state, 1
    if last is not None:
        yield last, times
