"""What readers open and star: counted once, brought into the database whole or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as live
from pytest_django import DjangoAssertNumQueries, Settings

from papers import interest, tasks
from papers.interest import BATCH, PENDING, Deed, flush, note
from papers.models import Installation, Paper, PaperCounter, Tally
from tests.papers.conftest import StandingClock
from tests.papers.factory import NOW, make_record, make_records, store

pytestmark = pytest.mark.usefixtures("reading")

ADA, BOB, EVE = "a" * 32, "b" * 32, "e" * 32


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(live.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def awake() -> None:
    interest.outage.end()


def did(
    deed: Deed = Deed.OPEN,
    paper: str = "2608.00001",
    word: str = ADA,
    address: str = "203.0.113.5",
    program: str = "Firefox",
) -> bool:
    return note(deed, paper, word, address, program)


def counts() -> dict[str, tuple[int, int]]:
    rows = PaperCounter.objects.values_list("paper__identifier", "opens", "stars")
    return {paper: (opens, stars) for paper, opens, stars in rows}


def test_a_reader_counts_once_a_day_and_anew_the_next(reading: StandingClock) -> None:
    store(*make_records(2))
    assert did()
    assert not did()
    assert not did(address="198.51.100.7"), "on the way home it is the same reader"
    assert did(Deed.STAR)
    assert did(paper="2608.00002")
    reading.time = NOW + timedelta(days=1)
    assert did()
    flush()
    assert counts() == {"2608.00001": (2, 1), "2608.00002": (1, 0)}


def test_many_readers_behind_one_address_are_many_readers() -> None:
    store(make_record())
    assert all(did(word=f"{n:032x}") for n in range(5))
    flush()
    assert counts() == {"2608.00001": (5, 0)}


def test_without_a_word_a_reader_is_its_address_and_program() -> None:
    assert did(word="")
    assert not did(word="")
    assert did(word="", program="Safari")
    assert did(word="", address="198.51.100.7")


def test_an_address_adds_to_a_paper_no_more_than_is_allowed(settings: Settings) -> None:
    settings.COOLPAPERS_READERS_PER_ADDRESS = 3
    store(make_record())
    assert sum(did(word=f"{n:032x}") for n in range(10)) == 3
    assert did(Deed.STAR)
    assert did(word=f"{9:032x}", address="198.51.100.7")
    # Toggling a star makes no room.
    for word in (BOB, EVE):
        assert did(Deed.STAR, word=word)
        assert did(Deed.UNSTAR, word=word)
        assert did(Deed.STAR, word=word)
    assert not did(Deed.STAR, word="d" * 32)
    flush()
    assert counts() == {"2608.00001": (4, 3)}


def test_a_line_of_ipv6_is_one_address(settings: Settings) -> None:
    settings.COOLPAPERS_READERS_PER_ADDRESS = 1
    assert did(word=ADA, address="2001:db8:0:aa01::1")
    assert not did(word=BOB, address="2001:db8:0:aa99::2")
    assert did(word=BOB, address="2001:db8:0:bb00::2")
    assert did(word=EVE, address="::ffff:203.0.113.5")
    assert not did(word="d" * 32, address="203.0.113.5")


def test_an_address_adds_no_more_in_all_than_a_hundred_readers(settings: Settings) -> None:
    settings.COOLPAPERS_READERS_PER_ADDRESS = 1
    assert sum(did(paper=f"2608.{n:05}") for n in range(1, 120)) == 100


def test_a_star_taken_away_counts_back_the_same_day_and_no_other(reading: StandingClock) -> None:
    store(make_record())
    did(Deed.STAR)
    flush()
    assert did(Deed.UNSTAR)
    assert not did(Deed.UNSTAR)
    flush()
    assert counts() == {"2608.00001": (0, 0)}
    assert not did(Deed.UNSTAR, word=BOB), "what was not given is not taken"
    did(Deed.STAR)
    flush()
    reading.time = NOW + timedelta(days=1)
    assert not did(Deed.UNSTAR)
    flush()
    assert counts() == {"2608.00001": (0, 1)}


def test_counting_leaves_papers_pages_and_the_index_alone() -> None:
    store(make_record())
    before = Paper.objects.get().change_seq, Installation.objects.get().generation
    did()
    assert flush() == 1
    assert (Paper.objects.get().change_seq, Installation.objects.get().generation) == before


def test_papers_that_are_not_here_are_dropped_and_a_real_one_counts_before_a_sample() -> None:
    store(make_record("2608.00002"), source=Paper.Source.SAMPLE)
    ids = store(make_record("2608.00002"), make_record("2608.00003"))
    for paper in ("2608.00002", "2608.00009", "hep-th/9901001"):
        did(paper=paper)
    flush()
    counted = {row.paper_id: row.opens for row in PaperCounter.objects.all()}
    assert counted == {ids["2608.00002"]: 1}
    assert Tally.objects.values_list("opens", "stars").get() == (1, 0)


def test_a_flush_takes_as_many_queries_for_more_papers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    store(*make_records(30))
    for papers in (range(1, 3), range(3, 31)):
        for number in papers:
            did(paper=f"2608.{number:05}")
        with django_assert_num_queries(7):
            flush()
    assert len(counts()) == 30


class Killed(BaseException):
    """What a killed process knows of its end."""


@pytest.mark.parametrize("moment", ["_TAKE", "_APPLY", "_FORGET"])
def test_a_flush_killed_anywhere_neither_loses_nor_doubles(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(make_record())
    did()
    did(Deed.STAR)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        _die_after(moment, patched)
        flush()
    did(word=BOB)
    for _ in range(3):
        flush()
    assert counts() == {"2608.00001": (2, 1)}
    assert Tally.objects.values_list("opens", "stars").get() == (2, 1)


def _die_after(moment: str, patched: pytest.MonkeyPatch) -> None:
    """Let the process end once the step is done: after taking, after adding, before forgetting."""
    if moment == "_APPLY":
        whole = interest._apply

        def die(*args: object) -> None:
            whole(*args)  # type: ignore[arg-type]  # passed on as they came
            raise Killed

        patched.setattr(interest, "_apply", die)
        return
    # Scripts of Redis: what is taken has been taken when its answer comes.
    client = interest._redis()

    class Dying:
        def eval(self, script: str, *args: Any) -> object:
            if moment == "_FORGET" and script == interest._FORGET:
                raise Killed
            answer = client.eval(script, *args)
            if moment == "_TAKE":
                raise Killed
            return answer

    patched.setattr(interest, "_redis", Dying)


def test_a_batch_that_comes_back_with_a_restored_redis_does_not_count_again(
    broker: redis.Redis,
) -> None:
    store(make_record())
    did()
    kept = broker.dump(PENDING)
    assert kept
    flush()
    did(word=BOB)
    flush()
    broker.restore(PENDING, 0, kept)
    assert flush() == 0
    assert counts() == {"2608.00001": (2, 0)}
    assert not broker.exists(PENDING, BATCH)


def test_a_redis_that_was_lost_costs_what_was_in_it_and_nothing_breaks(
    broker: redis.Redis,
) -> None:
    store(make_record())
    did()
    flush()
    did(word=BOB)
    broker.flushdb()
    assert flush() == 0
    did(word=EVE)
    tasks.count_interest()
    assert counts() == {"2608.00001": (2, 0)}


def test_without_redis_nothing_counts_and_nothing_breaks(
    settings: Settings, broker: redis.Redis
) -> None:
    did()
    try:
        settings.REDIS_URL = "redis://127.0.0.1:9/0"
        interest._redis.cache_clear()
        assert flush() == 0
        assert not did(word=BOB)
    finally:
        interest._redis.cache_clear()
    assert broker.exists(PENDING)


def test_nothing_in_redis_names_a_reader_and_all_of_it_ends_with_the_day(
    broker: redis.Redis,
) -> None:
    did()
    did(word="")
    ends = {key: broker.ttl(key) for key in broker.keys("coolpapers:{interest}:*")}
    assert ends.pop(PENDING.encode()) == -1
    assert len(ends) == 3
    assert all(0 < seconds <= 25 * 3600 for seconds in ends.values())
    everything = b"".join(broker.dump(key) or b"" for key in (*ends, PENDING))
    for told in (ADA, "203.0.113.5", "Firefox"):
        assert told.encode() not in everything
    assert broker.hgetall(PENDING).keys() == {b"#", b"o2608.00001"}


def test_a_site_that_shows_nothing_counts_nothing(settings: Settings) -> None:
    settings.COOLPAPERS_INTEREST_FROM = 0
    assert not did()
