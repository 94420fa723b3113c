"""The home page."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from papers.ingest.day import list_categories
from papers.models import AnnouncedDay
from tests.papers.conftest import StandingClock
from tests.papers.factory import MONDAY, TUESDAY, WEDNESDAY, announce, make_record, make_records
from tests.papers.views.test_listing import get, text_of

pytestmark = pytest.mark.usefixtures("reading")


def test_an_empty_site_says_what_is_coming(client: Client) -> None:
    text = text_of(get(client, "/"))
    assert "Wednesday, 12 August 2026 · nothing has come in yet" in text
    assert "cs.CL – Computation and Language still to come" in text


def test_the_first_categories_have_their_counts_and_the_rest_is_still_to_come(
    client: Client,
) -> None:
    announce(WEDNESDAY, "cs.CL", make_records(3, "cs.CL"))
    text = text_of(get(client, "/"))
    assert "cs.CL 3 Computation and Language Wed 12 Aug" in text
    assert "148 of 149 categories are still to come" in text


def test_a_complete_day_is_said_to_be_complete(client: Client) -> None:
    for code in list_categories():
        announce(WEDNESDAY, code, [])
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI"))
    text = text_of(get(client, "/"))
    assert "Wednesday, 12 August 2026 · all 149 categories complete 04:12 UTC" in text


def test_an_incomplete_category_shows_what_there_is_so_far(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI"), missing=["2608.00009v1"])
    assert "cs.AI 2 Artificial Intelligence Wed 12 Aug · so far" in text_of(get(client, "/"))


def test_the_latest_days_count_a_paper_once(client: Client) -> None:
    both = make_record("2608.00001", "cs.CL", "cs.AI")
    for category in ("cs.CL", "cs.AI"):
        announce(TUESDAY, category, [both])
    announce(MONDAY, "cs.LG", make_records(4, "cs.LG", first=50))
    html = get(client, "/")
    text = text_of(html)
    assert "Tue 11 Aug: 11 1 " in text
    assert "Mon 10 Aug: 10 4 " in text
    assert "All of them together, without repeats: 1 paper" in text
    assert 'href="/arxiv/cs.CL,cs.LG,cs.AI,cs.CV?date=2026-08-11"' in html


def test_a_choice_has_its_own_counts_without_what_is_excluded(client: Client) -> None:
    announce(WEDNESDAY, "cs.CL", [make_record("2608.00001", "cs.CL", "cs.CY")])
    announce(WEDNESDAY, "cs.CL", [make_record("2608.00002", "cs.CL")])
    response = client.get("/arxiv/cs.CL+math.CO-cs.CY/overview")
    html = response.content.decode()
    assert "All of them together, without repeats: 1 paper" in text_of(html)
    assert 'href="/arxiv/cs.CL+math.CO-cs.CY?date=2026-08-12"' in html
    assert "Combinatorics still to come" in text_of(html)
    assert response["X-Robots-Tag"] == "noindex"
    assert client.get("/arxiv/CS.cl/overview")["Location"] == "/arxiv/cs.CL/overview"


def test_each_category_of_a_choice_tells_its_days_at_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    announce(TUESDAY, "cs.CL", make_records(2, "cs.CL"))
    announce(WEDNESDAY, "cs.CL", make_records(3, "cs.CL", first=10))
    with CaptureQueriesContext(connection) as one:
        html = client.get("/arxiv/cs.CL/overview").content.decode()
    assert 'data-category="cs.CL" data-days="2026-08-11=2 2026-08-12=3"' in html
    with django_assert_num_queries(len(one)):
        html = client.get("/arxiv/cs.CL,cs.AI,cs.LG,math.CO/overview").content.decode()
    assert html.count("data-days") == 1


def test_the_form_has_three_states_for_every_category(client: Client) -> None:
    html = get(client, "/choose")
    for code in list_categories():
        assert html.count(f'name="{code}"') == 3, code
    assert text_of(get(client, "/")).count("Choose your categories") == 1


def test_without_scripts_the_form_leads_to_the_unions_address(client: Client) -> None:
    asked = "/choose?cs.AI=follow&cs.CL=&cs.CY=exclude&math.CO=follow&nonsense=follow"
    assert client.get(asked)["Location"] == "/arxiv/math.CO+cs.AI-cs.CY"
    assert client.get(f"/zh{asked}")["Location"] == "/zh/arxiv/math.CO+cs.AI-cs.CY"


def test_a_choice_of_nothing_or_too_much_is_explained(client: Client) -> None:
    nothing = client.get("/choose?cs.AI=exclude")
    assert nothing.status_code == 400
    assert "Choose at least one category to follow." in nothing.content.decode()
    too_much = "&".join(f"{code}=follow" for code in list_categories())
    assert client.get(f"/choose?{too_much}").status_code == 400


def test_the_home_page_costs_as_many_queries_whatever_has_come(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(20, "cs.AI"))
    announce(TUESDAY, "cs.CL", make_records(20, "cs.CL", first=40))
    with django_assert_max_num_queries(9):
        client.get("/")


def test_every_category_is_one_link_away(client: Client) -> None:
    html = get(client, "/")
    for code in [*list_categories(), "cs", "math"]:
        assert f'href="/arxiv/{code}"' in html


def test_on_a_weekend_the_last_day_is_shown(client: Client, reading: StandingClock) -> None:
    reading.time = datetime(2026, 8, 16, 12, tzinfo=UTC)
    assert "Friday, 14 August 2026" in text_of(get(client, "/"))
    assert not AnnouncedDay.objects.exists()
