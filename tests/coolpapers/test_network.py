"""Listening and being found."""

import asyncio
import socket
from contextlib import closing

import pytest

from coolpapers import network


def listening(host: str = "127.0.0.1") -> socket.socket:
    server = socket.create_server((host, 0))
    server.settimeout(5)
    return server


def test_a_free_port_is_fine() -> None:
    network.check_port("127.0.0.1", network.find_free_port())


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with closing(listening()) as server:
        port = server.getsockname()[1]
        with pytest.raises(network.PortError, match=f"port {port} .* in use.*make run PORT="):
            network.check_port("127.0.0.1", port)


def test_a_port_in_use_on_one_address_is_in_use_on_all() -> None:
    with closing(listening()) as server, pytest.raises(network.PortError, match="in use"):
        network.check_port("0.0.0.0", server.getsockname()[1])


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "x" * 300])
def test_a_host_that_is_not_this_machine_is_told(host: str) -> None:
    with pytest.raises(network.PortError, match="no address of this machine"):
        network.check_port(host, 8000)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("papers.example", "http://papers.example:8000"),
    ],
)
def test_the_address_is_one_that_this_machine_can_open(host: str, url: str) -> None:
    assert network.address(network.reach(host), 8000) == url


def test_addresses_for_a_phone_are_never_loopback() -> None:
    found = network.find_network_addresses()
    assert not [address for address in found if address.startswith("127.")]


@pytest.mark.parametrize(
    ("answer", "up"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nok", True),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", True),
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", False),
        (b"SSH-2.0-OpenSSH\r\n", False),
        (b"", False),
    ],
)
def test_a_page_can_be_read_when_the_answer_is_not_a_failure_of_the_server(
    answer: bytes, up: bool
) -> None:
    async def ask() -> bool:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            assert await network.listens("127.0.0.1", port)
            return await network.answers("127.0.0.1", port)

    assert asyncio.run(ask()) is up


def test_nothing_answers_where_nothing_listens() -> None:
    port = network.find_free_port()
    assert asyncio.run(network.answers("127.0.0.1", port)) is False
    assert asyncio.run(network.listens("127.0.0.1", port)) is False
