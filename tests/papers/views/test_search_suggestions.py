"""Suggestions as somebody types, through their address."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.arxiv.records import Author
from papers.models import Paper
from tests.papers.factory import make_record, store
from tests.papers.views.test_search import build_index
from tests.papers.views.test_search import own_index as own_index

pytestmark = pytest.mark.usefixtures("reading")


def store_some() -> None:
    store(
        make_record("2608.00001", title=r"Graph lattices of $\alpha$ <i>owls</i>"),
        make_record("2608.00002", title="Graphene", authors=(Author("Laurens van der Maaten"),)),
    )
    build_index()


def ask(client: Client, typed: str) -> dict[str, list[dict[str, str]]]:
    response = client.get("/arxiv/search/suggest", {"query": typed})
    assert response.status_code == 200
    found: dict[str, list[dict[str, str]]] = response.json()
    return found


def test_titles_authors_and_categories_go_on_as_typed(client: Client) -> None:
    store_some()
    found = ask(client, "graph")
    assert {one["url"] for one in found["titles"]} == {"/arxiv/2608.00001", "/arxiv/2608.00002"}
    assert found["categories"][0]["text"] == "cs.GR"
    assert ask(client, "maat")["authors"] == [
        {
            "text": "Laurens van der Maaten",
            "url": "/arxiv/search?query=author%3A%22Laurens+van+der+Maaten%22",
            "aside": "1 paper",
        }
    ]
    for typed in ("au:maat", 'author:"Van der m', "van der m"):
        assert [one["text"] for one in ask(client, typed)["authors"]] == ["Laurens van der Maaten"]
    assert not any(ask(client, "au:graph").values())
    assert {kind for kind, some in ask(client, "ti:graph").items() if some} == {"titles"}
    assert ask(client, "cs.l")["categories"][0]["url"] == "/arxiv/cs.LG"
    assert ask(client, "CS")["categories"][0]["text"] == "cs"


def test_a_category_is_found_by_its_name_in_the_language_and_in_english(client: Client) -> None:
    store_some()
    for typed in ("人工智", "artificial"):
        found = client.get("/zh/arxiv/search/suggest", {"query": typed}).json()["categories"]
        assert [(one["text"], one["aside"]) for one in found] == [("cs.AI", "人工智能")]


def test_suggested_titles_are_plain_text(client: Client) -> None:
    store_some()
    assert ask(client, "owls")["titles"][0]["text"].startswith("Graph lattices of")
    assert "$" not in ask(client, "owls")["titles"][0]["text"]


@pytest.mark.parametrize(
    "typed", ["", "a", "?!", "x" * 900, "\x00", '"', "日本", "%", "cat:", "au:ti:"]
)
def test_anything_typed_is_answered(client: Client, typed: str) -> None:
    store_some()
    assert set(ask(client, typed)) == {"categories", "authors", "titles"}


def test_far_too_much_is_refused(client: Client) -> None:
    assert client.get("/arxiv/search/suggest", {"query": "x" * 1_500}).status_code == 400


def test_without_an_index_there_is_nothing_to_suggest(client: Client) -> None:
    response = client.get("/arxiv/search/suggest?query=graph")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


def test_a_hidden_paper_is_not_suggested(client: Client) -> None:
    store_some()
    Paper.objects.filter(identifier="2608.00002").update(hidden=True)
    assert [one["url"] for one in ask(client, "graph")["titles"]] == ["/arxiv/2608.00001"]


def test_suggestions_take_one_query_and_no_cookie(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_some()
    with django_assert_num_queries(1):
        response = client.get("/arxiv/search/suggest?query=graph")
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=300"


def test_browsers_take_completions_in_their_own_form(client: Client) -> None:
    store_some()
    response = client.get("/arxiv/search/suggest?query=maaten&form=opensearch")
    assert response["Content-Type"] == "application/x-suggestions+json"
    assert response.json() == ["maaten", ['author:"Laurens van der Maaten"']]
