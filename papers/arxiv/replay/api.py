"""The search API, as export.arxiv.org/api/query has answered since 2025.

Element names, their order and the form of errors follow recordings of 2026. Answers come newest
first where arXiv would rank by relevance. Names have letters for TeX accents; texts are as the file
has them, since decoding them twice would change what they say (`&amp;lt;`).
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache

from papers.arxiv import identifiers
from papers.arxiv.replay.answer import Answer, escape, escape_attribute
from papers.arxiv.replay.collection import Collection, Line, version_dates
from papers.arxiv.replay.documents import find_version
from papers.arxiv.replay.query import QuerySyntaxError, make_document, parse_query
from papers.arxiv.text import decode_text

_TYPE = "application/atom+xml; charset=utf-8"
_DEEPEST = 10_000
_SORTS = ("relevance", "lastUpdatedDate", "submittedDate")
_HEAD = (
    "<?xml version='1.0' encoding='UTF-8'?>\n"
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
)


class _RefusedError(Exception):
    """A request the API answers with an error entry and status 400."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a request asks for, read and checked."""

    search_query: str
    id_list: str
    start: int
    max_results: int
    sort_by: str
    ascending: bool


class Api:
    """Answers from a collection; the words of each paper are folded once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._documents = lru_cache(maxsize=None)(make_document)

    def answer(
        self,
        params: Mapping[str, str],
        until: date,
        now: datetime,
        *,
        lag: int = 0,
        empty: bool = False,
    ) -> Answer:
        """The answer at `now` when the listings up to `until` are known.

        `lag`: the newest papers that are missing; `empty`: the total is right, the entries are not
        there.
        """
        try:
            page = _read(params)
            found = self._find(page, until, lag)
        except (_RefusedError, QuerySyntaxError) as error:
            return _render_error(str(error), now)
        shown = [] if empty else found[page.start : page.start + page.max_results]
        return _render(page, shown, len(found), now)

    def _find(self, page: Page, until: date, lag: int) -> list[Line]:
        current = self._collection.current(until)
        if lag:
            newest = sorted(current.values(), key=lambda line: (line.submitted, line.identifier))
            hidden = {line.identifier for line in newest[-lag:]}
            current = {name: line for name, line in current.items() if name not in hidden}
        if page.id_list:
            lines = self._named(page.id_list, current, until)
        else:
            lines = sorted(
                current.values(), key=lambda line: (line.submitted, line.identifier), reverse=True
            )
        if page.search_query:
            matches = parse_query(page.search_query)
            lines = [line for line in lines if matches(self._documents(line))]
        if page.sort_by != "relevance":
            by = "submitted" if page.sort_by == "submittedDate" else "updated"
            lines.sort(
                key=lambda line: (getattr(line, by), line.identifier), reverse=not page.ascending
            )
        return lines

    def _named(self, id_list: str, current: Mapping[str, Line], until: date) -> list[Line]:
        """The papers of an id_list, unknown ones silently dropped."""
        lines: list[Line] = []
        for name in id_list.split(","):
            name = name.strip()
            if not name:
                continue
            try:
                identifier = identifiers.parse(name)
            except ValueError:
                if _looks_right(name):
                    continue
                raise _RefusedError(f"incorrect id format for {name}") from None
            if (line := current.get(identifier.id)) is None:
                continue
            if identifier.version is None:
                lines.append(line)
            elif old := self._at_version(identifier.id, identifier.version, until):
                lines.append(old)
        return lines

    def _at_version(self, name: str, number: int, until: date) -> Line | None:
        """A version's line; for one no line tells of, the next newer text under its number."""
        lines = self._collection.versions(name, until)
        line = find_version(lines, number)
        if line is None or line.version == number:
            return line
        return _as_version(line, number, version_dates(lines)[number - 1])


@lru_cache(maxsize=1000)
def _as_version(line: Line, number: int, updated: datetime) -> Line:
    return replace(line, version=number, updated=updated)


def _looks_right(name: str) -> bool:
    """Whether arXiv would take it for an identifier of no paper (`0000.0000`), not for nonsense."""
    digits = name.partition("v")[0].replace(".", "", 1)
    return digits.isdigit() and len(digits) in (8, 9)


def _read(params: Mapping[str, str]) -> Page:
    start = _read_number(params, "start", 0)
    size = _read_number(params, "max_results", 10)
    if start + size > _DEEPEST:
        raise _RefusedError(f"start + max_results must be <= {_DEEPEST}")
    sort_by = params.get("sortBy") or "relevance"
    if sort_by not in _SORTS:
        raise _RefusedError(f"sortBy must be in: {', '.join(_SORTS)}")
    order = params.get("sortOrder") or "descending"
    if order not in ("ascending", "descending"):
        raise _RefusedError("sortOrder must be in: ascending, descending")
    query = params.get("search_query", "").strip()
    names = params.get("id_list", "").strip()
    if not query and not names:
        raise _RefusedError("either search_query or id_list must be given")
    return Page(query, names, start, size, sort_by, order == "ascending")


def _read_number(params: Mapping[str, str], name: str, default: int) -> int:
    text = params.get(name, "").strip()
    try:
        number = int(text) if text else default
    except ValueError:
        raise _RefusedError(f"{name} must be an integer") from None
    if number < 0:
        raise _RefusedError(f"{name} must be >= 0")
    return number


def _render(page: Page, lines: list[Line], total: int, now: datetime) -> Answer:
    asked = (
        f"search_query={page.search_query}&id_list={page.id_list}"
        f"&start={page.start}&max_results={page.max_results}"
    )
    link = (
        f"https://arxiv.org/api/query?search_query={page.search_query}&start={page.start}"
        f"&max_results={page.max_results}&id_list={page.id_list}"
    )
    # Not for secrets: arXiv makes its feeds' identifiers this way.
    digest = hashlib.sha1(asked.encode(), usedforsecurity=False).digest()
    name = base64.b64encode(digest).decode().rstrip("=")
    parts = [
        _HEAD,
        f"  <id>https://arxiv.org/api/{name}</id>\n",
        f"  <title>arXiv Query: {escape(asked)}</title>\n",
        f"  <updated>{_stamp(now)}</updated>\n",
        f'  <link href="{escape_attribute(link)}" type="application/atom+xml"/>\n',
        _counts(page.max_results, total, page.start),
        *(_render_entry(line) for line in lines),
        "</feed>\n",
    ]
    return Answer(200, _TYPE, "".join(parts).encode())


def _render_error(message: str, now: datetime) -> Answer:
    address = f"https://arxiv.org/api/errors#{message.replace(' ', '_')}"
    text = (
        f"{_HEAD}  <id>https://arxiv.org/</id>\n  <title>arXiv Search Results</title>\n"
        f"  <updated>{_stamp(now)}</updated>\n{_counts(1, 1, 0)}"
        f"  <entry>\n    <id>{escape(address)}</id>\n    <title>Error</title>\n"
        f"    <updated>{_stamp(now)}</updated>\n"
        f'    <link href="{escape_attribute(address)}" rel="alternate" type="text/html"/>\n'
        f"    <summary>{escape(message)}</summary>\n    <author>\n"
        "      <name>arXiv api core</name>\n    </author>\n  </entry>\n</feed>\n"
    )
    return Answer(400, _TYPE, text.encode())


def _counts(size: int, total: int, start: int) -> str:
    return (
        f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{total}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n"
    )


@lru_cache(maxsize=4000)
def _render_entry(line: Line) -> str:
    address = f"https://arxiv.org/abs/{line.versioned}"
    parts = [
        f"  <entry>\n    <id>http://arxiv.org/abs/{line.versioned}</id>\n",
        f"    <title>{escape(line.title)}</title>\n",
        f"    <updated>{_stamp(line.updated)}</updated>\n",
        f'    <link href="{address}" rel="alternate" type="text/html"/>\n',
        f'    <link href="https://arxiv.org/pdf/{line.versioned}" rel="related" '
        'type="application/pdf" title="pdf"/>\n',
        f"    <summary>{escape(line.abstract)}</summary>\n",
        *(
            f'    <category term="{code}" scheme="http://arxiv.org/schemas/atom"/>\n'
            for code in line.categories
        ),
        f"    <published>{_stamp(line.submitted)}</published>\n",
    ]
    if line.comments:
        parts.append(f"    <arxiv:comment>{escape(line.comments)}</arxiv:comment>\n")
    parts.append(f'    <arxiv:primary_category term="{line.primary_category}"/>\n')
    if line.journal_ref:
        reference = escape(line.journal_ref)
        parts.append(f"    <arxiv:journal_ref>{reference}</arxiv:journal_ref>\n")
    for author in line.authors:
        parts.append(f"    <author>\n      <name>{escape(decode_text(author.name))}</name>\n")
        parts.extend(
            f"      <arxiv:affiliation>{escape(one)}</arxiv:affiliation>\n"
            for one in author.affiliations
        )
        parts.append("    </author>\n")
    if line.doi:
        parts.append(f"    <arxiv:doi>{escape(line.doi)}</arxiv:doi>\n")
        parts.append(
            f'    <link rel="related" href="https://doi.org/{escape_attribute(line.doi)}" '
            'title="doi"/>\n'
        )
    parts.append("  </entry>\n")
    return "".join(parts)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
