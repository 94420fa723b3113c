"""A paper's text as HTML."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.markup import link, plain, render

PIECES = st.lists(
    st.sampled_from(
        [
            "a", " ", "$x<y$", "$", "<script>", "&amp;", "&", "{", "}", "\\emph{", "\\textbf{",
            "\\url{", "\\href{", "https://a.b/c", "{\\it ", "\\item ", "\\\\", "--", "``", "''",
            "\ue0000\ue001", "\ue002", "arXiv:2401.00001", "www.a.b/", "\x00", "\ud800", "'", '"',
            "\\cite[", "]", "\\",
        ]
    )
).map("".join)  # fmt: skip


def maths(source: str) -> str:
    """How a formula begins: not to be translated, to be copied as LaTeX."""
    return f'<math translate="no" data-latex="{source}">'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<b>bold</b> & <script>x</script>",
         "&lt;b&gt;bold&lt;/b&gt; &amp; &lt;script&gt;x&lt;/script&gt;"),
        (r"\emph{a \textbf{b}} {\it c} \texttt{d}",
         "<em>a <strong>b</strong></em> <em>c</em> <code>d</code>"),
        (r"50\% of \& and \_", "50% of &amp; and _"),
        ("``so''---he--said", "“so”—he–said"),
        ("$a$--$b$", f'<span class="whole">{maths("$a$")}<mi>a</mi></math>–</span>'
                     f"{maths('$b$')}<mi>b</mi></math>"),
        (r"{\bf 68}, \underline{x}", "<strong>68</strong>, x"),
        (r"\begin{itemize} \item one \item two \end{itemize}", "   • one  • two  "),
        ("as in \\cite{a,b}", "as in [a,b]"),
        (r"\unknown{x} stays", r"\unknown{x} stays"),
    ],
)  # fmt: skip
def test_text_commands_are_shown_sensibly(text: str, html: str) -> None:
    assert render(text) == html


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [("so ($x$), and", "(", "),"), ("for $x$-means", "", "-"), ("the $x$th.", "", "th."),
     ("up to $x$%;", "", "%;")],
)  # fmt: skip
def test_what_belongs_to_a_formula_stays_on_its_line(text: str, start: str, end: str) -> None:
    html = re.sub("<math.*</math>", "$x$", render(text))
    assert re.sub("</?span[^>]*>", "", html) == text
    kept = html.partition('<span class="whole">')[2].partition("</span>")[0]
    assert (kept.partition("$")[0], kept.rpartition("$")[2]) == (start, end)


def test_addresses_become_links_without_what_follows_them() -> None:
    assert render("See https://x.org/a_(b)?q=1&r=2, (www.a.org/c).") == (
        'See <a href="https://x.org/a_(b)?q=1&amp;r=2" rel="nofollow noopener">'
        "https://x.org/a_(b)?q=1&amp;r=2</a>, "
        '(<a href="https://www.a.org/c" rel="nofollow noopener">www.a.org/c</a>).'
    )


@pytest.mark.parametrize("shown", [r"\textbf{Fusion Bench}", r"\textcolor{blue}{Fusion Bench}"])
def test_a_link_is_one_also_where_its_text_has_a_look_of_its_own(shown: str) -> None:
    text = rf"\href{{https://x.org/a}}{{{shown}}}."
    assert render(text) == '<a href="https://x.org/a" rel="nofollow noopener">Fusion Bench</a>.'
    assert plain(text) == "Fusion Bench."


def test_addresses_in_commands_become_links() -> None:
    assert render(r"\url{https://a.b/c_d%20e}") == (
        '<a href="https://a.b/c_d%20e" rel="nofollow noopener">https://a.b/c_d%20e</a>'
    )
    assert render(r"\href{https://a.b/}{here}") == (
        '<a href="https://a.b/" rel="nofollow noopener">here</a>'
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc", "x"])
def test_only_web_addresses_become_links(address: str) -> None:
    assert "<a" not in render(rf"\href{{{address}}}{{click}}")


def test_a_quotation_mark_cannot_leave_an_attribute() -> None:
    for text in ('https://a.b/"onclick="x', '\\url{https://a.b/"onclick="x}'):
        (link,) = ET.fromstring(f"<p>{render(text)}</p>").iter("a")  # our own output
        assert set(link.attrib) == {"href", "rel"}


def test_what_turns_the_direction_of_text_is_left_out_however_it_was_stored() -> None:
    turned = "a\u202eb $x\u2066$ \\emph{c\u202d}\u2069"
    assert not {"\u202e", "\u2066", "\u202d", "\u2069"} & set(render(turned) + plain(turned))
    assert link("Ada\u202e", "/x") == '<a href="/x">Ada</a>'


def test_other_papers_are_linked_here() -> None:
    assert render("extends arXiv:2401.00001v2.") == (
        'extends <a href="/arxiv/2401.00001v2">arXiv:2401.00001v2</a>.'
    )


def test_inside_a_link_there_is_no_link() -> None:
    assert "<a" not in render(r"https://a.b \url{https://c.d} arXiv:2401.00001", links=False)


def test_maths_is_mathml_and_what_cannot_be_is_its_source() -> None:
    assert render("let $x$") == f"let {maths('$x$')}<mi>x</mi></math>"
    assert render(r"let $\unknown{<}1$") == (
        r'let <code class="latex" translate="no">$\unknown{&lt;}1$</code>'
    )


def test_emphasis_may_hold_maths() -> None:
    assert render(r"\emph{for $x$}") == f"<em>for {maths('$x$')}<mi>x</mi></math></em>"


def test_a_wide_formula_gets_a_box_to_scroll_in() -> None:
    html = render(f"so ${'+'.join('abcdefghijklmnopqrstuvwxyz')}$, as")
    assert html.startswith(
        'so <span class="formula" tabindex="0"><math translate="no" data-latex="$a+b'
    )
    assert html.endswith("</math>,</span> as")


def test_searched_words_are_marked() -> None:
    assert render("deep networks & $x$", marks=[(5, 13)]) == (
        f"deep <mark>networks</mark> &amp; {maths('$x$')}<mi>x</mi></math>"
    )


@pytest.mark.parametrize("text", ["Mo~VIII", "Mo--VIII", "$k$-Mo"])
def test_marks_change_nothing_else(text: str) -> None:
    marks = [found.span() for found in re.finditer("Mo|VIII", text)]
    assert re.sub("</?mark>", "", render(text, marks=marks)) == render(text)


@given(PIECES | st.text(), st.booleans())
def test_whatever_comes_in_well_formed_html_of_ours_comes_out(text: str, links: bool) -> None:
    html = render(text, links=links)
    tree = ET.fromstring(f"<p>{html}</p>")  # our own output
    ours = {
        "p", "a", "em", "strong", "code", "sup", "sub", "span", "math",
        "mi", "mo", "mn", "mrow", "mtext", "mspace", "mover", "munder",
        "msup", "msub", "msubsup", "mstyle",
    }  # fmt: skip
    for element in tree.iter():
        assert element.tag in ours
        assert set(element.attrib) <= {
            "href", "rel", "class", "translate", "tabindex", "mathvariant", "lspace", "rspace",
            "display", "stretchy", "form", "width", "data-latex", "accent",
        }  # fmt: skip
        if "href" in element.attrib:
            assert re.match(r"https?://|/arxiv/", element.attrib["href"])


@given(PIECES | st.text())
def test_plain_text_never_fails(text: str) -> None:
    assert "\x00" not in plain(text)


def test_plain_text_has_no_markup() -> None:
    assert plain(r"\emph{On} $x$ and \url{https://a.b}") == "On x and https://a.b"
