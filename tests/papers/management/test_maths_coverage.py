"""`manage.py maths_coverage`."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def count(file: Path) -> str:
    out = StringIO()
    call_command("maths_coverage", str(file), stdout=out)
    return out.getvalue()


def test_formulas_are_counted_and_the_rest_listed_by_cause(tmp_path: Path) -> None:
    papers = [
        {"title": "Of $x$", "abstract": r"$a \la b$ and $\la$, $y$; costs $5 and $10"},
        {"title": "Of $z$", "abstract": None},
    ]
    file = tmp_path / "papers.jsonl"
    file.write_text("".join(json.dumps(paper) + "\n" for paper in papers))
    said = count(file)
    assert "5 formulas: 80.00% converted" in said
    assert "3  60.00%  whole" in said
    assert 'Unknown command "\\la".  $\\la$' in said


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        count(tmp_path / "none.jsonl")
