"""Changes are numbered in the order in which they become visible."""

import threading
import time

import pytest
from django.db import connection, transaction

from papers.models import Paper

pytestmark = pytest.mark.django_db(transaction=True)


def make_paper(identifier: str) -> None:
    Paper.objects.create(
        identifier=identifier,
        title="t",
        abstract="a",
        primary_category="cs.AI",
        categories=["cs.AI"],
    )


def test_a_follower_that_reads_past_its_mark_misses_nothing_with_six_writers() -> None:
    writers, papers_each = 6, 15
    done = threading.Event()
    seen: list[str] = []

    def write(writer: int) -> None:
        try:
            for number in range(papers_each):
                with transaction.atomic():
                    make_paper(f"26{writer:02}.{number:05}")
                    time.sleep(0.002)
        finally:
            connection.close()

    def follow() -> None:
        mark = 0
        try:
            while True:
                last_look = done.is_set()
                rows = list(
                    Paper.objects.filter(change_seq__gt=mark)
                    .order_by("change_seq")
                    .values_list("change_seq", "identifier")
                )
                seen.extend(identifier for _number, identifier in rows)
                mark = rows[-1][0] if rows else mark
                if last_look and not rows:
                    return
        finally:
            connection.close()

    follower = threading.Thread(target=follow)
    threads = [threading.Thread(target=write, args=(n,)) for n in range(writers)]
    follower.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    follower.join()
    assert len(seen) == len(set(seen)) == writers * papers_each


def test_an_update_that_changes_nothing_gets_no_new_number() -> None:
    make_paper("2608.00001")
    before = Paper.objects.get().change_seq
    Paper.objects.update(title="t")
    assert Paper.objects.get().change_seq == before
    Paper.objects.update(title="u")
    assert Paper.objects.get().change_seq > before
