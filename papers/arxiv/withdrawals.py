"""Whether a paper was withdrawn: arXiv keeps the record and says so only in words.

The words stand in the comments or, more often formerly, in place of the abstract.
"""

import re

_WORK = (
    r"(?:paper|article|submission|manuscript|preprint|pre-print|e-?print|work|note|letter|comment|"
    r"report|version|draft|contribution|thesis|document)"
)
# "This paper (...) has been withdrawn", at most a few words between.
_STATED = re.compile(
    rf"\b(?:this|the|our)\s(?:[\w-]+\s){{0,2}}{_WORK}(?:\s[\w(),-]+){{0,3}}?\s"
    r"(?:is|was|has|have|had|will)\s(?:\w+\s){0,3}?withdrawn\b"
    rf"|\b{_WORK}\s(?:is\s|was\s|has\sbeen\s)?(?:temporarily\s)?withdrawn\b"
    rf"|\b(?:withdraw(?:ing)?|has\swithdrawn)\s(?:it\b|(?:this|our|my|the)\s(?:[\w-]+\s)?{_WORK}\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\W*(?:temporarily\s)?withdraw(?:n|ing|al)?\b"
    r"|[.;,(]\s?withdrawn?\s(?:by|due\sto|because|since|from|as)\b|\bwithdrawn\sby\b"
    r"|\b(?:requests?|requested)\s(?:a\s|the\s|its\s)?withdrawal\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    rf"\b(?:replac\w*|supersed\w*|previous\w*|earlier|former\w*|old\w*|first|original\w*|other|"
    rf"another|companion|not|claim|part)\s(?:[\w-]+\s){{0,4}}?withdrawn\b"
    rf"|\bwithdrawn\)?\s{_WORK}\b|\baccepted\b[^.;]{{0,150}}\bwithdrawn\b",
    re.IGNORECASE,
)


def is_withdrawn(comments: str, abstract: str) -> bool:
    """Whether the decoded comments or the abstract say that this paper was withdrawn.

    Looks at the first 400 characters of either; careful rather than complete, since a wrong yes
    would mark a sound paper.
    """
    comments, opening = comments[:400], abstract[:400]
    if "withdr" in comments.lower() and not _OTHER.search(comments):
        return bool(_STATED.search(comments) or _ALONE.search(comments))
    if "withdr" not in opening.lower() or _OTHER.search(opening):
        return False
    return bool(_STATED.search(opening) or _ALONE.match(opening))
