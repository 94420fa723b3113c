"""All history from a snapshot file: what its lines become."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from coolpapers import clock
from papers.arxiv.identifiers import Identifier
from papers.arxiv.records import PaperRecord
from papers.ingest.history.lines import rank_identifier
from papers.ingest.store import Detail, store_records
from papers.models import (
    AnnouncedDay,
    Announcement,
    Holiday,
    Installation,
    Paper,
)
from tests.papers.ingest.snapshots import (
    LISTED,
    SUBMITTED,
    make_line,
    make_lines,
    row_versions,
    run_import,
    write,
)

# The importing process and the test's own both look at the database.
pytestmark = pytest.mark.django_db(transaction=True)


# --- What comes of a line


def test_a_paper_is_listed_on_the_day_whose_window_holds_its_submission(tmp_path: Path) -> None:
    progress = run_import(write(tmp_path, make_line()))
    assert (progress.new, progress.listed, progress.days) == (1, 2, 2)
    lines = Announcement.objects.order_by("kind").values_list(
        "date", "category", "kind", "version", "reconstructed"
    )
    assert list(lines) == [(LISTED, "hep-th", 1, 1, True), (LISTED, "gr-qc", 2, 1, True)]
    day = AnnouncedDay.objects.get(category="gr-qc")
    assert (day.date, day.announced, day.present, day.replaced) == (LISTED, 1, 1, 0)
    assert (day.complete, day.reconstructed, day.next_check_at) == (True, True, None)


def test_an_administrators_holiday_moves_the_days_it_touches(tmp_path: Path) -> None:
    Holiday.objects.create(date=date(2003, 4, 14), name="Test", deferred=True)
    run_import(write(tmp_path, make_line()))
    assert not Announcement.objects.filter(date=date(2003, 4, 15)).exists()
    assert Announcement.objects.filter(date=date(2003, 4, 16)).exists()


def test_submission_is_known_to_the_second_and_versions_have_dates(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(days=30), SUBMITTED + timedelta(days=60))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    paper = Paper.objects.get()
    assert (paper.submitted_at, paper.submitted_precision) == (SUBMITTED, "second")
    assert (paper.version, paper.updated_at, paper.detail) == (3, dates[2], Detail.SNAPSHOT)
    versions = list(paper.versions.values_list("number", "date", "title"))
    assert [version[1] for version in versions] == list(dates)
    assert [version[2] for version in versions] == [None, None, "On hep-th/0304001"]


def test_the_newest_version_is_listed_as_a_replacement(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(days=7), SUBMITTED + timedelta(days=14))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    lines = Announcement.objects.filter(kind__gt=2).order_by("kind")
    assert list(lines.values_list("date", "kind", "version")) == [
        (LISTED + timedelta(days=14), 3, 3),
        (LISTED + timedelta(days=14), 4, 3),
    ]
    day = AnnouncedDay.objects.get(category="hep-th", date=LISTED + timedelta(days=14))
    assert (day.announced, day.replaced) == (0, 1)


def test_version_6_is_not_listed_because_feeds_never_name_it(tmp_path: Path) -> None:
    dates = [SUBMITTED + timedelta(days=7 * number) for number in range(6)]
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    assert set(Announcement.objects.values_list("date", "version")) == {(LISTED, 1)}


def test_a_version_of_the_same_day_is_the_one_listed(tmp_path: Path) -> None:
    dates = (SUBMITTED, SUBMITTED + timedelta(hours=1))
    run_import(write(tmp_path, make_line("hep-th/0304001", *dates)))
    assert set(Announcement.objects.values_list("date", "version")) == {(LISTED, 2)}


def test_positions_are_in_arxivs_order_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    names = ["math/0304009", "hep-th/0304011", "hep-th/0304002", "math/0303999"]
    run_import(write(tmp_path, *(make_line(name, categories="math.AG") for name in names)))
    lines = Announcement.objects.order_by("position").values_list("paper__identifier", flat=True)
    assert list(lines) == ["math/0303999", "hep-th/0304002", "hep-th/0304011", "math/0304009"]


def test_ranks_order_identifiers_as_arxiv_does_and_fit_the_column() -> None:
    names = ["hep-th/9108001", "math/9108001", "astro-ph/0703999", "0704.0001", "0704.9999"]
    names += ["1412.0001", "1501.00001", "2611.99999", "9012.99999"]
    ranks = [rank_identifier(name) for name in names]
    assert ranks == sorted(set(ranks))
    keys = [Identifier(name).sort_key for name in names]
    assert keys == sorted(keys)
    assert max(ranks) < 2**31


def test_the_day_that_feeds_still_tell_of_is_left_to_them(tmp_path: Path) -> None:
    clock.set_clock(clock.Clock(datetime(2003, 4, 15, 12, 0, tzinfo=UTC), 0))
    run_import(write(tmp_path, make_line()))
    assert Paper.objects.exists()
    assert not Announcement.objects.exists()
    assert not AnnouncedDay.objects.exists()


# --- What feeds said stays


def announce(record: PaperRecord, day: date, kind: int, category: str = "hep-th") -> None:
    ids = store_records([record], Detail.FEED).ids
    Announcement.objects.create(
        date=day, category_id=category, paper_id=ids[record.identifier], version=1, kind=kind,
        position=0,
    )  # fmt: skip
    AnnouncedDay.objects.create(
        date=day, category_id=category, announced=1, present=1, complete=True
    )


@pytest.fixture
def record() -> PaperRecord:
    return PaperRecord(
        "hep-th/0304001", 1, "From the feed", "Text", (), "hep-th", ("hep-th", "gr-qc")
    )


def test_a_paper_that_a_feed_called_new_is_not_new_on_another_day(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED + timedelta(days=2), 1)
    run_import(write(tmp_path, make_line()))
    assert not Announcement.objects.filter(reconstructed=True).exists()


def test_a_cross_list_told_by_a_feed_leaves_the_other_categories_their_day(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED + timedelta(days=700), 2, "gr-qc")
    run_import(write(tmp_path, make_line()))
    lines = Announcement.objects.filter(reconstructed=True)
    assert list(lines.values_list("category", "kind")) == [("hep-th", 1)]


def test_a_day_that_was_read_from_its_feed_gets_nothing_added(
    tmp_path: Path, record: PaperRecord
) -> None:
    announce(record, LISTED, 1)
    before = AnnouncedDay.objects.values().get()
    run_import(write(tmp_path, make_line("hep-th/0304001"), make_line("hep-th/0304002")))
    assert AnnouncedDay.objects.filter(category="hep-th").values().get() == before
    line = Announcement.objects.get(category="hep-th")
    assert (line.reconstructed, line.paper.identifier) == (False, "hep-th/0304001")
    assert list(
        Announcement.objects.filter(category="gr-qc").values_list("paper__identifier", flat=True)
    ) == ["hep-th/0304002"]


def test_a_newer_version_from_a_feed_is_not_overwritten(
    tmp_path: Path, record: PaperRecord
) -> None:
    newer = PaperRecord(record.identifier, 2, "Second", "Text", (), "hep-th", ("hep-th",))
    store_records([newer], Detail.FEED)
    run_import(write(tmp_path, make_line()))
    paper = Paper.objects.get()
    assert (paper.version, paper.title, paper.submitted_at) == (2, "Second", SUBMITTED)


# --- The same again, and newer files


@pytest.mark.usefixtures("small_blocks")
def test_the_same_file_again_changes_no_row(tmp_path: Path) -> None:
    path = write(tmp_path, *make_lines(40), make_line())
    assert run_import(path).new == 41
    before, generation = row_versions(), Installation.objects.get().generation
    progress = run_import(path)
    assert (progress.new, progress.changed, progress.unchanged) == (0, 0, 41)
    assert (progress.listed, progress.days) == (0, 0)
    assert row_versions() == before
    assert Installation.objects.get().generation == generation


def test_a_newer_snapshot_changes_only_what_is_newer(tmp_path: Path) -> None:
    run_import(write(tmp_path, *make_lines(3)))
    again = make_line(
        "0801.0002", SUBMITTED.replace(year=2008) + timedelta(hours=2), SUBMITTED.replace(year=2009)
    )
    lines = make_lines(4)
    progress = run_import(write(tmp_path, lines[0], again, *lines[2:], name="next.json"))
    assert (progress.new, progress.changed, progress.unchanged) == (1, 1, 2)
    assert Paper.objects.get(identifier="0801.0002").version == 2
