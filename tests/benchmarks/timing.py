"""How long each message took, by its name, and how many things are done at once."""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Stopwatch:
    """Collects seconds by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    async def over(self, name: str, work: Awaitable[T]) -> T:
        """Wait for something, and remember how long that took."""
        began = time.perf_counter()
        result = await work
        self.seconds[name].append(time.perf_counter() - began)
        return result


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Milliseconds at p50, p90 and p99, and how many were measured."""
    if len(seconds) < 2:
        return {"measured": len(seconds)}
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return {"measured": len(seconds), **{f"p{cut}": round(cuts[cut - 1] * 1000, 1) for cut in (50, 90, 99)}}


async def in_flight(at_once: int, things: Iterable[T], work: Callable[[T], Awaitable[R]]) -> tuple[float, list[R]]:
    """Do `work` with each thing, `at_once` of them at a time; the seconds that all took, and the results in order."""
    room = asyncio.Semaphore(at_once)

    async def one(thing: T) -> R:
        async with room:
            return await work(thing)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as together:
        tasks = [together.create_task(one(thing)) for thing in things]
    return time.perf_counter() - began, [task.result() for task in tasks]
