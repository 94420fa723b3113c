"""Listings, through their addresses."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.arxiv.records import Author, Kind
from papers.models import AnnouncedDay, Announcement, FetchRun, Paper
from tests.papers.conftest import StandingClock
from tests.papers.factory import (
    FRIDAY,
    MONDAY,
    NOW,
    TUESDAY,
    WEDNESDAY,
    announce,
    make_record,
    make_records,
)

pytestmark = pytest.mark.usefixtures("reading")


def get(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return " ".join(unescape(response.content.decode()).split())


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def identifiers_in(html: str) -> list[str]:
    return re.findall(r'<article class="card[^"]*" id="p([^"]*)"', html)


def test_a_category_shows_its_latest_announced_day(client: Client) -> None:
    announce(TUESDAY, "cs.AI", [make_record("2608.00001")])
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00002")])
    html = get(client, "/arxiv/cs.AI")
    assert identifiers_in(html) == ["2608.00002"]
    assert "Wed 12 Aug 2026 · 1 of 1 announced · complete 04:12 UTC" in text_of(html)


def test_a_day_can_be_chosen_and_names_its_neighbours(client: Client) -> None:
    for day, number in ((MONDAY, 1), (TUESDAY, 2), (WEDNESDAY, 3)):
        announce(day, "cs.AI", make_records(1, "cs.AI", first=number))
    html = get(client, "/arxiv/cs.AI?date=2026-08-11")
    assert identifiers_in(html) == ["2608.00002"]
    assert 'href="/arxiv/cs.AI?date=2026-08-10"' in html
    assert 'href="/arxiv/cs.AI?date=2026-08-12"' in html


def test_papers_stand_in_arxivs_order_under_their_kinds(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI", first=8))
    announce(WEDNESDAY, "cs.AI", make_records(1, "cs.CL", "cs.AI", first=5), Kind.CROSS)
    announce(WEDNESDAY, "cs.AI", make_records(1, "cs.AI", first=1), Kind.REPLACE)
    announce(WEDNESDAY, "cs.AI", make_records(1, "cs.LG", first=2), Kind.REPLACE_CROSS)
    html = get(client, "/arxiv/cs.AI")
    assert identifiers_in(html) == [f"2608.0000{n}" for n in (8, 9, 5, 1, 2)]
    headings = [text_of(h) for h in re.findall(r"<h2 id=\"s.*?</h2>", html, re.DOTALL)]
    assert headings == ["New 2", "Cross-lists 1", "Replacements 2"]
    assert "3 of 3 announced · complete 04:12 UTC · 2 replacements" in text_of(html)


def test_25_at_a_time_with_links_on_and_back(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(60, "cs.AI"))
    first = get(client, "/arxiv/cs.AI")
    assert len(identifiers_in(first)) == 25
    assert 'href="/arxiv/cs.AI?skip=25" rel="next"' in first
    second = get(client, "/arxiv/cs.AI?skip=25")
    assert identifiers_in(second)[0] == "2608.00026"
    assert "continued" in text_of(second)
    assert 'href="/arxiv/cs.AI" rel="prev"' in second
    assert 'href="/arxiv/cs.AI?skip=50" rel="next"' in second
    last = get(client, "/arxiv/cs.AI?skip=50")
    assert len(identifiers_in(last)) == 10
    assert 'rel="next"' not in last
    assert len(identifiers_in(get(client, "/arxiv/cs.AI?show=60"))) == 60
    assert "There is nothing behind the last paper" in get(client, "/arxiv/cs.AI?skip=60", 404)


@pytest.mark.parametrize("separator", [",", "+"])
def test_a_union_shows_a_paper_once_under_its_strongest_kind(
    client: Client, separator: str
) -> None:
    both = make_record("2608.00001", "cs.CL", "cs.AI")
    announce(WEDNESDAY, "cs.AI", [both], Kind.CROSS)
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00002")], Kind.NEW)
    announce(WEDNESDAY, "cs.CL", [both], Kind.NEW)
    response = client.get(f"/arxiv/cs.AI{separator}cs.CL", follow=True)
    html = " ".join(response.content.decode().split())
    assert identifiers_in(html) == ["2608.00001", "2608.00002"]
    assert "2 of 2 announced" in text_of(html)


def test_what_is_taken_away_is_not_shown(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00001"),
                                  make_record("2608.00002", "cs.AI", "cs.CY")])  # fmt: skip
    assert identifiers_in(get(client, "/arxiv/cs.AI-cs.CY")) == ["2608.00001"]


def test_an_archive_shows_all_its_categories(client: Client) -> None:
    announce(WEDNESDAY, "hep-th", [make_record("2608.00003", "hep-th")])
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00001")])
    announce(WEDNESDAY, "cs.CL", [make_record("2608.00002", "cs.CL")])
    html = get(client, "/arxiv/cs")
    assert identifiers_in(html) == ["2608.00001", "2608.00002"]
    assert "still to come: cs.AR" in text_of(html)


def test_a_range_shows_the_newest_day_first_and_a_paper_once(client: Client) -> None:
    announce(MONDAY, "cs.AI", [make_record("2608.00001"), make_record("2608.00002")])
    announce(TUESDAY, "cs.AI", [make_record("2608.00003")])
    announce(TUESDAY, "cs.AI", [make_record("2608.00001", version=2)], Kind.REPLACE)
    html = get(client, "/arxiv/cs.AI?date=2026-08-10..2026-08-11")
    assert identifiers_in(html) == ["2608.00003", "2608.00001", "2608.00002"]
    assert "3 of 3 announced" in text_of(html)
    assert "<title>cs.AI · Mon 10 Aug – Tue 11 Aug 2026 · Coolpapers</title>" in html


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/arxiv/CS.ai", "/arxiv/cs.AI"),
        ("/arxiv/cs.NA", "/arxiv/math.NA"),
        ("/arxiv/cmp-lg", "/arxiv/cs.CL"),
        ("/arxiv/cs.AI/", "/arxiv/cs.AI"),
        ("/arxiv/cs.AI%2Bcs.CL", "/arxiv/cs.AI,cs.CL"),
        ("/arxiv/cs.AI%20cs.CL", "/arxiv/cs.AI,cs.CL"),
        ("/arxiv/cs.ai-cs.cy", "/arxiv/cs.AI-cs.CY"),
        ("/arxiv/cs.ai?date=2026-08-11&skip=25&x=1", "/arxiv/cs.AI?date=2026-08-11&skip=25"),
        ("/arxiv", "/"),
        ("/arxiv/", "/"),
    ],
)
def test_every_other_form_leads_to_the_one_address(
    client: Client, asked: str, canonical: str
) -> None:
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, canonical)


def test_hidden_papers_are_not_shown_and_it_says_so(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(3, "cs.AI"))
    Paper.objects.filter(identifier="2608.00002").update(hidden=True)
    html = get(client, "/arxiv/cs.AI")
    assert identifiers_in(html) == ["2608.00001", "2608.00003"]
    assert "3 of 3 announced · complete 04:12 UTC · 1 hidden by this site" in text_of(html)


def test_an_incomplete_day_says_so_and_when_it_is_checked_again(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI"), missing=["2608.00009v1"])
    html = get(client, "/arxiv/cs.AI")
    assert "2 of 3 so far, checking again at 06:20 UTC" in text_of(html)
    assert 'class="status incomplete"' in html


def test_no_check_is_promised_that_has_passed(client: Client, reading: StandingClock) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI"), missing=["2608.00009v1"])
    reading.time = NOW + timedelta(hours=1)
    assert "2 of 3 so far, checking again soon" in text_of(get(client, "/arxiv/cs.AI"))


def test_a_day_that_is_due_and_not_here_yet_is_named(client: Client) -> None:
    announce(TUESDAY, "cs.AI", make_records(1, "cs.AI"))
    html = get(client, "/arxiv/cs.AI")
    assert "Wednesday, 12 August 2026 has been announced but is not here yet." in text_of(html)
    waiting = get(client, "/arxiv/cs.AI?date=2026-08-12")
    assert "Wed 12 Aug 2026 · not fetched yet" in text_of(waiting)
    assert "This site has nothing of this day yet." in text_of(waiting)
    assert 'href="/arxiv/cs.AI?date=2026-08-11"' in waiting
    assert 'href="https://arxiv.org/list/cs.AI/2026-08"' in waiting


def test_while_fetches_fail_what_is_unfinished_says_so(client: Client) -> None:
    announce(TUESDAY, "cs.AI", make_records(1, "cs.AI"))
    failed = FetchRun.objects.create(
        source="rss", asked="cs.AI", started_at=NOW, finished_at=NOW, outcome="failed"
    )
    for address in ("/", "/arxiv/cs.AI?date=2026-08-12"):
        assert "The last fetch from arXiv failed at 06:00 UTC." in text_of(get(client, address))
    assert "failed at" not in get(client, "/arxiv/cs.AI?date=2026-08-11")
    failed.outcome = "complete"
    failed.save()
    cache.clear()
    assert "failed at" not in get(client, "/arxiv/cs.AI?date=2026-08-12")


def test_a_day_asked_for_in_vain_says_when_it_is_tried_again(client: Client) -> None:
    AnnouncedDay.objects.create(
        date=WEDNESDAY, category_id="cs.AI", attempts=1, checked_at=NOW, reconstructed=True,
        next_check_at=NOW + timedelta(minutes=5),
    )  # fmt: skip
    html = get(client, "/arxiv/cs.AI?date=2026-08-12")
    assert "not fetched yet · checking again at 06:05 UTC" in text_of(html)


def test_before_anything_has_come_a_category_says_it_is_still_to_come(client: Client) -> None:
    html = get(client, "/arxiv/cs.SE")
    assert "Nothing of cs.SE has come in yet." in text_of(html)


def test_a_complete_day_without_papers_is_no_fault(client: Client) -> None:
    announce(TUESDAY, "cs.GL", make_records(1, "cs.GL"))
    announce(WEDNESDAY, "cs.GL", [])
    html = get(client, "/arxiv/cs.GL?date=2026-08-12")
    assert "0 of 0 announced · complete" in text_of(html)
    said = "arXiv announced nothing here on this day. Next: Thursday."
    assert f"{said} Tue 11 Aug" in text_of(html)
    # Where no other day is near, there is still a way on.
    announce(WEDNESDAY, "cs.GR", [])
    assert f"{said} All categories" in text_of(get(client, "/arxiv/cs.GR"))


def test_a_weekend_is_said_to_be_one(client: Client, reading: StandingClock) -> None:
    announce(FRIDAY, "cs.AI", make_records(3, "cs.AI"))
    reading.time = datetime(2026, 8, 16, 12, tzinfo=UTC)
    html = get(client, "/arxiv/cs.AI?date=2026-08-15")
    assert "No announcement on Saturdays. Next: Monday. Friday: 3 papers" in text_of(html)
    assert 'href="/arxiv/cs.AI?date=2026-08-14"' in html


def test_a_holiday_is_named(client: Client, reading: StandingClock) -> None:
    reading.time = datetime(2026, 9, 10, 12, tzinfo=UTC)
    html = get(client, "/arxiv/cs.AI?date=2026-09-08")
    assert "arXiv closed for Labor Day" in text_of(html)


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ("cs.XX", 404, "There is no category “cs.XX”"),
        ("cs.AI?date=yesterday", 400, "“yesterday” is not a date"),
        ("cs.AI?date=2026-13-45", 400, "“2026-13-45” is not a date"),
        ("cs.AI?date=2026-08-11..", 400, "“” is not a date"),
        ("cs.AI?date=1990-01-02", 404, "There was no arXiv yet on 1990-01-02"),
        ("cs.AI?date=2026-08-13", 404, "Thursday, 13 August 2026 is still to come"),
        ("cs.AI?date=2026-08-15", 404, "No announcement on Saturdays."),
        ("cs.AI?date=9999-12-31", 404, "is still to come"),
        ("cs.AI?date=2026-01-01..2026-08-01", 400, "This range is too long"),
        ("cs.AI?show=-5", 400, "“show=-5” cannot be"),
        ("cs.AI?show=0", 400, "“show=0” cannot be"),
        ("cs.AI?show=1000000", 400, "whole number from 1 to 200"),
        ("cs.AI?show=lots", 400, "“show=lots” cannot be"),
        ("cs.AI?skip=-1", 400, "“skip=-1” cannot be"),
        ("cs.AI?skip=99999999999999999999", 400, "cannot be"),
        ("cs.AI?skip=9999999", 404, "There is nothing behind the last paper"),
        ("cs.AI?show=10&show=20", 400, "This address says “show” twice"),
        ("cs.AI?date=2026-08-11%00", 400, "is not a date"),
        ("cs.AI%00", 404, "There is no category"),
        ("%ff%fe", 404, "There is no category"),
        ("%ZZ", 404, "There is no category"),
        ("-cs.AI", 400, "This address does not say which categories"),
        ("x" * 3_000, 400, "This address does not say which categories"),
        ("x" * 10_000, 414, "This address is too long"),
        ("<script>alert(1)</script>", 404, "There is no category"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(
    client: Client, asked: str, status: int, said: str
) -> None:
    announce(TUESDAY, "cs.AI", make_records(1, "cs.AI"))
    response = client.get(f"/arxiv/{asked}")
    assert response.status_code == status
    assert said in unescape(response.content.decode())
    assert b"<script>alert" not in response.content


def test_an_unknown_category_links_to_the_nearest(client: Client) -> None:
    html = get(client, "/arxiv/cs.AL", 404)
    assert '<a href="/arxiv/cs.AI">' in html
    assert 'name="robots" content="noindex"' in html


def test_nothing_in_a_paper_is_markup(client: Client) -> None:
    record = make_record(
        title="<script>alert(1)</script> & $x<y$",
        abstract="<img src=x onerror=alert(2)>",
        comments="<b>3</b>",
    )
    announce(WEDNESDAY, "cs.AI", [record])
    response = client.get("/arxiv/cs.AI")
    assert b"&lt;script&gt;alert(1)&lt;/script&gt; &amp; <math " in response.content
    assert b"<img" not in response.content
    assert b"<b>3" not in response.content


def test_400_authors_are_folded_and_left_to_the_papers_page(client: Client) -> None:
    authors = tuple(Author(f"Author {n}") for n in range(400))
    announce(WEDNESDAY, "cs.AI", [make_record(authors=authors)])
    html = get(client, "/arxiv/cs.AI")
    assert "and 388 more" in html
    assert "Author 99<" in html
    assert "Author 399<" not in html
    assert "all 400 authors" in html
    assert "Author 399<" in get(client, "/arxiv/2608.00001")


def test_a_withdrawn_paper_and_a_newer_version_are_marked(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record(withdrawn=True)])
    Paper.objects.update(version=3)
    text = text_of(get(client, "/arxiv/cs.AI"))
    assert "withdrawn" in text
    assert "announced as version 1, now version 3" in text


def test_sample_papers_are_marked_and_lead_nowhere_else(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2609.90001")], source=Paper.Source.SAMPLE)
    for address in ("/arxiv/cs.AI", "/arxiv/2609.90001", "/"):
        assert "These are sample papers." in get(client, address)
    html = get(client, "/arxiv/cs.AI")
    assert "arxiv.org/abs/2609" not in html
    assert "/pdf/" not in html
    assert "still to come" not in html


def test_a_real_paper_has_its_ways_to_arxiv(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00001")])
    html = get(client, "/arxiv/cs.AI")
    for address in ("abs", "pdf", "html"):
        assert f'href="https://arxiv.org/{address}/2608.00001"' in html
    assert "sample" not in html
    assert '/arxiv/search?query=author%3A%22Ada+Lovelace%22"' in html


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/", 9),
        ("/arxiv/cs.AI", 8),
        ("/arxiv/cs", 8),
        ("/arxiv/cs.AI+cs.CL-cs.CY?date=2026-08-11..2026-08-12", 8),
    ],
)
def test_more_papers_need_no_more_queries(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
) -> None:
    for number in (10, 20):
        announce(WEDNESDAY, "cs.AI", make_records(10, "cs.AI", first=number))
        announce(TUESDAY, "cs.CL", make_records(10, "cs.CL", first=number + 50))
        with django_assert_num_queries(queries):
            get(client, address)


def test_the_announcements_of_another_day_do_not_count(client: Client) -> None:
    announce(MONDAY, "cs.AI", make_records(5, "cs.AI"))
    announce(TUESDAY, "cs.AI", make_records(2, "cs.AI", first=50))
    assert "2 of 2 announced" in text_of(get(client, "/arxiv/cs.AI"))
    assert Announcement.objects.count() == 7
