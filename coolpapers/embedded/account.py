"""Who an embedded server runs as.

PostgreSQL refuses to be root. Started by root, the servers run as a system user of their own;
started by anybody else, as that user. Modes of folders above a server's own are never changed.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coolpapers.embedded.errors import EmbeddedError

SYSTEM_USER = "coolpapers-pg"


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Whether it is not the user of this process."""
        return self.uid != os.geteuid()

    @property
    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to run a program as this user."""
        if not self.is_another:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def take(self, path: Path) -> None:
        """Make `path` this user's."""
        if self.is_another:
            os.chown(path, self.uid, self.gid)

    def can(self, path: Path, mode: int) -> bool:
        """Whether this user has `mode` (`os.R_OK` and so on) on `path`, and reaches it at all.

        Found out by becoming that user in a child process, so that modes, lists and mounts count.
        """
        if not self.is_another:
            return os.access(path, mode)
        child = os.fork()
        if child == 0:
            answer = 1
            with contextlib.suppress(OSError):
                os.setgroups([])
                os.setgid(self.gid)
                os.setuid(self.uid)
                answer = 0 if os.access(path, mode) else 1
            os._exit(answer)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def choose_account(data: Path | None = None) -> Account:
    """The user a server runs as: oneself, or for root the owner of `data` or the system user.

    The system user is made where it does not exist.
    """
    uid = os.geteuid()
    if uid == 0:
        with contextlib.suppress(OSError, KeyError):
            owner = data.stat().st_uid if data else 0
            if owner != 0:
                return _account(pwd.getpwuid(owner))
        return _system_user()
    try:
        return _account(pwd.getpwuid(uid))
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL wants a user with a name, and {uid} has none: add it to /etc/passwd, "
            "or set DATABASE_URL and REDIS_URL to servers of your own."
        ) from None


def _system_user() -> Account:
    with contextlib.suppress(KeyError):
        return _account(pwd.getpwnam(SYSTEM_USER))
    # Root's PATH may lack the folder of useradd when it came by `su` without a login.
    command = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if command:
        home_less = ["--no-create-home", "--home-dir", "/nonexistent"]
        shell_less = ["--shell", "/usr/sbin/nologin"]
        subprocess.run(
            [command, "--system", "--user-group", *home_less, *shell_less, SYSTEM_USER],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    try:
        return _account(pwd.getpwnam(SYSTEM_USER))
    except KeyError:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root, and its own user could not be made: make a user "
            f"named {SYSTEM_USER}, or start this as an ordinary user."
        ) from None
