"""Typed readers of environment variables. Every setting comes through one of these.

A wrong value stops the start with one clear line and exit status 1; no traceback.
"""

import ipaddress
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit


def refuse(name: str, reason: str) -> NoReturn:
    """Stop the process, saying which setting is wrong, why, and what it was."""
    sys.exit(f"coolpapers: the setting {name} {reason} (it is {os.environ.get(name, '')!r}).")


def text(name: str, default: str = "") -> str:
    """The value without surrounding white space; empty counts as unset."""
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    """1, true, yes, on / 0, false, no, off, in any case."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    refuse(name, "must be yes or no")


def number(name: str, default: float, minimum: float = 0) -> float:
    """A finite number of at least `minimum`."""
    value = text(name)
    if not value:
        return default
    try:
        result = float(value)
    except ValueError:
        refuse(name, "must be a number")
    if not minimum <= result < float("inf"):
        refuse(name, f"must be at least {minimum:g}")
    return result


def integer(name: str, default: int, minimum: int = 0, maximum: int | None = None) -> int:
    """A whole number between `minimum` and `maximum`, both included."""
    value = text(name)
    if not value:
        return default
    try:
        result = int(value)
    except ValueError:
        refuse(name, "must be a whole number")
    if result < minimum or (maximum is not None and result > maximum):
        limit = f"between {minimum} and {maximum}" if maximum is not None else f"at least {minimum}"
        refuse(name, f"must be {limit}")
    return result


def choice(name: str, default: str, choices: Sequence[str]) -> str:
    """One of `choices`, in any case."""
    value = text(name, default).lower()
    if value not in choices:
        refuse(name, f"must be one of {', '.join(choices)}")
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list separated by commas or white space."""
    value = text(name)
    return value.replace(",", " ").split() if value else list(default)


def url(name: str, default: str, schemes: Sequence[str] = ("http", "https")) -> str:
    """An absolute address with one of `schemes` and a host, without a trailing slash."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        complete = parts.scheme in schemes and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        complete = False
    if not complete:
        refuse(
            name, f"must be an address that begins with {' or '.join(f'{s}://' for s in schemes)}"
        )
    return value.rstrip("/")


def path(name: str, default: Path) -> Path:
    """An absolute path; relative values are taken from the current folder."""
    value = text(name)
    return Path(value).expanduser().absolute() if value else default


def moment(name: str) -> datetime | None:
    """A time such as 2026-08-11T04:10:00Z, in UTC; None when unset."""
    value = text(name)
    if not value:
        return None
    try:
        result = datetime.fromisoformat(value)
    except ValueError:
        refuse(name, "must be a time such as 2026-08-11T04:10:00Z")
    if result.tzinfo is None:
        refuse(name, "must name its time zone, such as 2026-08-11T04:10:00Z")
    return result.astimezone(UTC)


def networks(name: str, default: Sequence[str]) -> list[IPv4Network | IPv6Network]:
    """IP networks such as 10.0.0.0/8, or single addresses; `none` is no network at all."""
    values = words(name, default)
    if values == ["none"]:
        return []
    try:
        return [ipaddress.ip_network(value) for value in values]
    except ValueError as error:
        refuse(name, f"must be networks such as 10.0.0.0/8: {error}")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in; an empty host means nowhere."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


_MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_server(name: str) -> MailServer:
    """`smtps://user:password@host`, `smtp+starttls://...` or, unencrypted, `smtp://...`.

    User and password are percent-quoted.
    """
    value = text(name)
    if not value:
        return MailServer()
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        refuse(name, "is no address of a mail server")
    if parts.scheme not in _MAIL_PORTS or not parts.hostname:
        refuse(name, "must be smtps://, smtp+starttls:// or smtp:// and a host")
    return MailServer(
        parts.hostname,
        port or _MAIL_PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+starttls",
        tls=parts.scheme == "smtps",
    )


def is_loopback(address: str) -> bool:
    """Whether an address (a URL) leads to this machine only."""
    host = urlsplit(address).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
