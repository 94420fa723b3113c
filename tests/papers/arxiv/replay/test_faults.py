import time
from email.utils import parsedate_to_datetime

import httpx
import pytest

from coolpapers import clock
from papers.arxiv.replay import Fault, FaultSpecError, RandomFaults, ReplayServer
from papers.arxiv.replay.faults import KINDS, RANDOM_KINDS, ROUTES
from tests.papers.arxiv.replay.conftest import MONDAY
from tests.papers.arxiv.replay.test_feeds import items


def get(server: ReplayServer, path: str = "rss/cs.AI") -> httpx.Response:
    return httpx.get(f"{server.url}/{path}", timeout=10)


@pytest.mark.parametrize(
    "spec",
    ["429=30@rss/cs.AI*2", "503", "stale@rss/cs.LG+cs.AI*1+2", "skip=2609.90010..2609.90020@oai"],
)
def test_a_spec_reads_back_as_it_was_written(spec: str) -> None:
    assert str(Fault.parse(spec)) == spec


@pytest.mark.parametrize(
    "spec", ["", "flood", "200", "stale@oai", "half=much", "503@nowhere", "503*"]
)
def test_a_spec_that_means_nothing_is_refused(spec: str) -> None:
    with pytest.raises(FaultSpecError):
        Fault.parse(spec)


def test_a_fault_strikes_its_category_only_and_as_often_as_asked(server: ReplayServer) -> None:
    server.add_fault("503@rss/CS.ai*2+1")
    codes = [get(server).status_code for _ in range(4)]
    assert codes == [200, 503, 503, 200]
    server.add_fault("503@rss/cs.AI*1")
    assert get(server, "rss/cs.LG").status_code == 200
    assert get(server, "atom/cs.AI").status_code == 200
    assert get(server).status_code == 503


def test_retry_after_comes_in_seconds_or_as_a_date(server: ReplayServer) -> None:
    server.add_fault("429=30@rss*1")
    server.add_fault("503=date:40@rss*1")
    first, second = get(server), get(server)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "30")
    assert first.text == "Rate exceeded."
    wait = parsedate_to_datetime(second.headers["Retry-After"]) - clock.now()
    assert 35 < wait.total_seconds() <= 40


def test_a_stale_feed_has_yesterdays_batch_built_today(server: ReplayServer) -> None:
    server.add_fault("stale@rss*1")
    server.add_fault("stale=redated@rss*1")
    yesterday, redated, today = get(server), get(server), get(server)
    assert b"2608.00002v1" in yesterday.content
    assert b"2608.00011" not in yesterday.content
    assert b"<lastBuildDate>Tue, 11 Aug 2026 04:00:02 +0000" in yesterday.content
    assert b"<pubDate>Mon, 10 Aug 2026" in yesterday.content
    assert b"<pubDate>Mon, 10 Aug 2026" not in redated.content
    assert b"2608.00002v1" in redated.content
    assert b"2608.00011v1" in today.content


def test_a_feed_cut_in_half_is_well_formed_and_lacks_the_end(server: ReplayServer) -> None:
    whole = items(get(server).content)
    server.add_fault("half@rss*1")
    server.add_fault("empty@rss*1")
    half = items(get(server).content)
    assert [i.findtext("guid") for i in half] == [i.findtext("guid") for i in whole[:2]]
    assert items(get(server).content) == []


def test_bodies_are_damaged_as_asked(server: ReplayServer) -> None:
    whole = get(server).content
    for spec in ("truncate=0.25", "blank", "html"):
        server.add_fault(f"{spec}@rss*1")
    assert get(server).content == whole[: len(whole) // 4]
    assert (get(server).content, get(server).headers["Content-Type"]) == (
        b"",
        "text/html; charset=utf-8",
    )


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_one_entry_loses_its_identifier_or_has_an_impossible_one(
    server: ReplayServer, form: str
) -> None:
    whole = get(server, f"{form}/cs.AI").content
    server.add_fault("noid@rss*1" if form == "rss" else "noid@atom*1")
    server.add_fault("badid=1@rss*1" if form == "rss" else "badid=1@atom*1")
    without, wrong = get(server, f"{form}/cs.AI").content, get(server, f"{form}/cs.AI").content
    assert len(items(without)) == len(items(wrong)) == len(items(whole))
    assert b"2608.00011v1" not in without
    assert b"2613.99999v1" in wrong
    assert b"2608.00012" not in wrong.replace(b"study 2608.00012", b"").replace(
        b"On 2608.00012", b""
    )


def test_a_connection_is_reset_before_or_within_the_body(server: ReplayServer) -> None:
    server.add_fault("reset@rss*1")
    server.add_fault("reset=0.5@rss*1")
    for _ in range(2):
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            get(server)
    assert get(server).status_code == 200
    assert [logged.status for logged in server.requests] == [None, None, 200]


def test_a_body_drips_and_an_answer_is_late(server: ReplayServer) -> None:
    server.add_fault("drip=0.3@rss*1")
    server.add_fault("delay=0.3@rss*1")
    bodies = set()
    for slow in (True, True, False):
        start = time.monotonic()
        bodies.add(get(server).content)
        assert (time.monotonic() - start >= 0.3) is slow
    assert len(bodies) == 1


@pytest.mark.parametrize("sized", ["", ":unsized"])
def test_a_huge_body_goes_on_as_long_as_asked(server: ReplayServer, sized: str) -> None:
    server.add_fault(f"huge=2{sized}@rss*1")
    answer = get(server)
    assert len(answer.content) == 2_000_000
    assert ("Content-Length" in answer.headers) is not bool(sized)


def test_pdfs_come_with_and_without_leave_to_read_them_elsewhere(server: ReplayServer) -> None:
    server.add_fault("nocors@pdf*1")
    without, with_leave = get(server, "pdf/2608.00011"), get(server, "pdf/2608.00011v1.pdf")
    assert "Access-Control-Allow-Origin" not in without.headers
    assert with_leave.headers["Access-Control-Allow-Origin"] == "*"


def test_random_faults_are_the_same_for_the_same_seed_in_any_order() -> None:
    def play(seed: int, keys: list[str]) -> dict[tuple[str, int], str]:
        faults = RandomFaults(seed, 0.5)
        asked: dict[tuple[str, int], str] = {}
        for key in keys:
            number = sum(1 for known, _ in asked if known == key)
            asked[key, number] = str(faults.draw("rss", key))
        return asked

    keys = ["cs.AI", "cs.LG", "cs.CL"] * 20
    assert play(7, keys) == play(7, sorted(keys))
    assert play(7, keys) != play(8, keys)


def test_patience_is_rewarded_at_any_rate() -> None:
    faults = RandomFaults(1, 1.0, in_a_row=3)
    drawn = [faults.draw("oai", "cs") is None for _ in range(8)]
    assert drawn == [False, False, False, True] * 2


def test_every_kind_is_documented_by_the_routes_it_fits() -> None:
    assert all(set(fitting) <= set(ROUTES) for fitting in KINDS.values())
    for spec in RANDOM_KINDS:
        Fault.parse(spec)


def test_random_faults_strike_only_where_they_fit(server: ReplayServer) -> None:
    server.faults.at_random = RandomFaults(3, 1.0, kinds=["stale"])
    assert get(server, "oai?verb=Identify").status_code == 200
    server.set_today(MONDAY)
    assert items(get(server).content) == []
