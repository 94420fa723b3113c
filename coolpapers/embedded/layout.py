"""Where things lie under `var/`, and the small files there: the key, the locks, the states.

What runs in those places is said in `postgres` and `redis`, who keeps it running in `keeper`.
"""

import contextlib
import fcntl
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coolpapers.embedded.account import Account
from coolpapers.embedded.errors import EmbeddedError

# A socket's address holds 108 bytes with its end (unix(7)); PostgreSQL also writes `.lock` beside.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
# Addresses, configuration files and libpq's list of hosts each quote in their own way; a folder
# with any other character gets a socket folder elsewhere instead.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


def make_var(var: Path) -> Path:
    """Make `var` with its folders for logs and running things; folders above keep their modes.

    Made by root, what leads to data and sockets can be passed through (0711), since PostgreSQL
    runs as another user.
    """
    through = 0o711 if os.geteuid() == 0 else 0o700
    try:
        for folder, mode in ((var, through), (var / "run", through), (var / "log", 0o700)):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(mode)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise EmbeddedError(
                    f"{folder} belongs to another user and cannot be written: run this as its "
                    "owner, or set COOLPAPERS_VAR to a folder of your own."
                )
    except OSError as error:
        raise EmbeddedError(
            f"{var} cannot be made ({error.strerror}): set COOLPAPERS_VAR to a folder of your own."
        ) from error
    return var


def secret_key(var: Path) -> str:
    """The installation's secret key, made once under `var` with mode 0600.

    Several processes may ask at the same time and get the same one.
    """
    path = var / "secret_key"
    with contextlib.suppress(FileNotFoundError):
        key = path.read_text().strip()
        if key:
            _close_to_others(path)
            return key
        path.unlink()
    make_var(var)
    descriptor, name = tempfile.mkstemp(dir=var, prefix=".secret_key.")
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        # Unlike a rename, a link never replaces the key that another process made meanwhile.
        with contextlib.suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()
    return path.read_text().strip()


def _close_to_others(path: Path) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)


def socket_folder(var: Path, service: str, account: Account) -> Path:
    """A folder of mode 0700 that belongs to `account`, short enough for a socket's address.

    It lies in `var/run` where that is possible, else in a short folder that `var/run` remembers,
    so that the address stays the same while anything of this `var` runs.
    """
    within = var / "run" / service
    remembered = var / "run" / f"{service}.sockets"
    if _is_short(within):
        if not within.exists():
            within.mkdir(mode=0o700)
            account.take(within)
        if _is_private(within, account):
            return within
        with contextlib.suppress(OSError):
            within.rmdir()
    with contextlib.suppress(OSError):
        folder = Path(remembered.read_text())
        if _is_private(folder, account):
            return folder
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes a fresh name in it
        if not base or not _is_short(Path(base) / "coolpapers-12345678"):
            continue
        with contextlib.suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="coolpapers-", dir=base))
            account.take(folder)
            if _is_private(folder, account):
                write_whole(remembered, str(folder))
                return folder
            folder.rmdir()
    raise EmbeddedError(
        f"no folder short enough for {service}'s socket could be made: let /tmp be written to."
    )


def drop_socket_folder(var: Path, service: str) -> None:
    """Remove the remembered short folder, once nothing runs in it."""
    remembered = var / "run" / f"{service}.sockets"
    with contextlib.suppress(OSError):
        Path(remembered.read_text()).rmdir()
    remembered.unlink(missing_ok=True)


def _is_short(folder: Path) -> bool:
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and bool(
        PLAIN_PATH.fullmatch(str(folder))
    )


def _is_private(folder: Path, account: Account) -> bool:
    """Whether this is a real folder (no link), of `account` alone, that `account` can reach."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(found.st_mode)
        and stat.S_IMODE(found.st_mode) == 0o700
        and found.st_uid == account.uid
        and account.can(folder, os.R_OK | os.W_OK | os.X_OK)
    )


def write_whole(path: Path, text: str) -> None:
    """Put `text` in place at once: a reader sees the old file or the new one, never half."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text)
    beside.replace(path)


def read_state(var: Path, service: str) -> dict[str, Any]:
    """What a service's keeper last said of itself; empty when it said nothing."""
    try:
        state = json.loads((var / "run" / f"{service}.json").read_text())
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def write_state(var: Path, service: str, **state: object) -> None:
    """Say for others how a service is."""
    write_whole(var / "run" / f"{service}.json", json.dumps(state))


def open_lock(path: Path) -> int:
    """A descriptor to lock; it is not inherited by the programs this process starts."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise EmbeddedError(
            f"{path} belongs to another user: run this as its owner, or set COOLPAPERS_VAR "
            "to a folder of your own."
        ) from error


def try_lock(descriptor: int, operation: int) -> bool:
    """Take a lock without waiting; False when somebody else holds it."""
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock of one's own, waiting for it as long as it takes."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether a process holds the lock at `path` for itself."""
    if not path.exists():
        return False
    descriptor = open_lock(path)
    try:
        return not try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)
