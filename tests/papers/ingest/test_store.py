"""Records into rows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers.arxiv.records import Author, PaperRecord, Precision, VersionRecord
from papers.ingest.store import Detail, store_records
from papers.models import Installation, Paper, PaperVersion

pytestmark = pytest.mark.django_db


def make_record(
    identifier: str = "2608.00001", version: int | None = 1, **fields: object
) -> PaperRecord:
    record = PaperRecord(
        identifier=identifier,
        version=version,
        title=f"A title of {identifier} version {version}",
        abstract="We show $x < y$ & more.",
        authors=(Author("Erwin Schrödinger", ("Zürich",)), Author("李 雷")),
        primary_category="cs.AI",
        categories=("cs.AI", "cs.CL"),
    )
    return replace(record, **fields)  # type: ignore[arg-type]  # the fields are the test's own


def snapshot() -> list[tuple[object, ...]]:
    """All content, but for row ids and the times of storing."""
    fields = [
        "source", "identifier", "version", "title", "abstract", "authors", "primary_category",
        "categories", "comments", "journal_ref", "doi", "licence", "submitted_at",
        "submitted_precision", "updated_at", "withdrawn", "hidden", "detail",
    ]  # fmt: skip
    papers = Paper.objects.order_by("identifier").values_list(*fields)
    versions = PaperVersion.objects.order_by("paper__identifier", "number").values_list(
        "paper__identifier", "number", "date", "title", "abstract"
    )
    return [*papers, *versions]


def test_a_record_is_stored_as_it_is() -> None:
    stored = store_records([make_record(comments="12 pages", doi="10.1/x")], Detail.FEED)
    paper = Paper.objects.get(identifier="2608.00001")
    assert (stored.new, stored.changed, stored.unchanged) == (1, 0, 0)
    assert stored.ids == {"2608.00001": paper.pk}
    assert paper.author_names == ["Erwin Schrödinger", "李 雷"]
    assert paper.authors[0]["affiliations"] == ["Zürich"]
    assert (paper.comments, paper.doi, paper.journal_ref) == ("12 pages", "10.1/x", "")
    assert paper.categories == ["cs.AI", "cs.CL"]
    assert [v.number for v in paper.versions.all()] == [1]


def test_the_same_batch_again_changes_no_row() -> None:
    batch = [make_record(f"2608.{n:05}", 1 + n % 3) for n in range(1, 40)]
    store_records(batch, Detail.FEED)
    before = list(Paper.objects.order_by("id").values_list("id", "change_seq"))
    stored = store_records(batch, Detail.FEED)
    assert (stored.new, stored.changed, stored.unchanged) == (0, 0, len(batch))
    assert list(Paper.objects.order_by("id").values_list("id", "change_seq")) == before


def test_an_older_version_never_overwrites_a_newer_one() -> None:
    store_records([make_record(version=3, title="Third")], Detail.FEED)
    store_records([make_record(version=2, title="Second")], Detail.API)
    paper = Paper.objects.get()
    assert (paper.version, paper.title) == (3, "Third")
    assert list(paper.versions.values_list("number", "title")) == [(2, "Second"), (3, "Third")]


def test_two_versions_in_one_batch_leave_the_newer_and_keep_both() -> None:
    store_records([make_record(version=2), make_record(version=1)], Detail.FEED)
    paper = Paper.objects.get()
    assert paper.version == 2
    assert paper.versions.count() == 2


def test_what_a_source_does_not_say_is_not_erased() -> None:
    store_records([make_record(comments="12 pages", licence="CC0")], Detail.API)
    store_records([make_record(version=2, comments=None, licence="")], Detail.FEED)
    paper = Paper.objects.get()
    assert (paper.version, paper.comments, paper.licence) == (2, "12 pages", "")


def test_a_lesser_source_does_not_describe_the_same_version_again() -> None:
    store_records([make_record(title="From the API")], Detail.API)
    store_records([make_record(title="From the feed")], Detail.FEED)
    assert Paper.objects.get().title == "From the API"


@pytest.mark.parametrize("order", [(Detail.RAW, Detail.HARVEST), (Detail.HARVEST, Detail.RAW)])
def test_a_source_that_names_no_affiliations_erases_none(order: tuple[Detail, Detail]) -> None:
    named = (Author("Erwin Schrödinger", ("Zürich",)), Author("李 雷"))
    bare = (Author("Erwin Schrödinger"), Author("李 雷"))
    for detail in order:
        authors, version = (named, 1) if detail is Detail.RAW else (bare, None)
        store_records([make_record(version=version, authors=authors)], detail)
    assert [a["affiliations"] for a in Paper.objects.get().authors] == [["Zürich"], []]


@pytest.mark.parametrize("order", [(Detail.RAW, Detail.HARVEST), (Detail.HARVEST, Detail.RAW)])
def test_a_time_that_one_source_tells_is_known_whichever_came_first(
    order: tuple[Detail, Detail],
) -> None:
    when = datetime(2026, 8, 10, 12, tzinfo=UTC)
    for detail in order:
        known = {"version": 1, "updated_at": when} if detail is Detail.RAW else {"version": None}
        store_records([make_record(**known)], detail)
    assert Paper.objects.get().updated_at == when


def test_a_cross_list_named_by_a_lesser_source_is_added() -> None:
    store_records([make_record(categories=("cs.AI",))], Detail.API)
    store_records([make_record(categories=("cs.AI", "cs.LG"))], Detail.FEED)
    assert Paper.objects.get().categories == ["cs.AI", "cs.LG"]


def test_the_better_known_submission_time_stays() -> None:
    exact = datetime(2026, 8, 10, 17, 30, 1, tzinfo=UTC)
    day = datetime(2026, 8, 10, tzinfo=UTC)
    store_records(
        [make_record(submitted_at=exact, submitted_precision=Precision.SECOND)], Detail.API
    )
    store_records(
        [make_record(version=2, submitted_at=day, submitted_precision=Precision.DAY)],
        Detail.SNAPSHOT,
    )
    paper = Paper.objects.get()
    assert (paper.submitted_at, paper.submitted_precision) == (exact, "second")


def test_the_history_of_versions_is_kept_with_its_dates() -> None:
    dates = [datetime(2026, month, 1, tzinfo=UTC) for month in (5, 6, 7)]
    versions = tuple(VersionRecord(n, date) for n, date in enumerate(dates, 1))
    store_records([make_record(version=3, versions=versions)], Detail.HARVEST)
    rows = list(PaperVersion.objects.values_list("number", "date", "title"))
    assert [row[1] for row in rows] == dates
    assert [row[2] is None for row in rows] == [True, True, False]


def test_a_correction_by_hand_survives_later_fetches() -> None:
    store_records([make_record()], Detail.FEED)
    Paper.objects.update(title="Corrected", corrected=["title"])
    store_records([make_record(version=2, title="Fetched", abstract="New text")], Detail.API)
    paper = Paper.objects.get()
    assert (paper.title, paper.abstract, paper.version) == ("Corrected", "New text", 2)


def test_a_hidden_paper_stays_hidden() -> None:
    store_records([make_record()], Detail.FEED)
    Paper.objects.update(hidden=True)
    store_records([make_record(version=2)], Detail.FEED)
    assert Paper.objects.get().hidden


def test_papers_are_never_deleted() -> None:
    store_records([make_record()], Detail.FEED)
    with pytest.raises(Exception, match="hidden, never deleted"), transaction.atomic():
        Paper.objects.all().delete()


def test_a_sample_and_a_real_paper_of_one_identifier_are_two() -> None:
    store_records([make_record(title="Real")], Detail.FEED)
    store_records([make_record(title="Sample")], Detail.FEED, Paper.Source.SAMPLE)
    assert set(Paper.objects.values_list("source", "title")) == {
        ("arxiv", "Real"),
        ("sample", "Sample"),
    }


def test_an_identifier_is_unique_within_a_source() -> None:
    store_records([make_record()], Detail.FEED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.create(identifier="2608.00001", title="", abstract="", categories=[])


def test_a_batch_costs_the_same_queries_whatever_its_size() -> None:
    counts = []
    for size in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            store_records(
                [make_record(f"2608.{size:03}{n:02}") for n in range(1, size + 1)], Detail.FEED
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_every_change_gets_a_number_and_a_generation() -> None:
    store_records([make_record("2608.00001"), make_record("2608.00002")], Detail.FEED)
    first = dict(Paper.objects.values_list("identifier", "change_seq"))
    generation = Installation.objects.get().generation
    store_records([make_record("2608.00001", version=2)], Detail.FEED)
    second = dict(Paper.objects.values_list("identifier", "change_seq"))
    assert second["2608.00001"] > max(first.values())
    assert second["2608.00002"] == first["2608.00002"]
    assert Installation.objects.get().generation > generation


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.permutations([(1, Detail.FEED), (2, Detail.API), (2, Detail.FEED), (3, Detail.FEED)]))
def test_the_order_of_arrival_does_not_matter(order: list[tuple[int, Detail]]) -> None:
    with transaction.atomic():
        for version, detail in order:
            store_records([make_record(version=version, title=f"v{version} {detail.name}")], detail)
        content = Paper.objects.values_list("version", "title", "detail").get()
        transaction.set_rollback(True)
    assert content == (3, "v3 FEED", Detail.FEED)
