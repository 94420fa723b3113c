"""Holidays as administrators correct them: wherever the calendar is asked, the correction holds."""

from datetime import date, timedelta

import pytest
from django.test import Client as Browser

from papers import schedule
from papers.arxiv import calendar
from papers.ingest import check, rounds
from papers.ingest import day as days
from papers.models import AnnouncedDay, DayCheck, Holiday
from papers.queries import installation
from tests.papers.conftest import StandingClock

MONDAY, TUESDAY, WEDNESDAY = date(2026, 8, 10), date(2026, 8, 11), date(2026, 8, 12)
# Nothing closed on Friday 2026-06-19, so there was no listing on the Monday after.
JUNETEENTH, MONDAY_AFTER = date(2026, 6, 19), date(2026, 6, 22)


@pytest.fixture
def wednesday(reading: StandingClock) -> StandingClock:
    reading.time = calendar.rss_due_at(WEDNESDAY) + timedelta(minutes=10)
    return reading


def close_tuesday() -> None:
    """Nothing closes on Tuesday: the listing of Wednesday does not take place."""
    Holiday.objects.create(date=TUESDAY, name="A day of rest")


@pytest.mark.django_db
def test_a_correction_adds_a_holiday_or_takes_one_away() -> None:
    close_tuesday()
    Holiday.objects.create(date=JUNETEENTH, name="not this year", deferred=False)
    found = schedule.list_holidays()
    assert found[TUESDAY] == "A day of rest"
    assert JUNETEENTH not in found
    assert calendar.is_listing_date(MONDAY_AFTER, found)
    assert set(calendar.HOLIDAYS) - set(found) == {JUNETEENTH}


def test_on_a_holiday_nothing_is_fetched_and_nothing_expected(wednesday: StandingClock) -> None:
    check.plan_checks()
    AnnouncedDay.objects.create(date=WEDNESDAY, category_id="cs.AI")
    assert rounds._list_due_categories()
    close_tuesday()
    assert days.latest_day() == TUESDAY
    assert not rounds._list_due_categories()
    check.plan_checks()
    assert not DayCheck.objects.filter(date=WEDNESDAY).exists()
    assert not AnnouncedDay.objects.filter(date=WEDNESDAY).exists()


def test_a_day_that_has_a_listing_after_all_is_planned(wednesday: StandingClock) -> None:
    close_tuesday()
    check.plan_checks()
    wednesday.time += timedelta(days=1)
    check.plan_checks()
    assert not DayCheck.objects.filter(date=WEDNESDAY).exists()
    Holiday.objects.update(deferred=False)
    check.plan_checks()
    assert DayCheck.objects.filter(date=WEDNESDAY).exists()


def test_a_day_fetched_by_hand_years_back_begins_no_plan(wednesday: StandingClock) -> None:
    DayCheck.objects.create(date=date(2020, 1, 2), complete=True)
    check.plan_checks()
    assert DayCheck.objects.count() == 1 + check.FIRST_DAYS


def test_pages_name_the_holiday_at_once(wednesday: StandingClock) -> None:
    address = f"/arxiv/cs.AI?date={WEDNESDAY}"
    assert "A day of rest" not in Browser().get(address).content.decode()
    before = installation.read_generation()
    close_tuesday()
    assert installation.read_generation() != before
    assert "A day of rest" in Browser().get(address).content.decode()
