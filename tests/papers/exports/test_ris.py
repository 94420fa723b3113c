"""RIS as Zotero and EndNote take it."""

from hypothesis import given
from hypothesis import strategies as st

from papers.exports.ris import render
from tests.papers.exports.papers import cite


def test_a_preprint_is_a_record() -> None:
    assert render([cite(comments="12 pages")]).split("\r\n") == [
        "TY  - UNPB",
        "TI  - Visualizing data using t-SNE",
        "AU  - van der Maaten, Laurens",
        "AU  - Schrödinger, Erwin",
        "PY  - 2024",
        "DA  - 2024/01/05/",
        "AB  - We show αᵢ ≤ x².",
        "KW  - cs.LG",
        "KW  - stat.ML",
        "DO  - 10.48550/arXiv.2401.00001",
        "AN  - arXiv:2401.00001",
        "DB  - arXiv",
        "PB  - arXiv",
        "ID  - 2401.00001",
        "UR  - https://arxiv.org/abs/2401.00001",
        "L1  - https://arxiv.org/pdf/2401.00001",
        "N1  - 12 pages",
        "ER  - ",
        "",
        "",
    ]


def test_a_published_paper_is_a_journal_article() -> None:
    lines = render([cite(journal_ref="Phys. Rev. D 1", doi="10.1000/x")]).split("\r\n")
    assert lines[0] == "TY  - JOUR"
    assert "DO  - 10.1000/x" in lines
    assert "N1  - Phys. Rev. D 1" in lines


def test_suffixes_stand_last_and_collaborations_have_no_comma() -> None:
    text = render([cite(names=["Martin King Jr.", "The A, B and C Collaboration"])])
    assert "AU  - King, Martin, Jr.\r\n" in text
    assert "AU  - The A B and C Collaboration\r\n" in text


def test_a_month_without_a_day_is_left_open() -> None:
    assert "DA  - 2024/01//\r\n" in render([cite(submitted_at=None)])


def test_a_sample_is_marked() -> None:
    text = render([cite(source="sample")])
    assert "N1  - A sample paper, not a real one\r\n" in text
    assert "arXiv" not in text.replace("papers.example/arxiv", "")


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_no_text_begins_a_line_of_its_own(title: str, abstract: str, names: list[str]) -> None:
    text = render([cite(title=title, abstract=abstract, names=names, comments=title)])
    assert len(text.splitlines()) == text.count("\r\n")
    lines = text.split("\r\n")
    assert lines[-3:] == ["ER  - ", "", ""]
    assert all(line[2:6] == "  - " for line in lines[:-2])
    assert sum(line.startswith("ER") for line in lines) == 1
