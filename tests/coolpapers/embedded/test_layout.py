"""The small files under `var`."""

import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from coolpapers.embedded import EmbeddedError, secret_key
from coolpapers.embedded.account import Account
from coolpapers.embedded.layout import make_var, socket_folder

ME = Account("me", os.geteuid(), os.getegid())


def test_the_secret_key_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "var")
    assert len(key) >= 50
    assert secret_key(tmp_path / "var") == key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").glob(".*")] == []


def test_processes_that_ask_at_once_get_the_same_secret_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(secret_key, [tmp_path / "var"] * 32))) == 1


def test_a_secret_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    secret_key(tmp_path)
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_empty_secret_key_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert len(secret_key(tmp_path)) >= 50


def test_a_var_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match="set COOLPAPERS_VAR"):
        make_var(tmp_path / "file" / "var")


@pytest.mark.parametrize("name", ["with space", "with,comma", "with+plus", "quote'd", "ünï"])
def test_a_folder_with_odd_characters_gets_a_plain_socket_folder(tmp_path: Path, name: str) -> None:
    var = make_var(tmp_path / name)
    folder = socket_folder(var, "redis", ME)
    assert folder.name.startswith("coolpapers-")
    assert socket_folder(var, "redis", ME) == folder
    folder.rmdir()


def test_a_remembered_socket_folder_that_another_could_have_made_is_not_used(
    tmp_path: Path,
) -> None:
    var = make_var(tmp_path / "with space")
    open_to_all = tmp_path / "open"
    open_to_all.mkdir(mode=0o755)
    (var / "run" / "redis.sockets").write_text(str(open_to_all))
    folder = socket_folder(var, "redis", ME)
    assert folder != open_to_all
    folder.rmdir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_var_of_another_user_is_told_in_one_line() -> None:
    with pytest.raises(EmbeddedError, match="COOLPAPERS_VAR"):
        make_var(Path("/usr/var"))


def test_the_server_account_of_an_ordinary_user_is_that_user() -> None:
    assert ME.popen == {}
    assert ME.can(Path("/"), os.R_OK)


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_what_an_account_can_reach_is_what_the_kernel_lets_it_reach(tmp_path: Path) -> None:
    nobody = Account("nobody", 65534, 65534)
    assert nobody.can(Path("/"), os.R_OK)
    tmp_path.chmod(0o700)
    assert not nobody.can(tmp_path, os.X_OK)
    assert (
        subprocess.run(
            ["id", "-u"], capture_output=True, text=True, check=True, **nobody.popen
        ).stdout
        == "65534\n"
    )
