"""Any seed's faults and kills leave the database that a day without them leaves."""

import os
from datetime import date, timedelta

import pytest

from papers.arxiv.records import Kind
from papers.arxiv.replay import Collection
from papers.models import KINDS
from tests.torture import week
from tests.torture.conftest import CleanRun
from tests.torture.content import Content, differences
from tests.torture.play import Play, draw_script, open_server

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]


def read_seeds() -> list[int]:
    """`TORTURE_SEEDS=1..200` or `7,9`; a handful where it is not set."""
    text = os.environ.get("TORTURE_SEEDS", "") or "1..2"
    first, dots, last = text.partition("..")
    return list(range(int(first), int(last) + 1)) if dots else [int(n) for n in text.split(",")]


def cross_listed(papers: Collection) -> set[tuple[date, str, str]]:
    """Old papers newly listed in a category: date, category, identifier."""
    return {
        (day, code, line.identifier)
        for day in papers.days
        for line in papers.lines(day)
        if line.kind is Kind.CROSS
        for code in line.categories
    }


def test_a_week_without_faults_is_what_arxiv_announced(
    papers: Collection, clean_run: CleanRun
) -> None:
    clean = clean_run(week.MONDAY, week.MONDAY + timedelta(days=1))
    for day in (week.MONDAY, week.MONDAY + timedelta(days=1)):
        for category in week.CATEGORIES:
            announced = papers.announcement(day, [category])
            assert clean.lines.get((day, category), []) == [
                (one.line.identifier, one.line.version, KINDS[one.kind])
                for one in announced
                if not (one.line.kind is Kind.REPLACE and one.line.version >= 6)
            ], (day, category)
    assert all(clean.checks.values())


@pytest.mark.parametrize("seed", read_seeds())
def test_faults_and_kills_at_random_change_nothing_in_the_end(
    papers: Collection, clean_run: CleanRun, seed: int
) -> None:
    last = week.MONDAY + timedelta(days=1)
    clean = clean_run(week.MONDAY, last)
    script = draw_script(seed, week.MONDAY, last)
    with open_server(papers, script) as server:
        play = Play(server, script)
        play.run()
    found = differences(clean, Content.read(), cross_listed(papers))
    assert not found, f"seed {seed}, {script}:\n" + "\n".join(found)
