import contextlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv import rss
from papers.arxiv.errors import ArxivError, Final, MalformedAnswer, RequestRefused, Transient
from papers.arxiv.records import Author, Kind, Listing, Precision

TITLE = "cs.LG updates on arXiv.org"


def make_item(
    guid: str = "oai:arXiv.org:2609.00001v1",
    *,
    kind: str = "new",
    title: str = "A title",
    abstract: str = "We prove it.",
    creator: str = "Ada Lovelace, Kurt G\\&quot;odel",
    categories: tuple[str, ...] = ("cs.LG",),
    more: str = "",
    day: str = "Thu, 24 Sep 2026 00:00:00 -0400",
) -> str:
    name = guid.rpartition(":")[2]
    return f"""<item><title>{title}</title><link>https://arxiv.org/abs/{name}</link>
    <description>arXiv:{name} Announce Type: {kind} \nAbstract: {abstract}</description>
    <guid isPermaLink="false">{guid}</guid>
    {"".join(f"<category>{category}</category>" for category in categories)}
    <pubDate>{day}</pubDate><arxiv:announce_type>{kind}</arxiv:announce_type>{more}
    <dc:creator>{creator}</dc:creator></item>"""


def make_feed(*items: str, title: str = TITLE, day: str = "Thu, 24 Sep 2026 00:00:00 -0400") -> str:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0">
<channel><title>{title}</title><description>What is wrong.</description>
<lastBuildDate>Thu, 24 Sep 2026 08:58:05 +0000</lastBuildDate><pubDate>{day}</pubDate>
{"".join(items)}</channel></rss>"""


def parse(text: str) -> Listing:
    return rss.parse(text.encode(), "cs.LG")


def test_an_item_becomes_a_record_with_what_a_feed_knows() -> None:
    item = make_item(
        "oai:arXiv.org:2203.01250v3",
        kind="replace-cross",
        title="p&lt;q and r&gt;s for $a &lt; b$ &lt;script&gt;",
        abstract="Schr\\&quot;odinger &amp; co: a&lt;b,\nand c&gt;d.",
        categories=("cs.SY", "eess.SY", "cs.LG", "I.2.7"),
        more="<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>"
        "<arxiv:DOI>10.1/x</arxiv:DOI>"
        "<arxiv:journal_reference>J. A &amp; B</arxiv:journal_reference>",
        creator="Ada Lovelace (London, UK), Kurt G\\&quot;odel Jr.",
    )
    listing = parse(make_feed(item))
    [entry] = listing.entries
    record = entry.record
    assert (listing.category, listing.date, listing.cut) == ("cs.LG", date(2026, 9, 24), False)
    assert (entry.kind, entry.position) == (Kind.REPLACE_CROSS, 0)
    assert (record.identifier, record.version) == ("2203.01250", 3)
    assert record.title == "p<q and r>s for $a < b$ <script>"
    assert record.abstract == "Schrödinger & co: a<b, and c>d."
    assert record.authors == (Author("Ada Lovelace", ("London, UK",)), Author("Kurt Gödel Jr."))
    assert (record.primary_category, record.categories) == ("eess.SY", ("eess.SY", "cs.LG"))
    assert (record.doi, record.journal_ref) == ("10.1/x", "J. A & B")
    assert record.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert (record.comments, record.submitted_at, record.updated_at) == (None, None, None)
    assert record.submitted_precision is Precision.UNKNOWN
    assert record.withdrawn is None


def test_old_identifiers_are_read_too() -> None:
    listing = parse(make_feed(make_item("oai:arXiv.org:hep-th/9901001v2", kind="replace")))
    assert listing.entries[0].record.identifier == "hep-th/9901001"
    assert listing.entries[0].record.version == 2


def test_the_version_is_found_in_the_description_where_the_guid_has_none() -> None:
    text = make_feed(make_item("oai:arXiv.org:2609.00001v4")).replace(
        '"false">oai:arXiv.org:2609.00001v4', '"false">oai:arXiv.org:2609.00001'
    )
    assert parse(text).entries[0].record.version == 4


def test_an_empty_weekend_feed_is_an_empty_listing() -> None:
    listing = parse(make_feed(day="Sat, 26 Sep 2026 00:00:00 -0400"))
    assert (listing.date, listing.entries, listing.refusals) == (date(2026, 9, 26), (), ())


def test_the_date_is_eastern_in_winter_as_in_summer() -> None:
    assert parse(make_feed(day="Thu, 14 Jan 2027 00:00:00 -0500")).date == date(2027, 1, 14)
    assert parse(make_feed(day="Thu, 14 Jan 2027 05:00:00 +0000")).date == date(2027, 1, 14)


def test_a_stale_batch_under_todays_date_keeps_its_own_date() -> None:
    stale = make_item(day="Wed, 23 Sep 2026 00:00:00 -0400")
    assert parse(make_feed(stale)).date == date(2026, 9, 23)


def test_a_withdrawal_in_the_abstract_is_seen() -> None:
    item = make_item(kind="replace", abstract="This paper has been withdrawn by the authors.")
    assert parse(make_feed(item)).entries[0].record.withdrawn is True


@pytest.mark.parametrize(
    ("item", "identifier", "reason"),
    [
        (make_item(guid=""), "", "no id"),
        ("<item><title>x</title></item>", "", "no id"),
        (make_item("oai:arXiv.org:2613.00001v1"), "oai:arXiv.org:2613.00001v1", "month 13"),
        (make_item("https://example.org/1"), "https://example.org/1", "not an OAI identifier"),
        (make_item("oai:arXiv.org:2609.00009v1", title=""), "2609.00009", "no title"),
        (make_item("oai:arXiv.org:2609.00009v1", kind="jref"), "2609.00009", "announce type"),
        (
            make_item("oai:arXiv.org:2609.00009v1", categories=("68T07",)),
            "2609.00009",
            "no category",
        ),
        (make_item("oai:arXiv.org:2609.00001v2"), "2609.00001", "listed twice"),
        (make_item("oai:arXiv.org:2609.00009v1", title="a < b"), "2609.00009", "broken XML"),
        (make_item("oai:arXiv.org:2609.00009v1", title="a &nbsp; b"), "2609.00009", "broken XML"),
    ],
)
def test_a_bad_entry_is_refused_alone_with_its_reason(
    item: str, identifier: str, reason: str
) -> None:
    after = make_item("oai:arXiv.org:2609.00002v1")
    listing = parse(make_feed(make_item(), item, after))
    assert [e.record.identifier for e in listing.entries] == ["2609.00001", "2609.00002"]
    assert [e.position for e in listing.entries] == [0, 2]
    [refusal] = listing.refusals
    assert (refusal.position, refusal.identifier) == (1, identifier)
    assert reason in refusal.reason


def test_a_feed_cut_short_is_transient_and_keeps_what_stood_before_the_cut() -> None:
    whole = make_feed(*(make_item(f"oai:arXiv.org:2609.{n:05}v1") for n in range(1, 11)))
    half = whole[: whole.index("2609.00006v1</guid>")]
    with pytest.raises(MalformedAnswer, match="cut short") as caught:
        parse(half)
    assert isinstance(caught.value, Transient)
    assert caught.value.salvaged is not None
    found = [e.record.identifier for e in caught.value.salvaged.entries]
    assert found == [f"2609.{n:05}" for n in range(1, 6)]


@given(st.integers(0, 3000), st.binary(max_size=6))
def test_any_damage_is_a_listing_or_an_arxiv_error(at: int, damage: bytes) -> None:
    body = make_feed(make_item(), make_item("oai:arXiv.org:2609.00002v1")).encode()
    with contextlib.suppress(ArxivError):
        rss.parse(body[:at] + damage + body[at + len(damage) + 1 :], "cs.LG")


def test_an_error_feed_is_final_and_carries_arxivs_words() -> None:
    with pytest.raises(RequestRefused, match="What is wrong") as caught:
        parse(make_feed(title="Feed error for query: http://rss.arxiv.org/rss/xx"))
    assert isinstance(caught.value, Final)


@pytest.mark.parametrize(
    "body",
    [b"", b"  \n", b"Rate exceeded.", b"<html><body>busy</body></html>", b"<rss", b"\x00\xff"],
)
def test_what_is_no_feed_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedAnswer):
        rss.parse(body, "cs.LG")


def test_a_feed_as_long_as_a_feed_may_be_is_marked_as_cut() -> None:
    items = [make_item(f"oai:arXiv.org:2609.{n:05}v1") for n in range(1, 2001)]
    assert parse(make_feed(*items)).cut
    assert not parse(make_feed(*items[1:])).cut


@pytest.mark.parametrize("name", ["rss_multi_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_trimmed.xml"])
def test_recorded_rss_is_read_whole(real_papers: Path, name: str) -> None:
    listing = rss.parse((real_papers / "responses/rss" / name).read_bytes(), "cs.LG")
    assert listing.date == date(2026, 9, 24)
    assert len(listing.entries) == 4
    assert not listing.refusals
    assert listing.entries[0].record.title.startswith("The Drift Contract")
    assert {e.kind for e in listing.entries} >= {Kind.NEW}


@pytest.mark.parametrize(
    ("name", "day", "count"),
    [
        ("atom_cs.AI_2025-08-20.xml", date(2025, 8, 20), 7),
        ("atom_cs.LG_2026-09-25_trimmed.xml", date(2026, 9, 25), 3),
    ],
)
def test_recorded_atom_is_read_whole(real_papers: Path, name: str, day: date, count: int) -> None:
    listing = rss.parse((real_papers / "responses/rss" / name).read_bytes(), "cs.LG")
    assert (listing.date, len(listing.entries), listing.refusals) == (day, count, ())
    for entry in listing.entries:
        assert entry.record.authors
        assert entry.record.licence
        assert not entry.record.abstract.startswith("arXiv:")


def test_names_in_a_recorded_feed_are_decoded(real_papers: Path) -> None:
    body = (real_papers / "responses/rss/atom_cs.AI_2025-08-20.xml").read_bytes()
    names = {a.name for e in rss.parse(body, "cs.AI").entries for a in e.record.authors}
    assert "Paulo André Lima de Castro" in names


_hostile: list[Callable[[str], str]] = [
    lambda feed: feed.replace("<rss", '<!DOCTYPE r [<!ENTITY a "b">]><rss', 1),
    lambda feed: feed.replace("<rss", '<!DOCTYPE r SYSTEM "file:///etc/passwd"><rss', 1),
    lambda feed: feed.replace(
        "<rss", '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><rss', 1
    ).replace("A title", "&b;"),
]


@pytest.mark.parametrize("spoil", _hostile)
def test_document_types_and_entities_are_never_read(spoil: Callable[[str], str]) -> None:
    with pytest.raises(MalformedAnswer, match="document type or entities"):
        parse(spoil(make_feed(make_item())))
