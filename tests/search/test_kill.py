"""Killed at any point, the next run goes on where the index says."""

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from search.check import compare
from search.engines import engine_named
from search.follow import Follower
from search.place import Place
from tests.search.killed import grown_source

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(("engine", "batch", "kills"), [("tantivy", 40, 4), ("whoosh", 300, 2)])
def test_an_indexer_killed_in_the_middle_of_batches_loses_and_doubles_nothing(
    tmp_path: Path, engine: str, batch: int, kills: int
) -> None:
    place = Place(tmp_path / "index", engine_named(engine))
    chance = random.Random(7)
    for turn in range(kills):
        command = [sys.executable, "-m", "tests.search.killed", engine, str(place.folder)]
        with subprocess.Popen(
            [*command, str(turn), str(batch)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.05, 0.8))
            run.kill()
    source = grown_source(kills)
    with place.writing(), closing(Follower(place, source)) as follower:
        assert follower.catch_up()
    path = place.current()
    assert path is not None
    with closing(place.engine.open(path)) as built:
        checkpoint = built.checkpoint()
        assert checkpoint == source.head()
        assert list(compare(built.states(), source.states(), checkpoint.seq)) == []
        assert built.count() == len(source.rows)
