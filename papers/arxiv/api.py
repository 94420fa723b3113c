"""Answers of arXiv's search API (Atom), today's form and the one before 2025: bytes to a `Page`.

Read by name, never by position: the order of elements has changed before.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from papers.arxiv import identifiers
from papers.arxiv.assembly import assemble_record, read_time
from papers.arxiv.authors import make_author
from papers.arxiv.errors import MalformedAnswer, RequestRefused, UnexpectedEmptyPage
from papers.arxiv.markup import IllFormed, clean_body, mend_body, parse_markup
from papers.arxiv.records import Author, Page, PaperRecord, Refusal, VersionRecord

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_ADDRESS = re.compile(rb"arxiv\.org/abs/[A-Za-z0-9./-]{1,60}")
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def parse(body: bytes) -> Page:
    """The papers of one answer, with comments, affiliations and times to the second; and the total.

    Unknown identifiers are simply missing. Entries that cannot be papers are refused alone, as are
    those whose XML is broken. Raises `RequestRefused` with arXiv's words for an error entry,
    `UnexpectedEmptyPage` where the total says that there are papers, `MalformedAnswer`,
    `OversizedAnswer`.
    """
    body = clean_body(body)
    broken: dict[int, tuple[bytes, str]] = {}
    try:
        root = parse_markup(body)
    except IllFormed as error:
        mended = mend_body(body, "entry", {"feed": "</feed>"})
        if mended.cut:
            raise MalformedAnswer(f"the answer is cut short ({error})") from error
        root, broken = parse_markup(mended.body), mended.broken
    if root.tag != f"{_ATOM}feed":
        raise MalformedAnswer("the answer is no Atom feed")
    records: list[PaperRecord] = []
    refusals: list[Refusal] = []
    entries = root.findall(f"{_ATOM}entry")
    for position, entry in enumerate(entries):
        name = _text(entry, f"{_ATOM}id")
        if "/api/errors" in name:
            raise RequestRefused(_text(entry, f"{_ATOM}summary") or "arXiv gives no reason")
        try:
            if position in broken:
                source, fault = broken[position]
                address = _ADDRESS.search(source)
                name = address[0].decode() if address else ""
                raise ValueError(fault)
            records.append(_read_entry(entry, name))
        except ValueError as error:
            refusals.append(Refusal(position, name.rpartition("/abs/")[2][:200], str(error)))
    total = _number(root, f"{_SEARCH}totalResults")
    start = _number(root, f"{_SEARCH}startIndex") or 0
    size = _number(root, f"{_SEARCH}itemsPerPage")
    if not entries and size != 0 and total is not None and total > start:
        raise UnexpectedEmptyPage(f"no entries from {start} on, of {total}")
    return Page(tuple(records), tuple(refusals), total=total)


def _read_entry(entry: Element, name: str) -> PaperRecord:
    if not name:
        raise ValueError("it has no id")
    identifier = identifiers.parse(name.rpartition("/abs/")[2])
    submitted = read_time(_text(entry, f"{_ATOM}published"))
    number = identifier.version or 1
    versions = [VersionRecord(1, submitted)]
    if number > 1:
        versions.append(VersionRecord(number, read_time(_text(entry, f"{_ATOM}updated"))))
    primary = entry.find(f"{_ARXIV}primary_category")
    return assemble_record(
        identifier,
        title=_text(entry, f"{_ATOM}title"),
        abstract=_text(entry, f"{_ATOM}summary"),
        authors=list(_read_authors(entry)),
        categories=[c.get("term", "") for c in entry.findall(f"{_ATOM}category")],
        primary=primary.get("term", "") if primary is not None else "",
        comments=_text(entry, f"{_ARXIV}comment"),
        journal_ref=_text(entry, f"{_ARXIV}journal_ref"),
        doi=_text(entry, f"{_ARXIV}doi"),
        versions=versions,
    )


def _read_authors(entry: Element) -> Iterator[Author]:
    for element in entry.findall(f"{_ATOM}author"):
        affiliations = tuple(a.text or "" for a in element.findall(f"{_ARXIV}affiliation"))
        if author := make_author(_text(element, f"{_ATOM}name"), affiliations):
            yield author


def _text(element: Element, tag: str) -> str:
    return (element.findtext(tag) or "").strip()


def _number(root: Element, tag: str) -> int | None:
    text = _text(root, tag)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
