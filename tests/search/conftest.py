"""Documents and engines for the tests of search."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from search.documents import Change, Checkpoint, Document
from search.engines import NAMES, engine_named
from search.engines.base import Engine

DATABASE = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"


def make_document(row: int, title: str = "", abstract: str = "", **rest: Any) -> Document:
    """A document whose unnamed parts follow from its row."""
    day: date | None = rest.pop("day", date(2026, 1, 1))
    moment = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) if day else None
    values: dict[str, Any] = {
        "key": f"2601.{row:05}",
        "version": 1,
        "seq": row,
        "categories": ("cs.LG",),
        "day": day,
        "moment": moment,
    }
    return Document(row=row, title=title, abstract=abstract, **(values | rest))


@pytest.fixture(params=NAMES)
def engine_type(request: pytest.FixtureRequest) -> type[Engine]:
    return engine_named(request.param)


@pytest.fixture
def engine(engine_type: type[Engine], tmp_path: Path) -> Iterator[Engine]:
    engine = engine_type.create(tmp_path / "index")
    yield engine
    engine.close()


@pytest.fixture
def fill(engine: Engine) -> Callable[..., Engine]:
    """Put changes into the engine in one commit."""

    def put(*changes: Change) -> Engine:
        seq = max((change.seq for change in changes), default=0)
        engine.apply(changes, Checkpoint(DATABASE, seq))
        return engine

    return put
