"""Recorded histories: the engine's own JSON, one gzip file a case, one folder a version of the procedure.

Payloads are not sealed. All people in them are invented.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from temporalio.client import WorkflowHistory

FOLDER = Path(__file__).parent / "histories"
ENDED, OPEN = "ended-", "open-"


def write(history: WorkflowHistory, path: Path) -> None:
    """Write one history; the same history makes the same bytes."""
    compact = json.dumps(json.loads(history.to_json()), separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(compact, mtime=0))


def read(path: Path) -> WorkflowHistory:
    """Read what `write` wrote."""
    return WorkflowHistory.from_json(path.name, gzip.decompress(path.read_bytes()).decode())


def versions() -> list[Path]:
    """The folders, the oldest recording first."""
    return sorted((folder for folder in FOLDER.iterdir() if folder.is_dir()), key=_number)


def files() -> Iterator[Path]:
    """All recordings of all versions that may have open cases."""
    for version in versions():
        yield from sorted(version.glob("*.json.gz"))


def _number(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.name.split("."))
