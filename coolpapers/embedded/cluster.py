"""A PostgreSQL data folder: made whole or not at all, checked, upgraded, freed of orphans.

It is made beside (`data.new`) and moved into place when it is complete and stamped, so a set-up
that was cut short is recognised by its place and made anew. What runs on it is said in `postgres`.
"""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coolpapers.embedded.account import Account
from coolpapers.embedded.errors import EmbeddedError
from coolpapers.embedded.layout import write_whole
from coolpapers.embedded.leash import started_at
from coolpapers.embedded.programs import Programs

# What this release writes into the stamp; a data folder with a higher one is of a newer release.
FORMAT = 1
STAMP = "coolpapers.json"
# The application's role and database. It owns its database and is no superuser.
NAME = "coolpapers"
SUPERUSER = "postgres"
FIRST_NORMAL_OID = 16384


@dataclass(frozen=True)
class Cluster:
    """The data folder `home/data`, which belongs to `account`."""

    home: Path
    account: Account
    say: Callable[[str], None]
    throwaway: bool = False

    @property
    def data(self) -> Path:
        """The folder that PostgreSQL works in."""
        return self.home / "data"

    @property
    def _beside(self) -> Path:
        return self.home / "data.new"

    def ensure(self, releases: list[Programs], sockets: Path) -> None:
        """Have a complete data folder for `releases[0]` on which nothing runs.

        Makes a new one, or upgrades that of an older release in `releases`. Raises EmbeddedError
        where the data is of a newer release, or of one whose programs are not there.
        """
        if not self.data.exists():
            self._make(releases[0])
            return
        stop_orphan(self.data)
        try:
            form = int(json.loads((self.data / STAMP).read_text())["format"])
            major = int((self.data / "PG_VERSION").read_text())
        except (OSError, ValueError, KeyError):
            # Moved into place whole and stamped, so this is a mishap from outside; what is left may
            # still be worth something to somebody.
            aside = self.home / f"data.broken-{time.strftime('%Y%m%d-%H%M%S')}"
            self.data.rename(aside)
            self.say(f"The database in {self.data} is not complete; it was put aside as {aside}.")
            self._make(releases[0])
            return
        newest = releases[0].major
        if form > FORMAT or major > newest:
            raise EmbeddedError(
                f"the database in {self.data} was written by a newer release of this program: use "
                "that release, or set COOLPAPERS_VAR to another folder."
            )
        if major < newest:
            older = next((programs for programs in releases if programs.major == major), None)
            if older is None:
                raise EmbeddedError(
                    f"the database in {self.data} is of PostgreSQL {major}, and this release runs "
                    f"{newest}: dump it with the release that wrote it (pg_dump) and restore it "
                    "here, or set COOLPAPERS_VAR to another folder."
                )
            self._upgrade(older, releases[0], sockets)

    def _make(self, programs: Programs) -> None:
        if self._beside.exists():
            self.say("An unfinished set-up of the database was found; it is made anew.")
            stop_orphan(self._beside)
            shutil.rmtree(self._beside)
        self.say(f"Making a new database in {self.data}.")
        self._initdb(programs)
        # Made by a server alone, the role and the database would get numbers kept for the system's
        # own objects, which pg_upgrade and pg_dump leave out.
        self._run([programs / "pg_resetwal", "-o", str(FIRST_NORMAL_OID), self._beside])
        self._run(
            [programs / "postgres", "--single", "-D", self._beside, "postgres"],
            f"CREATE ROLE {NAME} LOGIN CREATEDB\nCREATE DATABASE {NAME} OWNER {NAME}\n",
        )
        self._move_into_place()

    def _initdb(self, programs: Programs, *more: str) -> None:
        command: list[Path | str] = [programs / "initdb", "-D", self._beside, "-U", SUPERUSER]
        command += ["--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--no-locale"]
        if programs.major >= 17:
            # PostgreSQL's own C.UTF-8: the same order and letters on every machine and libc.
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run([*command, *(["--no-sync"] if self.throwaway else []), *more])

    def _move_into_place(self) -> None:
        write_whole(self._beside / STAMP, json.dumps({"format": FORMAT}) + "\n")
        self.account.take(self._beside / STAMP)
        self._beside.rename(self.data)

    def _upgrade(self, older: Programs, newer: Programs, sockets: Path) -> None:
        """Replace the data by the same for `newer`; takes the space of a second copy meanwhile."""
        self.say(f"Upgrading the database from PostgreSQL {older.major} to {newer.major}.")
        older = older.reachable(self.account, self.home)
        shutil.rmtree(self._beside, ignore_errors=True)
        control = subprocess.run(
            [older / "pg_controldata", "-D", self.data], capture_output=True, text=True, check=True
        ).stdout
        # pg_upgrade wants both to have check sums, or neither; from 18 on they are the default.
        has_sums = not any(
            line.startswith("Data page checksum version") and line.split()[-1] == "0"
            for line in control.splitlines()
        )
        self._initdb(newer, *([] if has_sums else ["--no-data-checksums"]))
        # pg_upgrade starts both servers itself and comes in as the superuser.
        for folder in (self.data, self._beside):
            write_access(folder, self.account, {self.account.name})
        command: list[Path | str] = [newer / "pg_upgrade", "-U", SUPERUSER, "--socketdir", sockets]
        command += ["-b", older.folder / "bin", "-B", newer.folder / "bin"]
        self._run([*command, "-d", self.data, "-D", self._beside])
        before = self.home / f"data.{older.major}"
        shutil.rmtree(before, ignore_errors=True)
        self.data.rename(before)
        self._move_into_place()
        shutil.rmtree(before)
        # pg_upgrade's own script for the same.
        (self.home / "delete_old_cluster.sh").unlink(missing_ok=True)
        self.say(f"The database is upgraded to PostgreSQL {newer.major}.")

    def _run(self, command: list[Path | str], said: str = "") -> None:
        """Run one of PostgreSQL's programs as its user; EmbeddedError with its last words."""
        done = subprocess.run(
            command,
            input=said,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=self.home,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            check=False,
            **self.account.popen,
        )
        # The stand-alone server ends with 0 after a refused statement.
        if done.returncode != 0 or "ERROR:" in done.stderr:
            story = (done.stdout + done.stderr).splitlines()
            for line in story:
                self.say(line)
            words = [line for line in story if "error" in line.lower() or "FATAL" in line]
            raise EmbeddedError(
                f"PostgreSQL's {Path(command[0]).name} failed: "
                f"{(words or story or ['no reason given'])[-1].strip()}"
            )


def write_access(data: Path, account: Account, people: set[str]) -> None:
    """Let in over the socket whom the kernel names as one of `people`, and nobody else."""
    ident = "".join(f'{NAME} "{who}" all\n' for who in sorted(people))
    for name, text in (
        ("pg_hba.conf", f"local all all peer map={NAME}\n"),
        ("pg_ident.conf", ident),
    ):
        write_whole(data / name, text)
        account.take(data / name)


def stop_orphan(data: Path, seconds: float = 60.0) -> None:
    """Stop a server that outlived its keeper on `data`, and drop the file that names a dead one.

    PostgreSQL itself only looks whether the number in its file is in use by any process, which in
    a container it often is. The keeper's lock says that no other keeper runs on this folder.
    """
    file = data / "postmaster.pid"
    deadline = time.monotonic() + seconds
    while (server := _running_server(file, data)) is not None:
        left = deadline - time.monotonic()
        if left < 0:
            raise EmbeddedError(
                f"a PostgreSQL (process {server}) still runs on {data} and does not stop: "
                "end it, then start again."
            )
        # Fast first, immediate when it takes too long.
        os.kill(server, signal.SIGINT if left > seconds / 2 else signal.SIGQUIT)
        time.sleep(0.1)
    file.unlink(missing_ok=True)


def _running_server(file: Path, data: Path) -> int | None:
    """The process that `file` names, if it is a PostgreSQL at work in `data`."""
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        at_work = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if at_work == data.resolve() and started_at(pid) is not None else None
