"""Marks on found words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import stems
from search.highlight import Highlighter
from search.query import Scope, parse


def marked(text: str, query: str, scope: Scope = Scope.TITLE) -> list[str]:
    return [
        text[start:end] for start, end in Highlighter(parse(query).root).find_ranges(text, scope)
    ]


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("Diffusion models diffuse", "diffusion", ["Diffusion", "diffuse"]),
        ("Schrödinger's cat", "schrodinger", ["Schrödinger"]),
        ("A state-space view of spaces", "state-space", ["state", "space", "spaces"]),
        ("Deep nets", '"deep nets"', ["Deep", "nets"]),
        ("About graphs", "-graphs", []),
        ("About graphs", "au:graphs", []),
        ("About graphs", "ti:graphs", ["graphs"]),
        ("The graph of the", "the graph", ["graph"]),
        ("C++ and C", "C++", ["C++"]),
        ("alpha in $\\alpha$ alpha", "alpha", ["alpha", "alpha"]),
        ("x is $x$ and x", "x", ["x", "x"]),
        ("loss $$ \\text{loss} = y $$ loss", "loss", ["loss", "loss"]),
        ("A dying star dies", "die", ["dying", "dies"]),
        ("To die is dye", "dying", ["die"]),
        ("k-means, kmeans and kin", "k", ["k"]),
        ("3D, H_2O and _graph_", "3d h2o graph", ["3D", "H_2O", "graph_"]),
        ("{\\em EM} by \\emph{emph}", "em emph", ["EM", "emph"]),
        ("code: https://code.org/code, github.com/code", "code https github", ["code"]),
        ("equation \\begin{equation*}equation\\end{equation*}", "equation", ["equation"]),
        ("the www.ars.com ars", "ars", ["ars"]),
        ("arXiv of arXiv:2401.00001", "arxiv 2401", ["arXiv"]),
        ("α-synuclein, na\u0308ive", "alpha naive", ["α", "na\u0308ive"]),
    ],
)
def test_words_of_the_query_are_marked_outside_maths(
    text: str, query: str, words: list[str]
) -> None:
    assert marked(text, query) == words


@pytest.mark.parametrize("family", sorted(set(stems.FAMILIES.values())))
def test_every_form_of_a_family_is_marked(family: str) -> None:
    forms = [form for form, first in stems.FAMILIES.items() if first == family]
    for form in forms:
        assert marked(" ".join(forms).title(), form) == [one.title() for one in forms]


def test_names_are_matched_as_written() -> None:
    assert marked("Ann Jones", "jone", Scope.AUTHOR) == []
    assert marked("Ann Jones", "au:jones", Scope.AUTHOR) == ["Jones"]


@given(st.text(max_size=200), st.text(max_size=60))
def test_ranges_rise_and_never_overlap(text: str, query: str) -> None:
    end = 0
    for start, stop in Highlighter(parse(query).root).find_ranges(text, Scope.ABSTRACT):
        assert end <= start < stop <= len(text)
        end = stop
