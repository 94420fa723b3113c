from datetime import UTC, datetime
from pathlib import Path

import pytest

from papers.arxiv import api
from papers.arxiv.errors import (
    Final,
    MalformedAnswer,
    RequestRefused,
    Transient,
    UnexpectedEmptyPage,
)
from papers.arxiv.records import Author, Precision, VersionRecord

ENTRY = """<entry><id>http://arxiv.org/abs/2012.11345v2</id>
<title>On $p &lt; q$</title><updated>2020-12-25T01:02:03Z</updated>
<summary>  One
two.</summary><category term="I.2.7"/><category term="cs.SY"/><category term="cs.RO"/>
<published>2020-12-21T13:55:21Z</published><arxiv:comment>19 pages</arxiv:comment>
<arxiv:primary_category term="cs.RO"/>
<author><name> A. Matveev</name><arxiv:affiliation>U. One</arxiv:affiliation>
<arxiv:affiliation>U. Two</arxiv:affiliation></author><author><name>B. Two</name></author>
<arxiv:doi>10.1/x</arxiv:doi></entry>"""


def make_page(*entries: str, total: int = 1, start: int = 0, size: int = 10) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
<opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex>{"".join(entries)}</feed>""".encode()


def test_an_entry_becomes_a_record_with_times_to_the_second() -> None:
    page = api.parse(make_page(ENTRY, total=7))
    [record] = page.records
    submitted = datetime(2020, 12, 21, 13, 55, 21, tzinfo=UTC)
    updated = datetime(2020, 12, 25, 1, 2, 3, tzinfo=UTC)
    assert page.total == 7
    assert (record.identifier, record.version) == ("2012.11345", 2)
    assert (record.title, record.abstract) == ("On $p < q$", "One two.")
    assert record.authors == (Author("A. Matveev", ("U. One", "U. Two")), Author("B. Two"))
    assert (record.primary_category, record.categories) == ("cs.RO", ("cs.RO", "eess.SY"))
    assert (record.comments, record.doi, record.journal_ref) == ("19 pages", "10.1/x", "")
    assert (record.submitted_at, record.submitted_precision) == (submitted, Precision.SECOND)
    assert record.updated_at == updated
    assert record.versions == (VersionRecord(1, submitted), VersionRecord(2, updated))
    assert record.withdrawn is False
    assert record.licence is None


def test_an_error_entry_is_final_whatever_the_total_says(real_papers: Path) -> None:
    [path] = (real_papers / "responses/atom_api").glob("*id_abc*_400_*.xml")
    with pytest.raises(RequestRefused, match="incorrect id format for abc") as caught:
        api.parse(path.read_bytes())
    assert isinstance(caught.value, Final)


def test_an_empty_page_that_should_be_full_is_transient() -> None:
    with pytest.raises(UnexpectedEmptyPage, match="of 200") as caught:
        api.parse(make_page(total=200, start=100))
    assert isinstance(caught.value, Transient)


def test_an_empty_page_past_the_end_or_with_no_match_is_empty() -> None:
    assert api.parse(make_page(total=0)).records == ()
    assert api.parse(make_page(total=100, start=100)).records == ()
    assert api.parse(make_page(total=100, size=0)).records == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("2012.11345v2", "2013.11345v2", "no month 13"),
        ("http://arxiv.org/abs/2012.11345v2", "", "no id"),
        ("<title>On $p &lt; q$</title>", "", "no title"),
    ],
)
def test_a_bad_entry_is_refused_alone(old: str, new: str, reason: str) -> None:
    page = api.parse(make_page(ENTRY.replace(old, new), ENTRY.replace("11345", "11346")))
    assert [record.identifier for record in page.records] == ["2012.11346"]
    [refusal] = page.refusals
    assert refusal.position == 0
    assert reason in refusal.reason


@pytest.mark.parametrize(
    "body", [b"", b"Rate exceeded.", make_page(ENTRY)[:-40], b"<rss version='2.0'></rss>"]
)
def test_a_body_that_is_no_whole_answer_is_transient(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        api.parse(body)


def test_six_recorded_pages_in_a_row_hold_sixty_papers(real_papers: Path) -> None:
    folder = real_papers / "responses/atom_api"
    found: list[str] = []
    for start in range(0, 60, 10):
        [path] = folder.glob(f"2026-04-12_q_testing_s{start}_m10_*.xml")
        page = api.parse(path.read_bytes())
        assert (len(page.records), page.refusals, page.total) == (10, (), 214881)
        found += [record.identifier for record in page.records]
    assert len(set(found)) == 60


def test_recorded_answers_of_every_form_are_read(real_papers: Path) -> None:
    folder = real_papers / "responses/atom_api"
    legacy = api.parse((folder / "legacy_2020_id_1601.00001.xml").read_bytes())
    assert legacy.records[0].title.endswith("The probe technique at high bias")
    assert "Landauer-Büttiker" in legacy.records[0].abstract
    assert legacy.records[0].journal_ref == "J. Chem. Phys. 144, 124107 (2016)"
    [path] = folder.glob("*id_2104.12255v1*")
    assert api.parse(path.read_bytes()).records[0].title == "0"
    [path] = folder.glob("*cs.RO_max3_affiliations.xml")
    authors = api.parse(path.read_bytes()).records[1].authors
    assert authors[0].affiliations[1] == "Dept. of Comp. Sci., Johns Hopkins University"
    [path] = folder.glob("*id_0808.05394_1707.08567*")
    assert len(api.parse(path.read_bytes()).records) == 1
    [path] = folder.glob("*id_0000.0000*")
    assert api.parse(path.read_bytes()).records == ()


def test_an_entry_whose_xml_is_broken_costs_no_other() -> None:
    broken = ENTRY.replace("2012.11345v2", "2012.00001v1").replace("<title>On", "<title>On & <b>")
    page = api.parse(make_page(broken, ENTRY, total=2))
    assert [record.identifier for record in page.records] == ["2012.11345"]
    assert [(refusal.position, refusal.identifier) for refusal in page.refusals] == [
        (0, "2012.00001v1")
    ]


def test_a_page_that_is_cut_short_is_asked_for_again() -> None:
    with pytest.raises(MalformedAnswer, match="cut short"):
        api.parse(make_page(ENTRY, ENTRY)[:-900])
