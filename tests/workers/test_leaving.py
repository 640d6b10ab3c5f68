"""How the command line leaves: with its code, with everything said, and with nothing of the interpreter's ending."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path


def paspor(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if not name.startswith("PASPOR_")}
    command = [sys.executable, "-m", "workers.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**known, **environment})


def test_what_was_said_is_out_before_it_leaves() -> None:
    done = paspor("version")
    assert (done.returncode, done.stdout) == (0, f"{version('paspor')}\n")


def test_codes_are_kept(tmp_path: Path) -> None:
    assert paspor("worker").returncode == 2
    assert "--queue" in paspor("worker").stderr
    assert paspor("demo", "--data", str(tmp_path)).returncode == 1


def test_what_nobody_expected_is_said_and_leaves_with_1(tmp_path: Path) -> None:
    done = paspor("migrate", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "ValidationError" in done.stderr


def test_exit_handlers_run() -> None:
    """What libraries want to say last is said: the process ends before the interpreter would ask them."""
    code = "import atexit, sys; from workers import cli; atexit.register(print, 'last'); sys.argv[1:] = ['version']"
    done = subprocess.run([sys.executable, "-c", f"{code}; cli.main()"], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "last"
