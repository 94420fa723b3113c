"""Maths in running text."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import maths

LATEX = st.lists(
    st.sampled_from([*"ab1 $^_{}()[]&<>\"'\\", "\\frac", "\\alpha", "\\begin{matrix}", "\\left("])
).map("".join)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(segment.kind, segment.content) for segment in maths.split(text)]


def test_every_way_to_write_maths_is_found() -> None:
    assert kinds(r"a $x$ b \(y\) c \[z\] d $$w$$ e") == [
        ("text", "a "), ("inline", "x"), ("text", " b "), ("inline", "y"), ("text", " c "),
        ("display", "z"), ("text", " d "), ("display", "w"), ("text", " e"),
    ]  # fmt: skip


def test_an_environment_is_maths_with_its_begin_and_end() -> None:
    source = r"\begin{align*}a&=b\end{align*}"
    assert kinds(f"so {source}") == [("text", "so "), ("display", source)]


@pytest.mark.parametrize(
    "text",
    [
        "costs $5 and $10 per hour",
        "from $5-$10",
        "$1.5 million for $12 each",
        "raised $2.5M and then $3M",
        "one $ alone",
        r"an escaped \$3 and \$4",
        "$$",
        "$ $",
    ],
)
def test_money_and_lonely_dollars_are_text(text: str) -> None:
    assert "".join(s.source for s in maths.split(text)) == text
    assert {s.kind for s in maths.split(text)} == {"text"}


def test_numbers_and_spaces_in_dollars_are_maths_all_the_same() -> None:
    assert kinds("$5$ of $ n $ and $10^5$")[0] == ("inline", "5")
    assert ("inline", " n ") in kinds("$5$ of $ n $ and $10^5$")
    assert ("inline", "10^5") in kinds("$5$ of $ n $ and $10^5$")


@given(LATEX | st.text())
def test_the_stretches_joined_are_the_text(text: str) -> None:
    assert "".join(segment.source for segment in maths.split(text)) == text


@given(LATEX | st.text(), st.booleans())
def test_conversion_never_raises_and_is_well_formed(latex: str, display: bool) -> None:
    mathml = maths.convert(latex, display)
    if mathml is not None and not re.search(
        "[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", mathml
    ):
        assert ET.fromstring(mathml).tag == "math"  # our own output
        assert " style=" not in mathml


@pytest.mark.parametrize(
    "latex",
    [
        "{" * 5_000 + "}" * 5_000,
        "\\frac{" * 700 + "x" + "}{y}" * 700,
        "\\sqrt" * 1_300 + " x",
        "\\sqrt[" * 900 + "x" + "]{y}" * 900,
        "\\left(" * 500 + "x" + "\\right)" * 500,
        "\\begin{matrix}" * 250 + "x" + "\\end{matrix}" * 250,
        "x^{" * 900 + "y" + "}" * 900,
        "x" * 100_000,
    ],
)
def test_what_would_overflow_the_converter_stays_source(latex: str) -> None:
    """Nested this deep, the converter ends the whole process (found on 2026-11-22)."""
    assert maths.convert(latex, False) is None


def test_a_definition_stays_source() -> None:
    assert maths.convert(r"\def\a#1{\sqrt{#1}}\a{\a{x}}", False) is None


def test_styles_become_classes_beside_those_there_are() -> None:
    table = maths.convert(r"\begin{array}{|c|} a \\ \hline b \end{array}", True)
    assert table is not None
    assert 'class="m-bar-left"' in table
    assert 'class="m-bar-top m-bar-right"' in table
    assert " style=" not in table


def test_a_formula_in_colour_is_shown_without_it() -> None:
    assert maths.convert(r"\color{red}{x}", False) == "<math><mrow><mi>x</mi></mrow></math>"


def test_at_least_nine_tenths_of_real_formulas_are_converted(real_papers: Path) -> None:
    total = converted = 0
    with gzip.open(real_papers / "papers_100k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 50:
                continue
            for segment in maths.split(json.loads(line)["abstract"] or ""):
                if segment.kind != "text":
                    total += 1
                    converted += maths.convert(segment.content, False) is not None
    assert total > 2_000
    assert converted / total > 0.9
