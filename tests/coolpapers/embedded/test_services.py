"""The embedded PostgreSQL and Redis, for real: started, shared, killed, revived, stopped."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
import redis

from coolpapers.embedded import EmbeddedError, Services, start
from coolpapers.embedded.account import SYSTEM_USER
from coolpapers.embedded.layout import is_held, read_state
from coolpapers.embedded.leash import started_at

PROJECT = Path(__file__).resolve().parents[3]
ROOT = os.geteuid() == 0


def eventually(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not (result := true()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return result


def ask(services: Services, statement: str) -> object:
    with psycopg.connect(services.database_url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def answers(services: Services) -> bool:
    try:
        return ask(services, "SELECT 1") == 1
    except psycopg.OperationalError:
        return False


def server_of(services: Services) -> int:
    """The postmaster's process, as the kernel names it at the other end of the socket."""
    with psycopg.connect(services.database_url) as connection:
        backend = connection.info.backend_pid
        return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def keeper_of(var: Path, service: str) -> int:
    return int(read_state(var, service)["pid"])


def runs_nothing(var: Path) -> bool:
    held = any(is_held(var / "run" / f"{name}.keeper") for name in ("postgres", "redis"))
    return not held and not _processes_naming(var)


def _processes_naming(var: Path) -> list[str]:
    lines = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = file.read_bytes()
        except OSError:
            continue
        if os.fsencode(var) in line:
            lines.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return lines


def test_data_outlive_a_stop_and_the_second_start_is_quick(var: Path) -> None:
    with start(var) as services:
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Schrödinger')")
        assert redis.Redis.from_url(services.redis_url).ping()
    assert runs_nothing(var)

    began = time.monotonic()
    with start(var, redis=False) as services:
        assert time.monotonic() - began < 5
        assert ask(services, "SELECT word FROM kept") == "Schrödinger"
    assert runs_nothing(var)


def test_the_servers_are_private(var: Path) -> None:
    with start(var, throwaway=True) as services:
        assert ask(services, "SHOW listen_addresses") == ""
        assert ask(services, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
        folders = [
            parse_qs(urlsplit(services.database_url).query)["host"][0],
            str(Path(urlsplit(services.redis_url).path).parent),
        ]
        for folder in folders:
            assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        assert redis.Redis.from_url(services.redis_url).config_get("port")["port"] == "0"


@pytest.mark.skipif(not ROOT, reason="becoming another user needs root")
def test_another_user_of_the_machine_gets_in_nowhere(var: Path) -> None:
    with start(var, throwaway=True) as services:
        # Even through a folder that has been opened by mistake, the kernel's word is asked for.
        socket_folder = Path(parse_qs(urlsplit(services.database_url).query)["host"][0])
        socket_folder.chmod(0o711)
        (socket_folder / ".s.PGSQL.5432").chmod(0o777)
        script = (
            "import os, sys, psycopg\n"
            "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
            "try: psycopg.connect(sys.argv[1])\n"
            "except psycopg.OperationalError as error: print(error)\n"
        )
        said = subprocess.run(
            [sys.executable, "-c", script, services.database_url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "Peer authentication failed" in said


@pytest.mark.skipif(not ROOT, reason="only root runs PostgreSQL as another user")
def test_started_by_root_postgresql_runs_as_a_user_of_its_own(var: Path) -> None:
    above = stat.S_IMODE(var.parent.stat().st_mode)
    with start(var, redis=False, throwaway=True) as services:
        assert Path(f"/proc/{server_of(services)}").owner() == SYSTEM_USER
    assert stat.S_IMODE(var.parent.stat().st_mode) == above


@pytest.mark.skipif(not ROOT, reason="only root runs PostgreSQL as another user")
def test_where_its_user_cannot_reach_var_the_data_lie_elsewhere_and_a_line_says_where(
    var: Path,
) -> None:
    var.parent.chmod(0o700)
    elsewhere = None
    try:
        for _ in range(2):
            with start(var, redis=False) as services:
                elsewhere = Path(json.loads((var / "postgres.at").read_text())["folder"])
                assert Path(f"/proc/{server_of(services)}/cwd").readlink() == elsewhere / "data"
        assert f"The database lies in {elsewhere}" in (var / "log" / "postgres.log").read_text()
        assert stat.S_IMODE(var.parent.stat().st_mode) == 0o700
    finally:
        if elsewhere is not None:
            subprocess.run(["rm", "-rf", str(elsewhere)], check=True)


def test_a_deep_folder_gets_a_short_socket(var: Path) -> None:
    deep = var.parent / "/".join(["a-rather-long-folder-name"] * 7) / "var"
    with start(deep, throwaway=True) as services:
        assert len(str(deep)) > 150
        folder = Path(parse_qs(urlsplit(services.database_url).query)["host"][0])
        assert answers(services)
        assert redis.Redis.from_url(services.redis_url).ping()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not folder.exists()


def test_users_share_the_servers_and_the_last_to_leave_stops_them(var: Path) -> None:
    first = start(var, throwaway=True)
    second = start(var, throwaway=True)
    assert first.environment == second.environment
    first.stop()
    assert answers(second)
    second.stop()
    assert runs_nothing(var)


def test_a_killed_user_leaves_nothing_running(var: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom coolpapers.embedded import start\n"
        "services = start(Path(sys.argv[1]), throwaway=True)\nprint('up', flush=True)\n"
        "time.sleep(600)\n"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", script, str(var)], cwd=PROJECT, stdout=subprocess.PIPE
    )
    assert user.stdout is not None
    assert user.stdout.readline() == b"up\n"
    user.kill()
    user.wait()
    user.stdout.close()
    assert eventually(lambda: runs_nothing(var))


def test_a_killed_server_is_back_at_the_same_address(var: Path) -> None:
    with start(var, throwaway=True) as services:
        os.kill(server_of(services), signal.SIGKILL)
        assert eventually(lambda: answers(services))
        assert eventually(
            lambda: (
                "== PostgreSQL was killed by signal 9; starting it again."
                in (var / "log" / "postgres.log").read_text()
            )
        )
        client = redis.Redis.from_url(services.redis_url)
        os.kill(int(client.info()["process_id"]), signal.SIGKILL)
        assert eventually(lambda: _pings(services))


def _pings(services: Services) -> bool:
    try:
        return bool(redis.Redis.from_url(services.redis_url).ping())
    except redis.ConnectionError:
        return False


def test_a_killed_keeper_is_replaced_and_its_server_with_it(var: Path) -> None:
    with start(var, redis=False, throwaway=True) as services:
        server = server_of(services)
        os.kill(keeper_of(var, "postgres"), signal.SIGKILL)
        assert eventually(lambda: bool(services.revive()))
        assert answers(services)
        assert started_at(server) is None


def test_after_everything_was_killed_at_once_the_next_start_works(var: Path) -> None:
    services = start(var)
    with psycopg.connect(services.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1")
    server, keeper = server_of(services), keeper_of(var, "postgres")
    # The keeper cannot tell its server, and the server cannot tidy up.
    os.kill(server, signal.SIGSTOP)
    os.kill(keeper, signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    services.stop()
    assert (var / "postgres" / "data" / "postmaster.pid").exists()
    with start(var) as services:
        assert ask(services, "SELECT count(*) FROM kept") == 1


def test_a_stale_process_number_of_some_other_process_stops_nobody(var: Path) -> None:
    """As in a container, where numbers are few and soon in use again."""
    with start(var, redis=False):
        pass
    left = var / "postgres" / "data" / "postmaster.pid"
    left.write_text(f"{os.getppid()}\n{left.parent}\n1\n5432\n\n\n\n")
    left.chmod(0o600)
    with start(var, redis=False) as services:
        assert answers(services)


def test_a_set_up_that_was_cut_short_is_made_anew(var: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom coolpapers.embedded import start\n"
        "start(Path(sys.argv[1]), redis=False)\n"
    )
    user = subprocess.Popen([sys.executable, "-c", script, str(var)], cwd=PROJECT)
    unfinished = var / "postgres" / "data.new"
    assert eventually(lambda: (unfinished / "base").exists())
    os.kill(keeper_of(var, "postgres"), signal.SIGKILL)
    user.kill()
    user.wait()
    assert eventually(lambda: not _processes_naming(var))
    assert unfinished.exists()

    with start(var, redis=False) as services:
        assert answers(services)
    assert not unfinished.exists()
    assert "An unfinished set-up" in (var / "log" / "postgres.log").read_text()


def test_broken_data_are_put_aside_and_never_deleted(var: Path) -> None:
    data = var / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18\n")
    (data / "precious").write_text("?")
    with start(var, redis=False) as services:
        assert answers(services)
    (aside,) = (var / "postgres").glob("data.broken-*")
    assert (aside / "precious").exists()


def test_data_of_a_newer_release_are_refused_in_one_line_and_left_alone(var: Path) -> None:
    with start(var, redis=False):
        pass
    data = var / "postgres" / "data"
    (data / "PG_VERSION").write_text("99\n")
    with pytest.raises(EmbeddedError) as refusal:
        start(var, redis=False)
    assert "newer release" in str(refusal.value)
    assert "COOLPAPERS_VAR" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    (data / "PG_VERSION").write_text("18\n")
    (data / "coolpapers.json").write_text('{"format": 99}')
    with pytest.raises(EmbeddedError, match="newer release"):
        start(var, redis=False)
    assert runs_nothing(var)


def test_data_of_an_unknown_older_postgresql_are_refused_in_one_line(var: Path) -> None:
    with start(var, redis=False):
        pass
    (var / "postgres" / "data" / "PG_VERSION").write_text("12\n")
    with pytest.raises(EmbeddedError, match=r"is of PostgreSQL 12.*pg_dump"):
        start(var, redis=False)


def test_data_of_the_older_postgresql_that_the_wheel_carries_are_upgraded(var: Path) -> None:
    from coolpapers.embedded.account import choose_account
    from coolpapers.embedded.cluster import Cluster
    from coolpapers.embedded.layout import make_var, socket_folder
    from coolpapers.embedded.programs import find_programs

    older = find_programs()[-1]
    account = choose_account()
    home = make_var(var) / "postgres"
    home.mkdir(mode=0o700)
    account.take(home)
    folder = socket_folder(var, "postgres", account)
    Cluster(home, account, print).ensure([older], folder)
    assert (home / "data" / "PG_VERSION").read_text().strip() == str(older.major)
    subprocess.run(
        [older / "postgres", "--single", "-D", home / "data", "coolpapers"],
        input="CREATE TABLE kept AS SELECT 7 AS number\nALTER TABLE kept OWNER TO coolpapers\n",
        text=True,
        check=True,
        cwd="/",
        capture_output=True,
        **account.popen,
    )

    with start(var, redis=False) as services:
        version = ask(services, "SHOW server_version")
        assert str(version).startswith(f"{find_programs()[0].major}.")
        assert ask(services, "SELECT number FROM kept") == 7
    assert [path.name for path in home.iterdir()] == ["data"]


def test_a_server_that_cannot_start_is_told_in_one_line(var: Path) -> None:
    with start(var, redis=False):
        pass
    (var / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match="PostgreSQL did not start") as refusal:
        start(var, redis=False)
    assert str(var / "log" / "postgres.log") in str(refusal.value)
    assert "\n" not in str(refusal.value)
