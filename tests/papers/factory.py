"""Papers and announced days for tests, stored through the door that arXiv's papers come through."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from papers.arxiv.records import Author, Kind, PaperRecord
from papers.ingest.store import Detail, store_records
from papers.models import KINDS, AnnouncedDay, Announcement, Paper

MONDAY = date(2026, 8, 10)
TUESDAY = date(2026, 8, 11)
WEDNESDAY = date(2026, 8, 12)
FRIDAY = date(2026, 8, 14)
SATURDAY = date(2026, 8, 15)
# Wednesday, two hours after the feeds were due: the day that is announced last.
NOW = datetime(2026, 8, 12, 6, 0, tzinfo=UTC)


def make_record(identifier: str = "2608.00001", *categories: str, **fields: object) -> PaperRecord:
    """A plain paper; the first category is the primary one."""
    record = PaperRecord(
        identifier=identifier,
        version=1,
        title=f"On the matter of {identifier}",
        abstract=f"We study {identifier} at length.",
        authors=(Author("Ada Lovelace"), Author("Erwin Schrödinger", ("Vienna",))),
        primary_category=categories[0] if categories else "cs.AI",
        categories=categories or ("cs.AI",),
        updated_at=datetime(2026, 8, 7, 12, 0, tzinfo=UTC),
    )
    return replace(record, **fields)  # type: ignore[arg-type]  # the fields are the test's own


def make_records(count: int, *categories: str, first: int = 1) -> list[PaperRecord]:
    """As many plain papers, numbered from `first`."""
    return [make_record(f"2608.{n:05}", *categories) for n in range(first, first + count)]


def store(*records: PaperRecord, source: str = Paper.Source.ARXIV) -> dict[str, int]:
    """Store papers; where each lies by its identifier."""
    return store_records(records, Detail.API, source).ids


def announce(
    day: date,
    category: str,
    records: Iterable[PaperRecord],
    kind: Kind = Kind.NEW,
    *,
    missing: Sequence[str] = (),
    next_check_at: datetime | None = None,
    source: str = Paper.Source.ARXIV,
) -> list[Paper]:
    """Store papers, announce them behind those announced before, and settle the day's account."""
    records = list(records)
    ids = store(*records, source=source)
    rows = Announcement.objects.filter(date=day, category_id=category)
    begin = rows.count()
    Announcement.objects.bulk_create(
        Announcement(
            date=day,
            category_id=category,
            paper_id=ids[record.identifier],
            version=record.version or 1,
            kind=KINDS[kind],
            position=position,
        )
        for position, record in enumerate(records, begin)
    )
    present = rows.filter(kind__lte=2).count()
    AnnouncedDay.objects.update_or_create(
        date=day,
        category_id=category,
        defaults={
            "announced": present + len(missing),
            "present": present,
            "replaced": rows.filter(kind__gt=2).count(),
            "missing": list(missing),
            "complete": not missing and next_check_at is None,
            "attempts": 1,
            "checked_at": datetime.combine(day, time(4, 12), UTC),
            "next_check_at": next_check_at or (NOW + timedelta(minutes=20) if missing else None),
        },
    )
    return [Paper.objects.get(pk=ids[record.identifier]) for record in records]
