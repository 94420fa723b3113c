"""JSON as docs/exports.md promises it."""

import json
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from papers.exports.data import Announced, Part, describe, render_list, render_paper
from papers.models import Announcement, PaperVersion
from tests.papers.exports.papers import ORIGIN, make_paper

PART = Part("listing", "cs.LG", f"{ORIGIN}/arxiv/cs.LG", 7, 0, "", {})


def read(**fields: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_paper(describe(make_paper(**fields), ORIGIN), [], []))
    return found


def test_a_paper_has_every_field_and_null_for_what_is_not_known() -> None:
    assert read() == {
        "format": 1,
        "kind": "paper",
        "id": "2401.00001",
        "version": 2,
        "url": "https://papers.example/arxiv/2401.00001",
        "arxiv_url": "https://arxiv.org/abs/2401.00001",
        "pdf_url": "https://arxiv.org/pdf/2401.00001",
        "title": "Visualizing data using t-SNE",
        "authors": [
            {"name": "Laurens van der Maaten", "affiliations": []},
            {"name": "Erwin Schrödinger", "affiliations": []},
        ],
        "abstract": r"We show $\alpha_i \le x^2$.",
        "primary_category": "cs.LG",
        "categories": ["cs.LG", "stat.ML"],
        "submitted": "2024-01-05T12:30:00Z",
        "updated": "2024-02-01T08:00:00Z",
        "comments": None,
        "journal_ref": None,
        "doi": None,
        "licence": None,
        "withdrawn": False,
        "sample": False,
        "versions": [],
        "announcements": [],
    }


def test_a_day_is_no_time() -> None:
    assert read(submitted_precision="day")["submitted"] == "2024-01-05"
    assert read(submitted_precision="unknown")["submitted"] is None


def test_a_paper_carries_its_history() -> None:
    paper = describe(make_paper(), ORIGIN)
    row = Announcement(
        date=date(2024, 1, 8), category_id="cs.LG", kind=2, version=1, reconstructed=True
    )
    found = json.loads(render_paper(paper, [PaperVersion(number=1)], [row]))
    assert found["versions"] == [{"version": 1, "date": None}]
    assert found["announcements"] == [
        {
            "date": "2024-01-08",
            "category": "cs.LG",
            "kind": "cross",
            "version": 1,
            "reconstructed": True,
        }
    ]


def test_a_list_says_its_total_and_what_follows() -> None:
    paper = describe(make_paper(), ORIGIN, Announced(date(2024, 1, 8), 4, 2))
    found = json.loads(render_list([paper], PART))
    assert (found["total"], found["skip"], found["count"], found["next"]) == (7, 0, 1, None)
    assert found["papers"][0]["announced"] == {
        "date": "2024-01-08",
        "kind": "replace-cross",
        "version": 2,
    }


def test_a_row_that_was_corrected_by_hand_keeps_the_form() -> None:
    authors = ["Ada", {"name": None, "affiliations": "x"}, {}, 3]
    assert [author["name"] for author in read(authors=authors)["authors"]] == ["Ada", "", "", "3"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_and_no_markup_goes_out(text: str) -> None:
    paper = describe(make_paper(title=text), ORIGIN)
    written = render_list([paper], PART)
    assert json.loads(written)["papers"][0]["title"] == text
    assert not set("<>&\u2028\u2029") & set(written)


def test_a_lone_surrogate_breaks_nothing() -> None:
    render_list([describe(make_paper(title="a\ud800b"), ORIGIN)], PART).encode()
