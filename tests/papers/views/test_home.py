"""The home page."""

from datetime import UTC, datetime

import pytest
from django.test import Client

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
    assert "Tue 11 Aug 1 paper" in text
    assert "Mon 10 Aug 4 papers" in text
    assert 'href="/arxiv/cs.CL,cs.LG,cs.AI,cs.CV?date=2026-08-11"' in html


def test_every_category_is_one_link_away(client: Client) -> None:
    html = get(client, "/")
    for code in [*list_categories(), "cs", "math"]:
        assert f'href="/arxiv/{code}"' in html


def test_on_a_weekend_the_last_day_is_shown(client: Client, reading: StandingClock) -> None:
    reading.time = datetime(2026, 8, 16, 12, tzinfo=UTC)
    assert "Friday, 14 August 2026" in text_of(get(client, "/"))
    assert not AnnouncedDay.objects.exists()
