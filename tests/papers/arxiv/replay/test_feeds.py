import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path

import httpx
import pytest

from papers.arxiv.replay import Collection, ReplayServer
from papers.arxiv.replay.feeds import Batch, encode_accents, parse_topics, render_feed
from tests.papers.arxiv.replay.conftest import (
    SATURDAY,
    TUESDAY,
    make_row,
    read_recording,
    write_day,
)

NAMESPACES = {
    "arxiv": "http://arxiv.org/schemas/atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "a": "http://www.w3.org/2005/Atom",
}
OPTIONAL = {"DOI", "journal_reference"}


def shape(element: ET.Element) -> list[tuple[str, tuple[str, ...]]]:
    """The children of an element: names and attributes in order, repeats and optionals left out."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for child in element:
        one = (child.tag, tuple(sorted(child.attrib)))
        if child.tag.rpartition("}")[2] not in OPTIONAL and (not found or found[-1] != one):
            found.append(one)
    return found


def items(body: bytes) -> list[ET.Element]:
    root = ET.fromstring(body)
    return root.findall("./channel/item") + root.findall("./a:entry", NAMESPACES)


def test_rss_has_the_elements_of_the_recording_in_their_order(server: ReplayServer) -> None:
    recorded = ET.fromstring(
        read_recording("rss/rss_multi_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_trimmed.xml")
    )
    body = httpx.get(f"{server.rss_url}/cs.LG+cs.AI+cs.CL+stat.ML").content
    played = ET.fromstring(body)
    assert (played.tag, played.attrib) == (recorded.tag, recorded.attrib)
    assert shape(played[0]) == shape(recorded[0])
    for item in items(body):
        assert shape(item) == shape(recorded.findall("./channel/item")[0])


def test_atom_has_the_elements_of_the_recording_in_their_order(server: ReplayServer) -> None:
    recorded = ET.fromstring(read_recording("rss/atom_cs.LG_2026-09-25_trimmed.xml"))
    body = httpx.get(f"{server.atom_url}/cs.LG").content
    played = ET.fromstring(body)
    assert (played.tag, played.attrib) == (recorded.tag, recorded.attrib)
    assert shape(played) == shape(recorded)
    for entry in items(body):
        assert shape(entry) == shape(recorded.findall("./a:entry", NAMESPACES)[0])


def test_namespaces_and_declaration_are_the_recordings_own(server: ReplayServer) -> None:
    recorded = read_recording(
        "rss/rss_multi_cs.LG+cs.AI+cs.CL+stat.ML_2026-09-24_trimmed.xml"
    ).splitlines()
    played = httpx.get(f"{server.rss_url}/cs.LG+cs.AI+cs.CL+stat.ML").content.splitlines()
    assert played[:8] == recorded[:8]


def test_an_item_says_what_arxivs_does(server: ReplayServer) -> None:
    body = httpx.get(f"{server.rss_url}/cs.AI").content
    item = items(body)[1]
    assert item.findtext("link") == "https://arxiv.org/abs/2608.00012"
    assert item.findtext("guid") == "oai:arXiv.org:2608.00012v1"
    assert item.findtext("description") == (
        "arXiv:2608.00012v1 Announce Type: cross \nAbstract: We study 2608.00012 at length."
    )
    assert [c.text for c in item.findall("category")] == ["cs.LG", "cs.AI"]
    assert item.findtext("pubDate") == "Tue, 11 Aug 2026 00:00:00 -0400"
    assert item.findtext("arxiv:DOI", namespaces=NAMESPACES) == "10.1000/xyz"
    assert item.findtext("dc:creator", namespaces=NAMESPACES) == (
        'Ada Lovelace, Erwin Schr\\"odinger (Vienna, Dublin)'
    )


def test_hostile_text_comes_back_as_it_was(server: ReplayServer) -> None:
    title = items(httpx.get(f"{server.rss_url}/cs.AI").content)[0].findtext("title")
    assert title == "A < B & \"C\" <script>alert('x')</script> ]]>"


def test_characters_xml_cannot_carry_are_dropped(tmp_path: Path) -> None:
    write_day(
        tmp_path, TUESDAY, [make_row("2608.00001", "cs.AI", title="a\x00b\x0bc\ufffe\u2028d")]
    )
    batch = Batch(TUESDAY, TUESDAY)
    answer = render_feed("rss", Collection.load(tmp_path), parse_topics("cs.AI"), batch)
    assert items(answer.body)[0].findtext("title") == "abc\u2028d"


def test_replacements_from_version_six_on_are_not_listed(server: ReplayServer) -> None:
    body = httpx.get(f"{server.rss_url}/cs.AI").text
    assert "2401.00005" not in body
    assert "2401.00006v3" in body


def test_a_day_without_announcement_is_a_valid_empty_channel(server: ReplayServer) -> None:
    server.set_today(SATURDAY)
    body = httpx.get(f"{server.rss_url}/cs.AI").content
    assert items(body) == []
    assert ET.fromstring(body).findtext("./channel/pubDate") == "Sat, 15 Aug 2026 00:00:00 -0400"


def test_winter_dates_carry_the_winter_offset(tmp_path: Path) -> None:
    day = date(2026, 12, 8)
    write_day(tmp_path, day, [make_row("2612.00001", "cs.AI")])
    answer = render_feed("rss", Collection.load(tmp_path), parse_topics("cs.AI"), Batch(day, day))
    assert b"<pubDate>Tue, 08 Dec 2026 00:00:00 -0500</pubDate>" in answer.body
    assert b"<lastBuildDate>Tue, 08 Dec 2026 05:00:02 +0000</lastBuildDate>" in answer.body


def test_an_overfull_feed_loses_the_new_papers(collection: Collection) -> None:
    topics = parse_topics("cs.AI")
    answer = render_feed("rss", collection, topics, Batch(TUESDAY, TUESDAY), limit=3)
    kinds = [
        item.findtext("arxiv:announce_type", namespaces=NAMESPACES) for item in items(answer.body)
    ]
    assert kinds == ["cross", "replace-cross", "replace-cross"]


def test_codes_are_read_in_any_case_and_archives_cover_their_categories() -> None:
    assert parse_topics("CS.ai+Q-BIO.nc+math").names == ("math", "cs.AI", "q-bio.NC")
    assert {"math.NA", "cs.IT", "math-ph"} <= parse_topics("math").categories


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("xx", "Bad archive 'xx'. Valid archive names are: astro-ph, "),
        ("cs.ZZ", "Bad subject class 'ZZ'. Valid subject classes for the archive 'cs' are: cs.AI"),
        ("cs.AI.LG", "Bad archive/subject class structure 'cs.AI.LG'"),
        ("cs.AI++cs.LG", "Invalid archive specification 'cs.AI++cs.LG'"),
    ],
)
def test_a_query_arxiv_does_not_know_is_an_error_feed_with_400(
    server: ReplayServer, query: str, message: str
) -> None:
    answer = httpx.get(f"{server.rss_url}/{query}")
    channel = ET.fromstring(answer.content)[0]
    assert answer.status_code == 400
    assert channel.findtext("title") == f"Feed error for query: http://rss.arxiv.org/rss/{query}"
    assert (channel.findtext("description") or "").startswith(message)
    assert items(answer.content) == []


def test_a_feed_may_be_cached_until_midnight_and_is_known_by_its_etag(
    server: ReplayServer,
) -> None:
    first = httpx.get(f"{server.rss_url}/cs.AI")
    assert first.headers["Cache-Control"] == "max-age=43200"
    assert first.headers["Content-Type"] == "application/rss+xml"
    again = httpx.get(f"{server.rss_url}/cs.AI", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_accents_are_written_as_authors_type_them() -> None:
    assert encode_accents("André Łoś, Þór, Ivšić, Søren Müßig, Naïve") == (
        "Andr\\'e {\\L}o\\'s, Þ\\'or, Iv{\\v{s}}i\\'c, S{\\o}ren M\\\"u{\\ss}ig, Na{\\\"{\\i}}ve"
    )
