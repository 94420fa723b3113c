import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papers.arxiv import oai
from papers.arxiv.errors import (
    BadResumptionToken,
    Final,
    MalformedAnswer,
    RequestRefused,
    UnexpectedEmptyPage,
)
from papers.arxiv.records import Author, Page, Precision, VersionRecord

RAW = """<record><header><identifier>oai:arXiv.org:0811.3649</identifier></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>0811.3649</id><submitter>Z</submitter>
<version version="v2"><date>Tue, 9 Dec 2008 20:46:26 GMT</date><source_type>D</source_type>
</version>
<version version="v1"><date>Fri, 21 Nov 2008 22:59:40 GMT</date></version>
<title>Traces of Schr\\"odinger</title><authors>Z. Rudnick (TAU), A. B\\'o and C. Do</authors>
<categories>math.NT cs.NA</categories><comments>5 pages</comments><msc-class>11G20</msc-class>
<license>http://arxiv.org/licenses/nonexclusive-distrib/1.0/</license>
<abstract>  One
two. </abstract></arXivRaw></metadata></record>"""

STRUCTURED = """<record><header><identifier>oai:arXiv.org:2504.11237</identifier></header><metadata>
<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2504.11237</id><created>2025-04-15</created>
<authors><author><keyname>Lyu</keyname><forenames>Chunhai</forenames><suffix>Jr.</suffix>
<affiliation>MPIK</affiliation></author><author><keyname>The X Collaboration</keyname></author>
</authors><title>T</title><categories>quant-ph</categories><abstract>A.</abstract></arXiv>
</metadata></record>"""

DELETED = """<record><header status="deleted"><identifier>oai:arXiv.org:2504.11111</identifier>
</header></record>"""


def make_answer(content: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate>
{content}</OAI-PMH>""".encode()


def parse_list(*records: str) -> Page:
    return oai.parse(make_answer(f"<ListRecords>{''.join(records)}</ListRecords>"))


def test_the_raw_format_gives_every_version_with_its_time() -> None:
    [record] = parse_list(RAW).records
    first = datetime(2008, 11, 21, 22, 59, 40, tzinfo=UTC)
    second = datetime(2008, 12, 9, 20, 46, 26, tzinfo=UTC)
    assert (record.identifier, record.version) == ("0811.3649", 2)
    assert record.versions == (VersionRecord(1, first), VersionRecord(2, second))
    assert (record.submitted_at, record.submitted_precision) == (first, Precision.SECOND)
    assert record.updated_at == second
    assert (record.title, record.abstract) == ("Traces of Schrödinger", "One two.")
    assert record.authors == (Author("Z. Rudnick", ("TAU",)), Author("A. Bó"), Author("C. Do"))
    assert record.categories == ("math.NT", "math.NA")
    assert (record.comments, record.doi, record.withdrawn) == ("5 pages", "", False)


def test_the_structured_format_gives_affiliations_but_neither_version_nor_dates() -> None:
    [record] = parse_list(STRUCTURED).records
    assert record.authors == (Author("Chunhai Lyu Jr.", ("MPIK",)), Author("The X Collaboration"))
    assert (record.version, record.submitted_at, record.updated_at) == (None, None, None)
    assert record.submitted_precision is Precision.UNKNOWN


def test_a_newest_version_without_source_is_a_withdrawal() -> None:
    without_source = RAW.replace(">D<", ">I<")
    assert parse_list(without_source).records[0].withdrawn is True
    restored = without_source.replace('"v1"', '"v3"')
    assert parse_list(restored).records[0].withdrawn is False


def test_a_deleted_record_is_named_as_deleted() -> None:
    page = parse_list(RAW, DELETED)
    assert page.deleted == ("2504.11111",)
    assert len(page.records) == 1


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("", None),
        ("<resumptionToken/>", None),
        ('<resumptionToken cursor="102000" completeListSize="102538"></resumptionToken>', None),
        (
            '<resumptionToken expirationDate="2026-09-21T00:00:00Z">verb%3DListRecords%26skip%3D137'
            "</resumptionToken>",
            "verb%3DListRecords%26skip%3D137",
        ),
        ("<resumptionToken> 6960524|1001 </resumptionToken>", "6960524|1001"),
    ],
)
def test_a_token_is_given_as_arxiv_wrote_it(token: str, expected: str | None) -> None:
    assert parse_list(RAW, token).resumption_token == expected


def test_an_old_token_carries_the_total() -> None:
    token = '<resumptionToken cursor="1" completeListSize="102538">6|1</resumptionToken>'
    assert parse_list(RAW, token).total == 102538


@pytest.mark.parametrize(
    ("record", "identifier", "reason"),
    [
        (RAW.replace("0811.3649", "0811.36489"), "oai:arXiv.org:0811.36489", "4 digits"),
        (RAW.replace("oai:arXiv.org:0811.3649", ""), "", "no id"),
        (RAW.replace("arXivRaw/", "other/"), "0811.3649", "no metadata"),
        (RAW.replace('"v2"', '"v0"'), "0811.3649", "version '0'"),
        (RAW.replace("<categories>math.NT cs.NA", "<categories>"), "0811.3649", "no category"),
        (RAW.replace("Traces of", "Traces &nosuch; of"), "0811.3649", "broken XML"),
    ],
)
def test_a_bad_record_is_refused_alone(record: str, identifier: str, reason: str) -> None:
    page = parse_list(record, STRUCTURED)
    assert [r.identifier for r in page.records] == ["2504.11237"]
    [refusal] = page.refusals
    assert (refusal.position, refusal.identifier) == (0, identifier)
    assert reason in refusal.reason


def test_an_answer_cut_short_is_malformed() -> None:
    body = make_answer(f"<ListRecords>{RAW}{STRUCTURED}</ListRecords>")
    with pytest.raises(MalformedAnswer, match="cut short"):
        oai.parse(body[:-60])


def test_no_match_is_an_empty_page() -> None:
    page = oai.parse(make_answer("<error code='noRecordsMatch'>None.</error>"))
    assert page == Page(())


def test_rendered_errors_have_their_types(real_papers: Path) -> None:
    folder = real_papers / "responses/oai_rendered"
    assert oai.parse((folder / "error_noRecordsMatch.xml").read_bytes()) == Page(())
    with pytest.raises(BadResumptionToken, match="Token decoding failed") as caught:
        oai.parse((folder / "error_badResumptionToken.xml").read_bytes())
    assert isinstance(caught.value, Final)
    for name in ("badArgument_from", "badArgument_set", "badVerb", "idDoesNotExist"):
        with pytest.raises(RequestRefused, match=name.partition("_")[0]):
            oai.parse((folder / f"error_{name}.xml").read_bytes())


@pytest.mark.parametrize(
    ("name", "records", "refused", "token"),
    [
        (
            "2014-01-16_arXivRaw_page_token95001.xml.gz",
            999,
            ["oai:arXiv.org:0811.36489"],
            "496549|96001",
        ),
        ("2016-03-09_cs_arXiv_page001.xml.gz", 1000, [], "1122234|1001"),
        ("2016-03-09_cs_arXiv_page002.xml.gz", 1000, [], "1122234|2001"),
        ("2016-03-09_cs_arXiv_page102.xml.gz", 1000, [], "1122234|102001"),
        ("2016-03-09_cs_arXiv_page103.xml.gz", 538, [], None),
        ("2026-09-20_ListRecords_arXiv_physics-plasm-ph_no_token.xml", 3, [], None),
    ],
)
def test_recorded_pages_are_read_whole(
    real_papers: Path, name: str, records: int, refused: list[str], token: str | None
) -> None:
    body = (real_papers / "responses/oai" / name).read_bytes()
    page = oai.parse(gzip.decompress(body) if name.endswith(".gz") else body)
    assert len(page.records) == records
    assert [refusal.identifier for refusal in page.refusals] == refused
    assert page.resumption_token == token
    assert all(record.authors and record.abstract for record in page.records)


@pytest.mark.parametrize(
    "token", ["", "<resumptionToken/>", "<resumptionToken>x</resumptionToken>"]
)
def test_a_list_without_records_is_a_fault_and_no_end(token: str) -> None:
    body = f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
    <ListRecords>{token}</ListRecords></OAI-PMH>"""
    with pytest.raises(UnexpectedEmptyPage):
        oai.parse(body.encode())
