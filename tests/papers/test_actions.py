"""What administrators change by hand, and that fetches respect it."""

import pytest

from papers import actions
from papers.arxiv.records import Author
from papers.models import AnnouncedDay, DayCheck, Paper
from tests.papers.factory import MONDAY, TUESDAY, announce, make_record, make_records, store

pytestmark = pytest.mark.django_db


def correct(**values: object) -> list[str]:
    paper = Paper.objects.get()
    return actions.correct_paper(paper.pk, values, paper.change_seq)


def test_a_correction_survives_the_next_fetch() -> None:
    store(make_record())
    assert correct(title="By hand", authors=[{"name": "A. Hand", "affiliations": []}]) == [
        "title",
        "authors",
    ]
    store(make_record(version=2, title="By arXiv", abstract="New", authors=(Author("B"),)))
    paper = Paper.objects.get()
    assert (paper.title, paper.abstract, paper.version) == ("By hand", "New", 2)
    assert paper.author_names == ["A. Hand"]
    assert paper.corrected == ["authors", "title"]


def test_what_is_not_changed_is_no_correction() -> None:
    store(make_record())
    paper = Paper.objects.get()
    assert correct(title=paper.title, abstract=paper.abstract) == []
    assert Paper.objects.get().change_seq == paper.change_seq


def test_nobody_overrules_what_they_have_not_seen() -> None:
    store(make_record())
    seen = Paper.objects.get()
    store(make_record(version=2, title="Second"))
    with pytest.raises(actions.Overtaken):
        actions.correct_paper(seen.pk, {"title": "By hand"}, seen.change_seq)
    assert Paper.objects.get().title == "Second"


def test_released_corrections_give_way_to_arxiv() -> None:
    store(make_record(title="By arXiv", comments="12 pages"))
    correct(title="By hand", comments="by hand")
    assert actions.release_corrections([Paper.objects.get().pk]) == 1
    paper = Paper.objects.get()
    assert (paper.title, paper.comments, paper.corrected) == ("By arXiv", "by hand", [])
    store(make_record(title="By arXiv", comments="12 pages"))
    assert Paper.objects.get().comments == "12 pages"
    assert actions.release_corrections([paper.pk]) == 0


def test_hidden_papers_stay_hidden_when_fetched_again() -> None:
    store(*make_records(2))
    row = Paper.objects.get(identifier="2608.00001").pk
    assert actions.hide_papers([row]) == 1
    store(*(make_record(f"2608.0000{n}", version=2) for n in (1, 2)))
    assert Paper.objects.get(pk=row).hidden
    assert actions.show_papers([row]) == 1
    assert actions.show_papers([row]) == 0


def test_a_day_to_fetch_again_is_due_and_its_date_to_be_checked() -> None:
    announce(MONDAY, "cs.AI", make_records(1))
    announce(TUESDAY, "cs.AI", make_records(1, first=5))
    assert actions.fetch_again(AnnouncedDay.objects.filter(date=MONDAY)) == 1
    assert AnnouncedDay.objects.get(date=MONDAY).next_check_at is not None
    assert AnnouncedDay.objects.get(date=TUESDAY).next_check_at is None
    assert list(DayCheck.objects.values_list("date", "complete")) == [(MONDAY, False)]
