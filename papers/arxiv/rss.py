"""The daily feeds of rss.arxiv.org, RSS 2.0 and Atom: bytes to a `Listing`.

A feed is asked for one category, since the kind of a paper is relative to it. What the feed lacks
(submission times, comments) the record leaves unsaid.
"""

import io
import re
from datetime import date
from typing import Any

import feedparser

from coolpapers.clock import EASTERN
from papers.arxiv import identifiers
from papers.arxiv.assembly import assemble_record, name_refused, read_time
from papers.arxiv.authors import split_authors
from papers.arxiv.errors import MalformedAnswer, RequestRefused
from papers.arxiv.markup import IllFormed, Mended, clean_body, mend_body, parse_markup
from papers.arxiv.records import Kind, Listing, ListingEntry, PaperRecord, Refusal

# arXiv cuts a feed here; the papers beyond are in no feed.
MOST_ENTRIES = 2000

_CLOSING = {"rss": "</channel></rss>", "feed": "</feed>"}
_ITEM = {"rss": "item", "feed": "entry"}
# "arXiv:2203.01250v3 Announce Type: new \nAbstract: ..."
_HEADER = re.compile(r"\s*arXiv:(\S+)\s+Announce Type:\s*([\w-]+)\s*(?:Abstract:\s*)?")


def parse(body: bytes, category: str) -> Listing:
    """The announcement of `category` that a feed shows. An empty feed is an empty listing.

    Entries without a possible identifier, a title or a category are refused alone, as are those
    whose XML is broken. The listing's date is the feed's own, or the entries' where all of them
    name another one (a feed that still shows an older batch). Raises `MalformedAnswer` for what is
    no feed, or is cut short (with what stood before the cut), `RequestRefused` for an error feed
    with arXiv's words, `OversizedAnswer`. A full feed of 2,000 entries takes about two seconds.
    """
    body = clean_body(body)
    try:
        parse_markup(body)
        mended = Mended(body, {}, cut=False)
    except IllFormed as error:
        item = _ITEM["feed" if re.search(rb"<feed[\s>]", body[:2000]) else "rss"]
        mended = mend_body(body, item, _CLOSING)
        if mended.cut:
            raise MalformedAnswer(
                f"the feed is cut short ({error})", _read_listing(mended, category)
            ) from error
    return _read_listing(mended, category)


def _read_listing(mended: Mended, category: str) -> Listing:
    # In a stream, since feedparser takes bytes for a file's name, too. The body is known to be
    # well-formed and free of entities, so that it never falls back on guessing.
    feed = feedparser.parse(
        io.BytesIO(mended.body), sanitize_html=False, resolve_relative_uris=False
    )
    if not feed.version.startswith(("rss", "atom")):
        raise MalformedAnswer("the answer is no feed")
    title = feed.feed.get("title", "")
    if title.startswith("Feed error"):
        raise RequestRefused(feed.feed.get("subtitle") or title)

    entries: list[ListingEntry] = []
    refusals: list[Refusal] = []
    seen: set[str] = set()
    for position, entry in enumerate(feed.entries):
        try:
            if position in mended.broken:
                raise ValueError(mended.broken[position][1])
            record, kind = _read_entry(entry)
            if record.identifier in seen:
                raise ValueError("it is listed twice")
        except ValueError as error:
            source = mended.broken[position][0] if position in mended.broken else b""
            name = name_refused(str(entry.get("id", "")), source)
            refusals.append(Refusal(position, name, str(error)))
            continue
        seen.add(record.identifier)
        entries.append(ListingEntry(record, kind, position))
    return Listing(
        category=category,
        date=_read_date(feed),
        entries=tuple(entries),
        refusals=tuple(refusals),
        cut=len(feed.entries) >= MOST_ENTRIES,
    )


def _read_entry(entry: Any) -> tuple[PaperRecord, Kind]:
    guid = entry.get("id", "").strip()
    if not guid:
        raise ValueError("it has no id")
    identifier = identifiers.from_oai(guid)
    abstract = entry.get("summary", "")
    announced = entry.get("arxiv_announce_type", "")
    if header := _HEADER.match(abstract):
        abstract = abstract[header.end() :]
        announced = announced or header[2]
        if identifier.version is None and header[1].startswith(f"{identifier.id}v"):
            identifier = identifiers.parse(header[1])
    try:
        kind = Kind(announced)
    except ValueError:
        raise ValueError(f"its announce type is {announced[:40]!r}") from None
    record = assemble_record(
        identifier,
        title=entry.get("title", ""),
        abstract=abstract,
        authors=split_authors(entry.get("author", "")),
        categories=[tag.get("term") or "" for tag in entry.get("tags", [])],
        journal_ref=entry.get("arxiv_journal_reference"),
        doi=entry.get("arxiv_doi"),
        licence=entry.get("rights"),
    )
    return record, kind


def _read_date(feed: Any) -> date:
    """The listing date, US Eastern."""
    own = read_time(feed.feed.get("published") or feed.feed.get("updated") or "")
    # Each entry carries midnight of its announcement's day.
    named = {read_time(entry.get("published", "")) for entry in feed.entries} - {None}
    if len(named) == 1:
        own = named.pop()
    if own is None:
        raise MalformedAnswer("the feed names no date")
    return own.astimezone(EASTERN).date()
