import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from coolpapers import clock
from papers.arxiv.replay import Collection, ReplayServer
from tests.papers.arxiv.replay.conftest import TUESDAY, WEDNESDAY


def test_today_is_the_collections_last_day_by_default(collection: Collection) -> None:
    with ReplayServer(collection) as server:
        assert b"2608.00021v1" in httpx.get(f"{server.rss_url}/cs.AI").content


def test_it_follows_the_projects_clock(collection: Collection) -> None:
    evening = datetime(2026, 8, 12, 3, 59, 30, tzinfo=UTC)
    previous = clock.set_clock(clock.Clock(evening, rate=100.0))
    try:
        with ReplayServer(collection, today="clock") as server:
            assert b"2608.00011v1" in httpx.get(f"{server.rss_url}/cs.AI").content
            time.sleep(0.4)
            assert b"2608.00021v1" in httpx.get(f"{server.rss_url}/cs.AI").content
    finally:
        clock.set_clock(previous)


def test_requests_are_logged_with_time_route_and_status(server: ReplayServer) -> None:
    for address in (
        f"{server.rss_url}/cs.AI",
        f"{server.oai_url}?verb=ListRecords&metadataPrefix=arXiv&set=cs",
        f"{server.api_url}?id_list=abc",
        f"{server.url}/favicon.ico",
    ):
        httpx.get(address)
        wait_until_finished(server)
    logged = [(r.route, r.key, r.status, r.in_flight) for r in server.requests]
    assert logged == [
        ("rss", "cs.AI", 200, 1),
        ("oai", "cs", 200, 1),
        ("api", "", 400, 1),
        ("other", "/favicon.ico", 404, 1),
    ]
    assert server.requests[0].at <= server.requests[1].at


def wait_until_finished(server: ReplayServer) -> None:
    """Its last word of a request comes a moment after the client has the answer."""
    deadline = time.monotonic() + 5
    while not all(request.finished for request in server.requests):
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_requests_that_overlap_are_counted_so(collection: Collection) -> None:
    with ReplayServer(collection, latency=1) as server:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: httpx.get(f"{server.rss_url}/cs.AI"), range(4)))
        assert server.max_in_flight == 4
        wait_until_finished(server)
        server.forget_requests()
        httpx.get(f"{server.rss_url}/cs.AI")
        assert (server.max_in_flight, len(server.requests)) == (1, 1)


def test_other_processes_steer_it_over_http(server: ReplayServer) -> None:
    steer = f"{server.url}/-"
    assert httpx.post(f"{steer}/today", json={"today": str(WEDNESDAY)}).status_code == 200
    assert b"2608.00021v1" in httpx.get(f"{server.rss_url}/cs.AI").content
    assert httpx.post(f"{steer}/faults", json={"add": ["503@rss*1"]}).status_code == 200
    assert httpx.get(f"{steer}/faults").json() == ["503@rss*1"]
    assert httpx.get(f"{server.rss_url}/cs.AI").status_code == 503
    seeded = {"random": {"seed": 1, "rate": 1.0, "kinds": ["500"]}}
    httpx.post(f"{steer}/faults", json=seeded)
    assert httpx.get(f"{server.rss_url}/cs.AI").status_code == 500
    httpx.delete(f"{steer}/faults")
    assert httpx.get(f"{server.rss_url}/cs.AI").status_code == 200
    log = httpx.get(f"{steer}/requests").json()
    assert [request["status"] for request in log["requests"]] == [200, 503, 500, 200]
    assert log["max_in_flight"] == 1


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("faults", b'{"add": ["flood"]}'),
        ("faults", b'{"random": {"rate": 2, "seed": 1}}'),
        ("today", b'{"today": "soon"}'),
        ("today", b"{}"),
        ("today", b"no json"),
        ("faults", b"[1]"),
    ],
)
def test_a_wrong_wish_is_refused_and_changes_nothing(
    server: ReplayServer, what: str, body: bytes
) -> None:
    before = server.now()
    assert httpx.post(f"{server.url}/-/{what}", content=body).status_code == 400
    assert server.now() == before
    assert server.faults.waiting() == []


def test_it_is_for_this_machine_only(collection: Collection) -> None:
    with pytest.raises(ValueError, match="loopback"):
        ReplayServer(collection, host="0.0.0.0")


def test_a_stopped_server_leaves_no_thread_and_no_port(collection: Collection) -> None:
    server = ReplayServer(collection)
    server.start()
    client = httpx.Client()
    client.get(f"{server.rss_url}/cs.AI")
    server.stop()
    assert not [t for t in threading.enumerate() if t.name == "replay"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)
    client.close()


def test_it_can_be_started_again_at_the_same_address(collection: Collection) -> None:
    server = ReplayServer(collection)
    server.start()
    address = server.url
    server.stop()
    with server:
        assert server.url == address
        assert httpx.get(f"{server.rss_url}/cs.AI").status_code == 200


def test_what_is_no_http_does_not_stop_it(server: ReplayServer) -> None:
    port = int(server.url.rpartition(":")[2])
    for nonsense in (b"\x16\x03\x01\x00\xa5", b"GET\r\n\r\n", b"x" * 100_000):
        with socket.create_connection(("127.0.0.1", port)) as raw:
            raw.sendall(nonsense)
            raw.shutdown(socket.SHUT_WR)
    assert httpx.get(f"{server.rss_url}/cs.AI").status_code == 200


def test_one_connection_serves_many_requests(server: ReplayServer) -> None:
    with httpx.Client() as client:
        start = time.monotonic()
        for _ in range(100):
            client.get(f"{server.rss_url}/cs.AI")
        assert time.monotonic() - start < 2


def test_abstracts_and_pdfs_are_there_for_known_papers(server: ReplayServer) -> None:
    page = httpx.get(f"{server.url}/abs/2608.00011")
    assert "&lt;script&gt;" in page.text
    pdf = httpx.get(f"{server.pdf_url}/hep-th/9901001v2")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-1.4")
    assert httpx.get(f"{server.pdf_url}/2608.00021").status_code == 404
    assert httpx.get(f"{server.pdf_url}/nonsense").status_code == 404


def test_a_pdfs_cross_references_are_right_at_any_size(collection: Collection) -> None:
    with ReplayServer(collection, today=TUESDAY, pdf_bytes=300_000) as server:
        pdf = httpx.get(f"{server.pdf_url}/2608.00011").content
    assert len(pdf) >= 300_000
    table = pdf[int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0]) :]
    places = [int(row.split()[0]) for row in table.splitlines()[3:9]]
    assert all(
        pdf[place:].startswith(b"%d 0 obj" % number) for number, place in enumerate(places, 1)
    )
