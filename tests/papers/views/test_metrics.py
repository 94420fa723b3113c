"""/metrics: what an operator watches, for those who may."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from pytest_django import DjangoAssertNumQueries, Settings

from coolpapers import clock
from papers.arxiv import calendar
from papers.arxiv.replay.server import ReplayServer
from papers.ingest import check, rounds
from papers.ingest import day as days
from papers.models import Paper, Wanted
from tests.papers.conftest import StandingClock
from tests.papers.ingest.collections import MONDAY, TUESDAY, paper, write_collection

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date.fromisoformat(TUESDAY)
_LINE = re.compile(r'[a-z_]+(\{([a-z]+="[^"]*",?)*\})? -?[0-9.e+]+')


@pytest.fixture
def server(tmp_path: Path, settings: Settings, reading: StandingClock) -> Iterator[ReplayServer]:
    collection = write_collection(
        tmp_path,
        {
            MONDAY: [paper("2608.00001", "cs.AI")],
            TUESDAY: [
                paper("2608.00011", "cs.AI", "cs.CL"),
                paper("2608.00012", "cs.CL"),
                paper("2608.00001", "cs.AI", kind="replace", version=2),
            ],
        },
    )
    reading.time = calendar.rss_due_at(DAY) + timedelta(minutes=30)
    with ReplayServer(collection, DAY) as running:
        settings.ARXIV_RSS_URL = running.rss_url
        settings.ARXIV_API_URL = running.api_url
        settings.ARXIV_OAI_URL = running.oai_url
        yield running


def read() -> dict[str, float]:
    response = Browser().get("/metrics")
    assert response.status_code == 200
    lines = response.content.decode().splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            assert _LINE.fullmatch(line), line
            name, _, value = line.rpartition(" ")
            found[name] = float(value)
    return found


def test_the_numbers_of_a_day_that_comes_in(server: ReplayServer, reading: StandingClock) -> None:
    before = read()
    assert before["coolpapers_latest_day_complete"] == 0
    assert before["coolpapers_announcement_lag_seconds"] == pytest.approx(4.5 * 3600, abs=60)
    check.plan_checks()
    assert read()["coolpapers_days_incomplete"] == 5
    server.add_fault("503=0@rss/cs.CL*1")
    with rounds.open_client() as client:
        days.sync_category(client, "cs.AI", DAY)
        days.sync_category(client, "cs.CL", DAY)
        check.check_days(client, [DAY])
    after = read()
    assert after['coolpapers_papers{source="arxiv"}'] == 3
    assert after['coolpapers_announced_papers{kind="new"}'] == 2
    assert after['coolpapers_announced_papers{kind="replace"}'] == 1
    assert after["coolpapers_latest_day_complete"] == 1
    assert after["coolpapers_days_incomplete"] == 4
    assert after['coolpapers_requests_last_day{source="rss",answer="200"}'] == 2
    assert after['coolpapers_requests_last_day{source="rss",answer="503"}'] == 1
    assert after['coolpapers_fetch_runs_last_day{source="rss",outcome="complete"}'] == 2
    assert after["coolpapers_gate_passages_total"] >= 4
    assert after["coolpapers_gate_wait_seconds_total"] >= 0
    lag = after["coolpapers_announcement_lag_seconds"]
    reading.time += timedelta(hours=9)
    assert read()["coolpapers_announcement_lag_seconds"] == lag


def test_a_request_without_an_answer_is_counted(server: ReplayServer) -> None:
    server.add_fault("reset@rss/cs.AI*1")
    with rounds.open_client() as client:
        days.sync_category(client, "cs.AI", DAY)
    assert read()['coolpapers_requests_last_day{source="rss",answer="none"}'] == 1


@pytest.mark.usefixtures("server")
def test_queues_wishes_and_the_index_are_watched() -> None:
    Wanted.objects.create(identifier="2608.00009", asked_at=clock.now(), next_try_at=clock.now())
    found = read()
    assert found['coolpapers_wanted_papers{state="waiting"}'] == 1
    assert found["coolpapers_redis_up"] == 1
    assert found['coolpapers_queue_length{queue="arxiv"}'] == 0
    assert found["coolpapers_index_up"] == 0


@pytest.mark.usefixtures("server")
def test_without_redis_the_rest_is_answered(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    found = read()
    assert found["coolpapers_redis_up"] == 0
    assert not any("queue_length" in name for name in found)
    assert "coolpapers_latest_day_complete" in found


@pytest.mark.usefixtures("server")
def test_metrics_are_not_there_for_strangers(settings: Settings) -> None:
    assert Browser(REMOTE_ADDR="203.0.113.5").get("/metrics").status_code == 404
    assert Browser(REMOTE_ADDR="192.168.1.2").get("/metrics").status_code == 200
    settings.METRICS_ALLOW = []
    assert Browser().get("/metrics").status_code == 404


@pytest.mark.usefixtures("server")
def test_the_number_of_queries_does_not_grow_with_the_papers(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    Paper.objects.bulk_create(
        Paper(identifier=f"2608.{n:05}", title="t", abstract="a", primary_category="cs.AI",
              categories=["cs.AI"])
        for n in range(1, 40)
    )  # fmt: skip
    with django_assert_max_num_queries(15):
        Browser().get("/metrics")
