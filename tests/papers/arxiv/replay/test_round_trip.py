"""From a collection through the server and the project's own parsers: the same papers come out."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv import api, oai, rss, taxonomy
from papers.arxiv.records import Kind, PaperRecord
from papers.arxiv.replay import Collection, ReplayServer
from papers.arxiv.replay.answer import escape, escape_attribute
from papers.arxiv.replay.collection import Line
from papers.arxiv.replay.feeds import encode_accents, parse_topics
from papers.arxiv.text import decode_text

SAMPLES = Path(__file__).resolve().parents[4] / "papers" / "arxiv" / "replay" / "samples"


@pytest.fixture(scope="module", params=["made up", "samples"])
def played(request: pytest.FixtureRequest) -> Iterator[ReplayServer]:
    if request.param == "samples":
        collection = Collection.load(SAMPLES)
    else:
        collection = request.getfixturevalue("collection")
    with ReplayServer(collection) as server:
        yield server


def compare(record: PaperRecord, line: Line) -> None:
    assert record.identifier == line.identifier
    assert record.title == decode_text(line.title)
    assert record.abstract == decode_text(line.abstract)
    assert [a.name for a in record.authors] == [a.name for a in line.authors]
    assert record.categories == taxonomy.canonical_all(list(line.categories))
    assert record.primary_category == taxonomy.canonical(line.primary_category)


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("query", ["cs.AI", "cs", "math", "physics", "stat"])
def test_feeds_name_every_announced_paper_with_kind_and_order(
    played: ReplayServer, form: str, query: str
) -> None:
    for day in played.collection.days:
        played.set_today(day)
        listing = rss.parse(httpx.get(f"{played.url}/{form}/{query}").content, query)
        announced = [
            entry
            for entry in played.collection.announcement(day, parse_topics(query).categories)
            if entry.kind in (Kind.NEW, Kind.CROSS) or entry.line.version < 6
        ]
        assert (listing.date, listing.refusals) == (day, ())
        assert len(listing.entries) == len(announced)
        for entry, expected in zip(listing.entries, announced, strict=True):
            assert (entry.kind, entry.record.version) == (expected.kind, expected.line.version)
            compare(entry.record, expected.line)


def test_the_api_has_every_paper_with_its_times(played: ReplayServer) -> None:
    played.set_today(None)
    current = played.collection.current(played.collection.days[-1])
    ids = list(current)
    found: list[PaperRecord] = []
    for start in range(0, len(ids), 100):
        params = {"id_list": ",".join(ids[start : start + 100]), "max_results": "100"}
        page = api.parse(httpx.get(played.api_url, params=params).content)
        assert page.refusals == ()
        found.extend(page.records)
    assert [record.identifier for record in found] == ids
    for record in found:
        line = current[record.identifier]
        compare(record, line)
        assert (record.submitted_at, record.updated_at) == (line.submitted, line.updated)
        assert [a.affiliations for a in record.authors] == [a.affiliations for a in line.authors]


@pytest.mark.parametrize("prefix", ["arXiv", "arXivRaw"])
def test_oai_has_every_paper_as_of_its_newest_change(played: ReplayServer, prefix: str) -> None:
    played.set_today(None)
    current = played.collection.current(played.collection.days[-1])
    params = {"verb": "ListRecords", "metadataPrefix": prefix}
    page = oai.parse(httpx.get(played.oai_url, params=params).content)
    assert page.refusals == ()
    assert {record.identifier for record in page.records} == set(current)
    for record in page.records:
        line = current[record.identifier]
        compare(record, line)
        if prefix == "arXivRaw":
            assert record.submitted_at == line.submitted
            assert [version.number for version in record.versions] == list(
                range(1, line.version + 1)
            )


@given(st.text())
def test_any_text_survives_in_elements_and_attributes(text: str) -> None:
    root = ET.fromstring(f'<a b="{escape_attribute(text)}">{escape(text)}</a>')
    kept = [
        char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ufffe\uffff")
    ]
    assert (root.text or "") == "".join(kept)
    assert root.get("b") == "".join(kept)


@given(st.text(alphabet="aceginorsuzAEIOSUZáéíóúàèìòùâêîôûäëïöüãñõåčšžçęőŁłøØßæœ -.'", max_size=30))
def test_accents_written_as_tex_read_back_as_letters(name: str) -> None:
    assert decode_text(encode_accents(name)) == " ".join(name.split())
