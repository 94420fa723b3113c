"""POST /interest: what a browser tells of its reader."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers import interest
from papers.models import PaperCounter
from tests.papers.factory import make_record, store

pytestmark = pytest.mark.usefixtures("reading")

WORD = "0123456789abcdef" * 2
OPENED = {"paper": "2608.00001", "did": "open", "reader": WORD}


@pytest.fixture(autouse=True)
def awake() -> None:
    interest.outage.end()


def tell(said: dict[str, str], **headers: str) -> int:
    headers = headers or {"Sec-Fetch-Site": "same-origin"}
    response = Client(enforce_csrf_checks=True).post("/interest", said, headers=headers)
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    return response.status_code


def count() -> tuple[int, int]:
    interest.flush()
    return PaperCounter.objects.values_list("opens", "stars").first() or (0, 0)


def test_what_a_reader_does_is_answered_with_nothing_and_asks_no_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    store(make_record())
    with django_assert_num_queries(0):
        assert tell(OPENED) == 204
        assert tell(OPENED) == 204
        assert tell({**OPENED, "did": "star"}) == 204
    assert count() == (1, 1)
    metrics = Client().get("/metrics").content.decode()
    assert "coolpapers_opens_total 1\n" in metrics
    assert "coolpapers_stars 1\n" in metrics


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 204),
        ({"Origin": "http://testserver"}, 204),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "http://testserver.elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Accept": "*/*"}, 403),
    ],
)
def test_other_sites_cannot_count_by_their_visitors(headers: dict[str, str], status: int) -> None:
    store(make_record())
    assert tell(OPENED, **headers) == status
    assert count() == ((1, 0) if status == 204 else (0, 0))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {**OPENED, "did": "love"},
        {**OPENED, "paper": "cs.AI"},
        {**OPENED, "paper": "2608.00001\0"},
        {**OPENED, "paper": "2613.00001"},
        {**OPENED, "reader": "ada@example.org"},
        {**OPENED, "reader": WORD + "0"},
        {**OPENED, "reader": "x" * 600},
        {**OPENED, "more": "x" * 600},
    ],
)
def test_what_no_page_sends_is_refused(said: dict[str, str]) -> None:
    assert tell(said) == 400


def test_only_posts_count(client: Client) -> None:
    assert client.get("/interest").status_code == 405
