"""Small parts for the supervisor's tests: shell scripts that say in a file that they are ready."""

import os
from collections.abc import Sequence
from pathlib import Path

from workers.local.children import Command
from workers.local.parts import Part, Ready

OBEDIENT = 'echo $$ >> "$0"; exec sleep 600'
STUBBORN = 'trap "" TERM; echo $$ >> "$0"; exec sleep 600'  # ignores TERM
PARENT = 'trap "" TERM; echo $$ >> "$0"; sleep 600 & wait'  # and has a child of its own
FAILING = "exit 3"


def fake(folder: Path, name: str, *, script: str = OBEDIENT, after: Sequence[str] = (), once: bool = False) -> Part:
    """A part that writes its process id into `folder/name` each time it starts."""
    mark = folder / name
    command = Command(argv=["/bin/sh", "-c", script, str(mark)], log=folder / f"{name}.log")
    return Part(name=name, command=command, ready=marked(mark), after=after, grace=0.5, patience=5.0, once=once)


def marked(mark: Path) -> Ready:
    """Ready when the process has written its id."""

    def has(pid: int) -> bool:
        return mark.exists() and str(pid) in mark.read_text().split()

    async def ready(pid: int) -> bool:
        return has(pid)

    return ready


def alive(pid: int) -> bool:
    """Does the process run? One that waits to be buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def members(group: int) -> list[int]:
    """The running processes of a process group."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and alive(int(entry)):
            try:
                if os.getpgid(int(entry)) == group:
                    found.append(int(entry))
            except ProcessLookupError:
                continue
    return found
