"""Atom feeds (RFC 4287). Pure: entries in, bytes out, the same bytes for the same entries.

An entry's id is the paper's address at arXiv, without a version: it stays when the paper is
replaced, is the same on every site that runs this program and in every feed, and only `updated`
moves. A sample's is a UUID made of its identifier. Maths is readable text, since readers strip
MathML.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from papers import plaintext
from papers.addresses import paper_address
from papers.arxiv import taxonomy
from papers.arxiv.records import Kind
from papers.exports.citations import author_names, read_doi
from papers.models import KINDS, Announcement, Paper

CONTENT_TYPE = "application/atom+xml; charset=utf-8"

_ATOM = "http://www.w3.org/2005/Atom"
# arXiv's own extension and the scheme of its categories.
_ARXIV = "http://arxiv.org/schemas/atom"
# Kinds of announcements have no scheme of arXiv's; a tag URI needs no page behind it.
_KINDS = "tag:arxiv.org,2026:announce_type"
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAMPLES = uuid.UUID("6f0c5f0e-9d0a-5f6c-8a53-3a2c5e0c7a11")
_NAMES = {number: kind for kind, number in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper in a feed. Texts are plain; times are aware; `kind` is None outside listings."""

    id: str
    url: str
    title: str
    summary: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    kind: Kind | None = None
    kind_name: str = ""
    doi: str = ""
    comments: str = ""
    journal: str = ""
    arxiv_url: str = ""
    pdf_url: str = ""
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: `url` is that of the page, `self_url` its own, and its id. `began` is its `updated`
    while it has no entries, so it must not move."""

    title: str
    subtitle: str
    url: str
    self_url: str
    began: datetime
    entries: tuple[Entry, ...]


def make_entry(
    paper: Paper,
    origin: str,
    published: datetime,
    updated: datetime,
    kind: int | None = None,
) -> Entry:
    """A paper as an entry. `kind` is that of its announcement in the listing, if it is one."""
    sample = paper.source == Paper.Source.SAMPLE
    at_arxiv = f"https://arxiv.org/abs/{paper.identifier}"
    title = plaintext.render(paper.title) or paper.identifier
    return Entry(
        id=uuid.uuid5(_SAMPLES, paper.identifier).urn if sample else at_arxiv,
        url=origin + paper_address(paper.identifier),
        title=_("[Sample] %(title)s") % {"title": title} if sample else title,
        summary=plaintext.render(paper.abstract),
        authors=tuple(map(plaintext.render, author_names(paper))),
        published=published,
        updated=max(published, updated),
        categories=tuple(dict.fromkeys([paper.primary_category, *paper.categories])),
        kind=None if kind is None else _NAMES[kind],
        kind_name="" if kind is None else str(Announcement.KindChoice(kind).label),
        doi=read_doi(paper.doi),
        comments=plaintext.render(paper.comments),
        journal=plaintext.render(paper.journal_ref),
        arxiv_url="" if sample else at_arxiv,
        pdf_url="" if sample else f"https://arxiv.org/pdf/{paper.identifier}",
        sample=sample,
    )


def render(feed: Feed) -> bytes:
    """The feed as UTF-8 XML. `updated` is that of its newest entry."""
    root = ET.Element("feed", {"xmlns": _ATOM, "xmlns:arxiv": _ARXIV})
    _add(root, "id", feed.self_url)
    _add(root, "title", feed.title)
    if feed.subtitle:
        _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", _write(max((e.updated for e in feed.entries), default=feed.began)))
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    # For entries whose source names no author.
    _add(_add(root, "author"), "name", "arXiv")
    _add(root, "generator", "Coolpapers")
    for entry in feed.entries:
        _add_entry(root, entry)
    ET.indent(root, " ")
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'.encode()


def _add_entry(root: ET.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", _write(entry.published))
    _add(element, "updated", _write(entry.updated))
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.arxiv_url:
        _add(element, "link", rel="via", type="text/html", href=entry.arxiv_url)
    if entry.pdf_url:
        _add(element, "link", rel="related", type="application/pdf", href=entry.pdf_url)
    for name in entry.authors:
        _add(_add(element, "author"), "name", name)
    for code in entry.categories:
        known = taxonomy.CATEGORIES.get(code)
        _add(element, "category", term=code, scheme=_ARXIV, label=known.name if known else code)
    if entry.kind:
        _add(element, "category", term=str(entry.kind), scheme=_KINDS, label=entry.kind_name)
    if entry.sample:
        _add(element, "category", term="sample", label=_("sample"))
    _add(element, "summary", entry.summary, type="text")
    if entry.kind:
        _add(element, "arxiv:announce_type", str(entry.kind))
    _add_known(element, entry)


def _add_known(element: ET.Element, entry: Entry) -> None:
    if entry.categories:
        _add(element, "arxiv:primary_category", term=entry.categories[0])
    for name in ("comments", "journal", "doi"):
        if text := getattr(entry, name):
            tag = {"comments": "comment", "journal": "journal_ref"}.get(name, name)
            _add(element, f"arxiv:{tag}", text)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    clean = {name: _IMPOSSIBLE.sub("", value) for name, value in attributes.items()}
    element = ET.SubElement(parent, tag, clean)
    element.text = _IMPOSSIBLE.sub("", text) or None
    return element


def _write(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
