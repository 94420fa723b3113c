"""English and Chinese by address: the same bytes for everyone in each."""

import re

import pytest
from django.test import Client
from django.utils import translation

from coolpapers.languages import localise, localise_links
from tests.papers.conftest import StandingClock
from tests.papers.factory import WEDNESDAY, announce, make_record, make_records

pytestmark = pytest.mark.usefixtures("reading")

PAGES = [
    "/", "/arxiv/cs.AI", "/arxiv/cs.AI?date=2026-08-12", "/arxiv/2608.00001", "/status",
    "/arxiv/2608.00001,2608.00002", "/arxiv/cs.XX", "/no/such/page",
]  # fmt: skip


@pytest.fixture(autouse=True)
def some_papers(reading: StandingClock) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(30, "cs.AI"))


def read(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_in_the_language_of_its_address(client: Client, address: str) -> None:
    english, chinese = read(client, address), read(client, f"/zh{address}")
    assert '<html lang="en"' in english
    assert '<html lang="zh-hans"' in chinese
    assert "All categories" in english
    assert "全部分类" not in english
    assert "全部分类" in chinese
    assert "All categories" not in chinese


@pytest.mark.parametrize("address", PAGES)
def test_links_keep_the_language(client: Client, address: str) -> None:
    chinese = read(client, f"/zh{address}")
    for attributes, link in re.findall(r'<(?:a|form)\b([^>]*?)(?:href|action)="(/[^"]*)"', chinese):
        other = 'hreflang="en"' in attributes
        file = re.search(r"/feed|\.(?:json|bib|ris)", link)
        assert link.startswith("/zh/") or other or file, link
    assert "/zh/" not in re.sub(r'<[^>]*hreflang="zh-Hans"[^>]*>', "", read(client, address))


def test_every_page_leads_to_itself_in_the_other_language(client: Client) -> None:
    for address in PAGES[:4]:
        for prefix in ("", "/zh"):
            html = read(client, prefix + address)
            assert re.search(rf'<a hreflang="en"\s+href="{re.escape(address)}"', html) or not prefix
            # To search engines, which know no other way to tell hosts apart, with the host.
            link = '<link rel="alternate" hreflang="%s" href="http://testserver%s">'
            assert link % ("en", address) in html
            assert link % ("zh-Hans", f"/zh{address}") in html


def test_neither_a_cookie_nor_the_browser_changes_the_language(client: Client) -> None:
    for address in ("/arxiv/cs.AI", "/zh/arxiv/cs.AI"):
        plain = client.get(address)
        client.cookies["django_language"] = "zh-hans"
        asked = client.get(address, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
        assert asked.content == plain.content
        assert not asked.cookies
        assert "Accept-Language" not in asked.get("Vary", "")


def test_the_cache_keeps_languages_apart(client: Client) -> None:
    first = [read(client, address) for address in ("/arxiv/cs.AI", "/zh/arxiv/cs.AI")]
    again = [read(client, address) for address in ("/arxiv/cs.AI", "/zh/arxiv/cs.AI")]
    assert first == again
    assert first[0] != first[1]


def test_a_redirect_keeps_the_language(client: Client) -> None:
    assert client.get("/zh/arxiv/2608.1")["Location"] == "/zh/arxiv/2608.00001"
    assert client.get("/zh/arxiv/CS.ai")["Location"] == "/zh/arxiv/cs.AI"
    assert client.get("/zh/arxiv")["Location"] == "/zh/"
    assert client.get("/arxiv/2608.1")["Location"] == "/arxiv/2608.00001"


def test_dates_and_counts_read_as_they_are_written_there(client: Client) -> None:
    html = read(client, "/zh/arxiv/cs.AI")
    assert "2026年8月12日" in html
    assert "30" in html


def test_a_papers_own_words_stay_as_they_are(client: Client) -> None:
    hostile = 'See href="/arxiv/x" and <a href="/b"> for more.'
    announce(WEDNESDAY, "cs.CL", [make_record("2608.00077", abstract=hostile)])
    html = read(client, "/zh/arxiv/2608.00077")
    assert 'See href="/arxiv/x" and &lt;a href="/b"&gt; for more.' in html


@pytest.mark.parametrize(
    ("address", "chinese"),
    [
        ("/", "/zh/"),
        ("/arxiv/cs.AI", "/zh/arxiv/cs.AI"),
        ("/arxiv/cs.AI/feed", "/arxiv/cs.AI/feed"),
        ("/arxiv/2608.00001.bib", "/arxiv/2608.00001.bib"),
        ("/static/css/site.css", "/static/css/site.css"),
        ("/zh/status", "/zh/status"),
        ("//elsewhere.example/", "//elsewhere.example/"),
        ("https://arxiv.org/", "https://arxiv.org/"),
        ("#main", "#main"),
    ],
)
def test_addresses_have_the_prefix_of_the_language(address: str, chinese: str) -> None:
    assert localise(address) == address
    with translation.override("zh-hans"):
        assert localise(address) == chinese
        assert localise_links(f'<a hreflang="en" href="{address}">') == (
            f'<a hreflang="en" href="{address}">'
        )


def test_categories_holidays_and_faults_are_named_in_the_language(client: Client) -> None:
    assert "人工智能" in read(client, "/zh/")
    assert "计算机科学" in read(client, "/zh/choose")
    assert "因六月节休息" in read(client, "/zh/arxiv/cs.AI?date=2026-06-22")
    assert "没有 13 月" in read(client, "/zh/arxiv/2413.00001")
    assert "Artificial Intelligence" in read(client, "/arxiv/cs.AI/feed")


def test_on_chinese_pages_titles_and_abstracts_are_said_to_be_english(client: Client) -> None:
    for address, marks in (
        ("/zh/arxiv/cs.AI", ('<h3 id="t2608.00001" lang="en">', '<p class="abstract" lang="en">')),
        ("/zh/arxiv/cs.AI?view=titles", ('<h3 id="t2608.00001" lang="en">',)),
        ("/zh/arxiv/2608.00001", ('<h1 lang="en">', '<p class="abstract" lang="en">')),
    ):
        html = read(client, address)
        for mark in marks:
            assert mark in html, (address, mark)
