"""Whole applications, real and bare in turn: rates, CPU, and what a history holds."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from temporalio.client import WorkflowHandle

from tests.benchmarks import script as letters
from tests.benchmarks.meter import ORDER, difference
from tests.benchmarks.real import RealCase
from tests.benchmarks.timing import Stopwatch, in_flight, percentiles
from tests.benchmarks.unreal import BareCase
from tests.benchmarks.world import World

# Of a case, and of a bare one: what runs the workflow, without databases of ours, partners and stand-ins.
WORKFLOW_ONLY = ("engine", "worker-cases", "bare-cases")
# Of an installation: the outside systems and the people are elsewhere.
OURS = tuple(name for name in ORDER if name not in ("stand-ins", "driver"))


@dataclass(frozen=True, slots=True)
class Round:
    """`applications` were carried through, `at_once` at a time."""

    applications: int
    at_once: int
    seconds: float
    cpu_ms: dict[str, float]
    threads_ms: dict[str, float]
    handles: Sequence[WorkflowHandle[Any, Any]] = field(repr=False)

    @property
    def rate(self) -> float:
        """Applications a second."""
        return self.applications / self.seconds

    def cpu(self, *groups: str) -> float:
        """Milliseconds an application, of these groups or of all."""
        return sum(value for name, value in self.cpu_ms.items() if not groups or name in groups)

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "applications": self.applications,
            "at_once": self.at_once,
            "seconds": round(self.seconds, 2),
            "per_second": round(self.rate, 2),
            "cpu_ms": self.cpu_ms,
            "worker_threads_ms": self.threads_ms,
        }


async def real_round(world: World, applications: int, at_once: int) -> Round:
    """Real cases, from filing to handover."""
    cases = [RealCase(world.office, person) for person in world.people.some(applications)]
    return await _round(world, [case.runs for case in cases], at_once, "worker-cases")


async def bare_round(world: World, script: str, applications: int, at_once: int) -> tuple[Round, Stopwatch]:
    """Bare workflows by the script of a real case."""
    watch = Stopwatch()
    cases = [BareCase(world.client, script, watch) for _ in range(applications)]
    return await _round(world, [case.runs for case in cases], at_once, "bare-cases"), watch


async def _round(world: World, runs: Sequence[Any], at_once: int, worker: str) -> Round:
    before, threads = world.meter.seconds(), world.meter.threads(worker)
    seconds, cases = await in_flight(at_once, runs, lambda run: run())
    after, later = world.meter.seconds(), world.meter.threads(worker)
    return Round(
        applications=len(runs),
        at_once=at_once,
        seconds=seconds,
        cpu_ms=difference(before, after, len(runs)),
        threads_ms=difference(threads, later, len(runs)),
        handles=[case.handle for case in cases],
    )


async def recorded(handle: WorkflowHandle[Any, Any]) -> str:
    """The script of a case that has ended."""
    return letters.script_of((await handle.fetch_history()).events)


async def sizes(handles: Sequence[WorkflowHandle[Any, Any]]) -> dict[str, Any]:
    """Events and bytes of histories, at the median, and how many were read."""
    events, volumes, kinds = [], [], Counter[str]()
    for handle in handles:
        history = (await handle.fetch_history()).events
        events.append(len(history))
        volumes.append(sum(event.ByteSize() for event in history))
        kinds.update((event.WhichOneof("attributes") or "").removesuffix("_event_attributes") for event in history)
    return {
        "histories": len(events),
        "events": round(statistics.median(events)),
        "bytes": round(statistics.median(volumes)),
        "workflow_tasks": round(kinds["workflow_task_completed"] / len(events), 1),
    }


def compared(real: Sequence[Round], bare: Sequence[Round]) -> dict[str, Any]:
    """Medians over rounds in turn, and what is left of the bare one's speed: 1 is all of it."""
    pairs = list(zip(real, bare, strict=True))
    return {
        "real": _median(real),
        "bare": _median(bare),
        "rate_ratio": _ratio(one.rate / other.rate for one, other in pairs),
        "cpu_ratio": _ratio(other.cpu() / one.cpu() for one, other in pairs),
        "our_cpu_ratio": _ratio(other.cpu(*OURS) / one.cpu(*OURS) for one, other in pairs),
        "workflow_cpu_ratio": _ratio(other.cpu(*WORKFLOW_ONLY) / one.cpu(*WORKFLOW_ONLY) for one, other in pairs),
    }


def spoken(watch: Stopwatch) -> dict[str, dict[str, float]]:
    """How long each message took."""
    return {name: percentiles(seconds) for name, seconds in sorted(watch.seconds.items())}


def _ratio(ratios: Any) -> dict[str, Any]:
    found = [round(ratio, 3) for ratio in ratios]
    return {"median": round(statistics.median(found), 3), "each": found}


def _median(rounds: Sequence[Round]) -> dict[str, Any]:
    names = dict.fromkeys(name for one in rounds for name in one.cpu_ms)
    threads = dict.fromkeys(name for one in rounds for name in one.threads_ms)
    cpu = {name: round(statistics.median(one.cpu_ms.get(name, 0.0) for one in rounds), 1) for name in names}
    return {
        "per_second": round(statistics.median(one.rate for one in rounds), 2),
        "cpu_ms": cpu,
        "cpu_ms_in_all": round(statistics.median(one.cpu() for one in rounds), 1),
        "cpu_ms_ours": round(statistics.median(one.cpu(*OURS) for one in rounds), 1),
        "worker_threads_ms": {
            name: round(statistics.median(one.threads_ms.get(name, 0.0) for one in rounds), 1) for name in threads
        },
        "rounds": [one.told() for one in rounds],
    }
