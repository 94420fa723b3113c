"""Text as TeX: right, balanced, and harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv.text import decode_text
from papers.exports.tex import encode, encode_line, encode_title


def is_balanced(text: str) -> bool:
    """As BibTeX counts: a backslash before a brace changes nothing."""
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("Schrödinger", r"Schr{\"o}dinger"),
        ("Łukasz", r"{\L}ukasz"),
        ("Šimek", r"{\v{S}}imek"),
        ("naïve", r"na{\"\i}ve"),
        ("Ångström", r"{\AA}ngstr{\"o}m"),
        ("Erdős, Çelik", r"Erd{\H{o}}s, {\c{C}}elik"),
        ("Nguyễn", r"Nguy{\~{\^e}}n"),
        ("50% & #1_a $ ~ ^", r"50\% \& \#1\_a \$ \textasciitilde{} \textasciicircum{}"),
        (r"{x} \y", r"\textbraceleft{}x\textbraceright{} \textbackslash{}y"),
        ("“a” – b…", r"``a'' -- b\ldots{}"),
        ("TNF-α", r"TNF-{$\alpha$}"),
        ("王伟 Иван", "王伟 Иван"),
    ],
)
def test_what_tex_can_say_is_tex_and_the_rest_stays(text: str, tex: str) -> None:
    assert encode(text) == tex


def test_every_latin_letter_with_an_accent_is_read_back_as_itself() -> None:
    letters = [
        chr(code)
        for code in [*range(0xC0, 0x180), *range(0x1E00, 0x1F00)]
        if chr(code).isalpha() and len(unicodedata.normalize("NFD", chr(code))) <= 2
    ]
    written = {letter: encode(letter) for letter in letters}
    said = {letter: tex for letter, tex in written.items() if tex != letter}
    assert len(said) > 200
    for letter, tex in said.items():
        # The reader of TeX leaves rare accents alone; what it reads, it reads right.
        assert decode_text(f"a{tex}b") in (f"a{letter}b", f"a{tex}b")


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        ("BERT: Pre-training of deep nets", "{BERT}: {Pre-training} of deep nets"),
        ("Attention and the Bayesian brain", "Attention and the {Bayesian} brain"),
        ("“Deep” nets, (LLMs)", "``{Deep}'' nets, ({LLMs})"),
        ("On G(n,P), again", "On {G(n,P)}, again"),
        ("Über nets", r"{\"U}ber nets"),
        ("A $H_0$-tension", "A {$H_0$}-tension"),
        (r"$\mathcal{O}(n)$ Nets", r"{$\mathcal{O}(n)$} {Nets}"),
    ],
)
def test_a_title_keeps_its_capitals_and_formulas(title: str, tex: str) -> None:
    assert encode_title(title) == tex


def test_a_brace_within_a_formula_is_one_that_bibtex_counts_right() -> None:
    assert encode_line(r"$\left\{x\right.$") == r"{$\left\lbrace x\right.$}"


def test_names_that_authors_define_are_spelt_out() -> None:
    assert encode_line(r"$\RR^d$ and $\eps$") == r"{$\mathbb{R}^d$} and {$\varepsilon$}"


def test_greek_and_signs_typed_as_such_are_commands_in_a_formula() -> None:
    assert encode_line("$π$-SUB, $x ≤ ε^2$") == r"{$\pi$}-SUB, {$x \le \varepsilon ^2$}"


@pytest.mark.parametrize(
    "formula",
    [
        r"$\input{/etc/passwd}$",
        r"$a%\input{x}$",
        r"$\write18{ls}$",
        r"$^^5cinput{x}$",
        r"\begin{verbatim}$x$\end{verbatim}",
        r"\begin{equation}x\end{equation}",
        r"\(a$\input{x}$b\)",
        r"$\begin\input{x}$",
        r"$\text{\input{x}}$",
        r"$\def\alpha{\input x}$",
        r"$\unknown$",
    ],
)
def test_a_formula_that_is_not_plainly_safe_is_shown_and_not_run(formula: str) -> None:
    tex = encode_title(formula)
    for command in ("input", "write", "def", "begin", "unknown"):
        assert f"\\{command}" not in tex.replace(f"\\textbackslash{{}}{command}", "")
    assert is_balanced(tex)


@given(st.text())
def test_any_text_gives_balanced_braces(text: str) -> None:
    assert is_balanced(encode(text))
    assert is_balanced(encode_title(text))


@given(st.text(alphabet='{}\\$%^_#&~ "ab()[]é√α'))
def test_any_string_of_special_characters_gives_balanced_braces(text: str) -> None:
    assert is_balanced(encode_title(text))
