"""/status: the last thirty days as a calendar, with reasons."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.ingest import check
from papers.models import DayCheck, Holiday
from tests.papers.conftest import StandingClock
from tests.papers.factory import MONDAY, NOW, TUESDAY, WEDNESDAY, announce, make_records

pytestmark = pytest.mark.usefixtures("reading")

FRIDAY_BEFORE = date(2026, 8, 7)


def read(client: Client) -> str:
    response = client.get("/status")
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def say(html: str, name: str) -> str:
    """What the list says of a day."""
    found = re.search(rf"<li class=\"[a-z]+\"> <(?:a|span)[^>]*>{name}<.*?</li>", html)
    assert found, name
    return " ".join(re.sub("<[^>]*>", " ", found[0]).split())


def settle(day: date, **fields: object) -> None:
    defaults = {"complete": True, "planned_at": NOW, "attempts": 1, "checked_at": NOW, **fields}
    DayCheck.objects.update_or_create(date=day, defaults=defaults)


def test_each_day_is_said_with_its_reason(client: Client) -> None:
    settle(FRIDAY_BEFORE, complete=False, attempts=3, reason=check.LAGGING)
    announce(MONDAY, "cs.AI", make_records(3, "cs.AI"))
    settle(MONDAY, repaired=2, checked_at=datetime(2026, 8, 10, 4, 12, tzinfo=UTC))
    announce(TUESDAY, "cs.AI", make_records(2, "cs.AI", first=11), missing=["2608.00099v1"])
    settle(TUESDAY, complete=False, next_check_at=NOW + timedelta(minutes=20))
    settle(WEDNESDAY, complete=False, attempts=0, checked_at=None)
    html = read(client)
    assert say(html, "Mon 10 Aug 2026") == (
        "Mon 10 Aug 2026 complete · 3 papers · 2 left out by the feeds and repaired · "
        "checked 04:12 UTC"
    )
    assert say(html, "Tue 11 Aug 2026") == (
        "Tue 11 Aug 2026 partial · 2 papers · 1 announced and not here · unfinished: cs.AI · "
        "checking again at 06:20 UTC"
    )
    assert say(html, "Wed 12 Aug 2026") == "Wed 12 Aug 2026 being fetched · checking again soon"
    assert say(html, "Fri 7 Aug 2026").startswith(
        "Fri 7 Aug 2026 missing · arXiv's second source does not have this day's papers yet"
    )
    assert say(html, "Sat 8 Aug 2026") == (
        "Sat 8 Aug 2026 none expected · no announcement on Saturdays"
    )
    assert say(html, "Thu 6 Aug 2026") == "Thu 6 Aug 2026 not kept · before this site began"
    assert "1 of 4 listings complete" in html
    assert "date=2026-08-10" in html


def test_a_holiday_is_named(client: Client) -> None:
    Holiday.objects.create(date=MONDAY, name="A day of rest")
    assert say(read(client), "Tue 11 Aug 2026") == (
        "Tue 11 Aug 2026 none expected · arXiv closed for A day of rest"
    )


def test_a_listing_date_that_nobody_planned_is_missing(client: Client) -> None:
    settle(MONDAY)
    settle(WEDNESDAY)
    assert say(read(client), "Tue 11 Aug 2026") == "Tue 11 Aug 2026 missing"


def test_without_a_worker_the_site_begins_with_the_first_check(client: Client) -> None:
    settle(MONDAY, planned_at=None)
    settle(WEDNESDAY, planned_at=None)
    html = read(client)
    assert say(html, "Tue 11 Aug 2026") == "Tue 11 Aug 2026 missing"
    assert say(html, "Fri 7 Aug 2026").endswith("before this site began")


def test_days_of_an_imported_history_are_complete_without_a_check(client: Client) -> None:
    announce(MONDAY, "cs.AI", make_records(1, "cs.AI"))
    assert say(read(client), "Mon 10 Aug 2026").startswith("Mon 10 Aug 2026 complete · 1 paper")


def test_the_calendar_has_whole_weeks_and_thirty_days(client: Client) -> None:
    html = read(client)
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    assert [week.count("<td") for week in body.split("<tr>")[1:]] == [7] * 5
    assert len(re.findall(r"<td class", body)) == 30


def test_an_unsettled_status_is_kept_briefly_and_a_settled_one_longer(
    client: Client, reading: StandingClock
) -> None:
    settle(WEDNESDAY, complete=False)
    assert "max-age=10" in client.get("/status")["Cache-Control"]
    settle(WEDNESDAY)
    settle(date(2026, 7, 14))
    DayCheck.objects.bulk_create(
        [
            DayCheck(date=WEDNESDAY - timedelta(days=days), complete=True, planned_at=NOW)
            for days in range(1, 29)
        ]
    )
    reading.time += timedelta(hours=24)
    DayCheck.objects.create(date=WEDNESDAY + timedelta(days=1), complete=True)
    assert "max-age=60" in client.get("/status")["Cache-Control"]


def test_more_papers_need_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    announce(MONDAY, "cs.AI", make_records(5, "cs.AI"))
    with django_assert_num_queries(6):
        client.get("/status")
    for number, category in enumerate(("cs.CL", "cs.LG", "stat.ML")):
        announce(TUESDAY, category, make_records(20, category, first=100 + 20 * number))
    with django_assert_num_queries(6):
        client.get("/status")
