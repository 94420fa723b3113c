"""Lines of the metadata snapshot."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv.records import Author, PaperRecord, Precision, VersionRecord
from papers.arxiv.snapshot import LONGEST_LINE, name_line, parse_line

ENTRY = {
    "id": "0704.0001",
    "submitter": "Pavel Nadolsky",
    "authors": "C. Bal\\'azs, E. L. Berger, P. M. Nadolsky, C.-P. Yuan",
    "title": "Calculation of prompt diphoton cross sections at Tevatron and\n  LHC energies",
    "comments": "37 pages, 15 figures; published version",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "report-no": "ANL-HEP-PR-07-12",
    "categories": "hep-ph math.MP",
    "license": None,
    "abstract": '  A differential calculation in $\\alpha_s$\nis presented  by Schr\\"odinger.\n',
    "versions": [
        {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
        {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
    ],
    "update_date": "2008-11-26",
    "authors_parsed": [
        ["Bal\u00e1zs", "C.", ""],
        ["Berger", "E. L.", "", "Argonne"],
        ["Nadolsky", "P. M.", "Jr."],
    ],
}


def parse(**changes: Any) -> PaperRecord:
    return parse_line(json.dumps({**ENTRY, **changes}).encode())


def refuse(**changes: Any) -> str:
    with pytest.raises(ValueError) as error:
        parse(**changes)
    return str(error.value)


def test_a_line_is_a_paper_with_all_its_versions() -> None:
    record = parse()
    first = datetime(2007, 4, 2, 19, 18, 42, tzinfo=UTC)
    second = datetime(2007, 7, 24, 20, 10, 27, tzinfo=UTC)
    assert (record.identifier, record.version) == ("0704.0001", 2)
    assert record.versions == (VersionRecord(1, first), VersionRecord(2, second))
    assert (record.submitted_at, record.submitted_precision) == (first, Precision.SECOND)
    assert record.updated_at == second
    assert record.title.endswith("at Tevatron and LHC energies")
    assert record.abstract == (
        "A differential calculation in $\\alpha_s$ is presented by Schrödinger."
    )
    assert record.categories == ("hep-ph", "math-ph")
    assert (record.licence, record.withdrawn) == ("", False)


def test_authors_are_as_arxiv_split_them() -> None:
    assert parse().authors == (
        Author("C. Balázs"),
        Author("E. L. Berger", ("Argonne",)),
        Author("P. M. Nadolsky Jr."),
    )


def test_without_split_authors_the_string_is_split_here() -> None:
    names = [author.name for author in parse(authors_parsed=None).authors]
    assert names == ["C. Balázs", "E. L. Berger", "P. M. Nadolsky", "C.-P. Yuan"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("704.0291", "0704.0291"),
        (704.0291, "0704.0291"),
        (704.029, "0704.0290"),
        ("1501.0001", "1501.00010"),
        (2401.1, "2401.10000"),
        ("math.GT/0309136", "math/0309136"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("0704.0001v2", "0704.0001"),
    ],
)
def test_identifiers_that_lost_zeros_are_mended(written: object, meant: str) -> None:
    assert parse(id=written).identifier == meant


def test_nan_means_that_nothing_is_there() -> None:
    record = parse(comments=float("nan"), doi=float("nan"))
    assert (record.comments, record.doi) == ("", "")


def test_a_time_that_is_none_is_unknown() -> None:
    for created in ("Mon, 31 Feb 2007 19:18:42 GMT", "yesterday", None, 7):
        record = parse(versions=[{"version": "v1", "created": created}])
        assert (record.submitted_at, record.submitted_precision) == (None, Precision.UNKNOWN)


def test_what_postgresql_cannot_hold_goes() -> None:
    record = parse(doi="10.1/\0x\ud800", license="a\0b", title="A\0 title", comments="\udfff")
    assert (record.doi, record.licence, record.title) == ("10.1/x", "ab", "A title")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": None}, "it has no id"),
        ({"id": "9999.99999"}, "month"),
        ({"id": ["0704.0001"]}, "its id is no text"),
        ({"id": True}, "its id is no text"),
        ({"title": ""}, "it has no title"),
        ({"title": {"a": 1}}, "its title is no text"),
        ({"categories": "68T07"}, "names no category"),
        ({"categories": None}, "names no categories"),
        ({"versions": []}, "names no versions"),
        ({"versions": [{"version": "v0", "created": ""}]}, "'v0'"),
        ({"authors_parsed": [["A", 1]]}, "authors_parsed"),
    ],
)
def test_a_bad_line_says_why(changes: dict[str, object], reason: str) -> None:
    assert reason in refuse(**changes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": "0704.00', "not JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'{"id": "\xff"}', "not UTF-8 at byte 8"),
        (b"[" * 100_000, "nested too deeply"),
        (b"x" * (LONGEST_LINE + 1), "longer than 8 MB"),
    ],
)
def test_a_line_that_is_no_object_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_line(line)


def test_a_bad_line_is_named_as_far_as_it_can_be() -> None:
    assert name_line(b'{"id":"hep-th/9901001","title":') == "hep-th/9901001"
    assert name_line(b'{"id": 704.0291, "title": 1}') == "704.0291"
    assert name_line(b"nothing") == ""


VALUES = (
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text(max_size=30)
    | st.lists(st.none() | st.integers() | st.text(max_size=9), max_size=3)
    | st.lists(st.lists(st.text(max_size=9), max_size=5), max_size=3)
    | st.lists(st.dictionaries(st.sampled_from(["version", "created"]), st.text(max_size=9)))
)


@given(st.dictionaries(st.sampled_from(sorted(ENTRY)), VALUES, max_size=4))
def test_whatever_stands_in_a_field_gives_a_record_or_a_reason(changes: dict[str, Any]) -> None:
    try:
        record = parse(**changes)
    except ValueError as error:
        assert str(error)
    else:
        assert record.identifier
        assert record.categories[0] == record.primary_category


@given(st.binary(max_size=200))
def test_any_bytes_give_a_reason(line: bytes) -> None:
    with pytest.raises(ValueError):
        parse_line(line)
