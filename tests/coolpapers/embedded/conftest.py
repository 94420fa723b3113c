"""Folders to try the embedded services in."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def var() -> Iterator[Path]:
    """A `var` that does not exist yet, in a folder that PostgreSQL's own user can pass through."""
    room = Path(tempfile.mkdtemp(prefix="coolpapers-var-"))
    room.chmod(0o711)
    yield room / "var"
    shutil.rmtree(room, ignore_errors=True)
