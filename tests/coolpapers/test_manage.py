"""`manage.py` without a running site."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import manage

from .embedded.conftest import var as var  # the fixture
from .embedded.test_services import runs_nothing

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["fetch", "cs.AI"], True),
        (["createsuperuser"], True),
        (["migrate", "--noinput"], True),
        ([], False),
        (["fetch", "--help"], False),
        (["makemigrations", "--check"], False),
        (["collectstatic"], False),
        (["replay", "days"], False),
    ],
)
def test_only_commands_that_ask_the_database_start_one(arguments: list[str], needed: bool) -> None:
    assert manage.needs_services(arguments) is needed


def test_a_command_starts_the_services_for_as_long_as_it_takes(var: Path) -> None:
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_URL", "REDIS_URL", "COOLPAPERS_"))
    }
    environment = {**plain, "COOLPAPERS_VAR": str(var)}
    command = [sys.executable, "manage.py"]
    for arguments in (["migrate", "--verbosity", "0"], ["showmigrations", "auth"]):
        done = subprocess.run(
            [*command, *arguments],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert runs_nothing(var)
    assert "[X] 0001_initial" in done.stdout
