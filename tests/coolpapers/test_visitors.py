"""Whose address is believed, and who counts as near."""

from ipaddress import ip_network

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from coolpapers import visitors

NEAR = [ip_network("127.0.0.0/8"), ip_network("::1"), ip_network("10.0.0.0/8")]


def ask(peer: str, **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("::1", "203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, 127.0.0.2", "203.0.113.5"),
        ("203.0.113.5", "127.0.0.1", "203.0.113.5"),
        ("127.0.0.1", "203.0.113.5, ", "127.0.0.1"),
        ("", "203.0.113.5", ""),
    ],
)
def test_an_address_is_what_the_first_trusted_proxy_saw(
    peer: str, forwarded: str, address: str
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert visitors.address_of(ask(peer, **headers)) == address


def test_the_near_are_let_in_and_others_are_not() -> None:
    assert visitors.comes_from(ask("127.0.0.1"), NEAR)
    assert visitors.comes_from(ask("::ffff:10.1.2.3"), NEAR)
    assert not visitors.comes_from(ask("203.0.113.5"), NEAR)
    assert not visitors.comes_from(ask(""), NEAR)


def test_who_comes_through_a_proxy_is_as_far_as_the_proxy_says() -> None:
    assert visitors.comes_from(ask("127.0.0.1", **{"X-Forwarded-For": "10.0.0.9"}), NEAR)
    assert not visitors.comes_from(ask("127.0.0.1", **{"X-Forwarded-For": "203.0.113.5"}), NEAR)
    spoofed = {"X-Forwarded-For": "10.0.0.9, 203.0.113.5"}
    assert not visitors.comes_from(ask("127.0.0.1", **spoofed), NEAR)


def test_what_an_unknown_proxy_passes_on_may_be_from_anyone() -> None:
    assert not visitors.comes_from(ask("10.0.0.2", **{"X-Forwarded-For": "10.0.0.9"}), NEAR)
    assert not visitors.comes_from(ask("10.0.0.2", Forwarded="for=10.0.0.9"), NEAR)
