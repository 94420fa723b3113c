"""Any seed's faults and kills leave the database that a day without them leaves."""

import os
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from papers.arxiv.replay import Collection, RandomFaults
from tests.torture import week
from tests.torture.conftest import CleanRun
from tests.torture.content import Content, differences, empty_database
from tests.torture.play import (
    KINDS_AT_RANDOM,
    Blow,
    Play,
    Script,
    at,
    draw_script,
    open_server,
    weekend_before,
)

# `make torture` sets it; without it a handful of plays has to do.
long = pytest.mark.skipif("TORTURE_SEEDS" not in os.environ, reason="is for make torture")

pytestmark = [pytest.mark.torture, pytest.mark.django_db(transaction=True)]


def read_seeds() -> list[int]:
    """`TORTURE_SEEDS=1..200` or `7,9`; a handful where it is not set."""
    text = os.environ.get("TORTURE_SEEDS", "") or "1..2"
    first, dots, last = text.partition("..")
    return list(range(int(first), int(last) + 1)) if dots else [int(n) for n in text.split(",")]


def assert_listings_are_arxivs(papers: Collection, content: Content, days: Sequence[date]) -> None:
    """By what arXiv announced, not by what another play made of it."""
    for day in days:
        for category in week.CATEGORIES:
            by_feed = (day, category) not in content.reconstructed
            announced = week.list_announced(papers, day, category, by_feed=by_feed)
            assert content.lines.get((day, category), []) == announced, (day, category)
    assert all(content.checks[day] for day in days)


def test_a_day_without_faults_is_what_arxiv_announced(
    papers: Collection, clean_run: CleanRun
) -> None:
    clean = clean_run(week.MONDAY, week.MONDAY)
    assert week.MONDAY not in {day for day, _category in clean.reconstructed}
    assert_listings_are_arxivs(papers, clean, [week.MONDAY])


def tell(what: str, found: list[str]) -> str:
    """The first differences, since one loss shows in many."""
    return "\n".join([what, *found[:25], f"({len(found)} differences)"])


def play(papers: Collection, script: Script) -> Content:
    """Play a script on an empty database and read what is there in the end."""
    empty_database()
    with open_server(papers, script) as server:
        Play(server, script).run()
    return Content.read()


@pytest.mark.parametrize("seed", read_seeds())
def test_faults_and_kills_at_random_change_nothing_in_the_end(
    papers: Collection, clean_run: CleanRun, seed: int
) -> None:
    # Every fourth play lasts for two days, every twentieth for the week.
    days = 4 if seed % 20 == 0 else 1 if seed % 4 == 0 else 0
    last = week.MONDAY + timedelta(days=days)
    clean = clean_run(week.MONDAY, last)
    script = draw_script(seed, week.MONDAY, last)
    content = play(papers, script)
    found = differences(clean, content, week.list_cross_listed(papers))
    # Nobody was away for a day, so every feed was read in the end.
    found += [f"never read: {place}" for place in content.reconstructed if place[0] >= week.MONDAY]
    assert not found, tell(f"seed {seed}, {script}", found)


@long
@pytest.mark.parametrize("kind", [*KINDS_AT_RANDOM, "403", "delay=0.1", "huge=51"])
def test_each_fault_alone_changes_nothing_in_the_end(
    papers: Collection, clean_run: CleanRun, kind: str
) -> None:
    last = week.MONDAY + timedelta(days=1)
    clean = clean_run(week.MONDAY, last)
    # Each of fifty pages must come once, and what is final is not asked again at once.
    rate = {"huge=51": 0.02, "403": 0.1, "expired": 0.1}.get(kind, 0.4)
    script = Script(
        weekend_before(week.MONDAY),
        at(last, 22),
        RandomFaults(0, rate, [kind], in_a_row=6),
        blows=(Blow("group", 10, 0.01), Blow("group", 90, 0.01), Blow("group", 190, 0.01)),
    )
    found = differences(clean, play(papers, script), week.list_cross_listed(papers))
    assert not found, tell("", found)


def make_outage() -> Script:
    """The service runs on Monday, and again when Thursday's feeds have gone."""
    tuesday, friday = at(week.MONDAY + timedelta(days=1), 3), at(week.FRIDAY, 4, 30)
    return Script(
        weekend_before(week.MONDAY),
        at(week.FRIDAY, 22),
        RandomFaults(1, 0.05),
        outage=(tuesday, friday),
    )


def test_a_service_stopped_from_tuesday_to_thursday_ends_complete(papers: Collection) -> None:
    content = play(papers, make_outage())
    played = [day for day in week.DAYS if day >= week.MONDAY]
    rebuilt = {day for day, _category in content.reconstructed if day >= week.MONDAY}
    assert rebuilt == set(played) - {week.MONDAY, week.FRIDAY}
    assert_listings_are_arxivs(papers, content, played)


@long
def test_a_service_stopped_from_tuesday_to_thursday_ends_as_if_it_had_run(
    papers: Collection, clean_run: CleanRun
) -> None:
    clean = clean_run(week.MONDAY, week.FRIDAY)
    found = differences(clean, play(papers, make_outage()), week.list_cross_listed(papers))
    assert not found, tell("", found)


def test_a_first_start_on_a_weekend_fills_the_last_five_days(papers: Collection) -> None:
    saturday = week.FRIDAY + timedelta(days=1)
    content = play(papers, Script(at(saturday, 12), at(saturday, 20), RandomFaults(2, 0.1)))
    days = [day for day in week.DAYS if day >= week.MONDAY]
    assert content.checks == dict.fromkeys(days, True)
    for day in days:
        assert all(content.days[day, category][-1] for category in week.CATEGORIES)
        assert content.lines[day, "cs.AI"]
