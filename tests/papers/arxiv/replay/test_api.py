import xml.etree.ElementTree as ET
from collections.abc import Mapping

import httpx
import pytest

from papers.arxiv.replay import ReplayServer
from tests.papers.arxiv.replay.conftest import MONDAY, WEDNESDAY, read_recording
from tests.papers.arxiv.replay.test_feeds import shape

NAMESPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "o": "http://a9.com/-/spec/opensearch/1.1/",
    "arxiv": "http://arxiv.org/schemas/atom",
}


def ask(server: ReplayServer, **params: object) -> ET.Element:
    answer = httpx.get(server.api_url, params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.content)


def names(feed: ET.Element) -> list[str]:
    entries = feed.findall("a:entry/a:id", NAMESPACES)
    return [(entry.text or "").removeprefix("http://arxiv.org/abs/") for entry in entries]


def total(feed: ET.Element) -> int:
    return int(feed.findtext("o:totalResults", "", NAMESPACES))


def attributes(feed: ET.Element) -> list[tuple[str, Mapping[str, str]]]:
    return [(child.tag, child.attrib) for child in feed if child.tag.endswith("link")]


def test_an_entry_has_the_elements_of_the_recording_in_their_order(server: ReplayServer) -> None:
    recorded = ET.fromstring(
        read_recording("atom_api/2026-04-12_id_0808.05394_1707.08567_s0_m100_200_42e5aa.xml")
    )
    played = ask(server, id_list="2608.00012", max_results=100)
    assert played.tag == recorded.tag
    assert shape(played) == shape(recorded)
    doi = [("{http://arxiv.org/schemas/atom}doi", ()), shape(recorded[-1])[3]]
    ours, theirs = shape(played[-1]), shape(recorded[-1])
    assert ours[: len(theirs)] == theirs
    assert [name for name, _ in ours[len(theirs) :]] == [name for name, _ in doi]


def test_an_unknown_identifier_is_silently_dropped(server: ReplayServer) -> None:
    recorded = ET.fromstring(
        read_recording("atom_api/2026-04-12_id_0000.0000_s0_m100_200_8b51d9.xml")
    )
    played = ask(server, id_list="0000.0000", max_results=100)
    assert shape(played) == shape(recorded)
    assert played.findtext("a:title", "", NAMESPACES) == recorded.findtext(
        "a:title", "", NAMESPACES
    )
    assert names(ask(server, id_list="2608.00011,2608.99999,2608.00012")) == [
        "2608.00011v1",
        "2608.00012v1",
    ]


def test_nonsense_is_an_error_entry_with_400(server: ReplayServer) -> None:
    recorded = ET.fromstring(read_recording("atom_api/2026-04-12_id_abc_s0_m100_400_b79c8d.xml"))
    answer = httpx.get(server.api_url, params={"id_list": "abc", "max_results": 100})
    played = ET.fromstring(answer.content)
    assert answer.status_code == 400
    assert shape(played) == shape(recorded)
    assert shape(played[-1]) == shape(recorded[-1])
    for path in ("a:id", "a:title", "a:entry/a:id", "a:entry/a:title", "a:entry/a:summary"):
        assert played.findtext(path, "", NAMESPACES) == recorded.findtext(path, "", NAMESPACES)


def test_names_come_decoded_with_their_affiliations_apart(server: ReplayServer) -> None:
    entry = ask(server, id_list="2608.00012").findall("a:entry", NAMESPACES)[0]
    author = entry.findall("a:author", NAMESPACES)[1]
    assert author.findtext("a:name", "", NAMESPACES) == "Erwin Schrödinger"
    affiliations = author.findall("arxiv:affiliation", NAMESPACES)
    assert [one.text for one in affiliations] == ["Vienna", "Dublin"]


def test_a_version_can_be_asked_for_and_the_newest_is_the_default(server: ReplayServer) -> None:
    assert names(ask(server, id_list="2608.00001")) == ["2608.00001v2"]
    assert names(ask(server, id_list="2608.00001v1,2608.00001v9")) == ["2608.00001v1"]
    assert names(ask(server, id_list="2401.00006v2,hep-th/9901001v1")) == [
        "2401.00006v2",
        "hep-th/9901001v1",
    ]


def test_what_is_not_announced_yet_is_unknown(server: ReplayServer) -> None:
    assert names(ask(server, id_list="2608.00021")) == []
    server.set_today(WEDNESDAY)
    assert names(ask(server, id_list="2608.00021")) == ["2608.00021v1"]
    server.set_today(MONDAY)
    assert names(ask(server, id_list="2608.00001")) == ["2608.00001v1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cat:cs.LG", {"2608.00001", "2608.00002", "2608.00012"}),
        ("cat:cs.L*", {"2608.00001", "2608.00002", "2608.00012"}),
        ("cat:cs.LG ANDNOT cat:cs.CL", {"2608.00001", "2608.00012"}),
        ("ti:script AND cat:cs.AI", {"2608.00011"}),
        ("co:pages OR cat:math.NA", {"2608.00012", "2608.00003"}),
        ("co:pages cat:math.NA", {"2608.00012", "2608.00003"}),
        ('abs:"study 2608 00011"', {"2608.00011"}),
        ("(co:(pages OR withdrawn)) AND NOT id:2608.00001", {"2608.00012"}),
        ("au:Schrödinger AND cat:hep-th", {"hep-th/9901001"}),
        ("all:withdrawn", {"2608.00001"}),
        ("submittedDate:[202608062000 TO 202608062030]", {"2608.00001"}),
        ("submittedDate:[20240101 TO 20240131]", {"2401.00005", "2401.00006"}),
        ("ti:nowhere", set()),
    ],
)
def test_a_query_finds_what_it_says(server: ReplayServer, query: str, found: set[str]) -> None:
    feed = ask(server, search_query=query, max_results=100)
    assert {name.rpartition("v")[0] for name in names(feed)} == found
    assert total(feed) == len(found)


@pytest.mark.parametrize(
    "params",
    [
        {"search_query": "(cat:cs.AI"},
        {"search_query": "zz:word"},
        {"search_query": "submittedDate:[2026 TO soon]"},
        {"search_query": "("},
        {"search_query": "(" * 500},
        {"search_query": "cat:cs.AI", "start": "-1"},
        {"search_query": "cat:cs.AI", "max_results": "many"},
        {"search_query": "cat:cs.AI", "start": "9999", "max_results": "10"},
        {"search_query": "cat:cs.AI", "sortBy": "stars"},
        {},
    ],
)
def test_a_malformed_request_is_refused_with_400(
    server: ReplayServer, params: dict[str, str]
) -> None:
    answer = httpx.get(server.api_url, params=params)
    assert answer.status_code == 400
    assert b"https://arxiv.org/api/errors#" in answer.content


def test_pages_and_orders(server: ReplayServer) -> None:
    def page(start: int, order: str = "ascending") -> list[str]:
        return names(
            ask(
                server,
                search_query="cat:cs.AI",
                start=start,
                max_results=3,
                sortBy="submittedDate",
                sortOrder=order,
            )
        )

    everything = page(0) + page(3) + page(6)
    assert len(everything) == len(set(everything)) == 7
    assert everything[0] == "hep-th/9901001v2"
    assert page(0, "descending") == everything[:-4:-1]
    assert page(9) == []


def test_post_is_answered_like_get(server: ReplayServer) -> None:
    form = {"search_query": "cat:hep-th"}
    assert names(ET.fromstring(httpx.post(server.api_url, data=form).content)) == [
        "hep-th/9901001v2"
    ]


def test_an_empty_page_keeps_its_total_and_a_lag_hides_the_newest(server: ReplayServer) -> None:
    server.add_fault("empty@api*1")
    server.add_fault("lag=1@api*1")
    feed = ask(server, search_query="cat:cs.AI")
    assert (names(feed), total(feed)) == ([], 7)
    assert names(ask(server, id_list="2608.00012,2608.00011")) == ["2608.00011v1"]
    assert len(names(ask(server, id_list="2608.00012,2608.00011"))) == 2
