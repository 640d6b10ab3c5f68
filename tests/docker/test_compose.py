"""What the compose file promises: every setting is one of ours, every queue has a worker, no door stands open."""

import re
import subprocess
from collections.abc import Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import ValidationError

from tests.docker.compose_file import DOCKER, argv, make_secrets, read, variables
from workers.cli import app
from workers.local import temporal
from workers.local.plan import WORKERS
from workers.runtime.settings import Settings

LIVE, PRACTICE = variables("live.env.example"), variables("practice.env")
IMAGE_USER = "10001:10001"


def services(given: Mapping[str, str] = LIVE) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read(given)["services"]
    return found


OURS = [name for name, service in services().items() if service["image"].startswith("paspor:")]
PROCESSES = [name for name in OURS if argv(services()[name])[0] == "paspor"]


def settings(service: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in service["environment"].items():
        monkeypatch.setenv(name, str(value))
    return Settings()


@pytest.mark.parametrize("name", PROCESSES)
def test_every_setting_is_one_of_ours(name: str) -> None:
    given = {key for key in services()[name]["environment"] if key.startswith("PASPOR_")}
    assert {key.removeprefix("PASPOR_").lower() for key in given} <= set(Settings.model_fields)


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_with_the_settings_of_production(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(services()[name], monkeypatch).environment == "production"


def test_production_refuses_the_sign_in_of_the_practice_town(monkeypatch: pytest.MonkeyPatch) -> None:
    api = services({**PRACTICE, "PASPOR_ENVIRONMENT": "production"})["api"]
    with pytest.raises(ValidationError, match="local issuer"):
        settings(api, monkeypatch)


@pytest.mark.parametrize("missing", ["PASPOR_OIDC_ISSUER", "PASPOR_BILLING_URL", "PASPOR_PUBLIC_URL"])
def test_what_nobody_can_guess_has_no_default(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        read({name: value for name, value in LIVE.items() if name != missing})


@pytest.mark.parametrize("name", PROCESSES)
def test_the_command_line_understands_what_is_run(name: str) -> None:
    verb, *options = argv(services()[name])[1:]
    command = typer.main.get_command(app)
    known = command.commands[verb]  # type: ignore[attr-defined]  # a group, as there are several verbs
    known.make_context(verb, list(options))  # raises for an option that is not there


@pytest.mark.parametrize(("profile", "offices"), [("live", {"denpasar"}), ("practice", {"denpasar", "latihan"})])
def test_every_queue_has_a_worker_in_each_profile(profile: str, offices: set[str]) -> None:
    up = [one for one in services().values() if profile in one.get("profiles", [profile])]
    served = [queue for one in up for queue in queues(argv(one))]
    wanted = {queue for names in WORKERS.values() for queue in names if not queue.startswith("printing-")}
    assert sorted(served) == sorted(wanted | {f"printing-{office}" for office in offices})


@pytest.mark.parametrize("name", [name for name in PROCESSES if "worker" in name])
def test_a_workers_health_is_asked_of_the_queues_that_it_serves(name: str) -> None:
    service = services()[name]
    assert service["healthcheck"]["test"][3:] == queues(argv(service))


@pytest.mark.parametrize("name", services())
def test_a_container_can_do_little(name: str) -> None:
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert name not in OURS or service["user"] == IMAGE_USER


def test_the_database_and_the_engine_are_inside_only() -> None:
    assert read(LIVE)["networks"]["inside"] == {"internal": True}
    assert [services()[name]["networks"] for name in ("postgresql", "temporal")] == [["inside"], ["inside"]]


@pytest.mark.parametrize("name", services())
def test_passwords_come_from_files(name: str) -> None:
    for key, value in services()[name].get("environment", {}).items():
        assert not re.search("PASS(WORD)?$|PWD|SECRET", key)
        assert not re.search("://[^/@]*:[^/@]*@", str(value))


def test_every_secret_that_is_used_is_made(tmp_path: Path) -> None:
    used = {secret for service in services().values() for secret in service.get("secrets", [])}
    assert used == set(read(LIVE)["secrets"]) == set(make_secrets(tmp_path / "secrets"))


def test_the_engine_is_of_the_version_that_the_tests_run_on() -> None:
    said = subprocess.run([temporal.binary(), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Server (?P<server>[\d.]+), UI (?P<ui>[\d.]+)", said)
    assert found is not None
    images = {service["image"] for service in services().values()}
    assert {
        f"temporalio/server:{found['server']}",
        f"temporalio/admin-tools:{found['server']}",
        f"temporalio/ui:{found['ui']}",
    } <= images


def test_our_image_has_our_version() -> None:
    assert {services()[name]["image"] for name in OURS} == {f"paspor:{installed('paspor')}"}


def test_the_image_runs_as_the_user_that_compose_names() -> None:
    assert f"\nUSER {IMAGE_USER}\n" in (DOCKER / "Dockerfile").read_text()


def queues(arguments: list[str]) -> list[str]:
    return [arguments[at + 1] for at, word in enumerate(arguments) if word == "--queue"]
