import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv.authors import make_author, split_authors
from papers.arxiv.records import Author

names = st.text(st.characters(categories=["Lu", "Ll"]), min_size=2, max_size=8).map(
    lambda word: f"A. X{word}"
)


def flat(source: str) -> list[tuple[str, ...]]:
    return [(author.name, *author.affiliations) for author in split_authors(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A. One, B. Two and C. Three", [("A. One",), ("B. Two",), ("C. Three",)]),
        ("A. One, B. Two, and C. Three", [("A. One",), ("B. Two",), ("C. Three",)]),
        ("D. Sheng and A. Galvan and L. Orozco", [("D. Sheng",), ("A. Galvan",), ("L. Orozco",)]),
        (" The LIGO Scientific Collaboration", [("The LIGO Scientific Collaboration",)]),
        ("Alexander Andrews, Sandy Anderson", [("Alexander Andrews",), ("Sandy Anderson",)]),
        (
            r"Paulo Andr\'e Lima de Castro, Claudio Coriano'",
            [("Paulo André Lima de Castro",), ("Claudio Coriano'",)],
        ),
        (
            "Jian-Wei Qiu (Iowa State U., Ames), K. Phua (ASTEC) (NTU (Singapore))",
            [("Jian-Wei Qiu", "Iowa State U., Ames"), ("K. Phua", "ASTEC", "NTU (Singapore)")],
        ),
        (
            "C. Weidner (PUC &amp; St. Andrews, UK) and F. Bar (X and Y)",
            [("C. Weidner", "PUC & St. Andrews, UK"), ("F. Bar", "X and Y")],
        ),
        ("C. Webber, Jr., B. Bar, III", [("C. Webber Jr.",), ("B. Bar III",)]),
        (
            "A. One (1), B. Two (2), C. Three (1 and 3) ((1) U. A, Rome, (2) B, and (3) C)",
            [("A. One", "U. A, Rome"), ("B. Two", "B"), ("C. Three", "U. A, Rome", "C")],
        ),
        (
            "A. One (a,b), B. Two (b) ((a)U. A (b) U. B))",
            [("A. One", "U. A", "U. B"), ("B. Two", "U. B")],
        ),
        ("A. One (1), B. Two (2,*)", [("A. One",), ("B. Two",)]),
        ("A. One$^{1,2}$, B. Two$^*$", [("A. One",), ("B. Two",)]),
        ("R. Foo, for the A and B Collaborations", [("R. Foo",), ("A and B Collaborations",)]),
        ("R. Foo (on behalf of the LHCb collaboration)", [("R. Foo",), ("LHCb collaboration",)]),
        ("H.E.S.S. Collaboration: F. Bar", [("H.E.S.S. Collaboration",), ("F. Bar",)]),
        ("ATLAS Collaboration, :, G. Aad", [("ATLAS Collaboration",), ("G. Aad",)]),
        ("A. One (unclosed, B. Two", [("A. One (unclosed",), ("B. Two",)]),
        ("A.~One,  B.\n Two", [("A. One",), ("B. Two",)]),
        ("", []),
        (" , and ; ", []),
    ],
)  # fmt: skip
def test_an_author_string_is_split_as_people_write_it(
    source: str, expected: list[tuple[str, ...]]
) -> None:
    assert flat(source) == expected


@given(st.lists(names, max_size=20))
def test_names_joined_by_commas_are_found_again(given_names: list[str]) -> None:
    expected = [make_author(name) for name in given_names]
    assert list(split_authors(", ".join(given_names))) == expected


@given(st.text(max_size=80) | st.text("(),;:&a1 $^.and~", max_size=80))
def test_any_text_gives_authors_with_names(source: str) -> None:
    for author in split_authors(source):
        assert any(char.isalnum() for char in author.name)
        assert author.name == " ".join(author.name.split())


@pytest.mark.parametrize(
    "unit", ["(", ")", "()", "(1),", "for the ", "and ", ",", "group: ", "Jr, "]
)
def test_hostile_strings_take_time_in_proportion_to_their_length(unit: str) -> None:
    started = time.process_time()
    split_authors(unit * 20_000)
    assert time.process_time() - started < 5


def test_four_thousand_authors_are_split_at_once() -> None:
    assert len(split_authors(", ".join(f"A. Author{n}" for n in range(4000)))) == 4000


def test_a_single_author_is_decoded_and_an_empty_one_is_none() -> None:
    assert make_author(r" J\"org  X", (r"Universit\"at", "")) == Author("Jörg X", ("Universität",))
    assert make_author(" , ") is None
