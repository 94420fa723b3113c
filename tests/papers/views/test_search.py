"""The search page, on a real index."""

from html import unescape
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from papers import documents
from papers.arxiv.records import Author
from papers.models import Paper
from tests.papers.factory import make_record, store
from tests.papers.views.test_listing import get, identifiers_in, text_of

pytestmark = pytest.mark.usefixtures("reading")


@pytest.fixture(autouse=True)
def own_index(tmp_path: Path, settings: Settings) -> None:
    settings.COOLPAPERS_INDEX = tmp_path / "index"
    documents.index.cache_clear()


def build_index() -> None:
    """Index what is stored, as the indexer would."""
    call_command("index", "--rebuild")


def store_some(count: int) -> None:
    store(
        *(
            make_record(f"2608.{n:05}", title=f"Quantum lattice number {n}")
            for n in range(1, count + 1)
        )
    )
    store(make_record("2608.00999", title="Something else", abstract="A quantum of solace",
                      authors=(Author("Grace Hopper"),)))  # fmt: skip
    build_index()


def test_results_are_ranked_counted_and_marked(client: Client) -> None:
    store_some(3)
    html = get(client, "/arxiv/search?query=quantum+lattice")
    assert identifiers_in(html)[-1] == "2608.00999"
    assert "4 papers quantum lattice" in text_of(html)
    assert "<mark>Quantum</mark> <mark>lattice</mark> number" in html
    assert 'name="query"' in html
    assert 'value="quantum lattice"' in html


def test_an_author_of_a_card_is_found_by_its_link(client: Client) -> None:
    store_some(2)
    assert identifiers_in(get(client, "/arxiv/search?query=author%3A%22Grace+Hopper%22")) == [
        "2608.00999"
    ]


def test_results_can_be_sorted_by_date_and_paged(client: Client) -> None:
    store_some(30)
    html = get(client, "/arxiv/search?query=lattice&sort=date")
    assert len(identifiers_in(html)) == 25
    assert '/arxiv/search?query=lattice&sort=date&skip=25" rel="next"' in html
    assert len(identifiers_in(get(client, "/arxiv/search?query=lattice&sort=date&skip=25"))) == 5
    assert "nothing behind the last result" in get(
        client, "/arxiv/search?query=lattice&skip=90", 404
    )


def test_an_empty_result_says_what_to_try(client: Client) -> None:
    store_some(1)
    html = get(client, "/arxiv/search?query=zyzzyva")
    assert "Nothing found" in html
    assert "author:hinton" in html


def test_an_empty_search_is_a_page_with_advice(client: Client) -> None:
    assert "author:hinton" in get(client, "/arxiv/search")
    store_some(1)
    assert "There is no word in this" in get(client, "/arxiv/search?query=%3F%21")


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("2401.00001", "/arxiv/2401.00001"),
        ("arXiv:2401.6769v2", "/arxiv/2401.06769v2"),
        ("https://arxiv.org/pdf/hep-th/9901001v1.pdf", "/arxiv/hep-th/9901001v1"),
        ("2401.00001 2401.00002", "/arxiv/2401.00001,2401.00002"),
        ("arXiv:2401.00001v1 [cs.CV] 15 May 2025", "/arxiv/2401.00001v1"),
    ],
)
def test_identifiers_go_to_their_papers(client: Client, typed: str, target: str) -> None:
    response = client.get("/arxiv/search", {"query": typed})
    assert (response.status_code, response["Location"]) == (302, target)


def test_without_an_index_search_says_it_is_not_ready(client: Client) -> None:
    response = client.get("/arxiv/search?query=quantum")
    assert response.status_code == 503
    assert "Search is not ready" in response.content.decode()
    assert response["Retry-After"] == "60"
    assert response["Cache-Control"] == "no-store"


def test_a_hidden_paper_is_found_no_more_before_the_index_knows(client: Client) -> None:
    store_some(3)
    Paper.objects.filter(identifier="2608.00002").update(hidden=True)
    assert "2608.00002" not in identifiers_in(get(client, "/arxiv/search?query=lattice"))


@pytest.mark.parametrize(
    "query",
    [
        '"', "((((", "-", "OR", "a" * 900, "\x00", "cat:", "date:x..y", "日本", "%",
        "<script>alert(1)</script>", "turned\u202e words", "cat:\u202ecs.AI",
    ],
)  # fmt: skip
def test_no_query_is_an_error(client: Client, query: str) -> None:
    store_some(1)
    response = client.get("/arxiv/search", {"query": query})
    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert "\u202e" not in unescape(response.content.decode())


@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ("query=" + "a" * 1_500, 400, "This search is too long"),
        ("query=" + "a" * 10_000, 400, "A search holds at most 1000 characters."),
        ("query=" + "fire " * 300, 400, 'href="/arxiv/related?text=fire+fire'),
        ("query=a&query=b", 400, "says “query” twice"),
        ("query=a&sort=stars", 400, "“sort=stars” cannot be"),
        ("query=a&show=-1", 400, "“show=-1” cannot be"),
    ],
)
def test_a_wrong_search_says_what_is_wrong(
    client: Client, parameters: str, status: int, said: str
) -> None:
    response = client.get(f"/arxiv/search?{parameters}")
    assert response.status_code == status
    assert said in unescape(response.content.decode())


def test_more_results_need_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_some(20)
    for show in (10, 20):
        with django_assert_num_queries(2):
            get(client, f"/arxiv/search?query=lattice&show={show}")
