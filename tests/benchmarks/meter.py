"""What the processes of an installation use: CPU seconds and memory, by what they are for."""

import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from workers.local.addresses import STANDINS

PIDS = Callable[[], Mapping[str, int]]
Seconds = defaultdict[str, float]
GROUPS = {
    "temporal": "engine",
    "postgres": "PostgreSQL",
    "worker-cases": "worker-cases",
    "worker-partners": "worker-partners",
    "worker-printing": "worker-printing",
    "worker-printing-more": "worker-printing",
    "api": "API",
    "bare-cases": "bare-cases",
    "bare-partners": "bare-partners",
    **dict.fromkeys((*STANDINS, "idp"), "stand-ins"),
}
ORDER = (*dict.fromkeys(GROUPS.values()), "driver")
CORE_THREADS = ("tokio", "temporal")
MEGABYTE = 1_000_000


class Meter:
    """Reads the processes that `pids` names, and ourselves as the driver."""

    def __init__(self, pids: PIDS) -> None:
        self._pids = pids

    def seconds(self) -> Seconds:
        """CPU seconds since the start of each process, by group."""
        found: Seconds = defaultdict(float)
        for name, pid in self._pids().items():
            if name in GROUPS:  # what ran once has left
                found[GROUPS[name]] += _seconds(psutil.Process(pid))
        ourselves = psutil.Process(os.getpid()).cpu_times()
        found["driver"] = ourselves.user + ourselves.system
        return found

    def memory(self, part: str) -> float:
        """Resident megabytes of a part with its children; what they share counts for each."""
        process = psutil.Process(self._pids()[part])
        family = [process, *process.children(recursive=True)]
        return sum(float(one.memory_info().rss) for one in family) / MEGABYTE

    def pid(self, part: str) -> int:
        """The process of a part."""
        return self._pids()[part]

    def threads(self, part: str) -> Seconds:
        """CPU seconds of a worker: those of the SDK's core, which is not Python, and those of Python."""
        found: Seconds = defaultdict(float)
        pid = self._pids()[part]
        for thread in psutil.Process(pid).threads():
            name = Path(f"/proc/{pid}/task/{thread.id}/comm").read_text().strip()
            kind = "core" if name.startswith(CORE_THREADS) else "python"
            found[kind] += thread.user_time + thread.system_time
        return found


def difference(before: Seconds, after: Seconds, per: int) -> dict[str, float]:
    """Milliseconds for each of `per` things, between two readings; what used nothing is left out."""
    spent = {name: (after[name] - before[name]) * 1000 / per for name in (*ORDER, *sorted(set(after) - set(ORDER)))}
    return {name: round(value, 1) for name, value in spent.items() if value >= 0.05}


def _seconds(process: psutil.Process) -> float:
    """Of a process, of its children, and of those of them that have ended."""
    times = process.cpu_times()
    own = float(times.user + times.system + times.children_user + times.children_system)
    return own + sum(_seconds_or_none(child) for child in process.children())


def _seconds_or_none(process: psutil.Process) -> float:
    try:
        return _seconds(process)
    except psutil.NoSuchProcess:  # it has ended, and counts with its parent from now on
        return 0.0
