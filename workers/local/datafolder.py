"""The folder of one installation: keys, databases, logs and addresses, used by one `paspor up` at a time."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from activities.keyring import new_key_file


class InUseError(Exception):
    """Another `paspor up` runs on this folder."""


def default_folder() -> Path:
    """`$XDG_DATA_HOME/paspor`, by default `~/.local/share/paspor`."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "paspor"


class DataFolder:
    """Names of what is in the folder, and its making."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.keys = self.root / "keys.json"
        self.files = self.root / "files"
        self.logs = self.root / "logs"
        self.postgres = self.root / "postgres"
        self.temporal = self.root / "temporal.db"
        self.standins = self.root / "standins"
        self.ports = self.root / "ports.json"
        self.addresses = self.root / "addresses.json"
        self.environment = self.root / "environment.json"
        self.parts = self.root / "parts.json"
        self._lock = self.root / "lock"

    def make(self) -> bool:
        """Make the folders and, at the first start, the keys; says whether it was the first."""
        self.make_folders()
        first = not self.keys.exists()
        if first:
            new_key_file(self.keys)
        return first

    def make_folders(self) -> None:
        """Make the folders alone."""
        # As root the database's user must pass through; it may not look around.
        self.root.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        for folder in (self.files, self.logs, self.standins):
            folder.mkdir(exist_ok=True, mode=0o700)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for this process, whose end releases it; raises `InUseError` when another holds it."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
        with self._lock.open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUseError(f"paspor is running on {self.root} (process {self.holder() or 'unknown'})") from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            yield

    def holder(self) -> int | None:
        """The process that holds the folder now, if one does."""
        try:
            with self._lock.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            text = self._lock.read_text()
            return int(text) if text.isdigit() else 0
        except FileNotFoundError:
            pass
        return None

    def adopt_environment(self) -> None:
        """Take over the `PASPOR_*` variables of this installation, unless the process was told of another one."""
        if "PASPOR_DATABASE_URL" not in os.environ and self.environment.exists():
            os.environ.update(json.loads(self.environment.read_text()))


def write_whole(path: Path, content: Mapping[str, object]) -> None:
    """Write JSON so that a reader sees the old file or the new one, never half of it."""
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(content, indent=1) + "\n")
    unfinished.rename(path)
