"""A paper that is asked for by its address and is not here: it comes, or the page says why not."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from papers.arxiv import calendar
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import check, demand, rounds
from papers.ingest import day as days
from papers.models import AnnouncedDay, DayCheck, Paper, Wanted
from tests.papers.conftest import StandingClock
from tests.papers.ingest.collections import MONDAY, TUESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)


@pytest.fixture(autouse=True)
def server(tmp_path: Path, settings: Settings, reading: StandingClock) -> Iterator[ReplayServer]:
    """An arXiv with two days, of which the second is done here: only wishes are due."""
    collection = write_collection(
        tmp_path,
        {
            MONDAY: [paper("2608.00001", "cs.AI"), paper("hep-th/9901001", "hep-th")],
            TUESDAY: [paper("2608.00011", "cs.AI")],
        },
    )
    reading.time = calendar.rss_due_at(DAY) + timedelta(hours=12)
    check.plan_checks()
    DayCheck.objects.update(complete=True)
    AnnouncedDay.objects.bulk_create(
        AnnouncedDay(category_id=code, date=DAY, complete=True) for code in days.list_categories()
    )
    with ReplayServer(collection, DAY) as running:
        settings.ARXIV_RSS_URL = running.rss_url
        settings.ARXIV_API_URL = running.api_url
        settings.ARXIV_OAI_URL = running.oai_url
        yield running


def look(path: str) -> tuple[int, str]:
    response = Browser().get(path)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("path", ["/arxiv/2608.00001", "/arxiv/2608.00001v1"])
def test_a_paper_that_is_not_here_is_fetched_and_its_page_fills_itself_in(path: str) -> None:
    response = Browser().get(path)
    assert response.status_code == 202
    assert response["Cache-Control"] == "no-store"
    body = response.content.decode()
    assert '<meta http-equiv="refresh" content="5">' in body
    assert '<meta name="robots" content="noindex">' in body
    rounds.fetch_due(timedelta(minutes=5))
    status, body = look(path)
    assert status == 200
    assert "On the matter of 2608.00001" in body
    assert "http-equiv" not in body


def test_papers_of_the_old_form_come_too() -> None:
    assert look("/arxiv/hep-th/9901001")[0] == 202
    rounds.fetch_due(timedelta(minutes=5))
    assert look("/arxiv/hep-th/9901001")[0] == 200


def test_a_paper_that_arxiv_does_not_have_becomes_a_clear_404(reading: StandingClock) -> None:
    assert look("/arxiv/2608.04242")[0] == 202
    rounds.fetch_due(timedelta(minutes=5))
    assert look("/arxiv/2608.04242")[0] == 202
    reading.time += timedelta(minutes=2)
    rounds.fetch_due(timedelta(minutes=5))
    status, body = look("/arxiv/2608.04242")
    assert status == 404
    assert "arXiv has no paper 2608.04242" in body
    assert "http-equiv" not in body


def test_a_paper_of_a_month_to_come_is_a_404_at_once() -> None:
    status, body = look("/arxiv/2710.00001")
    assert status == 404
    assert "2027-10" in body
    assert not Wanted.objects.exists()


def test_an_arxiv_that_does_not_answer_is_said(server: ReplayServer) -> None:
    server.add_fault("503@api")
    look("/arxiv/2608.00001")
    rounds.fetch_due(timedelta(minutes=5))
    status, body = look("/arxiv/2608.00001")
    assert status == 202
    assert "arXiv does not answer at the moment" in body


def test_a_full_queue_asks_the_reader_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demand, "MOST_WAITING", 1)
    look("/arxiv/2608.00001")
    response = Browser().get("/arxiv/2608.00011")
    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert response["Cache-Control"] == "no-store"


def test_a_hidden_paper_stays_hidden_and_is_not_asked_for() -> None:
    look("/arxiv/2608.00001")
    rounds.fetch_due(timedelta(minutes=5))
    Paper.objects.update(hidden=True)
    assert look("/arxiv/2608.00001")[0] == 404
    assert not Wanted.objects.exists()
