"""What the plays share: the papers, and what a play without any fault leaves in the database."""

from collections.abc import Callable
from datetime import date

import pytest

from papers.arxiv.replay import Collection
from tests.torture import week
from tests.torture.content import Content, empty_database
from tests.torture.play import Play, Script, at, open_server, weekend_before

CleanRun = Callable[[date, date], Content]


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of this folder."""
    config.addinivalue_line("markers", "torture: plays arXiv's faults to the real worker")


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    return week.load(tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="session")
def kept_runs() -> dict[tuple[date, date], Content]:
    return {}


@pytest.fixture
def clean_run(
    papers: Collection, kept_runs: dict[tuple[date, date], Content], transactional_db: None
) -> CleanRun:
    """What the database holds after days without a fault; played once for each span of days."""

    def play(first: date, last: date) -> Content:
        if (first, last) not in kept_runs:
            empty_database()
            script = Script(weekend_before(first), at(last, 22))
            with open_server(papers, script) as server:
                Play(server, script).run()
            kept_runs[first, last] = Content.read()
            empty_database()
        return kept_runs[first, last]

    return play
