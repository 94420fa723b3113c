"""The query language: what a text means, and that no text fails."""

import os
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query import (
    LONGEST_QUERY,
    MOST_TERMS,
    And,
    Category,
    Condition,
    DateRange,
    Identifiers,
    Kind,
    Node,
    Not,
    Note,
    Nothing,
    Or,
    Phrase,
    Scope,
    Vocabulary,
    Words,
    explain,
    loosen,
    parse,
)
from search.query.tree import wanted

# `SEARCH_EXAMPLES=20000` tries as many; the usual run fewer.
GENERATED = int(os.environ.get("SEARCH_EXAMPLES", "500"))

PIECES = [
    "graph", "OR", "-", "--", "(", ")", '"', "“", "ti:", "title:", "au:", "abs:", "cat:", "id:",
    "date:", "2026", "2026-02-30", "..", "cs.AI", "cs", "C++", "*", "\\", "$x$", "/re/", "~", "^2",
    " ", "\t", "\x00", "\ud800", "é", "数学",
    "👩‍🔬", "[a TO b]", "AND", "NOT", "ANDNOT", ":", "+", "'", "a:b", "：", "－", "the",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("deep learning", Words(("deep", "learning"))),
        ('"deep learning"', Phrase("deep learning")),
        ("“deep learning”", Phrase("deep learning")),
        ('"deep"', Words(("deep",))),
        ("-gan", Not(Words(("gan",)))),
        ("a -b", And((Words(("a",)), Not(Words(("b",)))))),
        ("state-space", Words(("state-space",))),
        ("--a - b", And((Not(Words(("a",))), Words(("b",))))),
        ("(2+1)-dimensional", Words(("2+1", "-dimensional"))),
        ('"ring like"-a', And((Phrase("ring like"), Words(("-a",))))),
        ("degree -1 -3D", And((Words(("degree", "-1")), Not(Words(("3D",)))))),
        ("a OR b c", Or((Words(("a",)), Words(("b", "c"))))),
        ("(a OR b) c", And((Or((Words(("a",)), Words(("b",)))), Words(("c",))))),
        ("ti:a", Words(("a",), Scope.TITLE)),
        ("TITLE:a", Words(("a",), Scope.TITLE)),
        ("abs:(a b)", Words(("a", "b"), Scope.ABSTRACT)),
        ('au:"J. Ho" ho', And((Phrase("J. Ho", Scope.AUTHOR), Words(("ho",))))),
        ("-ti:a", Not(Words(("a",), Scope.TITLE))),
        ("ti:-a", Not(Words(("a",), Scope.TITLE))),
        ("cat:cs.AI", Category("cs.AI")),
        ("cat:cs.*", Category("cs")),
        ("cat:cs.AI,cs.LG", Or((Category("cs.AI"), Category("cs.LG")))),
        ("id:1,2", Identifiers(("1", "2"))),
        ("date:2024", DateRange(date(2024, 1, 1), date(2024, 12, 31))),
        ("date:2024-02", DateRange(date(2024, 2, 1), date(2024, 2, 29))),
        ("date:2024-02-03", DateRange(date(2024, 2, 3), date(2024, 2, 3))),
        ("date:2024..", DateRange(date(2024, 1, 1), None)),
        ("date:..2024-03", DateRange(None, date(2024, 3, 31))),
        ("date:2026-01-01..2026-03-31", DateRange(date(2026, 1, 1), date(2026, 3, 31))),
        ("date:2026..2024", DateRange(date(2024, 1, 1), date(2026, 12, 31))),
        ("unknown:word", Words(("unknown:word",))),
        ("a ti:b c", And((Words(("a", "c")), Words(("b",), Scope.TITLE)))),
        ("au: hinton", Words(("hinton",), Scope.AUTHOR)),
        ("date: 2024", DateRange(date(2024, 1, 1), date(2024, 12, 31))),
        ("One for All: unified", Words(("One", "for", "All:", "unified"))),
        ("（ti：ａ　OR　「b c」）", Or((Words(("a",), Scope.TITLE), Phrase("b c")))),
        ("a −b", And((Words(("a",)), Not(Words(("b",)))))),
        ("", Nothing()),
        ("  ", Nothing()),
    ],
)
def test_a_text_means(text: str, root: Node) -> None:
    query = parse(text)
    assert (query.root, query.notes) == (root, ())


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a AND b", "a b"),
        ("au:a AND ti:b", "au:a ti:b"),
        ("a OR b AND c", "a OR (b c)"),
        ("AND gate AND", "gate"),
        ("x NOT b", "x -b"),
        ("a AND NOT b c", "a -b c"),
        ("a ANDNOT (b OR c)", "a -(b OR c)"),
        ("NOT cat:cs.LG", "-cat:cs.LG"),
        ("ti:NOT b", "-ti:b"),
        ('x NOT"b c"', 'x -"b c"'),
        ("a OR NOT b", "a OR -b"),
        ("x NOT", "x"),
    ],
)
def test_operators_in_capitals_are_those_of_arxiv(text: str, same: str) -> None:
    assert (parse(text).root, parse(text).notes) == (parse(same).root, ())


@pytest.mark.parametrize(
    "text",
    [
        "cats and dogs not mice or andnot rats",
        "Pixelation is NOT Done in Videos Yet",
        "What It Should NOT Say",
        "How NOT to benchmark",
        "AND-OR networks",
    ],
)
def test_operators_are_no_words_of_a_sentence(text: str) -> None:
    assert parse(text).root == Words(tuple(text.split()))


@pytest.mark.parametrize(
    ("text", "root", "note"),
    [
        ('deep "learning', Words(("deep", "learning")), Note.OPEN_QUOTE),
        ("a ) b", Words(("a", "b")), Note.UNBALANCED_PARENTHESES),
        ("(a b", Words(("a", "b")), Note.UNBALANCED_PARENTHESES),
        ("date:soon", Words(("soon",)), Note.BAD_DATE),
        ("date:2026-02-30", Words(("2026-02-30",)), Note.BAD_DATE),
        ("cat:3d", Words(("3d",)), Note.UNKNOWN_CATEGORY),
        ("!?", Nothing(), Note.NO_WORDS),
        ("OR", Nothing(), Note.NO_WORDS),
        ("AND NOT", Nothing(), Note.NO_WORDS),
        ("-", Nothing(), Note.NO_WORDS),
    ],
)
def test_what_does_not_fit_is_read_as_words_and_noted(text: str, root: Node, note: Note) -> None:
    query = parse(text)
    assert (query.root, query.notes) == (root, (note,))


def test_a_text_is_cut_at_its_limits_and_says_so() -> None:
    assert Note.TOO_LONG in parse("word " * 2_000).notes
    assert len(parse("x" * 10_000).text) <= LONGEST_QUERY
    many = parse(" ".join(f"w{n}" for n in range(MOST_TERMS + 5)))
    assert isinstance(many.root, Words)
    assert (len(many.root.words), many.notes) == (MOST_TERMS, (Note.TOO_MANY_TERMS,))


def test_deep_nesting_is_flattened() -> None:
    assert parse("(" * 900 + "word" + ")" * 900).root == Words(("word",))
    assert parse("-ti:" * 400 + "word").root == Not(Words(("word",), Scope.TITLE))


def test_the_vocabulary_decides_what_categories_and_identifiers_are() -> None:
    vocabulary = Vocabulary(
        category=lambda text: ("b.X", "c.Y") if text == "a.x" else (),
        identifier=lambda text, bare: f"key {text}" if text.isdigit() else None,
    )
    assert parse("cat:a.x", vocabulary).root == Category("b.X", ("c.Y",))
    assert parse("12", vocabulary).root == Identifiers(("key 12",))
    assert parse("id:x", vocabulary).notes == (Note.UNKNOWN_IDENTIFIER,)


def test_loosening_leaves_what_is_excluded_alone() -> None:
    node = parse("a b -(c d) ti:(e f)").root
    assert [part.loose for part in wanted(loosen(node)) if isinstance(part, Words)] == [True, True]
    assert loosen(parse("one").root) == parse("one").root
    assert Not(Words(("c", "d"))) in getattr(loosen(node), "nodes", ())


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("today", date(2026, 3, 4), None),
        ("yesterday", date(2026, 3, 3), date(2026, 3, 3)),
        ("last-week", date(2026, 2, 25), None),
        ("past-week", date(2026, 2, 25), None),
        ("Last-Month", date(2026, 2, 2), None),
        ("last-year", date(2025, 3, 4), None),
        ("last-3-days", date(2026, 3, 1), None),
        ("this-week", date(2026, 3, 2), None),
        ("this-month", date(2026, 3, 1), None),
        ("this-year", date(2026, 1, 1), None),
        ("last-9999-years", date(1, 1, 1), None),
    ],
)
def test_dates_can_be_told_from_today(typed: str, first: date, last: date | None) -> None:
    vocabulary = Vocabulary(today=lambda: date(2026, 3, 4))
    query = parse(f"date:{typed}", vocabulary)
    assert (query.root, query.notes) == (DateRange(first, last), ())


@pytest.mark.parametrize("typed", ["last", "this", "today-week", "this-3-weeks", "next-week"])
def test_what_is_no_time_is_noted(typed: str) -> None:
    assert parse(f"date:{typed}").notes == (Note.BAD_DATE,)


def test_a_query_is_explained_in_pieces() -> None:
    query = parse('ti:diffusion au:Ho date:2024.. -survey cat:cs.LG,cs.AI (gan OR "a vae") id:1')
    assert explain(query) == (
        Condition(Kind.WORDS, scope=Scope.TITLE, values=("diffusion",)),
        Condition(Kind.WORDS, scope=Scope.AUTHOR, values=("Ho",)),
        Condition(Kind.DATES, first=date(2024, 1, 1)),
        Condition(Kind.WORDS, without=True, values=("survey",)),
        Condition(Kind.CATEGORY, values=("cs.LG", "cs.AI")),
        Condition(
            Kind.EITHER,
            choices=(
                (Condition(Kind.WORDS, values=("gan",)),),
                (Condition(Kind.PHRASE, values=("a vae",)),),
            ),
        ),
        Condition(Kind.IDENTIFIERS, values=("1",)),
    )
    assert explain(parse("")) == ()
    assert explain(parse("-(a ti:b)")) == (
        Condition(
            Kind.EITHER,
            without=True,
            choices=(
                (
                    Condition(Kind.WORDS, values=("a",)),
                    Condition(Kind.WORDS, scope=Scope.TITLE, values=("b",)),
                ),
            ),
        ),
    )


@given(st.text(max_size=300))
@settings(max_examples=GENERATED, deadline=None)
def test_no_text_fails(text: str) -> None:
    parse(text)


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
@settings(max_examples=GENERATED, deadline=None)
def test_no_mixture_of_the_languages_own_signs_fails(text: str) -> None:
    query = parse(text)
    loosen(query.root)
    explain(query)
    assert isinstance(query.root, Nothing) or query.text


def test_ten_thousand_signs_are_read_at_once() -> None:
    for sign in PIECES:
        parse(sign * 10_000)
