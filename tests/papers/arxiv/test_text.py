import gzip
import itertools
import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.arxiv.text import decode_text

# Directions that Unicode's control characters begin and end.
TURNING = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")

tex = st.lists(
    st.sampled_from(
        [
            *"\\{}$~&%'\"`^.=cvHkubdrioOlLss a",
            "\\'",
            '\\"',
            "\\(",
            "\\)",
            "$$",
            "\\c{c}",
            "\\i",
            "é",
        ]
    )
    | st.characters(),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            r"Schr\"odinger, Schr{\"o}dinger, Schr\"{o}dinger",
            "Schrödinger, Schrödinger, Schrödinger",
        ),
        (r"Erd\H{o}s and Erd{\H{o}}s", "Erdős and Erdős"),
        (r"Mart\'\i nez, Garc{\'\i}a, D\'{\i}az", "Martínez, García, Díaz"),
        (r"Lima\c con, Fran\c{c}ois, \c{S}en", "Limaçon, François, Şen"),
        (r"Pe\l czy\'nski, \L ukasz, {\L}ukasz, \L{}ukasz", "Pełczyński, Łukasz, Łukasz, Łukasz"),
        (r"M\o ller, {\O}rsted, \O rsted", "Møller, Ørsted, Ørsted"),
        (r"Stra\ss e, Maa\ss\ lifting", "Straße, Maaß lifting"),
        (
            r"\AA ngstr\"om, {\aa}rhus, 2.72 \AA and 5 \AA\ wide",
            "Ångström, århus, 2.72 Å and 5 Å wide",
        ),
        (r"\v{S}ar, Belinski\v i, \v S. Kov\'a\v c", "Šar, Belinskiǐ, Š. Kováč"),
        (r"\u{g}, \k{a}, Jord\~ao, G\={o}, \.Z, \.I, \r{u}, \d{t}", "ğ, ą, Jordão, Gō, Ż, İ, ů, ṭ"),
        (r"Kre\u\i n, Y{\i}ld{\i}r{\i}m", "Kreĭn, Yıldırım"),
        (r"Ti\'{\^e}n, \'\^e", "Tiến, ế"),
        (r"R\' emi, Poincar{\' e}, Gr{\" o}bner", "Rémi, Poincaré, Gröbner"),
        (r"\ae on, {\oe}uvre, \th", r"æon, œuvre, \th"),
        (r"50\% of A\&A, sl\_2, \#1", "50% of A&A, sl_2, #1"),
        (r"et al.\ in LEP\,II, bos\-ons, {\em so\/}", r"et al. in LEP II, bosons, {\em so}"),
        (r"http://a.b/\~user and http://a.b/\~knuth", "http://a.b/~user and http://a.b/~knuth"),
        (r"x_1,\ldots,x_n", "x_1,…,x_n"),
        ("&lt;b&gt; &ndash; AT&T &nosuch; &#233;", "<b> – AT&T &nosuch; é"),
    ],
)
def test_tex_accents_and_escapes_become_letters(source: str, expected: str) -> None:
    assert decode_text(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        r"$\"o$ and $$\'e$$ and \(\'e\) and \[\'e\]",
        r"\begin{equation*}\'e \\ \"o\end{equation*}",
        r"$a \$ \'e$",
        r"\emph{it}, {\bf 68}, \cite{a}, \b{eta}, \o(n), \L_2, \i_1, \r{10}, NF\k{appa}B",
        r"M \ E and \{x\} and \\ and \$5",
        "dashes -- and --- stay, ``quotes'' too, ~10 GeV",
        'a 19\\" chassis',
        "\\",
        "{\\",
    ],
)
def test_maths_unknown_commands_and_dashes_keep_their_source(source: str) -> None:
    assert decode_text(source) == source


def test_an_unclosed_dollar_is_text() -> None:
    assert decode_text(r"costs 5$ in K\"oln") == "costs 5$ in Köln"
    assert decode_text(r"\( open in K\"oln") == r"\( open in Köln"


def test_lines_and_spaces_are_joined_and_control_characters_removed() -> None:
    assert decode_text("  a\n  b\t c\u00a0d ") == "a b c d"
    assert decode_text("a\x00b\x1b\u202ec\u200bd\ufeff\ud800e") == "abcde"


@given(tex)
def test_any_text_is_decoded_to_one_clean_line(source: str) -> None:
    text = decode_text(source)
    assert text == " ".join(text.split())
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in text)
    assert not any(unicodedata.bidirectional(char) in TURNING for char in text)
    assert unicodedata.is_normalized("NFC", text)


@given(st.text("abc \\'\"^{}_xyz", max_size=40))
def test_nothing_between_dollars_changes(inside: str) -> None:
    maths = "$" + " ".join(inside.replace("\\", "\\alpha ").split()) + "x$"
    assert decode_text(f'K\\"oln {maths} K\\"oln') == f"Köln {maths} Köln"


@given(st.text(st.characters(exclude_characters="\\&$", exclude_categories=["C", "Z"])))
def test_text_without_commands_only_gets_normalised(source: str) -> None:
    assert decode_text(source) == unicodedata.normalize("NFC", source)


@pytest.mark.parametrize(
    "unit",
    [
        "\\(",
        "\\[",
        "\\begin{align}",
        "$",
        "\\$",
        "$$a",
        "{\\'",
        "\\'{",
        "\\'\\^",
        "\\v ",
        "&a",
        "{\\",
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    def measure(repeats: int) -> float:
        started = time.process_time()
        decode_text(unit * repeats)
        return time.process_time() - started

    measure(100)
    # A quadratic decoder would need minutes here; a linear one under two seconds.
    assert measure(200_000) < 10


def test_real_papers_are_decoded_once_and_for_all_in_a_tenth_of_a_millisecond(
    real_papers: Path,
) -> None:
    with gzip.open(real_papers / "papers_100k.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in itertools.islice(lines, 0, None, 20)]
    texts = [text for paper in papers for text in (paper["title"], paper["abstract"] or "")]
    started = time.process_time()
    decoded = [decode_text(text) for text in texts]
    took = time.process_time() - started
    assert took / len(papers) < 0.000_3  # 0.03 ms where nothing else runs
    again = [text for text in decoded if decode_text(text) != text]
    assert len(again) <= 3  # "\L\ gravity" and the like
