"""What stands around the results of a search: filters with counts, explanations, ways on."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers import documents
from papers.arxiv.records import Author
from search.errors import IndexTooSlow
from tests.papers.factory import make_record, store
from tests.papers.views.test_listing import get, identifiers_in, text_of
from tests.papers.views.test_search import build_index
from tests.papers.views.test_search import own_index as own_index

pytestmark = pytest.mark.usefixtures("reading")


def store_mixed() -> None:
    """Twelve lattices in two archives and two years, and one paper of another kind."""
    for n in range(12):
        codes = ("cs.AI", "stat.ML") if n % 3 == 0 else ("cs.AI",) if n % 2 else ("math.CO",)
        store(
            make_record(
                f"2608.{n + 1:05}",
                *codes,
                title=f"Quantum lattice number {n}",
                submitted_at=datetime(2024 + n % 2, 3, 1, tzinfo=UTC),
            )
        )
    store(make_record("2608.00999", title="Owls", authors=(Author("Grace Hopper"),)))
    build_index()


def facet_links(html: str) -> list[tuple[str, int]]:
    """Where the counted links lead, and what they promise."""
    found = re.findall(r'<li><a href="([^"]*)"[^>]*>[^<]*<span class="count">(\d+)</span>', html)
    return [(url, int(number)) for url, number in found]


def total_of(html: str) -> int:
    found = re.search(r"<h1>([\d,]+) papers?", html)
    return int(found[1].replace(",", "")) if found else 0


def test_every_count_is_what_its_link_leads_to(client: Client) -> None:
    store_mixed()
    links = facet_links(get(client, "/arxiv/search?query=lattice"))
    assert {tuple(parse_qs(urlsplit(url).query)) for url, _ in links} == {
        ("query", "cat"),
        ("query", "year"),
    }
    for url, number in links:
        below = get(client, url)
        assert total_of(below) == number
        for deeper, fewer in facet_links(below):
            assert total_of(get(client, deeper)) == fewer


def test_a_filter_can_be_taken_away_and_stays_with_order_and_pages(client: Client) -> None:
    store_mixed()
    html = get(client, "/arxiv/search?query=lattice&cat=cs&year=2024&sort=date&show=1")
    assert '/arxiv/search?query=lattice&year=2024&sort=date&show=1"' in html
    assert '/arxiv/search?query=lattice&cat=cs&sort=date&show=1"' in html
    assert (
        '/arxiv/search?query=lattice&cat=cs&year=2024&sort=date&show=1&skip=1" rel="next"' in html
    )
    assert '/arxiv/search/feed?query=lattice&cat=cs&year=2024"' in html
    assert '/arxiv/search.bib?query=lattice&cat=cs&year=2024&sort=date"' in html


@pytest.mark.parametrize("form", ["json", "bib", "ris", "feed"])
def test_every_form_honours_filters(client: Client, form: str) -> None:
    store_mixed()
    path = "/feed" if form == "feed" else f".{form}"
    answer = client.get(f"/arxiv/search{path}?query=lattice&cat=stat.ML&cat=cs&year=2025")
    found = set(re.findall(r"2608\.\d{5}", answer.content.decode()))
    assert found == {"2608.00004", "2608.00010"}


@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ("cat=cs.XXX", 404, "There is no category"),
        ("year=12", 400, "A year has four digits"),
        ("year=2024&year=2025", 400, "twice"),
        ("&".join(f"cat={c}" for c in ("cs", "math", "stat", "eess", "econ", "gr-qc")), 400, "too"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong(
    client: Client, parameters: str, status: int, said: str
) -> None:
    assert said in get(client, f"/arxiv/search?query=a&{parameters}", status)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("diffusion models", "Papers with “diffusion” and “models”."),
        ('ti:"score matching" au:ho', "Papers with “score matching” in the title, by “ho”."),
        ("lattice -survey", "Papers with “lattice”, without “survey”."),
        ("gan OR vae", "Papers either with “gan” or with “vae”."),
        ("ti:gan AND au:ho NOT vae", "Papers with “gan” in the title, by “ho”, without “vae”."),
        ("lattice id:hello", "An identifier could not be read; it looks like 2401.00001."),
        (
            "owls cat:cs.AI,stat.ML",
            "in cs.AI (Artificial Intelligence) or stat.ML (Machine Learning).",
        ),
        ("owls date:2024", "Papers with “owls”, submitted in 2024."),
        ("owls date:2024-02", "Papers with “owls”, submitted in February 2024."),
        ("owls date:2024..", "Papers with “owls”, submitted since 1 Jan 2024."),
        ("owls -cat:cs -(a1 b1)", "not in cs"),
        ("owls date:..9999-12-31", "until"),
    ],
)
def test_a_query_is_explained_in_words(client: Client, typed: str, said: str) -> None:
    store_mixed()
    html = text_of(client.get("/arxiv/search", {"query": typed}).content.decode())
    assert said in html


def test_how_many_papers_have_all_of_the_words_is_said(client: Client) -> None:
    store_mixed()
    assert "No paper has all of these words" in get(client, "/arxiv/search?query=owls+lattice")
    html = get(client, "/arxiv/search?query=lattice+7")
    assert ">1 paper has all of these words; those with some follow behind." in html


def test_what_could_not_be_read_is_said(client: Client) -> None:
    store_mixed()
    html = get(client, "/arxiv/search?query=lattice+date:2024-13+%22open")
    assert "A date could not be read" in html
    assert "A quotation mark without a partner" in html


def test_the_time_it_took_is_said_and_the_page_stays_the_same(client: Client) -> None:
    store_mixed()
    first = client.get("/arxiv/search?query=lattice")
    assert "Found in" in first.content.decode()
    assert client.get("/arxiv/search?query=lattice").content == first.content


def test_a_page_is_as_new_as_the_index(client: Client) -> None:
    store_mixed()
    assert total_of(get(client, "/arxiv/search?query=owls")) == 1
    store(make_record("2608.01000", title="More owls"))
    build_index()
    assert total_of(get(client, "/arxiv/search?query=owls")) == 2


def test_a_misspelt_word_is_corrected_by_a_link(client: Client) -> None:
    store_mixed()
    html = get(client, "/arxiv/search?query=latice&year=2024")
    assert 'Did you mean <a href="/arxiv/search?query=lattice&year=2024">lattice</a>?' in html


def test_an_empty_result_says_what_to_loosen(client: Client) -> None:
    store_mixed()
    html = get(client, "/arxiv/search?query=owls+au:hopper&cat=math&year=1999")
    assert "Nothing found" in html
    looser = html.partition("What would find something")[2]
    assert "/arxiv/search?query=owls+au%3Ahopper" in looser
    html = get(client, "/arxiv/search?query=ti:(owls+lattice)+au:zyzzyva&year=1999")
    looser = html.partition("What would find something")[2]
    assert '"/arxiv/search?query=owls+lattice+zyzzyva">nothing but the words' in looser
    html = get(client, "/arxiv/search?query=ti:lattice+au:hopper")
    looser = html.partition("What would find something")[2]
    assert (
        '"/arxiv/search?query=ti%3Alattice">without au:hopper</a> <span class="when">12<' in looser
    )
    query = "ti:+lattice+AND+au:+hopper+AND+NOT+ice"
    looser = get(client, f"/arxiv/search?query={query}").partition("What would find")[2]
    assert '"/arxiv/search?query=ti%3A+lattice+AND+NOT+ice">without au: hopper</a>' in looser
    assert '"/arxiv/search?query=lattice+hopper">nothing but the words' in looser
    looser = get(client, "/arxiv/search?query=semi-lattice+au:zyzzyva").partition("What would")[2]
    assert '"/arxiv/search?query=semi-lattice+zyzzyva">nothing but the words' in looser
    looser = get(client, "/arxiv/search?query=“owls+lattice”").partition("What would find")[2]
    assert '"/arxiv/search?query=%22owls' not in looser
    assert "without “" not in looser


def test_marks_never_break_maths_or_markup(client: Client) -> None:
    store(
        make_record(
            title=r"Alpha <b>alpha</b> & $\alpha_{alpha}$ <script>alpha()</script>",
            abstract=r"We use \emph{alpha} in $alpha^2$, see https://alpha.example/alpha?a=alpha.",
        )
    )
    build_index()
    html = client.get("/arxiv/search?query=alpha+script+b").content.decode()
    card = html.partition("<article")[2].partition("</article>")[0]
    assert "<mark>Alpha</mark>" in card
    assert "<script" not in card
    assert "<b>" not in card
    for maths in re.findall("<math.*?</math>", card, re.DOTALL):
        assert "mark" not in maths
    for name in re.findall('href="([^"]*)"', card):
        assert "mark" not in name
    abstract = re.search(r'<p class="abstract" lang="en">.*?</p>', card, re.DOTALL)
    assert abstract
    ElementTree.fromstring(abstract[0])


def test_a_search_that_takes_too_long_is_stopped_and_said(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_mixed()

    def never(*args: object, **kwargs: object) -> None:
        raise IndexTooSlow("No answer within 2 seconds.")

    monkeypatch.setattr(documents.index(), "search", never)
    for address in ("/arxiv/search?query=lattice", "/arxiv/search.json?query=lattice"):
        response = client.get(address)
        assert response.status_code == 503
        assert "This search takes too long" in response.content.decode()
        assert response["Retry-After"] == "10"
    monkeypatch.undo()
    assert client.get("/arxiv/search?query=lattice").status_code == 200


def test_an_identifier_with_its_field_goes_to_its_paper(client: Client) -> None:
    response = client.get("/arxiv/search?query=id:2401.00001v2&cat=cs")
    assert response["Location"] == "/arxiv/2401.00001v2"


def test_a_browser_can_add_the_search(client: Client) -> None:
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(response.content)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{space}Url")}
    assert templates["text/html"] == "http://testserver/arxiv/search?query={searchTerms}"
    assert 'rel="search" type="application/opensearchdescription+xml"' in get(
        client, "/arxiv/search"
    )
    assert len(root.findtext(f"{space}ShortName") or "") <= 16


def test_filters_need_no_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store_mixed()
    for show in (5, 10):
        with django_assert_num_queries(2):
            html = get(client, f"/arxiv/search?query=lattice&cat=cs&show={show}")
        assert len(identifiers_in(html)) in (5, 8)


def test_beyond_the_first_thousand_there_is_a_clear_end(client: Client) -> None:
    store(*(make_record(f"2608.{n:05}", title="Owls") for n in range(1, 1_006)))
    build_index()
    html = get(client, "/arxiv/search?query=owls")
    assert "1,005 papers" in html
    assert "The first 1,000 can be paged through." in html
    last = get(client, "/arxiv/search?query=owls&skip=990")
    assert len(identifiers_in(last)) == 10
    assert "This is the end: of 1,005 papers the first 1,000 are shown." in last
    assert 'rel="next"' not in last
    assert "nothing behind the last result" in get(
        client, "/arxiv/search?query=owls&skip=1000", 404
    )
