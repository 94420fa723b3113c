"""Text to tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import LONGEST_TOKEN, analyse, analyse_name, has_words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Erdős ERDOS", ["erdo", "erdo"]),
        ("Kähler Kahler Kaehler", ["kahler", "kahler", "kahler"]),
        ("models model's modelling", ["model", "model", "model"]),
        ("C++ and C# code", ["cplusplus", "and", "csharp", "code"]),
        ("GPT-4", ["gpt", "4"]),
        ("3D", ["3d"]),
        ("H$_2$O", ["h2o"]),
        ("$\\mathrm{H}_2\\mathrm{O}$", ["h2o"]),
        ("$\\Lambda$CDM ΛCDM", ["lambda", "cdm", "lambda", "cdm"]),
        ("H_2O L^2 T_c snake_case", ["h2o", "l2", "tc", "snake", "case"]),
        ("$\\alpha$-decay", ["alpha", "decay"]),
        ("$\\mathcal{O}(n \\log n)$", ["o", "n", "n"]),
        ("\\emph{deep} nets", ["deep", "net"]),
        ("\\cite{someone2020} said", ["said"]),
        ("Łódź Straße naïve", ["lodz", "strass", "naiv"]),
        ("ﬁne½", ["fine1", "2"]),
        ("so\u00adft", ["soft"]),
        ("!?", []),
    ],
)
def test_tokens_of_a_text(text: str, tokens: list[str]) -> None:
    assert analyse(text).sequence == tokens


def test_a_hyphenated_word_counts_as_its_parts_and_as_one() -> None:
    tokens = analyse("a state-space k-means model")
    assert tokens.sequence == ["a", "state", "space", "k", "mean", "model"]
    assert tokens.joined == ["statespac", "kmean"]
    assert analyse("Yang--Baxter").joined == []


def test_names_are_not_stemmed() -> None:
    assert analyse_name("José Jones").sequence == ["jose", "jones"]
    assert analyse_name("Jean-Luc").joined == ["jeanluc"]


@given(st.text(max_size=300))
def test_tokens_have_no_space_and_a_bounded_length(text: str) -> None:
    for found in (analyse(text), analyse_name(text)):
        for token in [*found.sequence, *found.joined]:
            assert token
            assert len(token) <= LONGEST_TOKEN
            assert token.split() == [token]
    assert has_words(text) == bool(analyse(text).sequence)


@given(st.text(st.characters(max_codepoint=127), max_size=300))
def test_plain_text_is_cut_as_any_other(text: str) -> None:
    assert analyse(text).sequence == analyse(f"{text} 数").sequence[:-1]
