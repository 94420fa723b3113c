"""BibTeX as LaTeX takes it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.exports.bibtex import make_keys, render
from tests.papers.exports.papers import cite
from tests.papers.exports.test_tex import is_balanced


def test_a_preprint_is_misc_with_all_that_arxiv_styles_read() -> None:
    assert render([cite()]) == (
        "@misc{maaten2024visualizing,\n"
        "  title = {Visualizing data using {t-SNE}},\n"
        '  author = {van der Maaten, Laurens and Schr{\\"o}dinger, Erwin},\n'
        "  year = {2024},\n"
        "  month = jan,\n"
        "  eprint = {2401.00001},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass = {cs.LG},\n"
        "  doi = {10.48550/arXiv.2401.00001},\n"
        "  url = {https://arxiv.org/abs/2401.00001}\n"
        "}\n"
    )


def test_a_published_paper_has_its_reference_in_a_note_and_its_own_doi() -> None:
    text = render([cite(journal_ref="J. Mach. & Learn. 9 (2008)", doi="10.1000/a_b 10.1000/c")])
    assert text.startswith("@misc{")
    assert "  note = {J. Mach. \\& Learn. 9 (2008)}" in text
    assert "  doi = {10.1000/a_b}" in text


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Martin Luther King Jr.", "King, Jr., Martin Luther"),
        ("A. von der Linden IV", "von der Linden, IV, A."),
        ("ATLAS Collaboration", "{ATLAS Collaboration}"),
        ("Simon and Garfunkel", "{Simon and Garfunkel}"),
        ("José Ortega y Gasset", r"{Ortega y Gasset}, Jos{\'e}"),
        ("Philippe Di Francesco", "Di Francesco, Philippe"),
        ("Madonna", "Madonna"),
    ],
)
def test_names_stand_family_first(name: str, written: str) -> None:
    assert f"  author = {{{written}}}" in render([cite(names=[name])])


def test_the_month_of_the_identifier_stands_for_an_unknown_submission() -> None:
    text = render([cite(submitted_at=None, submitted_precision="unknown")])
    assert "  year = {2024},\n  month = jan," in text
    old = render([cite(identifier="hep-th/9912001", submitted_at=None)])
    assert "  year = {1999},\n  month = dec," in old


def test_a_key_is_ascii_whatever_the_name() -> None:
    assert make_keys([cite(names=["Łukasz Kożdroń"], title="The $\\beta$ Übermensch")]) == [
        "kozdron2024ubermensch"
    ]
    assert make_keys([cite(names=["王伟"], title="深度")]) == ["arxiv2024"]


def test_keys_are_unique_in_a_list_and_do_not_depend_on_its_order() -> None:
    papers = [cite(identifier=f"2401.0000{n}") for n in (1, 2)] + [cite(title="Other")]
    keys = make_keys(papers)
    assert keys == [
        "maaten2024visualizing-2401.00001",
        "maaten2024visualizing-2401.00002",
        "maaten2024other",
    ]
    assert make_keys(papers[::-1]) == keys[::-1]
    assert len(set(make_keys([cite(), cite(), cite()]))) == 3


def test_a_sample_is_marked_and_at_no_archive() -> None:
    text = render([cite(source="sample")])
    assert "eprint" not in text
    assert "doi" not in text
    assert "url = {https://papers.example/arxiv/2401.00001}" in text
    assert "note = {A sample paper, not a real one}" in text


def test_a_withdrawn_paper_says_so() -> None:
    assert "note = {Withdrawn}" in render([cite(withdrawn=True)])


def test_a_paper_of_which_little_is_known_is_still_an_entry() -> None:
    text = render(
        [cite(identifier="x", authors=[], title="", submitted_at=None, updated_at=None, doi="no")]
    )
    assert text.startswith("@misc{arxiv,\n")
    assert "author" not in text
    assert datetime.now(UTC).strftime("%Y") not in text


@given(st.text(), st.lists(st.text(), max_size=3), st.text(), st.text())
def test_whatever_a_paper_holds_its_entry_is_one_entry(
    title: str, names: list[str], journal: str, doi: str
) -> None:
    text = render([cite(title=title, names=names, journal_ref=journal, doi=f"10.1000/{doi}")])
    assert is_balanced(text)
    assert sum(line.startswith("@") for line in text.split("\n")) == 1
    assert all(line.startswith(("@", "  ", "}")) for line in text.rstrip("\n").split("\n"))
