"""How long a decision takes to be answered, at a few concurrencies, the bare one's answer beside it.

The decision is the examiner's: documents returned, and completed again, as often as one likes in the same case.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any

from tests.benchmarks import script as letters
from tests.benchmarks.real import RealCase
from tests.benchmarks.timing import Stopwatch, in_flight, percentiles
from tests.benchmarks.unreal import BareCase
from tests.benchmarks.world import World

DECISION, ACT = "decide_documents", "act"
SETTLED = 10.0  # seconds that a mail after a decision may take


async def measured(world: World, levels: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """For each level, so many cases at once, each decided so many times."""
    cases = await _at_the_examiner(world, max(at_once for at_once, _ in levels))
    script = await _one_decision(cases[0])
    found = []
    for at_once, times in levels:
        world.office.watch.seconds.clear()
        await in_flight(at_once, cases[:at_once], partial(_decided, times=times))
        watch = Stopwatch()
        bare = [BareCase(world.client, _running_before(script) + script * times, watch) for _ in range(at_once)]
        await in_flight(at_once, bare, lambda case: case.runs())
        found.append(
            {
                "in_flight": at_once,
                "real_ms": percentiles(world.office.watch.seconds[DECISION]),
                "bare_ms": percentiles(watch.seconds[ACT]),
            }
        )
    return found


async def _at_the_examiner(world: World, how_many: int) -> list[RealCase]:
    cases = [RealCase(world.office, person) for person in world.people.some(how_many, pictured=False)]

    async def comes(case: RealCase) -> None:
        await case.files()
        await case.goes_to_the_office()

    await in_flight(10, cases, comes)
    return cases


async def _decided(case: RealCase, times: int) -> None:
    for _ in range(times):
        await case.returned()


async def _one_decision(case: RealCase) -> str:
    """The script of one decision and its undoing."""
    await case.returned()
    known = len(await _settled(case))
    await case.returned()
    return letters.script_of((await _settled(case))[known:])


def _running_before(script: str) -> str:
    """The timers that run when the script begins, since it cancels them."""
    running = least = 0
    for letter in script:
        running += (letter == letters.TIMER) - (letter == letters.TIMER_OVER)
        least = min(least, running)
    return letters.TIMER * -least


async def _settled(case: RealCase) -> Sequence[Any]:
    async with asyncio.timeout(SETTLED):
        while True:
            events = (await case.handle.fetch_history()).events
            kinds = [event.WhichOneof("attributes") or "" for event in events]
            tasks = kinds.count("workflow_task_scheduled_event_attributes")
            ended = kinds.count("workflow_task_completed_event_attributes")
            script = letters.script_of(events)
            if tasks == ended and script.count(letters.CALL) == script.count(letters.CALLED):
                return events
            await asyncio.sleep(0.05)
