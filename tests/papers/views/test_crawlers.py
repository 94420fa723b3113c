"""What search engines fetch and show: days, papers, categories."""

import re

import pytest
from django.test import Client

from tests.papers.factory import MONDAY, WEDNESDAY, announce, make_records
from tests.papers.views.test_listing import get

pytestmark = pytest.mark.usefixtures("reading")

CRAWLED = (
    "/", "/arxiv/cs.AI", "/arxiv/cs", "/arxiv/cond-mat.mes-hall", "/arxiv/2608.00001",
    "/arxiv/hep-th/9901001", "/arxiv/cs.AI?date=2026-08-11", "/arxiv/math-ph?date=1999-01-04",
    "/status", "/choose", "/static/css/site.css",
)  # fmt: skip
NOT_CRAWLED = (
    "/arxiv/cs.AI,cs.CL", "/arxiv/cs.AI,cs.CL?date=2026-08-11", "/arxiv/cs.AI+cs.LG-cs.CY",
    "/arxiv/cs.AI+cs.LG?date=2026-08-11", "/arxiv/cs.AI?date=2026-08-10..2026-08-14",
    "/arxiv/cs.AI?skip=25", "/arxiv/cs.AI?date=2026-08-11&skip=25", "/arxiv/cs.AI?view=titles",
    "/arxiv/cs.AI?date=2026-08-11&view=titles", "/arxiv/cs.AI?sort=stars", "/arxiv/search",
    "/arxiv/search?query=owls", "/arxiv/search/suggest?query=ow", "/arxiv/2608.00001,2608.00002",
    "/arxiv/2608.00001/related", "/arxiv/related?text=owls", "/arxiv/cs.AI/feed",
    "/arxiv/cs.AI.json?skip=25", "/arxiv/2608.00001.bib", "/arxiv/2608.00001.ris",
    "/arxiv/cs.AI.json", "/arxiv/cs.AI/more?skip=25", "/arxiv/cs.AI/pack.json?date=2026-08-11",
    "/arxiv/cs.AI/overview", "/stars", "/offline", "/choose?cs.AI=follow",
)  # fmt: skip
NOBODYS = ("/admin/", "/admin/login/?next=/admin/", "/metrics", "/healthz", "/readyz")


def read_rules(client: Client) -> list[tuple[bool, str]]:
    """Whether it allows, and the pattern, in the order given."""
    body = client.get("/robots.txt").content.decode()
    assert body.startswith("User-agent: *\n")
    return [
        (line.startswith("Allow"), line.partition(": ")[2])
        for line in body.splitlines()[1:]
        if line
    ]


def may_fetch(rules: list[tuple[bool, str]], address: str) -> bool:
    """As RFC 9309 says: the longest pattern that fits, of two as long the one that allows."""
    fits = [(1, True)]
    for allows, pattern in rules:
        text = re.escape(pattern).replace(r"\*", ".*")
        text = text.removesuffix(r"\$") + "$" if text.endswith(r"\$") else text
        if re.match(text, address):
            fits.append((len(pattern), allows))
    return max(fits)[1]


def test_crawlers_are_kept_to_days_papers_and_categories_in_every_language(client: Client) -> None:
    rules = read_rules(client)
    for prefix in ("", "/zh"):
        assert [a for a in CRAWLED if not may_fetch(rules, prefix + a)] == []
        assert [a for a in NOT_CRAWLED if may_fetch(rules, prefix + a)] == []
    assert [address for address in NOBODYS if may_fetch(rules, address)] == []


@pytest.mark.parametrize(
    ("address", "indexed"),
    [
        ("/", True),
        ("/arxiv/cs.AI", True),
        ("/arxiv/cs", True),
        (f"/arxiv/cs.AI?date={WEDNESDAY}", True),
        ("/arxiv/2608.00001", True),
        ("/arxiv/cs.AI,cs.CL", False),
        ("/arxiv/cs-cs.CY", False),
        (f"/arxiv/cs.AI?date={MONDAY}..{WEDNESDAY}", False),
        ("/arxiv/cs.AI?skip=25", False),
        ("/arxiv/math.CO", False),
        ("/arxiv/2608.00001,2608.00002", False),
        ("/stars", False),
        ("/no/such/page", False),
    ],
)
def test_pages_without_end_or_without_papers_are_not_indexed(
    client: Client, address: str, indexed: bool
) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(30, "cs.AI"))
    html = client.get(address).content.decode()
    assert ('<meta name="robots" content="noindex">' not in html) == indexed


def test_a_listing_says_which_of_its_addresses_is_the_one(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", make_records(30, "cs.AI"))
    html = get(client, "/arxiv/cs.AI?view=titles")
    assert '<link rel="canonical" href="http://testserver/arxiv/cs.AI">' in html
