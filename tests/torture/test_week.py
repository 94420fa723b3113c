"""A week at a thousand times its speed, without a jump: worker, beat and arXiv on one clock.

Takes eight minutes of real time each, so `make torture` alone plays it.
"""

import os
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coolpapers import clock
from papers.arxiv.replay import Collection, RandomFaults
from papers.models import DayCheck
from tests.torture import processes, week
from tests.torture.content import Content, empty_database
from tests.torture.play import KINDS_AT_RANDOM, Script, at, open_server

pytestmark = [
    pytest.mark.torture,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("TORTURE_SEEDS" not in os.environ, reason="is for make torture"),
]

# The first five days are filled on Sunday evening, before the first feed.
START, END = at(week.MONDAY - timedelta(days=1), 22), at(week.FRIDAY, 23)
# A slow machine may take the weekend too: the next listing is Monday's.
LATEST = END + timedelta(days=2)
TUESDAY, THURSDAY = week.MONDAY + timedelta(days=1), week.MONDAY + timedelta(days=3)


def wait_until(moment: datetime) -> None:
    clock.sleep((moment - clock.now()).total_seconds())


def is_complete() -> bool:
    return not DayCheck.objects.filter(complete=False).exists()


@pytest.mark.parametrize(
    "stopped", [None, (at(TUESDAY, 3), at(THURSDAY, 22))], ids=["running", "stopped"]
)
def test_a_week_at_a_thousand_times_its_speed_ends_complete(
    papers: Collection, tmp_path: Path, stopped: tuple[datetime, datetime] | None
) -> None:
    empty_database()
    script = Script(START, END, RandomFaults(7, 0.05, KINDS_AT_RANDOM))
    with open_server(papers, script) as server:
        environment = {
            **processes.set_clock(START, 1000),
            **processes.addresses(server),
            "ARXIV_MIN_INTERVAL": "3",
            "COOLPAPERS_TICK": "0.5",
        }
        spans = [(START, stopped[0]), (stopped[1], END)] if stopped else [(START, END)]
        for begin, end in spans:
            wait_until(begin)
            with ExitStack() as running:
                running.enter_context(processes.start_beat(environment, tmp_path / "beat"))
                worker = running.enter_context(processes.start_worker(environment))
                for blow in range(1, 4):
                    wait_until(begin + (end - begin) * blow / 4)
                    worker.kill()
                    worker = running.enter_context(processes.start_worker(environment))
                wait_until(end)
                while end == END and not is_complete() and clock.now() < LATEST:
                    clock.sleep(600)
    content = Content.read()
    played = [day for day in week.DAYS if day >= week.MONDAY]
    assert {day: content.checks.get(day) for day in played} == dict.fromkeys(played, True)
    incomplete = [place for place, row in content.days.items() if not row[-1]]
    assert not incomplete
    for day in played:
        for category in week.CATEGORIES:
            by_feed = (day, category) not in content.reconstructed
            announced = week.list_announced(papers, day, category, by_feed=by_feed)
            assert content.lines.get((day, category), []) == announced, (day, category)
