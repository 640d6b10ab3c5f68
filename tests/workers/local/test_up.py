"""One installation at a time, addresses that stay, and what the command line and the doctor say."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from activities.keyring import load_keys
from workers.doctor import examine
from workers.local.addresses import NAMES, PortTakenError, choose
from workers.local.datafolder import DataFolder, InUseError
from workers.local.plan import Plan
from workers.local.postgres import LocalPostgres


def paspor(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "workers.cli", *arguments]
    known = {**os.environ, **environment}
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, env=known)


def listening(port: int = 0) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def test_ports_stay_the_same_and_differ_from_each_other(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = choose(memory, 0)
    assert set(first.ports) == set(NAMES)
    assert len(set(first.ports.values())) == len(NAMES)
    assert choose(memory, 0) == first


def test_a_port_that_was_taken_meanwhile_is_replaced_alone(tmp_path: Path) -> None:
    memory = tmp_path / "ports.json"
    first = choose(memory, 0)
    with listening(first.ports["idp"]):
        second = choose(memory, 0)
    assert second.ports["idp"] != first.ports["idp"]
    assert {**second.ports, "idp": 0} == {**first.ports, "idp": 0}
    assert choose(memory, 0) == second


def test_a_port_that_was_asked_for_is_had_or_refused(tmp_path: Path) -> None:
    with listening() as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=str(port)):
            choose(tmp_path / "ports.json", port)
    assert choose(tmp_path / "ports.json", port).ports["api"] == port


def test_addresses_have_the_promised_form(tmp_path: Path) -> None:
    public = choose(tmp_path / "ports.json", 0).public()
    standins, metrics = public.pop("standins"), public.pop("metrics")
    assert set(public) == {"api", "idp", "temporal_ui"}
    assert isinstance(standins, dict)
    assert isinstance(metrics, dict)
    assert set(standins) == {"population", "passports", "watchlist", "billing", "abis", "capture", "printer", "mail"}
    assert all(
        str(url).startswith("http://127.0.0.1:") for url in (*public.values(), *standins.values(), *metrics.values())
    )


def test_a_folder_is_held_by_one(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert folder.holder() is None
    with folder.held():
        assert folder.holder() == os.getpid()
        with pytest.raises(InUseError, match=str(os.getpid())), DataFolder(tmp_path / "data").held():
            pass
    assert folder.holder() is None


def test_a_second_up_is_refused_in_one_line(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "data").held():
        second = paspor("up", "--json", "--data", str(tmp_path / "data"))
    assert second.returncode == 1
    assert json.loads(second.stdout)["event"] == "failed"
    assert f"process {os.getpid()}" in second.stderr
    assert "Traceback" not in second.stderr
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["lock"]


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    assert folder.make()
    made = folder.keys.read_bytes()
    assert not folder.make()
    assert folder.keys.read_bytes() == made
    assert folder.keys.stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o066 == 0


def test_a_process_takes_over_one_installation_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = DataFolder(tmp_path)
    folder.environment.write_text(json.dumps({"PASPOR_DATABASE_URL": "theirs", "PASPOR_SMTP_PORT": "25"}))
    with monkeypatch.context() as here:
        here.setenv("PASPOR_DATABASE_URL", "ours")
        folder.adopt_environment()
        assert (os.environ["PASPOR_DATABASE_URL"], os.environ.get("PASPOR_SMTP_PORT")) == ("ours", None)
    with monkeypatch.context() as here:
        here.setenv("PASPOR_DATABASE_URL", "x")
        here.setenv("PASPOR_SMTP_PORT", "x")
        here.delenv("PASPOR_DATABASE_URL")
        folder.adopt_environment()
        assert (os.environ["PASPOR_DATABASE_URL"], os.environ["PASPOR_SMTP_PORT"]) == ("theirs", "25")
        here.setenv("PASPOR_DATABASE_URL", "x")


def test_standins_are_told_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASPOR_KEYS_FILE", "inherited")
    folder = DataFolder(tmp_path)
    folder.make()
    postgres = LocalPostgres(folder.postgres)
    postgres.prepare()
    parts = {part.name: part for part in Plan(folder, choose(folder.ports, 0), postgres).parts()}
    secrets = load_keys(folder.keys).webhook_secrets
    known = {
        name: {key: value for key, value in parts[name].command.environment.items() if key.startswith("PASPOR_")}
        for name in ("population", "mail", "idp", "billing", "abis", "api")
    }
    assert known["population"] == known["mail"] == known["idp"] == {}
    for name in ("billing", "abis"):
        assert set(known[name]) == {"PASPOR_API_URL", "PASPOR_WEBHOOK_SECRET"}
        assert known[name]["PASPOR_WEBHOOK_SECRET"] == secrets[name][0]
    assert known["api"]["PASPOR_KEYS_FILE"] == str(folder.keys)
    assert "PASPOR_WEBHOOK_SECRET" not in known["api"]


def test_the_doctor_names_what_is_wrong_and_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder(tmp_path)
    folder.make()
    assert [finding for finding in examine(folder) if not finding.well] == []
    folder.keys.chmod(0o644)
    monkeypatch.setenv("PG_BINDIR", str(tmp_path / "nothing"))
    wrong = {finding.what: finding for finding in examine(folder) if not finding.well}
    assert set(wrong) == {"PostgreSQL", "keys"}
    assert wrong["keys"].mend == f"chmod 600 {folder.keys}"
    assert "PG_BINDIR" in wrong["PostgreSQL"].mend


def test_the_doctor_looks_at_what_runs(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.make()
    with folder.held(), listening() as silent:
        dead = f"http://127.0.0.1:{silent.getsockname()[1]}"
        silent.close()
        folder.addresses.write_text(json.dumps({"api": dead, "standins": {"mail": dead}}))
        folder.parts.write_text(json.dumps({"worker": os.getpid(), "api": 2**22 + 1}))
        wrong = {finding.what for finding in examine(folder) if not finding.well}
    assert wrong == {"address api", "address mail", "process api"}


def test_doctor_answers_machines_on_standard_output(tmp_path: Path) -> None:
    done = paspor("doctor", "--json", "--data", str(tmp_path), PG_BINDIR=str(tmp_path))
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert not answer["well"]
    assert "mend:" in done.stderr


@pytest.mark.parametrize("command", ["up", "demo", "doctor", "worker", "api", "migrate", "version"])
def test_every_command_shows_an_example(command: str) -> None:
    done = paspor(command, "--help", COLUMNS="200", NO_COLOR="1")
    assert f"paspor {command}" in done.stdout.split("Example:")[1]


def test_demo_without_a_running_system_says_what_to_do(tmp_path: Path) -> None:
    done = paspor("demo", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_version_is_one_line() -> None:
    assert paspor("version").stdout.strip()
