import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv import identifiers
from papers.arxiv.identifiers import Identifier

new_months = st.tuples(st.integers(7, 90), st.integers(1, 12)).filter(lambda m: m >= (7, 4))
old_months = st.tuples(
    st.sampled_from([*range(92, 100), *range(7)]), st.integers(1, 12)
) | st.tuples(st.just(7), st.integers(1, 3))
versions = st.none() | st.integers(1, 9999)


@st.composite
def written(draw: st.DrawFn) -> str:
    version = draw(versions)
    suffix = "" if version is None else f"v{version}"
    if draw(st.booleans()):
        year, month = draw(new_months)
        width = 5 if year >= 15 else 4
        return f"{year:02}{month:02}.{draw(st.integers(1, 10**width - 1)):0{width}}{suffix}"
    year, month = draw(old_months)
    archive = draw(st.sampled_from(["hep-th", "math", "cmp-lg", "q-bio", "astro-ph"]))
    return f"{archive}/{year:02}{month:02}{draw(st.integers(1, 999)):03}{suffix}"


@given(written())
def test_what_arxiv_writes_is_read_back_unchanged(text: str) -> None:
    assert str(identifiers.parse(text)) == text
    assert str(identifiers.read(text)) == text
    assert identifiers.from_oai(identifiers.parse(text).oai) == identifiers.parse(text)


@given(st.text(max_size=40) | st.from_regex(r"[a-zA-Z./:0-9v -]{0,60}"))
def test_any_text_is_an_identifier_or_a_value_error(text: str) -> None:
    for function in (identifiers.parse, identifiers.read):
        try:
            found = function(text)
        except ValueError:
            continue
        assert identifiers.parse(str(found)) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2401.00001v2", "2401.00001v2"),
        ("arXiv:2401.00001v3 [cs.CL] 2 Jan 2024", "2401.00001v3"),
        ("arxiv: 2401.00001", "2401.00001"),
        (" ARXIV:HEP-TH/9901001V2 ", "hep-th/9901001v2"),
        ("(arXiv:1204.1234)", "1204.1234"),
        ("[2401.00001]", "2401.00001"),
        ("https://arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001v2"),
        ("http://arxiv.org/pdf/2401.00001v1.pdf?x=1", "2401.00001v1"),
        ("https://arxiv.org/html/2401.00001#S1", "2401.00001"),
        ("export.arxiv.org/abs/math.GT/0309136", "math/0309136"),
        ("https://www.alphaxiv.org/abs/2401.00001", "2401.00001"),
        ("papers.cool/arxiv/2401.00001", "2401.00001"),
        ("https://doi.org/10.48550/arXiv.2401.00001", "2401.00001"),
        ("10.48550/arXiv.hep-th/9901001", "hep-th/9901001"),
        ("oai:arXiv.org:2203.01250v3", "2203.01250v3"),
        ("math.GT/0309136", "math/0309136"),
        ("hep\u2010th/9901001", "hep-th/9901001"),
        ("2401.6769", "2401.06769"),
        ("704.0291", "0704.0291"),
        ("704.029", "0704.0290"),
    ],
)
def test_identifiers_are_read_as_people_type_them(text: str, expected: str) -> None:
    assert str(identifiers.read(text)) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2413.00001", "no month 13"),
        ("2400.00001", "no month 00"),
        ("0000.0000", "no month 00"),
        ("2401.00001v0", "no version 0"),
        ("2401.00001v01", "no version 01"),
        ("2401.00000", "begin at 1"),
        ("1204.00123", "4 digits"),
        ("9912.1234", "archive/YYMMNNN"),
        ("0703.1234", "archive/YYMMNNN"),
        ("hep-th/0704001", "YYMM.NNNNN"),
        ("hep-th/9106001", "began in August 1991"),
        ("hep-xx/9901001", "no archive 'hep-xx'"),
        ("stat/0601001", "no archive 'stat'"),
        ("10.1103/1204.1234", "not an arXiv identifier"),
        ("٢٤٠١.٠٠٠٠١", "not an arXiv identifier"),
        ("", "not an arXiv identifier"),
        ("\x1f", "not an arXiv identifier"),
        ("9901001", "not an arXiv identifier"),
        ("2401.00001" * 40, "too long"),
    ],
)
def test_an_impossible_identifier_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        identifiers.read(text)


@pytest.mark.parametrize("text", ["arXiv:2401.00001", "2401.6769", " 2401.00001", "2401.00001\n"])
def test_strict_parsing_takes_only_what_arxiv_writes(text: str) -> None:
    with pytest.raises(ValueError, match=r"identifier|digits"):
        identifiers.parse(text)


def test_the_order_is_by_month_across_the_century_then_archive_number_and_version() -> None:
    ordered = [
        "hep-th/9912001",
        "astro-ph/0001001",
        "hep-th/0001001",
        "hep-th/0001002",
        "hep-th/0703999",
        "0704.0001",
        "1412.9999v1",
        "1501.00002",
        "1501.00002v1",
        "1501.00002v10",
        "1501.00010",
    ]
    found = sorted(map(identifiers.parse, reversed(ordered)), key=lambda i: i.sort_key)
    assert [str(identifier) for identifier in found] == ordered


def test_an_identifier_knows_its_month_of_announcement_and_its_oai_form() -> None:
    assert Identifier("hep-th/9901001").month == (1999, 1)
    assert Identifier("2401.00001", 2).month == (2024, 1)
    assert Identifier("2401.00001", 2).oai == "oai:arXiv.org:2401.00001v2"


def test_every_identifier_of_the_real_papers_is_accepted(real_papers: Path) -> None:
    with gzip.open(real_papers / "papers_100k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["id"]
            assert str(identifiers.parse(text)) == text
