"""How public pages are answered: the same bytes for everyone, cached, compressed, conditional."""

import gzip
import logging
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from coolpapers import clock
from papers import page_cache
from papers.arxiv.assembly import assemble_record
from papers.arxiv.authors import make_author, split_authors
from papers.arxiv.identifiers import Identifier
from papers.models import Paper
from tests.papers.conftest import StandingClock
from tests.papers.factory import NOW, WEDNESDAY, announce, make_record, make_records

pytestmark = pytest.mark.usefixtures("reading")

PAGES = ["/", "/arxiv/cs.AI", "/arxiv/2608.00001", "/arxiv/2608.00001,2608.00002", "/arxiv/cs.XX"]

# Where a paper's texts go, and a reader's own.
OUTPUTS = [
    "/arxiv/cs.AI",
    "/arxiv/cs.AI?view=titles",
    "/arxiv/cs.AI/feed",
    "/arxiv/cs.AI/pack.json",
    *(f"/arxiv/2608.00009{ending}" for ending in ("", "/feed", ".json", ".bib", ".ris")),
    "/arxiv/cs.%E2%80%AEXX",
    "/arxiv/cs.AI?sort=%E2%80%AE",
]
# Turn the direction of all that is written after them.
TURNS = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


@pytest.fixture(autouse=True)
def some_papers(reading: StandingClock) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(3, "cs.AI"))


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_sets_no_cookie_and_varies_on_none(
    client: Client, admin_client: Client, address: str
) -> None:
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public")
    assert admin_client.get(address).content == response.content


@pytest.mark.parametrize("address", PAGES)
def test_a_public_page_loads_from_nowhere_else(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    for attribute in ("src=", '<link rel="stylesheet" href='):
        for rest in html.split(attribute)[1:]:
            assert rest.startswith('"/static/')
    assert " style=" not in html
    assert "<style" not in html
    assert " on" + "click" not in html


def test_nothing_in_a_text_turns_what_is_written_after_it(client: Client) -> None:
    one = make_author(f"Ada {TURNS}Lovelace", (f"Lon{TURNS}don",))
    assert one
    record = assemble_record(
        Identifier("2608.00009"),
        title=f"A turned {TURNS} title $x{TURNS}$ \\emph{{{TURNS}}} &#8238;",
        abstract=f"We turn {TURNS} words. See https://example.org/{TURNS}x",
        authors=(one, *split_authors(f'Kurt {TURNS}G\\"odel (Wien{TURNS})')),
        categories=["cs.AI"],
        comments=f"Turned{TURNS}",
        journal_ref=f"J. Turns{TURNS}",
        doi=f"10.1000/{TURNS}x",
        licence=f"http://example.org/{TURNS}",
    )
    announce(WEDNESDAY, "cs.AI", [record])
    for address in OUTPUTS:
        text = unescape(client.get(address).content.decode())
        assert any(word in text for word in ("urned", "XX", "sort")), address
        assert not set(text) & set(TURNS), address
        assert "\\u20" not in text, address


def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    first = client.get("/arxiv/cs.AI")
    again = client.get("/arxiv/cs.AI", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    Paper.objects.filter(identifier="2608.00001").update(title="Another title")
    changed = client.get("/arxiv/cs.AI", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_page_comes_compressed_to_whom_it_may(client: Client) -> None:
    plain = client.get("/arxiv/cs.AI")
    packed = client.get("/arxiv/cs.AI", headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    refused = client.get("/arxiv/cs.AI", headers={"Accept-Encoding": "br, gzip;q=0"})
    assert "Content-Encoding" not in refused


def test_a_page_that_is_known_costs_one_query(client: Client) -> None:
    first = client.get("/arxiv/cs.AI")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/arxiv/cs.AI").content == first.content
    assert len(queries) == 1


def test_no_page_is_older_than_the_database(client: Client) -> None:
    assert b"Another title" not in client.get("/arxiv/cs.AI").content
    Paper.objects.filter(identifier="2608.00001").update(title="Another title")
    assert b"Another title" in client.get("/arxiv/cs.AI").content


def test_another_day_makes_other_pages(client: Client, reading: StandingClock) -> None:
    assert b"is not here yet" not in client.get("/arxiv/cs.AI").content
    reading.time = NOW.replace(day=13)
    assert b"is not here yet" in client.get("/arxiv/cs.AI").content


def test_another_host_never_gets_this_ones_addresses(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    client.get("/arxiv/2608.00001", headers={"Host": "one.example"})
    page = client.get("/arxiv/2608.00001", headers={"Host": "two.example"})
    assert b"http://two.example/arxiv/2608.00001" in page.content
    assert b"one.example" not in page.content


def test_what_is_unfinished_is_kept_only_briefly(client: Client) -> None:
    assert "max-age=60" in client.get("/arxiv/cs.AI")["Cache-Control"]
    announce(WEDNESDAY, "cs.CL", [], missing=["2608.00009v1"])
    for address in ("/arxiv/cs.CL", "/arxiv/cs.SE", "/arxiv/cs", "/"):
        assert "max-age=10," in client.get(address)["Cache-Control"]


def test_without_redis_pages_are_made_all_the_same_and_it_is_said_once(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    address = client.get("/arxiv/cs.AI").content
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        }
    }
    with caplog.at_level(logging.WARNING, logger="papers.page_cache"):
        for _ in range(3):
            assert client.get("/arxiv/cs.AI").content == address
    assert len(caplog.records) == 1


def test_rubbish_in_the_cache_is_no_page(client: Client) -> None:
    page = client.get("/arxiv/cs.AI").content
    for key in cache._cache.get_client().keys("*"):  # type: ignore[attr-defined]  # the only way
        cache._cache.get_client().set(key, b"rubbish")  # type: ignore[attr-defined]  # as above
    assert client.get("/arxiv/cs.AI").content == page


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/arxiv/cs.AI").status_code == 405
    head = client.head("/arxiv/cs.AI")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/nowhere", "nowhere"),
        ("/arxivx", "arxivx"),
        ("/wp-login.php", "login+php"),
        ("/a\x00bcd", "bcd"),
    ],
)
def test_an_address_of_nothing_is_a_page_of_ours_and_its_words_can_be_searched_for(
    client: Client, address: str, words: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    html = response.content.decode()
    assert "There is no such page" in html
    assert f'href="/arxiv/search?query={words}"' in html


def test_a_foreign_host_is_refused_in_plain_words(client: Client) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "This request makes no sense" in response.content.decode()


def test_a_fault_of_ours_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(clock, "now", fail)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert b"Something broke" in response.content
    assert b"secret" not in response.content


def test_25_cards_with_maths_fit_in_the_budget(client: Client) -> None:
    abstract = r"We show that $\sum_{i=1}^{n} \alpha_i^2 \le \frac{1}{2}$ for all $n$. " * 15
    records = [make_record(f"2608.1{n:04}", abstract=f"{n} {abstract}") for n in range(25)]
    announce(WEDNESDAY, "cs.CV", records)
    packed = client.get("/arxiv/cs.CV", headers={"Accept-Encoding": "gzip"})
    assert len(packed.content) < 40_000


def test_the_key_of_a_page_takes_anything() -> None:
    assert page_cache.make_key("\ud800", "\x00", "x" * 100_000) != page_cache.make_key("")
