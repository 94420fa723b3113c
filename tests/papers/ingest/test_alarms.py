"""Mail to administrators: once for what is wrong, once when it is over."""

from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from coolpapers import clock
from papers.arxiv import calendar
from papers.ingest import alarms, check
from papers.models import Alarm, AnnouncedDay, DayCheck, FetchRun

pytestmark = pytest.mark.django_db

TUESDAY = date(2026, 8, 11)
MIDNIGHT = calendar.rss_due_at(TUESDAY)


@pytest.fixture(autouse=True)
def administrators(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    settings.COOLPAPERS_ADMINS = ["ada@example.org", "emilie@example.org"]


def go_to(moment: datetime, times: int = 3) -> None:
    """Let it be that time, and tick some times."""
    for tick in range(times):
        clock.set_clock(clock.Clock(moment + timedelta(seconds=10 * tick), rate=0.001))
        alarms.watch()


def plan() -> None:
    """The site has run for long: all days before are complete, Tuesday is planned at midnight."""
    clock.set_clock(clock.Clock(MIDNIGHT + timedelta(seconds=10)))
    check.plan_checks()
    DayCheck.objects.filter(date__lt=TUESDAY).update(complete=True)


def fail(source: str, moment: datetime, outcome: str = "failed") -> None:
    FetchRun.objects.create(
        source=source,
        asked="cs.AI",
        started_at=moment,
        finished_at=moment,
        outcome=outcome,
        error="503" if outcome == "failed" else "",
    )


def test_a_day_still_incomplete_four_hours_after_its_feeds_is_told_once() -> None:
    plan()
    AnnouncedDay.objects.create(date=TUESDAY, category_id="cs.AI", complete=False)
    go_to(MIDNIGHT + timedelta(hours=3, minutes=55))
    assert mail.outbox == []
    go_to(MIDNIGHT + timedelta(hours=4, minutes=1))
    go_to(MIDNIGHT + timedelta(hours=9))
    (message,) = mail.outbox
    assert message.to == ["ada@example.org", "emilie@example.org"]
    assert "2026-08-11" in message.subject
    assert "Unfinished categories: 1" in message.body


def test_a_day_that_is_complete_in_time_is_not_told() -> None:
    plan()
    DayCheck.objects.update(complete=True)
    go_to(MIDNIGHT + timedelta(hours=5))
    assert mail.outbox == []


def test_it_is_told_once_when_the_day_is_complete_after_all() -> None:
    plan()
    go_to(MIDNIGHT + timedelta(hours=5))
    DayCheck.objects.update(complete=True)
    go_to(MIDNIGHT + timedelta(hours=6))
    go_to(MIDNIGHT + timedelta(hours=7))
    assert [m.subject for m in mail.outbox] == [
        "Coolpapers: something is wrong: day 2026-08-11",
        "Coolpapers: over again: day 2026-08-11",
    ]
    assert "Over since 2026-08-11 10:00 UTC" in mail.outbox[1].body


def test_another_day_is_told_by_itself() -> None:
    plan()
    go_to(MIDNIGHT + timedelta(hours=5))
    clock.set_clock(clock.Clock(MIDNIGHT + timedelta(hours=24, seconds=10)))
    check.plan_checks()
    go_to(MIDNIGHT + timedelta(hours=29))
    assert [m.subject.rpartition(" ")[2] for m in mail.outbox] == ["2026-08-11", "2026-08-12"]


def test_days_of_an_outage_get_an_hour_to_come_in_and_are_told_together() -> None:
    plan()
    DayCheck.objects.update(complete=True)
    back = MIDNIGHT + timedelta(days=3, hours=12)
    clock.set_clock(clock.Clock(back))
    check.plan_checks()
    go_to(back + timedelta(minutes=50))
    assert mail.outbox == []
    go_to(back + timedelta(minutes=65))
    assert len(mail.outbox) == 1
    assert Alarm.objects.count() == 3


def test_a_source_that_failed_all_day_is_told_once_and_when_it_answers_again() -> None:
    now = MIDNIGHT + timedelta(hours=12)
    for hour in range(0, 30, 2):
        fail("oai", now - timedelta(hours=hour))
    fail("rss", now, "complete")
    go_to(now + timedelta(minutes=1))
    go_to(now + timedelta(hours=1))
    (message,) = mail.outbox
    assert message.subject.endswith("source oai")
    assert "503" in message.body
    fail("oai", now + timedelta(hours=2), "incomplete")
    go_to(now + timedelta(hours=3))
    assert [m.subject for m in mail.outbox][1:] == ["Coolpapers: over again: source oai"]


@pytest.mark.parametrize(
    ("hours", "success"),
    [
        ([0, 2, 4, 6, 8], None),  # since this morning only
        ([0, 60], None),  # over a weekend nothing was asked
        ([0, 5, 10, 15, 20, 23], 12),  # it answered in between
        ([10, 15, 20, 23], None),  # nothing has been asked for hours
    ],
)
def test_what_is_less_than_a_day_of_failures_is_not_told(
    hours: list[int], success: int | None
) -> None:
    now = MIDNIGHT + timedelta(hours=12)
    for hour in hours:
        fail("rss", now - timedelta(hours=hour))
    if success is not None:
        fail("rss", now - timedelta(hours=success), "complete")
    go_to(now + timedelta(minutes=1))
    assert mail.outbox == []


def test_a_message_that_cannot_be_sent_is_sent_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise SMTPServerDisconnected("not now")

    plan()
    with monkeypatch.context() as broken:
        broken.setattr(alarms, "send_mail", refuse)
        go_to(MIDNIGHT + timedelta(hours=5))
    go_to(MIDNIGHT + timedelta(hours=5, minutes=5))
    assert mail.outbox == []
    go_to(MIDNIGHT + timedelta(hours=5, minutes=20))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("missing", ["EMAIL_HOST", "COOLPAPERS_ADMINS"])
def test_without_mail_the_log_is_told_once(
    settings: Settings, caplog: pytest.LogCaptureFixture, missing: str
) -> None:
    setattr(settings, missing, "" if missing == "EMAIL_HOST" else [])
    plan()
    go_to(MIDNIGHT + timedelta(hours=5))
    assert mail.outbox == []
    told = [r for r in caplog.records if r.name == "papers.ingest.alarms"]
    assert [r.levelname for r in told] == ["WARNING"]


def test_a_tick_with_nothing_new_costs_few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    plan()
    go_to(MIDNIGHT + timedelta(hours=5))
    with django_assert_max_num_queries(7):
        alarms.watch()
