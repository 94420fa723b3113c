"""Where papers and search meet: a paper as a document, the database as what the index follows.

Search knows documents and this module knows search; pages ask `papers.queries`, never the index
by itself.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import InterfaceError, OperationalError, ProgrammingError

from coolpapers import clock
from papers.arxiv import identifiers, taxonomy
from papers.models import Paper
from search import Index, Vocabulary, open_index
from search.documents import (
    LARGEST_MOMENT,
    Change,
    Checkpoint,
    Document,
    Removal,
    State,
)
from search.engines import engine_named
from search.errors import SourceUnavailable
from search.place import Place

CHANNEL = "papers_changed"
_PATIENCE = 10  # seconds to wait for an answer when connecting

_FIELDS = """
    id, identifier, version, title, abstract, authors, categories,
    submitted_at, updated_at, first_seen_at, hidden, change_seq
"""


@cache
def index() -> Index:
    """The index of this installation, for reading; one for each process. Touches no file yet."""
    return open_index(settings.COOLPAPERS_INDEX, settings.SEARCH_ENGINE)


def place() -> Place:
    """Where the index of this installation lies, for the one process that writes it."""
    return Place(settings.COOLPAPERS_INDEX, engine_named(settings.SEARCH_ENGINE))


def _codes(text: str) -> Sequence[str]:
    """What a typed category stands for: aliases merged, an archive with what is merged into it."""
    code = text.strip().lower()
    if code in taxonomy.ARCHIVES:
        within = f"{code}."
        merged = (other for other in taxonomy.categories_of(code) if not other.startswith(within))
        return tuple(dict.fromkeys((code, *merged)))
    try:
        return (taxonomy.canonical(code),)
    except KeyError:
        return (text,) if taxonomy.is_category_like(text) else ()


def _key(text: str, bare: bool) -> str | None:
    try:
        return (identifiers.parse if bare else identifiers.read)(text).id
    except ValueError:
        return None


# How arXiv's readers write categories and identifiers; for `search.parse`.
VOCABULARY = Vocabulary(category=_codes, identifier=_key, today=clock.today)


def dated(
    identifier: str, version: int, submitted: datetime | None, updated: datetime | None
) -> datetime | None:
    """When a paper was first submitted, as well as it is known.

    Without a submission time: the only version's, else the first of the identifier's month.
    """
    if submitted is not None:
        return submitted
    if version == 1 and updated is not None:
        return updated
    try:
        year, month = identifiers.parse(identifier).month
    except ValueError:
        return updated
    return datetime(year, month, 1, tzinfo=UTC)


def _change(row: Sequence[Any]) -> Change:
    number, identifier, version, title, abstract, authors, categories, *rest = row
    submitted, updated, seen, hidden, seq = rest
    if hidden:
        return Removal(number, seq)
    moment = (dated(identifier, version, submitted, updated) or seen).astimezone(UTC)
    people = json.loads(authors) if isinstance(authors, str) else authors
    return Document(
        row=number,
        key=identifier,
        version=version,
        seq=seq,
        title=title,
        abstract=abstract,
        authors=tuple(_name(person) for person in people),
        categories=tuple(categories),
        day=moment.date(),
        moment=min(max(int(moment.timestamp()), 0), LARGEST_MOMENT - 1),
    )


def _name(person: object) -> str:
    """An author's name; an administrator's correction may have left anything in the JSON."""
    name = person.get("name", "") if isinstance(person, dict) else person
    return name if isinstance(name, str) else ""


class PaperChanges:
    """The papers of this database, as something that an index can follow.

    Listens on a connection of its own, outside any pool, which `close` ends. For one thread.
    """

    def __init__(self, alias: str = DEFAULT_DB_ALIAS) -> None:
        self._alias = alias
        self._listener: psycopg.Connection[Any] | None = None

    def head(self) -> Checkpoint:
        """This database's identity and its newest change. One query."""
        try:
            rows = self._rows(
                "SELECT identity::text, (SELECT coalesce(max(change_seq), 0) FROM papers_paper) "
                "FROM papers_installation"
            )
        except ProgrammingError as error:
            raise SourceUnavailable("The database has no tables yet.") from error
        if not rows:
            raise SourceUnavailable("The database does not say who it is.")
        return Checkpoint(*rows[0])

    def changes_after(self, seq: int, limit: int) -> Sequence[Change]:
        """The first `limit` papers changed after `seq`, in that order; hidden ones as removals."""
        rows = self._rows(
            f"SELECT {_FIELDS} FROM papers_paper "  # noqa: S608  # a constant
            "WHERE change_seq > %s ORDER BY change_seq LIMIT %s",
            seq,
            limit,
        )
        return list(map(_change, rows))

    def changes_of(self, rows: Sequence[int]) -> Sequence[Change]:
        """The state of these papers now; one that is not there is a removal."""
        found = self._rows(
            f"SELECT {_FIELDS} FROM papers_paper WHERE id = ANY(%s)",  # noqa: S608  # a constant
            list(rows),
        )
        changes = {row[0]: _change(row) for row in found}
        return [changes.get(row) or Removal(row, 0) for row in rows]

    def pending(self, seq: int) -> int:
        """How many papers have changed after `seq`."""
        rows = self._rows("SELECT count(*) FROM papers_paper WHERE change_seq > %s", seq)
        return int(rows[0][0])

    def states(self) -> Iterator[tuple[State, bool]]:
        """Every paper by its row, and whether it is visible. One query, read in pieces."""
        query = Paper.objects.using(self._alias).order_by("pk")
        with self._answering():
            for row, version, seq, hidden in query.values_list(
                "pk", "version", "change_seq", "hidden"
            ).iterator(chunk_size=10_000):
                yield State(row, version, seq), not hidden

    def wait(self, timeout: float) -> None:
        """Return when papers change, or after `timeout` seconds.

        What was announced since the last call counts too. On a new connection it returns at once,
        since what was announced before is not known.
        """
        with self._answering():
            if self._listener is None or self._listener.closed:
                self._listener = self._listen()
                return
            for _ in self._listener.notifies(timeout=timeout, stop_after=1):
                pass

    def close(self) -> None:
        """End the listening."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(psycopg.Error):
                listener.close()

    def _listen(self) -> psycopg.Connection[Any]:
        parameters = connections[self._alias].get_connection_params()
        for name in ("context", "cursor_factory", "prepare_threshold"):
            parameters.pop(name, None)
        parameters.setdefault("connect_timeout", _PATIENCE)
        listener = psycopg.connect(**parameters, autocommit=True)
        listener.execute(f"LISTEN {CHANNEL}")
        return listener

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._answering(), connections[self._alias].cursor() as cursor:
            cursor.execute(query, values)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn a database that went away into SourceUnavailable, and let go of its connections."""
        try:
            yield
        except (OperationalError, InterfaceError, psycopg.OperationalError) as error:
            self.close()
            with suppress(Exception):
                connections[self._alias].close()
            raise SourceUnavailable(" ".join(str(error).split())) from error
