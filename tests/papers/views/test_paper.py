"""Papers and hand-picked lists, through their addresses."""

from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from papers.arxiv.records import Author, Kind, Precision, VersionRecord
from papers.models import Paper, PaperVersion
from tests.papers.factory import TUESDAY, WEDNESDAY, announce, make_record, store
from tests.papers.views.test_listing import get, identifiers_in, text_of
from tests.papers.views.test_search import build_index
from tests.papers.views.test_search import own_index as own_index

pytestmark = pytest.mark.usefixtures("reading")


def test_a_papers_page_has_everything_known(client: Client) -> None:
    record = make_record(
        "2608.00001",
        "cs.AI",
        "math.CO",
        title=r"Counting \emph{trees} in $K_n$",
        comments="12 pages, code at https://example.org/code",
        journal_ref="J. Trees 3 (2026)",
        doi="10.1000/xyz(1)",
        licence="http://creativecommons.org/licenses/by/4.0/",
        submitted_at=datetime(2026, 8, 7, 9, 30, tzinfo=UTC),
        submitted_precision=Precision.SECOND,
    )
    announce(WEDNESDAY, "cs.AI", [record])
    announce(WEDNESDAY, "math.CO", [record], Kind.CROSS)
    html = get(client, "/arxiv/2608.00001")
    text = text_of(html)
    for said in (
        "Ada Lovelace , Erwin Schrödinger (Vienna)",
        "Artificial Intelligence (cs.AI) ; Combinatorics (math.CO)",
        "12 pages, code at https://example.org/code",
        "J. Trees 3 (2026)",
        "7 Aug 2026, 09:30 UTC",
        "Wed 12 Aug 2026 , new in cs.AI",
        "Wed 12 Aug 2026 , cross-list in math.CO",
        "CC BY 4.0",
        "v1 , 7 Aug 2026, 12:00 UTC",
    ):
        assert said in text
    for markup in (
        "<em>trees</em> in <math ",
        "<title>Counting trees in Kₙ · Coolpapers</title>",
        'href="https://doi.org/10.1000/xyz%281%29"',
        '<meta name="citation_title" content="Counting trees in Kₙ">',
        '<meta name="citation_author" content="Erwin Schrödinger">',
        '<meta name="citation_date" content="2026/08/07">',
        '<meta name="citation_arxiv_id" content="2608.00001">',
        '<meta name="citation_pdf_url" content="https://arxiv.org/pdf/2608.00001">',
        '<meta name="citation_public_url" content="http://testserver/arxiv/2608.00001">',
        '<link rel="canonical" href="http://testserver/arxiv/2608.00001">',
    ):
        assert markup in html


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("2401.6769", "2401.06769"),
        ("arXiv:2401.06769v2", "2401.06769v2"),
        ("2401.06769.pdf", "2401.06769"),
        ("2401.06769/", "2401.06769"),
        ("math.GT/0309136", "math/0309136"),
        ("HEP-TH/9901001", "hep-th/9901001"),
        ("2401.00001,2401.00001", "2401.00001"),
        ("2401.00001%20arXiv:2401.2", "2401.00001,2401.00002"),
    ],
)
def test_every_other_form_of_an_identifier_leads_to_the_one(
    client: Client, asked: str, canonical: str
) -> None:
    response = client.get(f"/arxiv/{asked}")
    assert (response.status_code, response["Location"]) == (301, f"/arxiv/{canonical}")


def test_an_old_version_shows_its_own_text_where_that_was_seen(client: Client) -> None:
    store(make_record(title="The first title", abstract="First."))
    store(make_record(version=2, title="The second title", abstract="Second."))
    old = text_of(get(client, "/arxiv/2608.00001v1"))
    assert "The first title" in old
    assert "This is version 1; the newest is version 2." in old
    assert "The second title" not in old
    for address in ("/arxiv/2608.00001", "/arxiv/2608.00001v2"):
        assert "The second title" in get(client, address)


def test_an_old_version_never_seen_says_so_and_shows_the_newest(client: Client) -> None:
    dates = tuple(VersionRecord(n, datetime(2026, 1, n, 8, tzinfo=UTC)) for n in (1, 2, 3))
    store(make_record(version=3, title="The newest", versions=dates))
    text = text_of(get(client, "/arxiv/2608.00001v2"))
    assert "Version 2 was never seen by this site" in text
    assert "The newest" in text
    assert "v2 , 2 Jan 2026, 08:00 UTC text not seen here" in text


def test_a_version_there_is_not_is_a_404_that_leads_to_the_newest(client: Client) -> None:
    store(make_record())
    html = get(client, "/arxiv/2608.00001v7", 404)
    assert "2608.00001 has no version 7" in html
    assert 'href="/arxiv/2608.00001"' in html


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ("2413.00001", "there is no month 13"),
        ("2401.00001v0", "there is no version 0"),
        ("2401.00000", "numbers begin at 1"),
        ("nonsense/9901001", "no archive 'nonsense'"),
        ("2401.00001,12345", "is not an arXiv identifier"),
        ("12345%00", "is not an arXiv identifier"),
        ("hep-th/9901001999", "is not an arXiv identifier"),
    ],
)
def test_a_malformed_identifier_is_a_404_that_says_why(
    client: Client, asked: str, reason: str
) -> None:
    assert reason in get(client, f"/arxiv/{asked}", 404)


def test_a_hidden_paper_has_no_page(client: Client) -> None:
    store(make_record())
    Paper.objects.update(hidden=True)
    get(client, "/arxiv/2608.00001", 404)


def test_a_real_paper_comes_before_a_sample_of_the_same_number(client: Client) -> None:
    store(make_record(title="A sample"), source=Paper.Source.SAMPLE)
    store(make_record(title="The real one"))
    html = get(client, "/arxiv/2608.00001")
    assert "The real one" in html
    assert "A sample" not in html


def test_a_picked_list_keeps_its_order_and_names_what_is_not_here(client: Client) -> None:
    store(*(make_record(f"2608.0000{n}") for n in range(1, 4)))
    html = get(client, "/arxiv/2608.00003,2608.00001,2401.00009")
    assert identifiers_in(html) == ["2608.00003", "2608.00001"]
    assert "2 picked papers" in html
    assert 'href="https://arxiv.org/abs/2401.00009"' in html


def test_too_many_picked_papers_are_refused(client: Client) -> None:
    asked = ",".join(f"2608.{n:05}" for n in range(1, 520))
    assert "This list is too long" in get(client, f"/arxiv/{asked}", 400)


def test_3000_authors_and_50_versions_do_not_break_the_page(client: Client) -> None:
    authors = tuple(Author(f"Author {n}", ("CERN",)) for n in range(3_000))
    store(make_record(authors=authors, version=50))
    html = get(client, "/arxiv/2608.00001")
    assert "and 2,960 more" in html
    assert "Author 2999<" in html
    assert "v50" in html


def test_a_corrected_author_list_in_an_odd_shape_does_not_break_the_page(client: Client) -> None:
    store(make_record())
    Paper.objects.update(authors=[{"name": "A", "affiliations": None}, {}])
    get(client, "/arxiv/2608.00001")


def test_an_announcement_of_an_older_day_is_listed_too(client: Client) -> None:
    announce(TUESDAY, "cs.AI", [make_record()])
    announce(WEDNESDAY, "cs.AI", [make_record(version=2)], Kind.REPLACE)
    html = get(client, "/arxiv/2608.00001")
    assert 'href="/arxiv/cs.AI?date=2026-08-11"' in html
    assert "replacement in cs.AI" in text_of(html)


def test_a_paper_needs_five_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store(make_record(version=4, title="Owls"), make_record("2608.00002", title="Owls"))
    paper = Paper.objects.get(identifier="2608.00001")
    PaperVersion.objects.create(paper=paper, number=2, title="x", abstract="y")
    build_index()
    # The generation, the paper, its versions, its announcements, its neighbours.
    with django_assert_num_queries(5):
        get(client, "/arxiv/2608.00001")


def test_html_in_a_paper_is_text_on_its_page(client: Client) -> None:
    store(make_record(title='"><script>alert(1)</script>', authors=(Author("<b>x</b>"),)))
    response = client.get("/arxiv/2608.00001")
    assert b"<script>alert" not in response.content
    assert b"<b>x" not in response.content
    assert "<script>alert(1)</script>" in unescape(response.content.decode())


def test_a_changed_text_shows_what_changed_where_both_were_seen(client: Client) -> None:
    first = make_record("2608.00001", title="A <weak> bound", abstract="At most $n$ steps.")
    announce(TUESDAY, "cs.AI", [first])
    assert "What changed" not in get(client, "/arxiv/2608.00001")
    second = make_record(
        "2608.00001", version=2, title="A strong bound", abstract="At most $n-1$ steps."
    )
    announce(WEDNESDAY, "cs.AI", [second], Kind.REPLACE)
    html = client.get("/arxiv/2608.00001").content.decode()
    assert "What changed from version 1 to version 2" in html
    assert "A <del>&lt;weak&gt;</del> <ins>strong</ins> bound" in html
    assert 'At most <del><math translate="no" data-latex="$n$">' in html
    assert "What changed" not in get(client, "/arxiv/2608.00001v1")


def test_a_version_with_the_same_texts_shows_no_changes(client: Client) -> None:
    announce(TUESDAY, "cs.AI", [make_record("2608.00001", title="A bound", abstract="Of it.")])
    again = make_record("2608.00001", version=2, title="A bound", abstract="Of it.")
    announce(WEDNESDAY, "cs.AI", [again], Kind.REPLACE)
    assert "What changed" not in get(client, "/arxiv/2608.00001")


def test_where_the_old_text_was_never_seen_no_changes_are_made_up(client: Client) -> None:
    announce(WEDNESDAY, "cs.AI", [make_record("2608.00001", version=3)], Kind.REPLACE)
    assert "What changed" not in get(client, "/arxiv/2608.00001")
