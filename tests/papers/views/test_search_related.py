"""Related papers and keywords, through their addresses."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.models import Paper
from tests.papers.factory import make_record, store
from tests.papers.views.test_listing import get, text_of
from tests.papers.views.test_search import build_index
from tests.papers.views.test_search import own_index as own_index

pytestmark = pytest.mark.usefixtures("reading")


def store_some(owls: int = 12) -> None:
    store(
        *(
            make_record(
                f"2608.{n:05}",
                title=f"Nocturnal owls over frozen lakes, part {n}",
                abstract="We count nocturnal owls over frozen lakes with acoustic sensors.",
            )
            for n in range(1, owls + 1)
        ),
        *(make_record(f"2608.{n:05}", title="Sheaves of modules", abstract="Stalks and sections.")
          for n in range(100, 103)),
    )  # fmt: skip
    build_index()


def lines_in(html: str) -> list[str]:
    lists = re.findall(r'<ol class="related">(.*?)</ol>', html, re.DOTALL)
    return [url for one in lists for url in re.findall(r'<li>\s*<a href="([^"]*)"', one)]


def test_a_paper_shows_the_ten_nearest_and_the_words_in_common(client: Client) -> None:
    store_some()
    html = get(client, "/arxiv/2608.00001")
    assert len(lines_in(html)) == 10
    assert "/arxiv/2608.00001" not in lines_in(html)
    assert "/arxiv/2608.00100" not in lines_in(html)
    assert re.search("In common:.*owls", text_of(html))


def test_a_paper_is_not_related_to_itself_in_any_version_or_source(client: Client) -> None:
    store_some(3)
    store(make_record("2608.00001", version=2, title="Nocturnal owls over frozen lakes, anew",
                      abstract="We count nocturnal owls."))  # fmt: skip
    store(make_record("2608.00001", title="Nocturnal owls over frozen lakes"),
          source=Paper.Source.SAMPLE)  # fmt: skip
    build_index()
    for address in ("/arxiv/2608.00001", "/arxiv/2608.00001v1", "/arxiv/2608.00001/related"):
        assert lines_in(get(client, address)) == ["/arxiv/2608.00002", "/arxiv/2608.00003"] or (
            set(lines_in(get(client, address))) == {"/arxiv/2608.00002", "/arxiv/2608.00003"}
        )


def test_related_papers_have_a_page_and_a_fragment(client: Client) -> None:
    store_some()
    page = get(client, "/arxiv/2608.00001/related")
    fragment = get(client, "/arxiv/2608.00001/related?fragment=1")
    assert lines_in(page) == lines_in(fragment)
    assert "<html" in page
    assert "<html" not in fragment
    assert fragment.lstrip().startswith("<ol")
    moved = client.get("/arxiv/arXiv:2608.00001v3/related")
    assert (moved.status_code, moved["Location"]) == (301, "/arxiv/2608.00001/related")


def test_each_card_links_to_its_related_papers(client: Client) -> None:
    store_some()
    html = get(client, "/arxiv/search?query=owls")
    assert '<a href="/arxiv/2608.00001/related" rel="nofollow" data-related>Related</a>' in html


def test_keywords_lead_to_searches_that_find_something(client: Client) -> None:
    store_some()
    html = get(client, "/arxiv/2608.00001")
    section = html.partition('class="keywords"')[2].partition("</section>")[0]
    links = re.findall('href="(/arxiv/search[^"]*)"', section)
    assert links
    for link in links:
        assert "Nothing found" not in get(client, link)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/arxiv/2608.77777/related", 404),
        ("/arxiv/cs.AI/related", 404),
        ("/arxiv/2608.00001,2608.00002/related", 404),
        ("/arxiv/related?text=" + "a" * 4_000, 400),
        ("/arxiv/related?text=" + "%E6%97%A5" * 1_000, 414),
        ("/arxiv/related?text=a&text=b", 400),
    ],
)
def test_what_has_no_related_papers_says_so(client: Client, address: str, status: int) -> None:
    store_some(2)
    assert client.get(address).status_code == status


def test_an_abstract_can_be_pasted(client: Client) -> None:
    store_some()
    assert '<textarea id="text" name="text"' in get(client, "/arxiv/related")
    html = get(client, "/arxiv/related?text=Counting+owls+at+<night>+with+acoustic+sensors")
    assert len(lines_in(html)) == 10
    html = client.get("/arxiv/related?text=</textarea><script>x").content.decode()
    assert "<script>x" not in html
    assert "No paper here is like" in get(client, "/arxiv/related?text=zyzzyva")


def test_without_an_index_a_paper_still_shows(client: Client) -> None:
    store(make_record())
    assert "Related papers" not in get(client, "/arxiv/2608.00001")
    assert client.get("/arxiv/2608.00001/related").status_code == 503
    assert client.get("/arxiv/related?text=owls").status_code == 503
    assert client.get("/arxiv/related").status_code == 200


def test_related_papers_take_one_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for owls in (5, 12):
        store_some(owls)
        # The generation, the paper, its neighbours.
        with django_assert_num_queries(3):
            get(client, "/arxiv/2608.00002/related")
