"""The administrators' pages, through their addresses."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError
from pytest_django import DjangoAssertNumQueries, Settings

from papers import documents, tasks
from papers.arxiv.records import Author
from papers.forms import read_authors, write_authors
from papers.models import AnnouncedDay, Category, DayCheck, FetchRun, Paper, PaperCounter
from tests.papers.factory import MONDAY, NOW, TUESDAY, announce, make_record, make_records, store

pytestmark = pytest.mark.usefixtures("reading")

TABLES = [
    "category", "paper", "announcement", "announcedday", "daycheck", "fetchrun", "papercounter",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Settings) -> None:
    settings.COOLPAPERS_INDEX = tmp_path / "index"
    documents.index.cache_clear()


def list_of(client: Client, table: str, **parameters: str) -> str:
    response = client.get(reverse(f"admin:papers_{table}_changelist"), parameters)
    assert response.status_code == 200
    return unescape(response.content.decode())


def change_address(paper: Paper) -> str:
    return reverse("admin:papers_paper_change", args=[paper.pk])


def read_form(client: Client, paper: Paper) -> dict[str, Any]:
    """What a browser would send if the form were saved as it is."""
    form = client.get(change_address(paper)).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    for name in ("submitted_at", "updated_at"):
        moment = values.pop(name)
        values[f"{name}_0"] = f"{moment:%Y-%m-%d}" if moment else ""
        values[f"{name}_1"] = f"{moment:%H:%M:%S}" if moment else ""
    values["categories"] = ",".join(paper.categories)
    values |= {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def run_action(client: Client, table: str, name: str, *rows: Any) -> str:
    response = client.post(
        reverse(f"admin:papers_{table}_changelist"),
        {"action": name, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize("table", TABLES)
def test_every_table_can_be_looked_at_and_nothing_added_or_deleted(
    admin_client: Client, table: str
) -> None:
    announce(TUESDAY, "cs.AI", make_records(2))
    FetchRun.objects.create(source="rss", asked="cs.AI", started_at=NOW, error="x" * 900)
    DayCheck.objects.create(date=TUESDAY)
    PaperCounter.objects.create(paper=Paper.objects.all()[0], opens=1)
    html = list_of(admin_client, table)
    assert "delete_selected" not in html
    assert admin_client.get(reverse(f"admin:papers_{table}_add")).status_code == 403


def test_a_paper_cannot_be_deleted(admin_client: Client) -> None:
    store(make_record())
    address = reverse("admin:papers_paper_delete", args=[Paper.objects.get().pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert Paper.objects.count() == 1


@pytest.mark.parametrize("table", ["announcement", "fetchrun", "category"])
def test_what_happened_is_not_rewritten(admin_client: Client, table: str) -> None:
    announce(TUESDAY, "cs.AI", make_records(1))
    run = FetchRun.objects.create(source="rss", asked="cs.AI", started_at=NOW)
    row = {
        "announcement": Paper.objects.get().announcements.get(),
        "fetchrun": run,
        "category": Category.objects.get(pk="cs.AI"),
    }[table]
    address = reverse(f"admin:papers_{table}_change", args=[row.pk])
    assert admin_client.get(address).status_code == 200
    assert admin_client.post(address, {"asked": "other"}).status_code == 403


def test_a_correction_by_form_is_kept_from_fetches(admin_client: Client) -> None:
    store(make_record(authors=(Author("Ada Lovelace"), Author("Erwin", ("Vienna", "Dublin")))))
    paper = Paper.objects.get()
    form = read_form(admin_client, paper)
    assert form["author_lines"] == "Ada Lovelace\nErwin | Vienna; Dublin"
    form |= {"author_lines": "Ada Love\u202elace | London\r\n\r\nErwin"}
    form |= {"title": "A  better\r\n\u202atitle"}
    response = admin_client.post(change_address(paper), form, follow=True)
    assert "Later fetches leave alone: title, authors." in unescape(response.content.decode())
    store(make_record(version=2, title="Worse", abstract="Second"))
    paper.refresh_from_db()
    assert (paper.title, paper.abstract) == ("A better title", "Second")
    assert paper.authors == [
        {"name": "Ada Lovelace", "affiliations": ["London"]},
        {"name": "Erwin", "affiliations": []},
    ]
    assert paper.corrected == ["authors", "title"]


def test_saving_without_a_change_corrects_nothing(admin_client: Client) -> None:
    store(make_record(comments="12 pages"))
    paper = Paper.objects.get()
    response = admin_client.post(change_address(paper), read_form(admin_client, paper))
    assert response.status_code == 302
    assert Paper.objects.get().corrected == []
    assert Paper.objects.get().change_seq == paper.change_seq


def test_a_form_that_was_overtaken_is_refused(admin_client: Client) -> None:
    store(make_record())
    paper = Paper.objects.get()
    form = read_form(admin_client, paper) | {"title": "By hand"}
    store(make_record(version=2, title="Second"))
    response = admin_client.post(change_address(paper), form)
    assert "changed this paper after you opened it" in response.content.decode()
    assert Paper.objects.get().title == "Second"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("author_lines", "Ada\n | Vienna", "Line 2 has no name."),
        ("author_lines", "x" * 400, "The name in line 1 is too long"),
        ("categories", "cs.AI,cs.XX", "arXiv has no category “cs.XX”. Near: cs."),
        ("categories", "cs.CL", "The primary category has to be among them."),
        ("primary_category", "nonsense", "arXiv has no category “nonsense”"),
        ("title", "", "This field is required."),
    ],
)
def test_a_wrong_correction_says_what_is_wrong(
    admin_client: Client, field: str, value: str, said: str
) -> None:
    store(make_record())
    paper = Paper.objects.get()
    form = read_form(admin_client, paper) | {field: value}
    response = admin_client.post(change_address(paper), form)
    assert said in unescape(response.content.decode())
    assert Paper.objects.get().corrected == []


def test_aliases_typed_by_hand_are_merged(admin_client: Client) -> None:
    store(make_record("2608.00001", "math.NA", "cs.AI"))
    paper = Paper.objects.get()
    form = read_form(admin_client, paper) | {"categories": "cs.na, CS.AI, math.NA"}
    admin_client.post(change_address(paper), form)
    assert Paper.objects.get().categories == ["math.NA", "cs.AI"]


def test_papers_are_hidden_shown_and_released_by_actions(admin_client: Client) -> None:
    store(*make_records(3))
    one, two, _three = Paper.objects.order_by("pk")
    assert "2 papers are hidden." in run_action(admin_client, "paper", "hide", one, two)
    assert Paper.objects.filter(hidden=True).count() == 2
    assert "1 paper is shown again." in run_action(admin_client, "paper", "show", one)
    Paper.objects.filter(pk=one.pk).update(corrected=["title"], title="By hand")
    said = run_action(admin_client, "paper", "release", one)
    assert "The corrections of 1 paper are dropped." in said


def test_counters_are_found_by_number_and_not_rewritten(admin_client: Client) -> None:
    store(*make_records(3))
    for stars, paper in enumerate(Paper.objects.order_by("identifier")):
        PaperCounter.objects.create(paper=paper, stars=stars)
    html = list_of(admin_client, "papercounter")
    assert html.index(">2608.00003<") < html.index(">2608.00002<") < html.index(">2608.00001<")
    found = list_of(admin_client, "papercounter", q="2608.00002")
    assert ">2608.00002<" in found
    assert ">2608.00001<" not in found
    address = reverse("admin:papers_papercounter_change", args=[paper.pk])
    assert admin_client.post(address, {"stars": 1_000}).status_code == 403


def test_papers_are_found_by_number_category_and_words(admin_client: Client) -> None:
    store(
        make_record("2608.00001", title="Quantum lattices"),
        make_record("2608.00002", "math.CO", title="Trees"),
    )
    assert "not ready" in list_of(admin_client, "paper", q="trees")
    call_command("index", "--rebuild")
    for typed, found in (
        ("2608.00001", "Quantum"),
        ("arXiv:2608.2", "Trees"),
        ("MATH.co", "Trees"),
        ("quantum", "Quantum"),
    ):
        html = list_of(admin_client, "paper", q=typed)
        assert [name for name in ("Quantum", "Trees") if name in html] == [found]
    assert "Quantum" not in list_of(admin_client, "paper", q="nothing")


def test_papers_are_filtered(admin_client: Client) -> None:
    store(*make_records(2))
    Paper.objects.filter(identifier="2608.00001").update(corrected=["title"], hidden=True)
    for parameters in ({"corrected": "yes"}, {"hidden__exact": "1"}):
        html = list_of(admin_client, "paper", **parameters)
        assert "2608.00001" in html
        assert "2608.00002" not in html


@pytest.mark.parametrize("table", ["announcement", "announcedday"])
def test_days_are_found_by_date_and_category(admin_client: Client, table: str) -> None:
    announce(MONDAY, "cs.AI", make_records(1))
    announce(TUESDAY, "cs.CL", make_records(1, "cs.CL", first=7))
    for typed, rows in (("2026-08-11", 1), ("cs.ai", 1), ("2026-08-11 cs.AI", 0), ("what", 0)):
        html = list_of(admin_client, table, q=typed)
        assert html.count('class="action-select"') + html.count("field-position") == rows


def test_a_paper_has_its_announcements_found(admin_client: Client) -> None:
    announce(MONDAY, "cs.AI", make_records(2))
    html = list_of(admin_client, "announcement", q="2608.00002")
    assert html.count("field-position") == 1


def test_a_day_is_fetched_again_by_an_action(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(MONDAY, "cs.AI", make_records(1))
    hints: list[object] = []
    monkeypatch.setattr(tasks.fetch_due, "apply_async", lambda **how: hints.append(how))
    said = run_action(admin_client, "announcedday", "fetch_again", AnnouncedDay.objects.get())
    assert "1 day is due again." in said
    assert AnnouncedDay.objects.get().next_check_at == NOW
    assert DayCheck.objects.get().date == MONDAY


@pytest.mark.django_db(transaction=True)
def test_a_lost_broker_is_said_and_stops_nothing(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce(MONDAY, "cs.AI", make_records(1))

    def fail(**_how: object) -> None:
        raise OperationalError("nobody listens")

    monkeypatch.setattr(tasks.fetch_due, "apply_async", fail)
    said = run_action(admin_client, "announcedday", "fetch_again", AnnouncedDay.objects.get())
    assert "1 day is due again." in said
    assert "The worker could not be told (nobody listens)" in said


def test_the_fetch_runs_say_how_things_stand(admin_client: Client) -> None:
    FetchRun.objects.create(source="rss", asked="cs.AI", started_at=NOW, outcome="complete")
    html = list_of(admin_client, "fetchrun")
    assert "Wed 12 Aug 2026: 0 categories complete. Last fetch: cs.AI, 12 Aug 2026, 06:00" in html


def test_the_list_of_papers_never_counts_or_reads_all(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for first in (1, 11):
        store(*make_records(10, first=first))
        with django_assert_num_queries(4) as queries:
            list_of(admin_client, "paper")
    assert not any(
        "COUNT(*)" in query["sql"] and "LIMIT 10000" not in query["sql"]
        for query in queries.captured_queries
    )


def test_who_is_no_administrator_sees_nothing(client: Client) -> None:
    assert client.get(reverse("admin:papers_paper_changelist")).status_code == 302


def test_authors_are_written_and_read_the_same() -> None:
    authors = [
        {"name": "李 雷", "affiliations": ["A (B)", "C"]},
        {"name": "D (E)", "affiliations": []},
    ]
    assert read_authors(write_authors(authors)) == authors
