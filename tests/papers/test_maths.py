"""Maths in running text."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from time import process_time

import math_core
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers import macros, maths

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
        r"from $5 and $10, \textbf{and} then $20 each",
    ],
)
def test_money_and_lonely_dollars_are_text(text: str) -> None:
    assert "".join(s.source for s in maths.split(text)) == text
    assert {s.kind for s in maths.split(text)} == {"text"}


def test_a_formula_behind_sums_of_money_is_found() -> None:
    assert kinds(r"$5 and $10, \emph{for $x$}") == [
        ("text", r"$5 and $10, \emph{for "), ("inline", "x"), ("text", "}"),
    ]  # fmt: skip


def test_a_dollar_in_text_in_a_formula_does_not_end_it() -> None:
    assert kinds(r"$a\mbox{ if $x>0$}$ and $b$") == [
        ("inline", r"a\mbox{ if $x>0$}"), ("text", " and "), ("inline", "b"),
    ]  # fmt: skip


def test_numbers_and_spaces_in_dollars_are_maths_all_the_same() -> None:
    assert kinds("$5$ of $ n $ and $10^5$")[0] == ("inline", "5")
    assert ("inline", " n ") in kinds("$5$ of $ n $ and $10^5$")
    assert ("inline", "10^5") in kinds("$5$ of $ n $ and $10^5$")


@given(LATEX | st.text())
def test_the_stretches_joined_are_the_text(text: str) -> None:
    assert "".join(segment.source for segment in maths.split(text)) == text


@example(r"\<", False)
@example(r"\<x\>", True)
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


def read(latex: str) -> str:
    """What is seen of a formula, without its layout."""
    mathml = maths.convert(latex, False)
    assert mathml is not None, latex
    return "".join(ET.fromstring(mathml).itertext()).replace("\u00a0", " ")  # our own output


@pytest.mark.parametrize(
    ("latex", "seen"),
    [
        (r"\RR^3", "ℝ3"),
        (r"\eps>0", "ϵ>0"),
        (r"\widetilde{AB}", "AB~"),
        (r"a \mbox{ on } E", "a on E"),
        (r"a\mbox{ if $x>0$}", "a if x>0"),
        (r"\Hom(A,B)", "Hom\u2061(A,B)"),
        (r"\Cal M_0", "ℳ︀0"),
        (r"\norm{x}", "‖x‖"),
        (r"\C^n", "ℂn"),
        (r"SL(2,\C)", "SL(2,ℂ)"),
        (r"\F_q", "𝔽q"),
        (r"\P^1", "ℙ1"),
        (r"\left< x \right>", "⟨x⟩"),
        (r"50%", "50%"),
        (r"\mathcal{G}_{% \mathcal{S}}", "𝒢︀𝒮︀"),
        (r"#S", "#S"),
        (r"\texttt{stop_sign}\,\lsim\,2", "stop_sign≲2"),
        (r"\begin{eqnarray*}a&=&b\nonumber\end{eqnarray*}", "a=b"),
    ],
)
def test_what_means_one_thing_to_all_authors_is_known(latex: str, seen: str) -> None:
    assert read(latex) == seen


@pytest.mark.parametrize("latex", [r"\la", r"\C", r"\P(A)", r"\S", r"\SO{3}", r"\foo{x}+1", r"\Q"])
def test_what_is_ambiguous_stays_source(latex: str) -> None:
    assert maths.convert(latex, False) is None


def test_an_ambiguous_name_in_a_formula_stays_as_it_was_written() -> None:
    mathml = maths.convert(r"a^2 \la b", False)
    assert mathml is not None
    assert '<mtext class="latex">\\la</mtext>' in mathml
    assert maths.list_unknown(mathml) == [r"\la"]


def test_no_macro_replaces_what_the_converter_knows() -> None:
    for name in macros.MACROS:
        with pytest.raises(math_core.LatexError, match="Unknown command"):
            math_core.LatexToMathML(
                fancy_error=False, allow_unreliable_rendering=True
            ).convert_with_local_state(rf"\{name} x", displaystyle=False)


@pytest.mark.parametrize(
    "latex",
    [r"\norm{" * 3_000, r"\sp " * 2_000, r"a\sp" + " " * 7_000, "%" * 7_999, r"\mbox{$" * 1_100,
     r"\C^" * 2_600, r"\operatorname{\mathrm{" * 350, "{" * 50 + r"\left<" * 1_200],
)  # fmt: skip
def test_hostile_formulas_take_no_long_time(latex: str) -> None:
    began = process_time()
    maths.explain(latex, False)
    list(maths.split(f"${latex}$ and ${latex}"))
    assert process_time() - began < 1


def test_real_formulas_are_converted_and_none_is_guessed(real_papers: Path) -> None:
    """A sample; `manage.py maths_coverage FILE` counts them all and lists the rest by cause."""
    total = converted = whole = 0
    with gzip.open(real_papers / "papers_100k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 25:
                continue
            for segment in maths.split(json.loads(line)["abstract"] or ""):
                if segment.kind != "text":
                    total += 1
                    mathml = maths.convert(segment.content, False)
                    converted += mathml is not None
                    whole += mathml is not None and not maths.list_unknown(mathml)
    assert total > 4_000
    assert converted / total > 0.98
    assert whole / total > 0.965
