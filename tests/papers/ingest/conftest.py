"""Fixtures of several files here."""

import pytest

from papers.ingest.history import source


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few lines a block, so that a small file has many."""
    monkeypatch.setattr(source, "_BLOCK", 2000)
    monkeypatch.setattr(source, "_HEAD", 500)
    monkeypatch.setattr(source, "_TAIL", 100)
