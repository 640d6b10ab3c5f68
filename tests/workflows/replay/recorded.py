"""Recorded histories: the engine's own JSON, one gzip file a case, one folder a version of the procedure.

Payloads are not sealed. All people in them are invented.
"""

import gzip
import json
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

FOLDER = Path(__file__).parent / "histories"
ENDED, OPEN = "ended-", "open-"


def write(history: WorkflowHistory, path: Path) -> None:
    """Write one history; the same history makes the same bytes."""
    found = json.loads(history.to_json(), object_hook=_without_traceback)
    path.write_bytes(gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0))


def read(path: Path) -> WorkflowHistory:
    """Read what `write` wrote."""
    return WorkflowHistory.from_json(path.name, gzip.decompress(path.read_bytes()).decode())


def versions() -> list[Path]:
    """The folders, the oldest recording first."""
    return sorted((folder for folder in FOLDER.iterdir() if folder.is_dir()), key=_number)


def files() -> list[Path]:
    """All recordings of all versions that may have open cases."""
    return [path for version in versions() for path in sorted(version.glob("*.json.gz"))]


def _without_traceback(thing: dict[str, Any]) -> dict[str, Any]:
    """A failure of a fake shows where the recorder's files lie, which is nobody's business and no part of the case."""
    thing.pop("stackTrace", None)
    return thing


def _number(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.name.split("."))
