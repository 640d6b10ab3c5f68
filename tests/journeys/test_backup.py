"""The drill: half an application, a backup, everything destroyed, a restore elsewhere, and the other half."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from activities.keyring import new_key_file
from tests.journeys.application import application
from tests.journeys.evidence import all_went_once
from tests.journeys.installation import Installation, installed
from workers.local.backup import hashes

pytestmark = [pytest.mark.journey, pytest.mark.kill]


def paspor(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "workers.cli", *map(str, arguments)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation that this test alone destroys."""
    with installed(tmp_path_factory.mktemp("own") / "data") as found:
        yield found


@pytest.mark.timeout(300)
def test_half_an_application_is_lost_with_its_machine_and_goes_on_elsewhere(own: Installation, tmp_path: Path) -> None:
    copy, apart, elsewhere = tmp_path / "copy", tmp_path / "apart.json", own.folder.parent / "elsewhere"
    with application(own) as case:
        case.runs(until="interview")
        done = paspor("backup", copy, "--data", own.folder)
        assert done.returncode == 0, done.stderr
        assert "the keys are not" in done.stderr
        shutil.copy(own.folder / "keys.json", apart)
        # What happens after the copy is lost with the machine, and nothing else.
        made = json.loads((copy / "backup.json").read_text())
        own.stop()
        destroyed = own.folder / "postgres"
        shutil.rmtree(destroyed.resolve())
        shutil.rmtree(own.folder)

        again = paspor("restore", copy, "--keys", apart, "--data", elsewhere)
        assert again.returncode == 0, again.stderr
        with installed(elsewhere) as back:
            case.moves_to(back)
            case.runs()
            all_went_once(case)
            assert len(made["tables"]) > 20
            kept = hashes(back.environment["PASPOR_DATABASE_URL"])
            unchanged = ("paspor.calendar_day", "paspor.rule", "paspor.office")
            assert {name: kept[name] for name in unchanged} == {name: made["tables"][name] for name in unchanged}


def test_what_is_no_whole_backup_is_refused(installation: Installation, tmp_path: Path) -> None:
    copy, keys = tmp_path / "copy", installation.folder / "keys.json"
    assert paspor("backup", copy, "--data", installation.folder).returncode == 0
    names = {path.name for path in copy.rglob("*")}
    assert "keys.json" not in names
    with closing(sqlite3.connect(copy / "temporal.db")) as store:
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    # Into the same folder again, and onto an installation that is there.
    assert "holds something" in paspor("backup", copy, "--data", installation.folder).stderr
    assert "holds something" in paspor("restore", copy, "--keys", keys, "--data", installation.folder).stderr
    assert "no key file" in paspor("restore", copy, "--keys", tmp_path / "none", "--data", tmp_path / "new").stderr
    manifest = copy / "backup.json"
    told = manifest.read_text()
    manifest.write_text(json.dumps({**json.loads(told), "tables": {"paspor.rule": "0 0"}}))
    other = paspor("restore", copy, "--keys", keys, "--data", tmp_path / "other-tables")
    assert (other.returncode, "not what they were" in other.stderr) == (1, True)
    assert list((tmp_path / "other-tables").iterdir()) == []
    new_key_file(tmp_path / "keys.json")
    strange = paspor("restore", copy, "--keys", tmp_path / "keys.json", "--data", tmp_path / "new")
    assert (strange.returncode, "not the keys" in strange.stderr) == (1, True)
    manifest.write_text(told)
    dump = copy / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"x")
    spoiled = paspor("restore", copy, "--keys", keys, "--data", tmp_path / "new")
    assert (spoiled.returncode, "database.dump" in spoiled.stderr) == (1, True)
    assert not (tmp_path / "new").exists()
    assert "nothing is up" in paspor("backup", tmp_path / "other", "--data", tmp_path / "new").stderr
