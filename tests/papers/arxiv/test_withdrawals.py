import pytest

from papers.arxiv.withdrawals import is_withdrawn


@pytest.mark.parametrize(
    ("comments", "abstract"),
    [
        ("This paper has been withdrawn by the author due to a crucial sign error", "We prove."),
        ("12 pages, 6 figures This paper has been withdrawn", ""),
        ("This submission has been withdrawn by arXiv administrators", ""),
        ("Paper withdrawn. (Lemma 2.1 is false.)", ""),
        ("withdrawn", ""),
        ("4 pages, withdrawn since the result was known", ""),
        ("The author has withdrawn this submission [arXiv admin]", ""),
        ("Withdrawing due to errors in the paper", ""),
        ("Since Claim 1 has a gap, I withdraw my manuscript from arXiv", ""),
        ("", "This paper has been withdrawn by the authors. It will appear elsewhere."),
        ("10 pages", "Withdrawn due to a likely error. Old abstract: We prove."),
    ],
)
def test_a_withdrawal_is_recognised_by_its_words(comments: str, abstract: str) -> None:
    assert is_withdrawn(comments, abstract)


@pytest.mark.parametrize(
    ("comments", "abstract"),
    [
        ("10 pages", "Cash is withdrawn at machines. This paper studies where."),
        ("This paper supersedes the withdrawn preprint math/0610728", ""),
        ("Was accepted at ICUFN 2018 but later withdrawn due to financial issues", ""),
        ("26 pages. A part on SPA conjecture is withdrawn", ""),
        ("", "Patients with alcohol withdrawal were observed."),
        ("", ""),
    ],
)
def test_a_sound_paper_is_not_marked(comments: str, abstract: str) -> None:
    assert not is_withdrawn(comments, abstract)
