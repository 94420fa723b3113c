"""RSS 2.0 and Atom 1.0 feeds of a day, as rss.arxiv.org has written them since 2024.

Which elements, in which order, under which names follows recordings of 2025 and 2026 and the
behaviour of arXiv's feed service: replacements from version 6 on are never listed; a feed holds at
most 2,000 entries, and then it is the *new* papers that are lost, since the weakest kinds come
first in arXiv's own query. Accents in names are TeX, as authors typed them.
"""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Literal

from coolpapers.clock import EASTERN
from papers.arxiv import taxonomy
from papers.arxiv.records import Author, Kind
from papers.arxiv.replay.answer import Answer, escape, escape_attribute
from papers.arxiv.replay.collection import Announced, Collection, Line, midnight

Form = Literal["rss", "atom"]

LIMIT = 2000
VERSION_LIMIT = 6

_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}
_COMBINING = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0308": '"',
    "\u030a": "r ",
    "\u030c": "v ",
    "\u0327": "c ",
    "\u0328": "k ",
    "\u0306": "u ",
    "\u0304": "=",
    "\u0307": ".",
    "\u030b": "H ",
}
_LETTERS = {"ø": "{\\o}", "Ø": "{\\O}", "ł": "{\\l}", "Ł": "{\\L}", "ß": "{\\ss}"}
_LETTERS |= {"æ": "{\\ae}", "Æ": "{\\AE}", "œ": "{\\oe}", "Œ": "{\\OE}"}


class BadQueryError(Exception):
    """A feed was asked for that arXiv does not have; the message is what arXiv says then."""


@dataclass(frozen=True, slots=True)
class Topics:
    """What a feed was asked for: codes as arXiv spells them, and the canonical ones they cover."""

    names: tuple[str, ...]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of a feed and its dates: `day` is today, `of` the day whose papers it shows.

    They differ only in a stale feed; `keep` below 1 leaves out the end of the list.
    """

    day: date
    of: date
    keep: float = 1.0
    redated: bool = False


def parse_topics(query: str) -> Topics:
    """Read `cs.ai+q-bio.NC` or `math`, in any case. Raises BadQueryError."""
    archives: list[str] = []
    categories: list[str] = []
    parts = [part.strip() for part in query.replace(" ", "+").split("+")]
    if not all(parts):
        raise BadQueryError(
            f"Invalid archive specification '{query}'. Correct format is one or more archive names "
            "delimited by '+'. Each name can be either of the form 'archive' or "
            "'archive.category'. For example: 'math+cs.CG' (all from math and only computational "
            "geometry from computer science)."
        )
    for part in parts:
        archive, dot, suffix = part.partition(".")
        if "." in suffix:
            raise BadQueryError(
                f"Bad archive/subject class structure '{part}'. Valid names include an archive, "
                "possibly followed by a single period and subject class."
            )
        if archive.lower() not in taxonomy.ARCHIVES:
            active = [code for code, known in taxonomy.ARCHIVES.items() if known.active]
            raise BadQueryError(
                f"Bad archive '{archive.lower()}'. Valid archive names are: {', '.join(active)}."
            )
        if not dot:
            archives.append(archive.lower())
            continue
        try:
            categories.append(taxonomy.spelling(part))
        except KeyError:
            valid = [c.code for c in taxonomy.CATEGORIES.values() if c.archive == archive.lower()]
            raise BadQueryError(
                f"Bad subject class '{suffix}'. Valid subject classes for the archive "
                f"'{archive.lower()}' are: {', '.join(valid)}."
            ) from None
    covered = {taxonomy.canonical(code) for code in categories}
    for archive in archives:
        covered.update(taxonomy.categories_of(archive))
    return Topics((*archives, *categories), frozenset(covered))


def render_feed(
    form: Form, collection: Collection, topics: Topics, batch: Batch, limit: int = LIMIT
) -> Answer:
    """The feed of a day for `topics`. Costs about 10 microseconds an entry."""
    entries = [
        entry
        for entry in collection.announcement(batch.of, topics.categories)
        if entry.kind in (Kind.NEW, Kind.CROSS) or entry.line.version < VERSION_LIMIT
    ]
    entries = entries[-limit:]
    entries = entries[: round(len(entries) * batch.keep)]
    name = ", ".join(topics.names)
    return _finish(
        form,
        "+".join(topics.names),
        f"{name} updates on arXiv.org",
        f"{name} updates on the arXiv.org e-print archive.",
        entries,
        batch,
    )


def render_error(form: Form, query: str, message: str, day: date) -> Answer:
    """The feed without entries that arXiv sends, with status 400, for a query it can't read."""
    title = f"Feed error for query: http://rss.arxiv.org/{form}/{query}"
    return _finish(form, query, title, message, [], Batch(day, day), status=400)


def _finish(
    form: Form,
    path: str,
    title: str,
    description: str,
    entries: list[Announced],
    batch: Batch,
    status: int = 200,
) -> Answer:
    stamp = midnight(batch.day if batch.redated or not entries else batch.of)
    built = midnight(batch.day) + timedelta(seconds=2, microseconds=600500)
    if form == "rss":
        head = _rss_head(path, title, description, stamp, built, weekends=status == 200)
        tail = "  </channel>\n</rss>\n"
        published = format_datetime(stamp)
        items = [_rss_item(entry, published) for entry in entries]
    else:
        head = _atom_head(path, title, description, built)
        tail = "</feed>\n"
        published, updated = stamp.isoformat(), _utc(built).isoformat()
        items = [_atom_entry(entry, published, updated) for entry in entries]
    body = "".join([head, *items, tail]).encode()
    return Answer(status, _TYPES[form], body, {"ETag": hashlib.sha256(body).hexdigest()})


def max_age(now: datetime) -> int:
    """Seconds to the next midnight US Eastern, which is how long a feed may be cached."""
    tomorrow = now.astimezone(EASTERN).date() + timedelta(days=1)
    return max(0, int((midnight(tomorrow) - now).total_seconds()))


def _rss_head(
    path: str, title: str, description: str, stamp: datetime, built: datetime, *, weekends: bool
) -> str:
    link = escape_attribute(f"http://rss.arxiv.org/rss/{path}")
    skip = (
        "    <skipDays>\n      <day>Sunday</day>\n      <day>Saturday</day>\n    </skipDays>\n"
        if weekends
        else ""
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">\n'
        "  <channel>\n"
        f"    <title>{escape(title)}</title>\n"
        f"    <link>{link}</link>\n"
        f"    <description>{escape(description)}</description>\n"
        f'    <atom:link href="{link}" rel="self" type="application/rss+xml"/>\n'
        "    <docs>http://www.rssboard.org/rss-specification</docs>\n"
        "    <language>en-us</language>\n"
        f"    <lastBuildDate>{format_datetime(_utc(built))}</lastBuildDate>\n"
        "    <managingEditor>rss-help@arxiv.org</managingEditor>\n"
        f"    <pubDate>{format_datetime(stamp)}</pubDate>\n"
        f"{skip}"
    )


def _rss_item(entry: Announced, published: str) -> str:
    line = entry.line
    parts = [
        "    <item>\n",
        f"      <title>{escape(line.title)}</title>\n",
        f"      <link>https://arxiv.org/abs/{line.identifier}</link>\n",
        f"      <description>{_description(entry)}</description>\n",
        f'      <guid isPermaLink="false">oai:arXiv.org:{line.versioned}</guid>\n',
        *(f"      <category>{escape(code)}</category>\n" for code in line.categories),
        f"      <pubDate>{published}</pubDate>\n",
        f"      <arxiv:announce_type>{entry.kind}</arxiv:announce_type>\n",
        f"      <dc:rights>{escape(line.licence)}</dc:rights>\n",
    ]
    if line.doi:
        parts.append(f"      <arxiv:DOI>{escape(line.doi)}</arxiv:DOI>\n")
    if line.journal_ref:
        reference = escape(line.journal_ref)
        parts.append(f"      <arxiv:journal_reference>{reference}</arxiv:journal_reference>\n")
    parts.append(f"      <dc:creator>{escape(_creators(line))}</dc:creator>\n    </item>\n")
    return "".join(parts)


def _atom_head(path: str, title: str, description: str, built: datetime) -> str:
    link = escape_attribute(f"http://rss.arxiv.org/atom/{path}")
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" '
        'xml:lang="en-us">\n'
        f"  <id>{link}</id>\n"
        f"  <title>{escape(title)}</title>\n"
        f"  <updated>{_utc(built).isoformat()}</updated>\n"
        f'  <link href="{link}" rel="self" type="application/atom+xml"/>\n'
        f"  <subtitle>{escape(description)}</subtitle>\n"
    )


def _atom_entry(entry: Announced, published: str, updated: str) -> str:
    line = entry.line
    parts = [
        "  <entry>\n",
        f"    <id>oai:arXiv.org:{line.versioned}</id>\n",
        f"    <title>{escape(line.title)}</title>\n",
        f"    <updated>{updated}</updated>\n",
        f'    <link href="https://arxiv.org/abs/{line.identifier}" rel="alternate" '
        'type="text/html"/>\n',
        f"    <summary>{_description(entry)}</summary>\n",
        *(f'    <category term="{escape_attribute(code)}"/>\n' for code in line.categories),
        f"    <published>{published}</published>\n",
        f"    <arxiv:announce_type>{entry.kind}</arxiv:announce_type>\n",
        f"    <dc:rights>{escape(line.licence)}</dc:rights>\n",
    ]
    if line.journal_ref:
        reference = escape(line.journal_ref)
        parts.append(f"    <arxiv:journal_reference>{reference}</arxiv:journal_reference>\n")
    if line.doi:
        parts.append(f"    <arxiv:DOI>{escape(line.doi)}</arxiv:DOI>\n")
    parts.append(f"    <dc:creator>{escape(_creators(line))}</dc:creator>\n  </entry>\n")
    return "".join(parts)


def _description(entry: Announced) -> str:
    line = entry.line
    text = f"arXiv:{line.versioned} Announce Type: {entry.kind} \nAbstract: {line.abstract}"
    return escape(text)


def _creators(line: Line) -> str:
    return ", ".join(_creator(author) for author in line.authors)


def _creator(author: Author) -> str:
    name = encode_accents(author.name)
    return f"{name} ({', '.join(author.affiliations)})" if author.affiliations else name


@lru_cache(maxsize=20000)
def encode_accents(text: str) -> str:
    """Letters with accents as TeX (`André` -> `Andr\\'e`); what TeX has no accent for is kept."""
    if text.isascii():
        return text
    written: list[str] = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        base, marks = parts[0], parts[1:]
        if letter in _LETTERS:
            written.append(_LETTERS[letter])
        elif marks in _COMBINING and base.isascii():
            accent = _COMBINING[marks]
            base = "\\i" if base == "i" else base
            braced = accent.endswith(" ") or base == "\\i"
            inner = f"{{\\{accent.strip()}{{{base}}}}}" if braced else f"\\{accent}{base}"
            written.append(inner)
        else:
            written.append(letter)
    return "".join(written)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
