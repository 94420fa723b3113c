"""Where a family name begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.exports.names import Name, parse


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lovelace", Name("Lovelace", "Ada")),
        ("Laurens van der Maaten", Name("Maaten", "Laurens", "van der")),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", "van")),
        ("A. von der Linden IV", Name("Linden", "A.", "von der", "IV")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "", "Jr.")),
        ("John Smith, III", Name("Smith", "John", "", "III")),
        ("Lovelace, Ada", Name("Lovelace", "Ada")),
        ("van der Berg, A.", Name("Berg", "A.", "van der")),
        ("Philippe Di Francesco", Name("Di Francesco", "Philippe")),
        ("José Ortega y Gasset", Name("Ortega y Gasset", "José")),
        ("Rami Al-Rfou", Name("Al-Rfou", "Rami")),
        ("Nguyễn Văn Minh", Name("Minh", "Nguyễn Văn")),
        ("Dang Van Hung", Name("Hung", "Dang Van")),
        ("The Anh Han", Name("Han", "The Anh")),
        ("danah boyd", Name("boyd", "danah")),
        ("Madonna", Name("Madonna")),
        ("王伟", Name("王伟")),
    ],
)
def test_a_name_is_taken_apart(name: str, parts: Name) -> None:
    assert parse(name) == parts


@pytest.mark.parametrize("name", ["Di Wang", "Le Song", "Bin Yu", "Al Gore", "De Li"])
def test_a_first_word_is_a_given_name_also_where_it_looks_like_a_particle(name: str) -> None:
    given, family = name.split()
    assert parse(name) == Name(family, given)


@pytest.mark.parametrize(
    "name", ["ATLAS Collaboration", "The LIGO Scientific Collaboration", "Gemini Team", "X et al."]
)
def test_a_collaboration_is_no_person(name: str) -> None:
    assert parse(name) == Name(name, group=True)


@given(st.text())
def test_no_letter_of_a_name_is_lost(text: str) -> None:
    name = parse(text)
    parts = f"{name.given}{name.particle}{name.family}{name.suffix}"
    assert sorted("".join(parts.split())) == sorted("".join(text.split()).replace(",", "")) or (
        name.group or "," in parts
    )
