"""The notices name every package that runs, with its licence, and say where a text is not to be had."""

import subprocess
import sys
from pathlib import Path

from tests.checks import locks
from tests.checks.licences import installed
from tests.docker.compose_file import TOOLS


def written(tmp_path: Path, *arguments: str) -> str:
    file = tmp_path / "of a release" / "NOTICES.md"
    subprocess.run([sys.executable, str(TOOLS / "notices.py"), *arguments, str(file)], check=True, timeout=60)
    return file.read_text()


def packages(text: str) -> set[str]:
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    return {name.lower().replace("_", "-") for name in rows[1:]}


def test_every_package_of_the_lock_has_its_licence(tmp_path: Path) -> None:
    lock = locks.ROOT / "requirements.txt"
    text = written(tmp_path, "--lock", str(lock))
    assert packages(text) == locks.pins(lock).keys() & installed().keys()
    assert "| not said |" not in text
    # One package has no text of its own, and its licence is one of which there are texts.
    assert text.count("Its wheel brings no text") == 1


def test_the_database_and_the_engine_are_named(tmp_path: Path) -> None:
    text = written(tmp_path, "--lock", str(locks.ROOT / "requirements.txt"))
    assert "PostgreSQL Global Development Group" in text
    assert "Temporal Technologies Inc." in text
    assert "temporalio-sdk-core" in text  # built into the engine's client


def test_without_a_lock_it_is_all_that_is_installed_but_ourselves(tmp_path: Path) -> None:
    found = packages(written(tmp_path))
    assert {"pytest", "sqlalchemy"} <= found
    assert "paspor" not in found
