"""Where the site listens: is the port free, does it answer, and what would a phone type?"""

import asyncio
import contextlib
import errno
import fcntl
import ipaddress
import socket
import struct

# linux/sockios.h; the address of a network interface.
_SIOCGIFADDR = 0x8915
# Bridges and tunnels of containers, which no phone reaches.
_INNER = ("docker", "br-", "veth", "virbr", "lxc", "cni", "podman", "tun", "tap")


class PortError(Exception):
    """The site cannot listen there; the message is one line that says what to do."""


def is_everywhere(host: str) -> bool:
    """Whether a host to listen on means every network of this machine."""
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def reach(host: str) -> str:
    """The host under which this machine itself finds what listens on `host`."""
    if not is_everywhere(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def address(host: str, port: int) -> str:
    """The URL of a host and a port."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def check_port(host: str, port: int) -> None:
    """Raise PortError unless the site could listen there now."""
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise PortError(f"HOST={host} is no address of this machine ({error}).") from error
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
            probe.listen()
        except OSError as error:
            reason = {
                errno.EADDRINUSE: f"port {port} on {host} is in use by another program: stop that "
                f"one, or choose another port, such as make run PORT={port % 65535 + 1}.",
                errno.EACCES: f"port {port} is kept for root: choose one above 1023, such as "
                "make run PORT=8000.",
                errno.EADDRNOTAVAIL: f"HOST={host} is no address of this machine.",
            }.get(error.errno or 0, f"{host} port {port} cannot be used: {error.strerror}.")
            raise PortError(reason) from error


def find_free_port() -> int:
    """A port of this machine that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def listens(host: str, port: int) -> bool:
    """Whether something takes connections there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 2)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def answers(host: str, port: int, path: str = "/healthz") -> bool:
    """Whether a page can be read there: any HTTP answer that is not a server's failure."""
    writer = None
    try:
        async with asyncio.timeout(5):
            reader, writer = await asyncio.open_connection(host, port)
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            writer.write(request.encode())
            status = (await reader.readline()).split()
    except (OSError, TimeoutError):
        return False
    finally:
        if writer is not None:
            writer.close()
    return len(status) > 1 and status[0].startswith(b"HTTP/") and status[1] < b"500"


def find_network_addresses() -> list[str]:
    """This machine's IPv4 addresses that others on its networks can reach."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _, name in socket.if_nameindex():
            if name == "lo" or name.startswith(_INNER):
                continue
            with contextlib.suppress(OSError):
                answer = fcntl.ioctl(asker, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
                found.append(socket.inet_ntoa(answer[20:24]))
    return found
