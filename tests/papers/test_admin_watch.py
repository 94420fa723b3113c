"""The administrators' pages by which they watch over the days, through their addresses."""

from html import unescape

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from papers import schedule, tasks
from papers.ingest import check
from papers.models import Alarm, DayCheck, Holiday, Wanted
from tests.papers.factory import MONDAY, NOW, SATURDAY, TUESDAY, announce, make_records

pytestmark = pytest.mark.usefixtures("reading")

CHECKS = "/admin/papers/daycheck/"


@pytest.fixture(autouse=True)
def deaf_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is to work here, whatever the worker is told."""
    monkeypatch.setattr(tasks.fetch_due, "apply_async", lambda **_how: None)


def read(client: Client, table: str) -> str:
    response = client.get(reverse(f"admin:papers_{table}_changelist"))
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def test_the_checks_show_the_days_as_readers_see_them(admin_client: Client) -> None:
    announce(MONDAY, "cs.AI", make_records(3))
    DayCheck.objects.create(date=MONDAY, complete=True, repaired=2, planned_at=NOW)
    DayCheck.objects.create(date=TUESDAY, attempts=1, planned_at=NOW)
    html = read(admin_client, "daycheck")
    assert "1 of 3 listings complete" in html
    assert "✓ complete" in html and "✗ missing" in html
    assert "2 left out by the feeds and repaired" in html
    assert 'name="check_day" value="2026-08-11"' in html
    assert 'value="2026-08-09"' not in html


def test_a_day_is_checked_and_repaired_by_its_button(admin_client: Client) -> None:
    DayCheck.objects.create(date=MONDAY, complete=True)
    response = admin_client.post(CHECKS, {"check_day": "2026-08-10"}, follow=True)
    assert "Mon 10 Aug 2026 is due again." in response.content.decode()
    asked = DayCheck.objects.get()
    assert not asked.complete and asked.next_check_at == NOW


def test_a_day_from_before_the_site_is_checked_alone(admin_client: Client) -> None:
    check.plan_checks()
    before = set(DayCheck.objects.values_list("date", flat=True))
    admin_client.post(CHECKS, {"check_day": "2026-07-23"})
    asked = DayCheck.objects.get(date="2026-07-23")
    assert asked.next_check_at == NOW and not asked.complete
    check.plan_checks()
    assert set(DayCheck.objects.values_list("date", flat=True)) == {*before, asked.date}
    assert "not kept" in read(admin_client, "daycheck")


@pytest.mark.parametrize("text", ["", "yesterday", SATURDAY.isoformat()])
def test_what_is_no_past_day_is_not_checked(admin_client: Client, text: str) -> None:
    response = admin_client.post(CHECKS, {"check_day": text}, follow=True)
    assert "No listing of this date can be checked." in response.content.decode()
    assert not DayCheck.objects.exists()


def test_who_may_only_look_finds_no_button_and_cannot_ask(client: Client) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_daycheck"))
    client.force_login(viewer)
    assert 'name="check_day"' not in read(client, "daycheck")
    assert client.post(CHECKS, {"check_day": "2026-08-10"}).status_code == 403
    assert not DayCheck.objects.exists()


def test_a_holiday_is_added_by_its_form(admin_client: Client) -> None:
    assert "To come: Mon 7 Sep 2026 Labor Day" in read(admin_client, "holiday")
    values = {"date": "2026-08-13", "name": "A day of rest", "deferred": "on"}
    admin_client.post(reverse("admin:papers_holiday_add"), values)
    assert Holiday.objects.get().deferred
    assert "A day of rest" in schedule.list_holidays().values()
    assert "To come: Thu 13 Aug 2026 A day of rest" in read(admin_client, "holiday")


def test_an_absent_paper_is_asked_for_again_by_an_action(admin_client: Client) -> None:
    row = Wanted.objects.create(
        identifier="2608.04242", state="absent", asked_at=NOW, next_try_at=NOW, misses=2
    )
    response = admin_client.post(
        reverse("admin:papers_wanted_changelist"),
        {"action": "ask_again", "_selected_action": [row.pk]},
        follow=True,
    )
    assert "1 paper is asked for again." in response.content.decode()
    row.refresh_from_db()
    assert (row.state, row.misses, row.next_try_at) == ("waiting", 0, NOW)


def test_alarms_are_listed_and_not_rewritten(admin_client: Client) -> None:
    Alarm.objects.create(subject="day 2026-08-11", text="Not complete.", raised_at=NOW)
    assert "Not complete." in read(admin_client, "alarm")
    assert admin_client.get(reverse("admin:papers_alarm_add")).status_code == 403
