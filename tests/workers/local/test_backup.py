"""What a backup holds still goes on again, however the backup ends; and a restore needs the keys it was sealed by."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from activities.keyring import new_key_file
from workers.local.backup import BackupFailed, refuse_other_keys
from workers.local.datafolder import DataFolder
from workers.local.keyproof import key_proof

HOLDING = """
import sys
from pathlib import Path
from workers.local.backup import held_still
from workers.local.datafolder import DataFolder

with held_still(DataFolder(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    found = DataFolder(tmp_path / "data")
    found.make()
    return found


@pytest.fixture
def part(folder: DataFolder) -> "Iterator[subprocess.Popen[bytes]]":
    """A process of an installation."""
    with subprocess.Popen(["sleep", "600"]) as process:
        folder.parts.write_text(json.dumps({"api": process.pid, "postgres": os.getpid()}))
        folder.environment.write_text("{}")
        yield process
        process.kill()


def held(folder: DataFolder) -> "subprocess.Popen[str]":
    """A backup that has everything held still."""
    argv = [sys.executable, "-c", HOLDING, str(folder.root)]
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def stands(pid: int, still: bool) -> bool:
    """Whether a process is as asked, within some seconds: the kernel stops one when it is its turn."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T") is still:
            return True
    return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_backup_that_is_told_to_stop_lets_go(
    folder: DataFolder, part: "subprocess.Popen[bytes]", number: signal.Signals
) -> None:
    with held(folder) as backup:
        assert stands(part.pid, still=True)
        backup.send_signal(number)
        backup.communicate(timeout=30)
    assert stands(part.pid, still=False)


def test_a_second_backup_is_refused_and_does_not_let_go_what_the_first_holds(
    folder: DataFolder, part: "subprocess.Popen[bytes]"
) -> None:
    with held(folder) as first:
        second = subprocess.run([sys.executable, "-c", HOLDING, str(folder.root)], capture_output=True, text=True)
        assert (second.returncode, "another backup" in second.stderr) == (1, True)
        assert stands(part.pid, still=True)
        first.communicate("", timeout=30)
    assert stands(part.pid, still=False)


def test_keys_of_another_installation_are_refused(folder: DataFolder, tmp_path: Path) -> None:
    proof, other = key_proof(folder.keys), tmp_path / "other.json"
    refuse_other_keys(folder.keys, proof)
    new_key_file(other)
    with pytest.raises(BackupFailed, match="not the keys"):
        refuse_other_keys(other, proof)
    stored = json.loads(folder.keys.read_text())
    stored["pepper"] = json.loads(other.read_text())["pepper"]
    other.write_text(json.dumps(stored))
    with pytest.raises(BackupFailed, match="not the keys"):
        refuse_other_keys(other, proof)
    other.write_text("{}")
    with pytest.raises(BackupFailed, match="no key file"):
        refuse_other_keys(other, proof)
