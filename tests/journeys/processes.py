"""Processes of this machine, told apart from later ones that got the same number."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Process(NamedTuple):
    """A process: its number and the moment of its start, by the kernel's clock."""

    pid: int
    started: str


def descendants(pid: int) -> set[Process]:
    """All that a process has started and that runs now, and all that those have started."""
    parents = {found.pid: (found, parent) for found, parent in _running()}
    below: set[Process] = set()
    reached = {pid}
    while new := {one for one, (_, parent) in parents.items() if parent in reached} - reached:
        reached |= new
        below |= {parents[one][0] for one in new}
    return below


def alive(processes: Iterable[Process]) -> set[Process]:
    """Those that still run; one that only waits to be buried does not."""
    return set(processes) & {found for found, _ in _running()}


def _running() -> Iterator[tuple[Process, int]]:
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # The name stands in brackets and may hold anything; what follows it is numbered from field 3.
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] not in "ZX" and int(entry.name) != os.getpid():
            yield Process(int(entry.name), fields[19]), int(fields[1])
