"""Formulas as text: what a feed reader and a citation show."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import maths
from papers.formulas import render_formula
from papers.plaintext import render


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (r"$\alpha_i \le x^2$", "αᵢ ≤ x²"),
        (r"$O(n\log n)$ time", "O(n log n) time"),
        (r"$f: \mathbb{R}^d\to\mathbb{R}$", "f: ℝᵈ → ℝ"),
        (r"$\mathcal{O}(1/\epsilon^2)$ and ${\cal O}(1)$", "𝒪(1/ε²) and 𝒪(1)"),
        (r"$\sqrt{s}=13\,\mathrm{TeV}$", "√s = 13 TeV"),
        (r"$\frac{a+b}{2\pi}$", "(a+b)/(2π)"),
        (r"${a \over b}$", "a/b"),
        (r"$10^{-3}$, $-1$, $x=-1$, $a - b$", "10⁻³, −1, x = −1, a − b"),
        (r"$>90\%$ and $p<0.05$", ">90% and p < 0.05"),
        (r"$\hat{x}_t$ and $\overline{AB}$", "x̂ₜ and A̅B̅"),
        (r"$x\notin A$, $x\not\in A$, $a\not=b$", "x ∉ A, x ∉ A, a ≠ b"),
        (r"$\{0,1\}^n$ and $\left\{x\middle|y\right\}$", "{0,1}ⁿ and {x|y}"),
        (r"$90^\circ$, $f'$, $x^*$, $A^\top$", "90°, f′, x*, Aᵀ"),
        (r"$\sum_{i=1}^n x_i$", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"$x \text{ if } y$", "x if y"),
        (r"\(x_1\) and \[y_2\]", "x₁ and y₂"),
        ("10,000 and $10,000$ and $(1, 2)$", "10,000 and 10,000 and (1, 2)"),
    ],
)
def test_a_formula_becomes_readable_text(source: str, line: str) -> None:
    assert render(source) == line


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (r"$\pi_\theta(a|s)$", "π_θ(a|s)"),
        (r"$n^{1/2}$", "n^{1/2}"),
        (r"$x_\theta y$", "x_θ y"),
    ],
)
def test_a_script_that_unicode_lacks_stays_as_it_is_written(source: str, line: str) -> None:
    assert render(source) == line


@pytest.mark.parametrize(
    "source",
    [
        r"$\la x \ra_i$",
        r"$\begin{pmatrix}1&2\end{pmatrix}$",
        r"$\widehat{abc}$",
        r"$\sqrt{x$",
        r"$x^$",
        "$" + "{" * 200 + "x" + "}" * 200 + "$",
    ],
)
def test_a_formula_that_no_line_can_hold_stays_its_source(source: str) -> None:
    assert render(f"Of {source} here") == f"Of {source} here"


def test_text_commands_quotes_and_dashes_are_read_around_formulas() -> None:
    assert render(r"\emph{A ``deep'' $x_1$} 1--2 \& \textbf{more}") == "A “deep” x₁ 1–2 & more"


def test_money_is_no_formula() -> None:
    assert render("costs $5 and saves $10 a day") == "costs $5 and saves $10 a day"


@given(st.text())
def test_any_text_becomes_one_printable_line(text: str) -> None:
    line = render(text)
    assert line == " ".join(line.split())
    assert not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in line)


_TOKENS = r"\frac \alpha { } ^ _ & \left ( ) \sqrt [ ] x 1 \foo \over ' ~ | ="


@given(st.lists(st.sampled_from(_TOKENS.split())))
def test_any_formula_is_read_or_refused(pieces: list[str]) -> None:
    line = render_formula(" ".join(pieces))
    assert line is None or line.isprintable()


def test_nearly_all_formulas_of_real_papers_become_text(real_papers: Path) -> None:
    read = formulas = 0
    with gzip.open(real_papers / "papers_100k.jsonl.gz", "rt") as lines:
        for row in map(json.loads, islice(lines, 0, None, 23)):
            for segment in maths.split(f"{row['title']} {row['abstract']}"):
                if segment.kind != "text":
                    formulas += 1
                    read += render_formula(segment.content) is not None
    assert formulas > 3_000
    assert read > 0.95 * formulas
