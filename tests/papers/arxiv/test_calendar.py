from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coolpapers.clock import EASTERN
from papers.arxiv import calendar
from papers.arxiv.calendar import Absence, Reason

dates = st.dates(date(1991, 9, 1), date(2060, 1, 1))


def eastern(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("listed", "opening", "closing"),
    [
        (date(2026, 8, 11), eastern(2026, 8, 7, 14), eastern(2026, 8, 10, 14)),  # a Tuesday
        (date(2026, 8, 12), eastern(2026, 8, 10, 14), eastern(2026, 8, 11, 14)),
        (date(2026, 8, 14), eastern(2026, 8, 12, 14), eastern(2026, 8, 13, 14)),
        (date(2026, 8, 17), eastern(2026, 8, 13, 14), eastern(2026, 8, 14, 14)),  # a Monday
    ],
)
def test_a_listing_date_has_the_window_arxiv_publishes(
    listed: date, opening: datetime, closing: datetime
) -> None:
    window = calendar.submission_window(listed)
    assert (window.start, window.end) == (opening, closing)
    assert window.start.tzinfo is UTC


def test_a_window_recorded_by_arxiv_agrees() -> None:
    # "received from Wed 15 Mar 23 18:00:00 GMT to Thu 16 Mar 23 18:00:00 GMT", mailed on Friday.
    window = calendar.submission_window(date(2023, 3, 17))
    assert window.start == datetime(2023, 3, 15, 18, tzinfo=UTC)
    assert window.end == datetime(2023, 3, 16, 18, tzinfo=UTC)


def test_closing_is_at_14_eastern_on_both_sides_of_a_change_of_the_clocks() -> None:
    window = calendar.submission_window(date(2026, 3, 10))  # clocks went forward on the 8th
    assert window.start == datetime(2026, 3, 6, 19, tzinfo=UTC)
    assert window.end == datetime(2026, 3, 9, 18, tzinfo=UTC)
    window = calendar.submission_window(date(2026, 11, 3))  # and back on the 1st
    assert window.end - window.start == timedelta(days=3, hours=1)


@given(dates)
def test_windows_touch_and_no_submission_is_lost(day: date) -> None:
    day = calendar.next_listing_date(day)
    window = calendar.submission_window(day)
    assert calendar.submission_window(calendar.next_listing_date(day)).start == window.end
    assert calendar.submission_window(calendar.previous_listing_date(day)).end == window.start


@given(dates, st.times())
def test_a_submission_is_listed_on_the_date_whose_window_holds_it(day: date, hour: time) -> None:
    submitted = datetime.combine(day, hour, UTC)
    listed = calendar.listing_date_of(submitted)
    window = calendar.submission_window(listed)
    assert window.start <= submitted < window.end


def test_a_second_at_closing_time_belongs_to_the_next_listing() -> None:
    closing = eastern(2026, 8, 10, 14)
    assert calendar.listing_date_of(closing - timedelta(seconds=1)) == date(2026, 8, 11)
    assert calendar.listing_date_of(closing) == date(2026, 8, 12)


def test_a_submission_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar.listing_date_of(eastern(2026, 8, 10).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 15), Absence(Reason.WEEKEND)),
        (date(1991, 8, 1), Absence(Reason.BEFORE_ARXIV)),
        (date(2026, 11, 27), Absence(Reason.HOLIDAY, "Thanksgiving", date(2026, 11, 26))),
        (date(2026, 12, 28), Absence(Reason.HOLIDAY, "Christmas Day", date(2026, 12, 25))),
        (date(2026, 11, 26), None),
        (date(2026, 12, 25), None),
    ],
)
def test_a_date_without_a_listing_says_why(day: date, expected: Absence | None) -> None:
    assert calendar.explain_absence(day) == expected


@pytest.mark.parametrize(
    ("holiday", "shown", "absent", "doubled"),
    [
        # Seen in arXiv's listings: present, none, and one with twice as many papers.
        (date(2025, 6, 19), date(2025, 6, 19), date(2025, 6, 20), date(2025, 6, 23)),
        (date(2025, 7, 4), date(2025, 7, 4), date(2025, 7, 7), date(2025, 7, 8)),
        (date(2025, 9, 1), date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 3)),
        (date(2026, 1, 19), date(2026, 1, 19), date(2026, 1, 20), date(2026, 1, 21)),
        (date(2026, 6, 19), date(2026, 6, 19), date(2026, 6, 22), date(2026, 6, 23)),
    ],
)
def test_on_a_deferred_day_nothing_closes_and_the_next_window_is_longer(
    holiday: date, shown: date, absent: date, doubled: date
) -> None:
    assert calendar.is_listing_date(shown)
    assert not calendar.is_listing_date(absent)
    assert calendar.next_listing_date(shown) == doubled
    during = datetime.combine(holiday, calendar.CLOSING, EASTERN) - timedelta(hours=2)
    assert calendar.listing_date_of(during) == doubled


def test_other_holidays_can_be_given() -> None:
    extra = {**calendar.HOLIDAYS, date(2026, 8, 11): "snow"}
    assert calendar.explain_absence(date(2026, 8, 12), extra) == Absence(
        Reason.HOLIDAY, "snow", date(2026, 8, 11)
    )
    assert calendar.submission_window(date(2026, 8, 13), extra).start == eastern(2026, 8, 10, 14)
    assert calendar.is_listing_date(date(2026, 11, 27), {})


def test_announcements_are_due_on_the_evening_before_in_eastern_time() -> None:
    monday = date(2026, 8, 17)
    assert calendar.announced_at(monday) == eastern(2026, 8, 16, 20)  # Sunday
    assert calendar.oai_due_at(monday) == eastern(2026, 8, 16, 22, 30)
    assert calendar.rss_due_at(monday) == datetime(2026, 8, 17, 4, tzinfo=UTC)
    assert calendar.rss_due_at(date(2026, 1, 6)) == datetime(2026, 1, 6, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "latest"),
    [
        (datetime(2026, 8, 11, 4, 0, tzinfo=UTC), date(2026, 8, 11)),
        (datetime(2026, 8, 11, 3, 59, tzinfo=UTC), date(2026, 8, 10)),
        (datetime(2026, 8, 16, 12, tzinfo=UTC), date(2026, 8, 14)),  # a Sunday
        (datetime(2026, 12, 28, 12, tzinfo=UTC), date(2026, 12, 25)),
    ],
)
def test_the_latest_listing_is_the_newest_whose_feed_is_due(now: datetime, latest: date) -> None:
    assert calendar.latest_listing_date(now) == latest


def test_listing_dates_of_a_week_are_its_five_weekdays() -> None:
    days = list(calendar.list_listing_dates(date(2026, 8, 9), date(2026, 8, 16)))
    assert days == [date(2026, 8, day) for day in range(10, 15)]


def test_there_is_no_listing_before_the_first_and_no_window_on_a_weekend() -> None:
    assert calendar.next_listing_date(date(1980, 1, 1)) == calendar.FIRST_DAY
    with pytest.raises(ValueError, match="no listing before"):
        calendar.previous_listing_date(calendar.FIRST_DAY)
    with pytest.raises(ValueError, match="no listing on"):
        calendar.submission_window(date(2026, 8, 15))
