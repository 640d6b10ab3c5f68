"""What the image has beside our processes: secrets are made once, and the practice town comes up and leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from activities.keyring import load_keys, new_key_file
from tests.docker.compose_file import LIMIT, TOOLS, make_secrets, tool, variables


def test_secrets_are_made_once_and_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    names = make_secrets(folder)
    before = {name: (folder / name).read_bytes() for name in names}
    assert make_secrets(folder) == names
    assert {name: (folder / name).read_bytes() for name in names} == before
    assert folder.stat().st_mode & 0o777 == 0o700
    # libpq does not read a password file that others could.
    assert (folder / "paspor_pgpass").stat().st_mode & 0o077 == 0
    assert (folder / "paspor_keys").stat().st_mode & 0o077 == 0


def test_libpq_reads_the_password_that_the_database_was_given(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    password = (tmp_path / "paspor_password").read_text()
    assert (tmp_path / "paspor_pgpass").read_text() == f"postgresql:5432:paspor:paspor:{password}\n"
    assert len(password) >= 32
    assert set(password).isdisjoint(":\\\n")  # what a password file would have to escape


def test_the_keys_are_a_key_file(tmp_path: Path) -> None:
    make_secrets(tmp_path)
    assert set(load_keys(tmp_path / "paspor_keys").webhook_secrets) == {"billing", "abis"}


def test_a_worker_without_an_engine_is_not_well() -> None:
    assert tool("polls.py", "passport", PASPOR_TEMPORAL_ADDRESS="127.0.0.1:1").returncode == 1


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's module can be imported."""
    monkeypatch.syspath_prepend(str(TOOLS))


@pytest.mark.usefixtures("free")
def test_the_settings_of_practice_lead_to_the_town() -> None:
    import practice

    given = variables("practice.env")
    for name in ("population", "passports", "watchlist", "billing", "abis", "capture"):
        assert given[f"PASPOR_{name.upper()}_URL"] == practice.url(name)
    assert given["PASPOR_OIDC_ISSUER"] == practice.url("idp")
    assert given["PASPOR_SMTP_PORT"] == str(practice.PORTS["smtp"])


def test_the_town_comes_up_and_leaves_when_asked(tmp_path: Path) -> None:
    new_key_file(tmp_path / "keys.json")
    known = {"PASPOR_KEYS_FILE": str(tmp_path / "keys.json"), "PASPOR_PRACTICE_DIR": str(tmp_path / "town")}
    argv = [sys.executable, str(TOOLS / "practice.py"), "serve"]
    with subprocess.Popen(argv, env={**os.environ, **known}) as town:
        try:
            end = time.monotonic() + LIMIT
            while tool("practice.py", "ready").returncode != 0:
                assert town.poll() is None, "a part of the town ended"
                assert time.monotonic() < end, "the town does not come up"
            town.send_signal(signal.SIGTERM)
            assert town.wait(LIMIT) == 0
        finally:
            town.kill()
    assert tool("practice.py", "ready").returncode == 1
