"""Atom by the rules, and readable."""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from papers.feeds import Entry, Feed, make_entry, render
from tests.papers.exports.papers import ORIGIN, make_paper

MONDAY = datetime(2024, 1, 8, 1, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


def make_feed(*entries: Entry) -> Feed:
    return Feed("cs.LG", "", f"{ORIGIN}/arxiv/cs.LG", f"{ORIGIN}/arxiv/cs.LG/feed", MONDAY, entries)


def entry(kind: int | None = 1, days: int = 0, **fields: Any) -> Entry:
    return make_entry(make_paper(**fields), ORIGIN, MONDAY, MONDAY + timedelta(days), kind)


def test_a_feed_has_what_the_rules_ask_for() -> None:
    body = render(make_feed(entry()))
    root = ET.fromstring(body)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{name}")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": f"{ORIGIN}/arxiv/cs.LG/feed", "alternate": f"{ORIGIN}/arxiv/cs.LG"}
    (item,) = root.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated", "published", "summary"):
        assert len(item.findall(f"{ATOM}{name}")) == 1


def test_a_reader_finds_abstract_authors_subjects_and_kind() -> None:
    found = feedparser.parse(render(make_feed(entry(kind=2, comments="12 pages"))))
    assert not found.bozo
    (item,) = found.entries
    assert item.title == "Visualizing data using t-SNE"
    assert item.summary == "We show αᵢ ≤ x²."
    assert item.summary_detail.type == "text/plain"
    assert [author.name for author in item.authors] == [
        "Laurens van der Maaten",
        "Erwin Schrödinger",
    ]
    assert [tag.term for tag in item.tags] == ["cs.LG", "stat.ML", "cross"]
    assert [tag.label for tag in item.tags][:1] == ["Machine Learning"]
    assert item.link == f"{ORIGIN}/arxiv/2401.00001"
    assert item.arxiv_announce_type == "cross"
    assert item.arxiv_comment == "12 pages"


def test_an_entry_keeps_its_id_when_a_new_version_comes() -> None:
    first, second = entry(version=1), entry(version=2, days=3, title="Another title")
    assert first.id == second.id == "https://arxiv.org/abs/2401.00001"
    assert second.updated > first.updated
    assert second.published == first.published


def test_a_feed_is_as_new_as_its_newest_entry() -> None:
    feed = render(make_feed(entry(), entry(identifier="2401.00002", days=2)))
    assert ET.fromstring(feed).findtext(f"{ATOM}updated") == "2024-01-10T01:00:00Z"


def test_an_empty_feed_is_valid_and_stands_still() -> None:
    found = feedparser.parse(render(make_feed()))
    assert not found.bozo
    assert found.feed.updated == "2024-01-08T01:00:00Z"


def test_an_update_is_never_before_the_publication() -> None:
    assert entry(days=-3).updated == MONDAY


def test_samples_are_marked_and_not_said_to_be_at_arxiv() -> None:
    one = entry(source="sample")
    assert one.id.startswith("urn:uuid:")
    assert one.id == entry(source="sample", title="Other").id
    found = feedparser.parse(render(make_feed(one)))
    assert found.entries[0].title.startswith("[Sample] ")
    assert "sample" in [tag.term for tag in found.entries[0].tags]
    assert b"arxiv.org/abs" not in render(make_feed(one))


def test_the_same_entries_give_the_same_bytes() -> None:
    assert render(make_feed(entry())) == render(make_feed(entry()))


def test_markup_in_a_title_is_text() -> None:
    (item,) = feedparser.parse(render(make_feed(entry(title="<b>a</b> & ]]> $x<y$")))).entries
    assert item.title_detail.value == "<b>a</b> & ]]> x < y"


@given(st.text(), st.text(), st.text())
def test_whatever_a_paper_holds_its_feed_is_well_formed(title: str, name: str, code: str) -> None:
    paper = entry(title=title, abstract=name, names=[name], comments=code, categories=[code])
    root = ET.fromstring(render(make_feed(paper)))
    assert len(root.findall(f"{ATOM}entry")) == 1
