"""Papers to cite. Rows that are never stored: exports are pure."""

from datetime import UTC, datetime
from typing import Any

from papers.exports.citations import Citation, make_citation
from papers.models import Paper

ORIGIN = "https://papers.example"


def make_paper(**fields: Any) -> Paper:
    """A paper with everything known of it, but for what the test says otherwise."""
    names = fields.pop("names", ["Laurens van der Maaten", "Erwin Schrödinger"])
    return Paper(
        **{
            "identifier": "2401.00001",
            "version": 2,
            "title": "Visualizing data using t-SNE",
            "abstract": r"We show $\alpha_i \le x^2$.",
            "authors": [{"name": name, "affiliations": []} for name in names],
            "primary_category": "cs.LG",
            "categories": ["cs.LG", "stat.ML"],
            "submitted_at": datetime(2024, 1, 5, 12, 30, tzinfo=UTC),
            "submitted_precision": "second",
            "updated_at": datetime(2024, 2, 1, 8, 0, tzinfo=UTC),
            **fields,
        }
    )


def cite(**fields: Any) -> Citation:
    """The citation of such a paper."""
    return make_citation(make_paper(**fields), ORIGIN)
