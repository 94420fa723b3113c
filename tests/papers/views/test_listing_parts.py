"""What the listing's scripts ask for: both views, the next cards alone, the day's pack, /stars."""

import json
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.arxiv.records import Author, Kind
from tests.papers.factory import TUESDAY, WEDNESDAY, announce, make_record, make_records
from tests.papers.views.test_listing import get, identifiers_in, text_of

pytestmark = pytest.mark.usefixtures("reading")


def test_titles_show_the_whole_day_with_all_but_new_folded(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(60, "cs.AI"))
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00900", "cs.CL", "cs.AI")], Kind.CROSS)
    html = get(client, "/arxiv/cs.AI?view=titles")
    assert len(identifiers_in(html)) == 61
    folded = re.findall(r'<details class="fold">.*?</h2>', html)
    assert [text_of(fold) for fold in folded] == ["Cross-lists 1"]
    assert 'rel="next"' not in html
    assert '<link rel="canonical" href="http://testserver/arxiv/cs.AI">' in html
    # The link to what is folded opens it.
    assert 'href="/arxiv/cs.AI?view=titles&skip=60"' in html.replace("&amp;", "&")
    assert 'class="fold"' not in get(client, "/arxiv/cs.AI?view=titles&skip=60")


def test_the_view_goes_along_in_links(client: Client) -> None:
    for day, number in ((TUESDAY, 1), (WEDNESDAY, 2)):
        announce(day, "cs.AI", make_records(1, "cs.AI", first=number))
    html = get(client, "/arxiv/cs.AI?view=titles")
    assert 'href="/arxiv/cs.AI?date=2026-08-11&view=titles"' in html
    assert 'href="/arxiv/cs.AI" data-view="abstracts"' in html
    plain = get(client, "/arxiv/cs.AI?view=abstracts")
    assert 'data-titles="/arxiv/cs.AI?view=titles"' in plain
    assert "“view=cards” cannot be" in get(client, "/arxiv/cs.AI?view=cards", 400)


def test_a_row_of_titles_names_few_authors(client: Client) -> None:
    authors = tuple(Author(f"Author {n}") for n in range(9))
    announce(WEDNESDAY, "cs.AI", [make_record(authors=authors)])
    html = get(client, "/arxiv/cs.AI?view=titles")
    assert '<span class="names">Author 0, Author 1, Author 8 +6</span>' in html


def test_the_next_cards_come_without_a_page_around_them(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(60, "cs.AI"))
    html = get(client, "/arxiv/cs.AI/more?skip=25")
    assert identifiers_in(html) == [f"2608.{n:05}" for n in range(26, 51)]
    assert 'data-section="2026-08-12-1"' in html
    assert 'href="/arxiv/cs.AI?skip=50" rel="next"' in html
    assert "<html" not in html
    assert client.get("/arxiv/cs.AI/more?skip=25")["X-Robots-Tag"] == "noindex"
    assert len(html) < len(get(client, "/arxiv/cs.AI?skip=25")) * 0.9


def test_the_next_cards_of_a_picked_list(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(3, "cs.AI"))
    html = get(client, "/arxiv/2608.00001,2608.00003/more?skip=1")
    assert identifiers_in(html) == ["2608.00003"]


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/arxiv/CS.ai/more?skip=25", "/arxiv/cs.AI/more?skip=25"),
        ("/arxiv/CS.ai/pack.json?date=2026-08-12", "/arxiv/cs.AI/pack.json?date=2026-08-12"),
    ],
)
def test_parts_have_one_address_too(client: Client, asked: str, canonical: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (301, canonical)


@pytest.mark.parametrize("part", ["more", "pack.json"])
def test_a_part_of_what_is_not_there_says_so(client: Client, part: str) -> None:
    assert client.get(f"/arxiv/cs.XX/{part}").status_code == 404
    assert client.get(f"/arxiv/cs.AI/{part}?date=never").status_code == 400
    assert client.post(f"/arxiv/cs.AI/{part}").status_code == 405


def test_the_pack_holds_the_whole_day_as_plain_text(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(60, "cs.AI"))
    odd = make_record("2608.00900", "cs.AI", title=r"Of $\alpha$ & <b>", abstract="Über alles")
    announce(WEDNESDAY, "cs.AI", [odd], Kind.REPLACE)
    response = client.get("/arxiv/cs.AI/pack.json")
    papers = json.loads(response.content)["papers"]
    assert len(papers) == 61
    assert papers[-1][:5] == [
        "2608.00900",
        "Of α & <b>",
        "Ada Lovelace, Erwin Schrödinger",
        "Über alles",
        3,
    ]
    marks = re.findall(r'data-mark="(\d+)"', get(client, "/arxiv/cs.AI?show=61"))
    assert [str(paper[5]) for paper in papers] == marks
    packed = client.get("/arxiv/cs.AI/pack.json", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert response["Content-Type"].startswith("application/json")


def test_the_pack_needs_no_more_queries_for_more_papers(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (10, 30):
        announce(WEDNESDAY, "cs.AI", make_records(20, "cs.AI", first=number))
        with django_assert_num_queries(4):
            client.get("/arxiv/cs.AI/pack.json")


def test_the_page_of_stars_is_the_same_for_everyone(client: Client, admin_client: Client) -> None:
    response = client.get("/stars")
    assert response.status_code == 200
    assert response.content == admin_client.get("/stars").content
    assert not response.cookies
    assert b'name="robots" content="noindex"' in response.content
