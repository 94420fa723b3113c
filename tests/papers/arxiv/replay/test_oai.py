import re
import xml.etree.ElementTree as ET
from datetime import datetime

import httpx
import pytest

from coolpapers.clock import EASTERN
from papers.arxiv.records import Author
from papers.arxiv.replay import Collection, ReplayServer
from papers.arxiv.replay.oai_records import split_name
from tests.papers.arxiv.replay.conftest import MONDAY, TUESDAY, read_recording

OAI = {"o": "http://www.openarchives.org/OAI/2.0/", "x": "http://arxiv.org/OAI/arXiv/"}
RAW = {"r": "http://arxiv.org/OAI/arXivRaw/"}
OPTIONAL = {"comments", "journal-ref", "doi", "license", "updated", "forenames", "suffix"}


def ask(server: ReplayServer, **params: str) -> ET.Element:
    answer = httpx.get(server.oai_url, params={k.rstrip("_"): v for k, v in params.items()})
    assert answer.status_code == 200
    return ET.fromstring(answer.content)


def identifiers(root: ET.Element) -> list[str]:
    found = root.iterfind(".//o:header/o:identifier", OAI)
    return [(one.text or "").removeprefix("oai:arXiv.org:") for one in found]


def token(root: ET.Element) -> str | None:
    found = root.find(".//o:resumptionToken", OAI)
    return None if found is None else found.text or ""


def tree(element: ET.Element) -> object:
    """Names of an element and all below it, repeats and optional ones left out."""
    below: list[object] = []
    for child in element:
        one = tree(child)
        if child.tag.rpartition("}")[2] not in OPTIONAL and one not in below:
            below.append(one)
    return (element.tag, tuple(sorted(element.attrib)), tuple(below))


def test_a_record_has_the_elements_of_the_recording_in_their_order(server: ReplayServer) -> None:
    name = "oai/2026-09-20_ListRecords_arXiv_physics-plasm-ph_no_token.xml"
    recorded = ET.fromstring(read_recording(name))
    played = ask(server, verb="ListRecords", metadataPrefix="arXiv", set="physics:hep-th")
    assert (played.tag, played.attrib) == (recorded.tag, recorded.attrib)
    assert [child.tag for child in played] == [child.tag for child in recorded]
    assert tree(played[2][0]) == tree(recorded[2][1])
    assert token(played) is None


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("badVerb", {"verb": "Sing"}),
        ("badArgument_from", {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": "May"}),
        ("badArgument_set", {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs:AI"}),
        ("badResumptionToken", {"verb": "ListRecords", "resumptionToken": "6960524|1001"}),
        ("cannotDisseminateFormat", {"verb": "ListRecords", "metadataPrefix": "marc"}),
        (
            "idDoesNotExist",
            {
                "verb": "GetRecord",
                "identifier": "oai:arXiv.org:2609.99999",
                "metadataPrefix": "arXiv",
            },
        ),
        (
            "noRecordsMatch",
            {
                "verb": "ListRecords",
                "metadataPrefix": "arXiv",
                "from": "2026-08-01",
                "until": "2026-08-02",
                "set": "econ:econ:TH",
            },
        ),
    ],
)
def test_an_error_is_worded_as_arxivs(
    server: ReplayServer, name: str, params: dict[str, str]
) -> None:
    theirs = ET.fromstring(read_recording(f"oai_rendered/error_{name}.xml"))
    ours = ask(server, **params)
    for root in (ours, theirs):
        request, error = root[1], root[2]
        assert request.text == "http://oaipmh.arxiv.org/oai"
        assert error.attrib == theirs[2].attrib
        assert error.text == theirs[2].text
        assert set(request.attrib) == set(theirs[1].attrib)


@pytest.mark.parametrize("name", ["Identify", "ListSets"])
def test_identify_and_list_sets_say_what_arxivs_do(server: ReplayServer, name: str) -> None:
    theirs = ET.fromstring(read_recording(f"oai_rendered/{name}.xml"))[2]
    ours = ask(server, verb=name)[2]

    def words(element: ET.Element) -> list[str]:
        found = [child.text or "" for child in element.iter() if len(child) == 0]
        return sorted(found) if name == "ListSets" else found[:7]

    assert words(ours) == words(theirs)


def test_a_list_runs_by_date_of_modification_and_shows_the_newest_version_only(
    server: ReplayServer,
) -> None:
    monday = ask(server, verb="ListIdentifiers", metadataPrefix="arXiv", until=str(MONDAY))
    assert identifiers(monday) == ["2608.00003"]
    server.set_today(MONDAY)
    monday = ask(server, verb="ListIdentifiers", metadataPrefix="arXiv", until=str(MONDAY))
    assert identifiers(monday) == ["2608.00001", "2608.00002", "2608.00003"]


def test_new_papers_are_there_at_half_past_ten_the_evening_before(
    collection: Collection,
) -> None:
    before = datetime(2026, 8, 10, 22, 29, tzinfo=EASTERN)
    with ReplayServer(collection, today=before) as server:
        late = {"verb": "ListIdentifiers", "metadataPrefix": "arXiv", "from": str(TUESDAY)}
        assert identifiers(ask(server, **late)) == []
        server.set_today(before.replace(minute=30))
        assert len(identifiers(ask(server, **late))) == 7
        assert "2608.00011" not in httpx.get(f"{server.rss_url}/cs.AI").text
        server.set_today(datetime(2026, 8, 11, 0, 0, tzinfo=EASTERN))
        assert "2608.00011" in httpx.get(f"{server.rss_url}/cs.AI").text


def test_sets_are_groups_archives_and_categories_under_both_names(server: ReplayServer) -> None:
    def found(spec: str) -> list[str]:
        return identifiers(ask(server, verb="ListIdentifiers", metadataPrefix="arXiv", set=spec))

    assert found("math:math:NA") == found("cs:cs:NA") == ["2608.00003"]
    assert found("physics") == found("physics:hep-th") == ["hep-th/9901001"]
    assert len(found("cs")) == len(found("cs:cs")) == 8
    assert found("cs:cs:CL") == ["2608.00002"]


def test_a_long_list_comes_in_pages_and_ends_with_an_empty_token(collection: Collection) -> None:
    with ReplayServer(collection, oai_page=3) as server:
        root = ask(server, verb="ListRecords", metadataPrefix="arXiv", set="cs")
        seen = identifiers(root)
        tokens = []
        while following := token(root):
            tokens.append(following)
            root = ask(server, verb="ListRecords", resumptionToken=following)
            seen += identifiers(root)
    assert token(root) == ""
    assert len(seen) == len(set(seen)) == 9
    assert re.fullmatch(
        r"verb%3DListRecords%26metadataPrefix%3DarXiv%26set%3Dcs%26from%3D2026-08-11%26skip%3D\d",
        tokens[0],
    )
    assert re.search(r"skip%3D\d+$", tokens[-1])


def test_an_asked_for_fault_of_oai_strikes(collection: Collection) -> None:
    with ReplayServer(collection, oai_page=3) as server:
        arguments = {"verb": "ListRecords", "metadataPrefix": "arXiv"}
        first = ask(server, **arguments)
        following = token(first) or ""
        server.add_fault("repeat@oai*1")
        server.add_fault("expired@oai*1")
        server.add_fault("skip=2608.00011..2608.00012@oai*1")
        repeated = ask(server, verb="ListRecords", resumptionToken=following)
        assert len(identifiers(repeated)) == 3
        expired = ask(server, verb="ListRecords", resumptionToken=following)
        assert expired.find("o:error", OAI).attrib["code"] == "badResumptionToken"  # type: ignore[union-attr]
        gone = identifiers(ask(server, verb="ListIdentifiers", metadataPrefix="arXiv"))
        assert not {"2608.00011", "2608.00012"} & set(gone)


def test_raw_records_have_every_versions_date_and_tex_accents(server: ReplayServer) -> None:
    root = ask(
        server, verb="GetRecord", identifier="oai:arXiv.org:2401.00005", metadataPrefix="arXivRaw"
    )
    raw = root.find(".//r:arXivRaw", RAW)
    assert raw is not None
    versions = raw.findall("r:version", RAW)
    assert [version.get("version") for version in versions] == [f"v{n}" for n in range(1, 7)]
    assert all(v.findtext("r:date", "", RAW).endswith(" GMT") for v in versions)
    assert 'Schr\\"odinger' in raw.findtext("r:authors", "", RAW)


def test_created_is_the_current_versions_date(server: ReplayServer) -> None:
    root = ask(
        server, verb="GetRecord", identifier="oai:arXiv.org:2608.00001", metadataPrefix="arXiv"
    )
    created = root.findtext(".//x:created", "", OAI)
    assert "2026-08-07" <= created <= "2026-08-10"


def test_dublin_core_turns_names_round(server: ReplayServer) -> None:
    answer = httpx.get(
        server.oai_url,
        params={
            "verb": "GetRecord",
            "identifier": "oai:arXiv.org:2608.00011",
            "metadataPrefix": "oai_dc",
        },
    )
    assert "<dc:creator>Schrödinger, Erwin</dc:creator>" in answer.text
    assert "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig", "")),
        ("John P. Smith Jr.", ("Smith", "John P.", "Jr.")),
        ("The LIGO Scientific Collaboration", ("The LIGO Scientific Collaboration", "", "")),
        ("Plato", ("Plato", "", "")),
        ("", ("", "", "")),
    ],
)
def test_names_are_split_into_key_name_forenames_and_suffix(
    name: str, parts: tuple[str, str, str]
) -> None:
    assert split_name(Author(name)) == parts
