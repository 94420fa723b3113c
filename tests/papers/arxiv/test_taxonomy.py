import json
from pathlib import Path

import pytest

from papers.arxiv import taxonomy


def test_the_table_has_arxivs_counts() -> None:
    active = [c for c in taxonomy.CATEGORIES.values() if c.active]
    assert len(taxonomy.GROUPS) == 8
    assert sum(a.active for a in taxonomy.ARCHIVES.values()) == 20
    assert len(active) == 155
    assert sum(c.alias_of is not None for c in active) == 6
    assert len(taxonomy.CATEGORIES) == 155 + 18 + 3


def test_the_table_agrees_with_arxivs_own(real_papers: Path) -> None:
    own = json.loads((real_papers / "taxonomy.json").read_text(encoding="utf-8"))
    unreal = {"test", "bad-arch"}
    theirs = {
        c["id"]: (c["full_name"], c["in_archive"], c["is_active"])
        for c in own["categories"]
        if c["in_archive"] not in unreal
    }
    ours = {c.code: (c.name, c.archive, c.active) for c in taxonomy.CATEGORIES.values()}
    assert ours == theirs
    archives = {
        a["id"]: (a["full_name"], a["in_group"], a["is_active"])
        for a in own["archives"]
        if a["id"] not in unreal
    }
    assert archives == {
        a.code: (a.name, f"grp_{a.group}", a.active) for a in taxonomy.ARCHIVES.values()
    }
    for alias, code in (own["category_aliases"] | own["archives_subsumed"]).items():
        assert taxonomy.canonical(alias) == code


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("cs.ai", "cs.AI"),
        (" MATH.mp ", "math-ph"),
        ("cs.NA", "math.NA"),
        ("cmp-lg", "cs.CL"),
        ("Astro-Ph", "astro-ph"),
        ("hep-th", "hep-th"),
    ],
)
def test_a_code_in_any_case_has_one_canonical_form(code: str, expected: str) -> None:
    assert taxonomy.canonical(code) == expected


@pytest.mark.parametrize("code", ["cs", "cs.XX", "", "68T07", "test.soft"])
def test_what_is_no_category_is_a_key_error(code: str) -> None:
    with pytest.raises(KeyError):
        taxonomy.canonical(code)


def test_a_papers_categories_are_merged_once_each_without_acm_and_msc_classes() -> None:
    given = ["cs.SY", "eess.SY", "I.2.7", "68T07 (Primary), 62H30", "F.2.2; I.2.7", "", "cs.LG"]
    assert taxonomy.canonical_all(given) == ("eess.SY", "cs.LG")


def test_a_category_newer_than_the_table_is_kept() -> None:
    assert taxonomy.canonical_all(["cs.QX", "nope.QX", "cs"]) == ("cs.QX",)


def test_a_divided_archive_is_no_category_but_has_some() -> None:
    assert taxonomy.is_archive("CS")
    assert taxonomy.is_archive("hep-th")
    assert not taxonomy.is_archive("cmp-lg")
    assert taxonomy.categories_of("econ") == ("econ.EM", "econ.GN", "econ.TH")
    assert taxonomy.categories_of("hep-th") == ("hep-th",)
    assert "cs.IT" in taxonomy.categories_of("math")
    with pytest.raises(KeyError):
        taxonomy.categories_of("nope")


def test_all_codes_of_a_category_are_found() -> None:
    assert set(taxonomy.codes_of("q-alg")) == {"math.QA", "q-alg"}
    assert taxonomy.codes_of("math.MP")[0] == "math-ph"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cs.Al", "cs.AI"),
        ("hepth", "hep-th"),
        ("robotics", "cs.RO"),
        ("cs.ML", "stat.ML"),
        ("machine learning", "cs.LG"),
    ],
)
def test_the_nearest_categories_include_the_meant_one(typed: str, meant: str) -> None:
    nearest = taxonomy.nearest(typed)
    assert meant in nearest
    assert len(nearest) == 3


def test_sets_of_oai_pmh_are_categories_and_back() -> None:
    assert taxonomy.set_of("cs.AI") == "cs:cs:AI"
    assert taxonomy.set_of("physics.optics") == "physics:physics:optics"
    assert taxonomy.set_of("hep-th") == "physics:hep-th"
    assert taxonomy.set_of("cs") == "cs:cs"
    assert taxonomy.of_set("math:math:MP") == "math.MP"
    assert taxonomy.of_set("physics") is None
    with pytest.raises(KeyError):
        taxonomy.set_of("cmp-lg")


def test_sets_agree_with_arxivs_list(real_papers: Path) -> None:
    text = (real_papers / "responses/oai_rendered/ListSets.xml").read_text(encoding="utf-8")
    theirs = {part.split("<")[0] for part in text.split("<setSpec>")[1:]} - set(taxonomy.GROUPS)
    codes = [c.code for c in taxonomy.CATEGORIES.values() if c.active]
    archives = [a.code for a in taxonomy.ARCHIVES.values() if a.active]
    assert {taxonomy.set_of(code) for code in (*codes, *archives)} == theirs


def test_the_default_categories_exist() -> None:
    assert set(taxonomy.DEFAULT_CATEGORIES) <= set(taxonomy.CATEGORIES)
