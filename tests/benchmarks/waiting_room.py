"""Memory with many cases open, each at its first wait for a person: filed, accepted by the registers, no seat yet."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.meter import MEGABYTE, difference
from tests.benchmarks.real import RealCase
from tests.benchmarks.timing import in_flight
from tests.benchmarks.world import World

AT_ONCE = 40
PARTS = ("worker-cases", "temporal", "postgres")


async def measured(world: World, levels: Sequence[int]) -> list[dict[str, Any]]:
    """Memory at each number of open cases, the first before any; those of other measurements are open as well."""
    found = [{"opened": 0, "memory_mb": _memory(world)}]
    opened = 0
    for level in levels:
        before = world.meter.seconds()
        people = world.people.some(level - opened, pictured=False)
        seconds, _ = await in_flight(AT_ONCE, people, lambda person: RealCase(world.office, person).files())
        spent = difference(before, world.meter.seconds(), level - opened)
        found.append(
            {
                "opened": level,
                "memory_mb": _memory(world),
                "engine_store_mb": _store(world),
                "per_second": round((level - opened) / seconds, 1),
                "cpu_ms": spent,
            }
        )
        opened = level
    return found


def _memory(world: World) -> dict[str, float]:
    return {part: round(world.meter.memory(part)) for part in PARTS}


def _store(world: World) -> int:
    files = Path(world.installation.folder).glob("temporal*")
    return round(sum(file.stat().st_size for file in files if file.is_file()) / MEGABYTE)
