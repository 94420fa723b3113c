"""Listings by time and by stars, and what is shown of readers' interest."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from papers.arxiv.records import Kind, PaperRecord
from papers.models import Paper, PaperCounter
from tests.papers.factory import TUESDAY, WEDNESDAY, announce, make_record, make_records
from tests.papers.views.test_listing import get, identifiers_in, text_of

pytestmark = pytest.mark.usefixtures("reading")

NOON = datetime(2026, 8, 10, 12, tzinfo=UTC)


def submitted(number: int, hours: int | None, *categories: str) -> PaperRecord:
    when = None if hours is None else NOON + timedelta(hours=hours)
    return make_record(f"2608.{number:05}", *categories, submitted_at=when)


def count(number: int, opens: int, stars: int) -> None:
    paper = Paper.objects.get(identifier=f"2608.{number:05}")
    PaperCounter.objects.create(paper=paper, opens=opens, stars=stars)


def numbers_in(html: str) -> list[int]:
    return [int(identifier[-5:]) for identifier in identifiers_in(html)]


def test_by_time_the_newest_submission_comes_first_whatever_its_kind(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [submitted(1, 1), submitted(2, 5), submitted(3, 3)])
    announce(WEDNESDAY, "cs.AI", [submitted(4, 4, "cs.CL", "cs.AI")], Kind.CROSS)
    html = get(client, "/arxiv/cs.AI?sort=time")
    assert numbers_in(html) == [2, 4, 3, 1]
    assert "Newest first 4" in text_of(html)
    assert html.count(">cross-list<") == 1
    assert "3 of 3" not in text_of(html)
    assert "4 of 4 announced" in text_of(html)


def test_a_paper_whose_time_is_not_known_counts_as_the_day_it_was_announced(
    client: Client,
) -> None:
    announce(WEDNESDAY, "cs.AI", [submitted(1, 1), submitted(2, None), submitted(3, None)])
    assert numbers_in(get(client, "/arxiv/cs.AI?sort=time")) == [3, 2, 1]


def test_by_stars_then_by_opens_then_as_arxiv(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(5, "cs.AI"))
    for number, opens, stars in ((2, 9, 0), (4, 1, 3), (5, 7, 3)):
        count(number, opens, stars)
    assert numbers_in(get(client, "/arxiv/cs.AI?sort=stars")) == [5, 4, 2, 1, 3]
    assert numbers_in(get(client, "/arxiv/cs.AI")) == [1, 2, 3, 4, 5]


def test_unions_and_ranges_are_ordered_as_a_whole(client: Client) -> None:
    announce(TUESDAY, "cs.AI", [submitted(1, -5), submitted(2, -9)])
    announce(WEDNESDAY, "cs.CL", [submitted(3, -7, "cs.CL")])
    count(2, 0, 1)
    union = "/arxiv/cs.AI,cs.CL?date=2026-08-11..2026-08-12"
    assert numbers_in(get(client, f"{union}&sort=time")) == [1, 3, 2]
    assert numbers_in(get(client, f"{union}&sort=stars")) == [2, 3, 1]


def test_the_order_goes_along_to_the_next_papers_views_days_and_exports(client: Client) -> None:
    announce(TUESDAY, "cs.AI", make_records(1, "cs.AI", first=90))
    announce(WEDNESDAY, "cs.AI", [submitted(n, -n) for n in range(60, 0, -1)])
    html = get(client, "/arxiv/cs.AI?sort=time")
    for link in (
        'href="/arxiv/cs.AI?sort=time&skip=25" rel="next"',
        'href="/arxiv/cs.AI?sort=time&view=titles"',
        'href="/arxiv/cs.AI?date=2026-08-11&sort=time"',
        'href="/arxiv/cs.AI.bib?sort=time"',
        'href="/arxiv/cs.AI/feed"',
        'href="/arxiv/cs.AI" rel="nofollow">arXiv</a>',
        '<strong aria-current="true">time</strong>',
        'href="/arxiv/cs.AI?sort=stars" rel="nofollow"',
    ):
        assert link in html, link
    assert numbers_in(get(client, "/arxiv/cs.AI/more?sort=time&skip=25")) == list(range(26, 51))
    assert "continued" in get(client, "/arxiv/cs.AI?sort=time&skip=25")
    assert numbers_in(get(client, "/arxiv/cs.AI?sort=time&view=titles")) == list(range(1, 61))
    exported = json.loads(client.get("/arxiv/cs.AI.json?sort=time&show=2&skip=1").content)
    assert [paper["id"] for paper in exported["papers"]] == ["2608.00002", "2608.00003"]
    assert exported["next"].endswith("/arxiv/cs.AI.json?sort=time&show=2&skip=3")
    assert exported["sort"] == "time"
    bib = client.get("/arxiv/cs.AI.bib?sort=time").content.decode()
    assert bib.index("2608.00001") < bib.index("2608.00060")
    assert client.get("/arxiv/cs.AI/feed?sort=stars").content == client.get(
        "/arxiv/cs.AI/feed"
    ).content  # fmt: skip


def test_other_orders_are_not_for_search_engines(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(2, "cs.AI"))
    assert 'content="noindex"' in get(client, "/arxiv/cs.AI?sort=time")
    assert 'content="noindex"' not in get(client, "/arxiv/cs.AI?sort=arxiv")
    plain = '<link rel="canonical" href="http://testserver/arxiv/cs.AI">'
    assert plain in get(client, "/arxiv/cs.AI?sort=arxiv")


@pytest.mark.parametrize("form", ["", "/more", ".json", ".bib"])
def test_an_order_that_is_none_says_so(client: Client, form: str) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1, "cs.AI"))
    assert "sorted by" in get(client, f"/arxiv/cs.AI{form}?sort=date", 400)
    assert "twice" in get(client, f"/arxiv/cs.AI{form}?sort=time&sort=stars", 400)


@pytest.mark.parametrize("order", ["time", "stars"])
def test_an_ordered_list_needs_no_more_queries_for_more_papers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, order: str
) -> None:
    address = f"/arxiv/cs.AI+cs.CL-cs.CY?date=2026-08-11..2026-08-12&sort={order}"
    for number in (10, 30):
        announce(WEDNESDAY, "cs.AI", make_records(9, "cs.AI", first=number))
        announce(TUESDAY, "cs.CL", make_records(9, "cs.CL", first=number + 50))
        count(number, 9, number)
        with django_assert_num_queries(8):
            get(client, address)


def test_interest_is_shown_from_the_threshold_on_everywhere(
    client: Client, settings: Settings
) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(3, "cs.AI"))
    count(1, 12, 3)
    count(2, 1, 4)
    count(3, 3, 1)
    for address, times in (
        ("/arxiv/cs.AI", 1),
        # On the row, and among the facts that it opens.
        ("/arxiv/cs.AI?view=titles", 2),
        ("/arxiv/2608.00001,2608.00002", 1),
    ):
        html = get(client, address)
        assert html.count("opened 12 times, starred 3<") == times, address
        assert html.count("opened 1 time, starred 4<") == times, address
        assert "opened 3" not in html, address
    assert "opened 12 times, starred 3<" in get(client, "/arxiv/2608.00001")
    assert "Readers here" not in get(client, "/arxiv/2608.00003")
    settings.COOLPAPERS_INTEREST_FROM = 0
    html = get(client, "/arxiv/cs.AI?show=3")
    assert "opened 12" not in html
    assert "sort=stars" not in html


def test_what_was_only_starred_is_not_said_to_be_opened(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(1, "cs.AI"))
    count(1, 0, 7)
    assert '<p class="interest">starred 7</p>' in get(client, "/arxiv/cs.AI")
    assert '<p class="interest">星标 7 次</p>' in get(client, "/zh/arxiv/cs.AI")
