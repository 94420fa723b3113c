"""What changed between two texts."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.differences import compare

WORDS = st.lists(
    st.sampled_from(["a", "be", "word", "$x$", "$x$-axis", r"\emph{so it}", "\\", "$", "{", "."])
).map(" ".join)


def read(old: str, new: str) -> list[tuple[str, str]]:
    return [(stretch.kind, stretch.text) for stretch in compare(old, new)]


def test_words_that_changed_are_told_from_those_that_stayed() -> None:
    assert read("We show a weak bound on trees.", "We show a strong bound on trees and paths.") == [
        ("same", "We show a"), ("removed", "weak"), ("added", "strong"), ("same", "bound on"),
        ("removed", "trees."), ("added", "trees and paths."),
    ]  # fmt: skip


def test_a_formula_is_one_word() -> None:
    assert read("at most $n + 1$ steps", "at most $n + 2$ steps") == [
        ("same", "at most"), ("removed", "$n + 1$"), ("added", "$n + 2$"), ("same", "steps"),
    ]  # fmt: skip


def test_a_group_of_a_command_is_one_word() -> None:
    assert ("removed", r"\emph{the old one}") in read(
        r"see \emph{the old one} here again", r"see \emph{the new one} here again"
    )


def test_a_small_word_between_two_changes_goes_with_them() -> None:
    assert read("red of green", "blue of black") == [
        ("removed", "red of green"), ("added", "blue of black"),
    ]  # fmt: skip


def test_equal_texts_have_no_changes() -> None:
    assert {kind for kind, _ in read("the same", "the  same")} == {"same"}
    assert compare("", "") == ()


@given(WORDS | st.text(), WORDS | st.text())
def test_nothing_is_lost_and_nothing_invented(old: str, new: str) -> None:
    stretches = compare(old, new)
    for text, other in ((old, "added"), (new, "removed")):
        kept = "".join(stretch.text for stretch in stretches if stretch.kind != other)
        assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 20_000, "a b " * 10_000),
        ("a b c d e f g " * 1_000, "g f e d c b a " * 1_000),
        (" ".join(map(str, range(20_000))), " ".join(map(str, range(20_000, 0, -1)))),
        ("$" * 30_000, "\\" * 30_000),
        ("\\emph{" * 5_000, "\\emph {" * 5_000),
        ("a b " * 100, "b a " * 100),
    ],
)
def test_hostile_texts_take_bounded_time(old: str, new: str) -> None:
    began = process_time()
    compare(old, new)
    assert process_time() - began < 2
