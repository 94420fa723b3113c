"""Papers as documents, and the database as something to follow."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from django.db import connection

from papers.documents import VOCABULARY, PaperChanges, dated
from papers.models import Installation, Paper
from search import parse
from search.documents import Document, Removal, State
from search.errors import SourceUnavailable
from search.query import Category, Identifiers, Note, Words

JANUARY = datetime(2026, 1, 5, 12, 30, tzinfo=UTC)


def make_paper(identifier: str, **values: Any) -> Paper:
    defaults: dict[str, Any] = {
        "title": "A title",
        "abstract": "An abstract",
        "primary_category": "cs.AI",
        "categories": ["cs.AI", "math.NA"],
        "authors": [{"name": "Ana Peña", "affiliations": ["X"]}, {"name": "Jo Ho"}],
        "submitted_at": JANUARY,
    }
    return Paper.objects.create(identifier=identifier, **(defaults | values))


@pytest.fixture
def source(transactional_db: None) -> Iterator[PaperChanges]:
    # A test that commits ends by emptying every table, this one's row included.
    Installation.objects.get_or_create(pk=1)
    with closing(PaperChanges()) as source:
        yield source


def test_a_paper_becomes_a_document(source: PaperChanges) -> None:
    paper = make_paper("2601.00001", version=2)
    paper.refresh_from_db()
    assert source.changes_after(0, 10) == [
        Document(
            row=paper.pk,
            key="2601.00001",
            version=2,
            seq=paper.change_seq,
            title="A title",
            abstract="An abstract",
            authors=("Ana Peña", "Jo Ho"),
            categories=("cs.AI", "math.NA"),
            day=date(2026, 1, 5),
            moment=int(JANUARY.timestamp()),
        )
    ]


def test_a_hidden_paper_becomes_a_removal(source: PaperChanges) -> None:
    paper = make_paper("2601.00001", hidden=True)
    paper.refresh_from_db()
    assert source.changes_after(0, 10) == [Removal(paper.pk, paper.change_seq)]
    assert source.changes_of([paper.pk]) == [Removal(paper.pk, paper.change_seq)]
    assert list(source.states()) == [(State(paper.pk, 1, paper.change_seq), False)]


def test_changes_come_in_their_order_each_paper_once(source: PaperChanges) -> None:
    first, second = make_paper("2601.00001"), make_paper("2601.00002")
    Paper.objects.filter(pk=first.pk).update(title="Changed")
    changes = source.changes_after(0, 10)
    assert [change.row for change in changes] == [second.pk, first.pk]
    assert source.head().seq == changes[-1].seq
    assert source.head().database == str(Installation.objects.get().identity)
    assert source.changes_after(0, 1) == changes[:1]
    assert source.changes_after(changes[0].seq, 10) == changes[1:]
    assert (source.pending(0), source.pending(changes[0].seq)) == (2, 1)


def test_a_row_that_is_not_there_is_a_removal(source: PaperChanges) -> None:
    assert source.changes_of([12345]) == [Removal(12345, 0)]


def test_a_correction_by_hand_may_leave_odd_authors(source: PaperChanges) -> None:
    make_paper("2601.00001", authors=["Jo Ho", {"affiliations": []}, 7, None, {"name": 3}])
    (document,) = source.changes_after(0, 10)
    assert isinstance(document, Document)
    assert document.authors == ("Jo Ho", "", "", "", "")


@pytest.mark.parametrize(
    ("identifier", "version", "submitted", "updated", "expected"),
    [
        ("2601.00001", 1, JANUARY, None, JANUARY),
        ("2601.00001", 1, None, JANUARY, JANUARY),
        ("2512.00001", 2, None, JANUARY, datetime(2025, 12, 1, tzinfo=UTC)),
        ("hep-th/9901001", 1, None, None, datetime(1999, 1, 1, tzinfo=UTC)),
        ("anything", 3, None, JANUARY, JANUARY),
        ("anything", 1, None, None, None),
    ],
)
def test_a_paper_is_dated_as_well_as_it_is_known(
    identifier: str,
    version: int,
    submitted: datetime | None,
    updated: datetime | None,
    expected: datetime | None,
) -> None:
    assert dated(identifier, version, submitted, updated) == expected


def test_readers_find_categories_by_alias_archive_and_any_case() -> None:
    def root(text: str) -> object:
        return parse(text, VOCABULARY).root

    assert root("cat:cs.NA") == Category("math.NA")
    assert root("cat:CS.ai") == Category("cs.AI")
    assert root("cat:math") == Category("math", ("cs.IT", "math-ph"))
    assert root("cat:nonsense") == Words(("nonsense",))


def test_readers_find_identifiers_in_any_form() -> None:
    def root(text: str) -> object:
        return parse(text, VOCABULARY).root

    assert root("2601.00001v2") == Identifiers(("2601.00001",))
    assert root("id:arXiv:2601.00001") == Identifiers(("2601.00001",))
    assert root("id:2601.00001,hep-th/9901001") == Identifiers(("2601.00001", "hep-th/9901001"))
    assert root("0.5") == Words(("0.5",))
    assert root("id:hello") == Words(("hello",))
    assert parse("id:hello", VOCABULARY).notes == (Note.UNKNOWN_IDENTIFIER,)


def woken_by(act: Callable[[], object], source: PaperChanges) -> float:
    """Seconds that a wait of five took while something else acted after a fifth of a second."""
    source.wait(0)  # listens from here on

    def run() -> None:
        time.sleep(0.2)
        act()
        connection.close()

    thread = threading.Thread(target=run)
    started = time.monotonic()
    thread.start()
    try:
        source.wait(5)
        return time.monotonic() - started
    finally:
        thread.join()


def test_waiting_ends_when_papers_change(source: PaperChanges) -> None:
    assert woken_by(lambda: make_paper("2601.00001"), source) < 2


def test_waiting_ends_after_its_time(source: PaperChanges) -> None:
    source.wait(0)
    started = time.monotonic()
    source.wait(0.3)
    assert 0.2 < time.monotonic() - started < 2


def test_a_listener_whose_connection_was_cut_comes_back(source: PaperChanges) -> None:
    source.wait(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
    with pytest.raises(SourceUnavailable):
        source.wait(1)
    assert woken_by(lambda: make_paper("2601.00001"), source) < 2


def test_a_database_that_can_not_be_reached_is_unavailable(
    source: PaperChanges, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(psycopg, "connect", refuse)
    with pytest.raises(SourceUnavailable, match="connection refused"):
        source.wait(0)
