"""What papers say of their venue, their code and their page."""

import gzip
import json
from itertools import islice
from pathlib import Path
from time import process_time

import pytest

from papers.mentions import find_links, find_venue


@pytest.mark.parametrize(
    ("comments", "venue"),
    [
        ("14 pages, 20 figures, ICML 2026", "ICML 2026"),
        ("Accepted at KDD '26, Industry Track", "KDD 2026"),
        ("to appear on AAAI-98", "AAAI 1998"),
        ("VLDB2011", "VLDB 2011"),
        ("Accepted to INTERSPEECH 2019, Graz", "Interspeech 2019"),
        ("Accepted to IEEE/CVF Conference, CVPR 2025 Workshop on Safety", "CVPR 2025 workshop"),
        ("Presented at the Workshop on Agents, ICML 2026", "ICML 2026 workshop"),
        ("European Conference on Computer Vision 2026", "ECCV 2026"),
        ("Findings of ACL 2026", "ACL 2026"),
        ("Rejected from ICLR 2026. Accepted at ICML 2026", "ICML 2026"),
    ],
)
def test_a_venue_is_named_shortly_and_with_its_year(comments: str, venue: str) -> None:
    assert find_venue(comments) == venue


@pytest.mark.parametrize(
    "comments",
    [
        "",
        "12 pages",
        "Submitted to ICML 2026",
        "Under review at NeurIPS 2026",
        "Not accepted at ICLR 2026",
        "We will be fast 2026 onwards",
        "ICML",
        "see https://icml.cc/virtual/ICML 12",
    ],
)
def test_what_is_hoped_for_or_unsure_is_no_venue(comments: str) -> None:
    assert find_venue(comments) == ""


def test_code_and_project_are_told_apart_by_their_host_or_the_words_before() -> None:
    text = (
        r"Project page: https://example.org/shapes. Code: \url{https://github.com/some/code}, "
        "data at https://example.org/data; see www.example.net."
    )
    assert find_links(text) == ("https://github.com/some/code", "https://example.org/shapes")
    assert find_links("Homepage https://some.github.io/paper/).") == (
        "",
        "https://some.github.io/paper/",
    )
    assert find_links("Our code is at https://example.org/code.zip") == (
        "https://example.org/code.zip",
        "",
    )
    assert find_links("More at https://example.org", "javascript:alert(1)") == ("", "")


def test_comments_come_before_the_abstract() -> None:
    both = find_links("https://github.com/the/own", "We extend https://github.com/some/other")
    assert both[0] == "https://github.com/the/own"


def test_real_papers_are_read_in_a_fraction_of_a_millisecond(real_papers: Path) -> None:
    with gzip.open(real_papers / "days" / "2026-08-11.jsonl.gz", "rt") as lines:
        papers = [json.loads(line) for line in islice(lines, 486)]
    started = process_time()
    venues = [find_venue(paper.get("comments") or "") for paper in papers]
    links = [find_links(paper.get("comments") or "", paper["abstract"]) for paper in papers]
    assert process_time() - started < 0.3e-3 * len(papers)
    assert sum(map(bool, venues)) > 20
    assert sum(bool(code) for code, _project in links) > 20
