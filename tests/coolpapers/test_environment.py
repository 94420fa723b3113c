"""Typed readers of settings: what they take, and that a wrong value stops the start in one line."""

import pytest

from coolpapers import environment
from coolpapers.environment import MailServer


def read_mail(monkeypatch: pytest.MonkeyPatch, value: str) -> MailServer:
    monkeypatch.setenv("EMAIL_URL", value)
    return environment.mail_server("EMAIL_URL")


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("", MailServer()),
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp+starttls://mail.example", MailServer("mail.example", 587, starttls=True)),
        (
            "smtps://ada%40example.org:p%2Fw@mail.example:4650",
            MailServer("mail.example", 4650, "ada@example.org", "p/w", tls=True),
        ),
    ],
)
def test_a_mail_server_is_read_from_its_address(
    monkeypatch: pytest.MonkeyPatch, value: str, server: MailServer
) -> None:
    assert read_mail(monkeypatch, value) == server


@pytest.mark.parametrize("value", ["mail.example", "http://mail.example", "smtp://", "smtp://h:x"])
def test_what_is_no_mail_server_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    with pytest.raises(SystemExit, match="the setting EMAIL_URL"):
        read_mail(monkeypatch, value)


def test_networks_are_read_and_none_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(value: str) -> list[str]:
        monkeypatch.setenv("METRICS_ALLOW", value)
        return [str(n) for n in environment.networks("METRICS_ALLOW", ("127.0.0.0/8",))]

    assert read("") == ["127.0.0.0/8"]
    assert read("10.0.0.0/8, 192.0.2.7 fd00::/8") == ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"]
    assert read("none") == []
    with pytest.raises(SystemExit, match="the setting METRICS_ALLOW"):
        read("10.0.0.1/8")
