"""One site a `var`, and the word it leaves for commands beside it."""

import os
from pathlib import Path

import pytest

from coolpapers.instance import AlreadyRunningError, Instance, read_shared


def test_a_second_instance_is_told_in_one_line_who_runs_and_where(tmp_path: Path) -> None:
    with (
        Instance(tmp_path, "http://127.0.0.1:8123"),
        pytest.raises(AlreadyRunningError) as refusal,
    ):
        Instance(tmp_path, "http://127.0.0.1:8124")
    assert f"process {os.getpid()}, http://127.0.0.1:8123" in str(refusal.value)
    assert "COOLPAPERS_VAR" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_lock_that_nobody_holds_is_no_obstacle_whatever_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"pid": 1, "environment": {"DATABASE_URL": "postgresql:///x"}}')
    assert read_shared(tmp_path) == {}
    with Instance(tmp_path, "http://127.0.0.1:8000"):
        assert read_shared(tmp_path) == {}


def test_what_is_shared_is_known_while_the_site_runs_and_to_its_owner_alone(
    tmp_path: Path,
) -> None:
    with Instance(tmp_path, "http://127.0.0.1:8000") as instance:
        instance.share({"DATABASE_URL": "postgresql://me:secret@db/coolpapers"})
        assert read_shared(tmp_path) == {"DATABASE_URL": "postgresql://me:secret@db/coolpapers"}
        assert (tmp_path / "lock").stat().st_mode & 0o077 == 0
    assert read_shared(tmp_path) == {}
    assert "secret" not in (tmp_path / "lock").read_text()
