"""`manage.py fetch`, as cron calls it: exit status 0 complete, 3 incomplete, 1 failed."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.replay.server import ReplayServer
from papers.models import Announcement, DayCheck
from tests.papers.ingest.collections import MONDAY, TUESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)


@pytest.fixture(autouse=True)
def server(tmp_path: Path, settings: Settings) -> Iterator[ReplayServer]:
    collection = write_collection(
        tmp_path,
        {
            MONDAY: [paper("2608.00001", "cs.AI")],
            TUESDAY: [paper("2608.00011", "cs.AI", "cs.CL"), paper("2608.00012", "cs.CL")],
        },
    )
    clock.set_clock(clock.Clock(calendar.rss_due_at(DAY) + timedelta(minutes=10), rate=1000))
    with ReplayServer(collection, DAY) as running:
        settings.ARXIV_RSS_URL = running.rss_url
        settings.ARXIV_API_URL = running.api_url
        settings.ARXIV_OAI_URL = running.oai_url
        yield running


def fetch(*arguments: str) -> tuple[int, str]:
    """The exit status and what was printed."""
    out = StringIO()
    try:
        call_command("fetch", *arguments, stdout=out, stderr=out)
    except CommandError as error:
        return error.returncode, f"{out.getvalue()}{error}"
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_a_whole_day_is_fetched_and_checked() -> None:
    status, printed = fetch()
    assert status == 0
    assert "cs.AI 2026-08-11: 1 of 1 announced" in printed
    assert DayCheck.objects.get(date=DAY).complete
    assert Announcement.objects.values("paper").distinct().count() == 2


def test_a_named_category_alone_is_fetched_under_any_of_its_names() -> None:
    assert fetch("CS.cl")[0] == 0
    assert set(Announcement.objects.values_list("category", flat=True)) == {"cs.CL"}


def test_a_day_that_is_over_is_fetched_from_oai(server: ReplayServer) -> None:
    status, printed = fetch("--date", MONDAY)
    assert status == 0
    assert "2026-08-10 checked: complete, 1 repaired" in printed
    assert not any(request.route == "rss" for request in server.requests)


def test_an_incomplete_day_exits_with_three(server: ReplayServer) -> None:
    server.add_fault("stale@rss/cs.AI")
    status, printed = fetch("cs.AI")
    assert status == 3
    assert "due again later" in printed


def test_a_failed_fetch_exits_with_one(server: ReplayServer) -> None:
    server.add_fault("404@rss/cs.AI")
    status, printed = fetch("cs.AI")
    assert status == 1
    assert "404" in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["cs.QQ"], "Near: "),
        (["--date", "yesterday"], "is no date"),
        (["--date", "2026-08-15"], "not announced yet"),
        (["--date", "2026-08-09"], "weekend"),
    ],
)
def test_what_cannot_be_fetched_is_said(arguments: list[str], words: str) -> None:
    status, printed = fetch(*arguments)
    assert status == 1
    assert words in printed
