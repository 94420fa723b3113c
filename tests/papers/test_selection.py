"""Which categories a listing is of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.selection import MalformedSelection, Selection, UnknownCategory, name_of, parse


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("cs.AI", "cs.AI"),
        ("CS.ai", "cs.AI"),
        ("cs", "cs"),
        ("cs.NA", "math.NA"),
        ("cmp-lg", "cs.CL"),
        ("math-ph", "math-ph"),
        ("hep-th-math-ph", "hep-th-math-ph"),
        ("cs.AI+cs.CL", "cs.AI,cs.CL"),
        ("cs.AI cs.CL", "cs.AI,cs.CL"),
        ("cs.AI,cs.ai,cs.CL", "cs.AI,cs.CL"),
        ("cs.AI+cs.LG-cs.CY", "cs.AI+cs.LG-cs.CY"),
        ("cs-cs.AI-math-ph", "cs-cs.AI-math-ph"),
        ("cs.AI,,cs.CL,", "cs.AI,cs.CL"),
        ("cond-mat.mtrl-sci-cond-mat.supr-con", "cond-mat.mtrl-sci-cond-mat.supr-con"),
    ],
)
def test_every_form_has_one_canonical_form(text: str, canonical: str) -> None:
    assert str(parse(text)) == canonical
    assert str(parse(canonical)) == canonical


def test_an_archive_stands_for_its_categories_aliases_merged() -> None:
    selection = parse("math")
    assert "cs.IT" in selection.categories
    assert "math.AG" in selection.categories
    assert selection.single is None
    assert parse("hep-th").single == "hep-th"


def test_an_unknown_category_names_its_nearest() -> None:
    with pytest.raises(UnknownCategory) as caught:
        parse("cs.AI+cs.XX")
    assert caught.value.asked == "cs.XX"
    assert caught.value.nearest[0].startswith("cs.")


@pytest.mark.parametrize("text", ["", "-cs.AI", ",", "x" * 2_000, ",".join(["cs.AI"] * 500)])
def test_what_names_nothing_is_malformed(text: str) -> None:
    with pytest.raises(MalformedSelection):
        parse(text)


@given(st.text(st.sampled_from("cs.AIhep-th+, math")) | st.text())
def test_no_text_fails_otherwise(text: str) -> None:
    try:
        selection = parse(text)
    except (UnknownCategory, MalformedSelection):
        return
    assert parse(str(selection)) == selection


def test_names_are_those_of_archives_and_categories() -> None:
    assert name_of("cs") == "Computer Science"
    assert name_of("cs.AI") == "Artificial Intelligence"
    assert str(Selection(("cs",), ("cs.AI",))) == "cs-cs.AI"
