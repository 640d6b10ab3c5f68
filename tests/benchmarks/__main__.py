"""`make bench`: measure, show, and keep. A table goes to standard error, JSON to standard output or a file."""

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.benchmarks import latency, machine, over_http, report, rounds, sheets, waiting_room
from tests.benchmarks import script as letters
from tests.benchmarks.profiling import recording
from tests.benchmarks.world import World, driven, running
from tests.journeys.installation import Installation

console = Console(stderr=True, highlight=False)
HISTORIES = 10


def main() -> None:
    """Measure all that was asked for, in one run on one installation."""
    asked = _asked()
    with console.status("starting everything"), running() as installation:
        result = asyncio.run(_measure(installation, asked))
    sheets.on_terminal(report.sheets(result), console)
    text = json.dumps(result, indent=1)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text + "\n")
    else:
        sys.stdout.write(text + "\n")
    if asked.write:
        sheets.into_document(report.sheets(result), asked.write, sheets.BENCH)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run that proves that it runs; no figures to keep")
    parser.add_argument("--pairs", type=int, help="rounds, real and bare each (3)")
    parser.add_argument("--applications", type=int, help="applications a round (60)")
    parser.add_argument("--at-once", type=int, help="applications in flight (20)")
    parser.add_argument("--over-http", type=int, help="applications over HTTP (24)")
    parser.add_argument("--open", type=_numbers, help="open cases to measure memory at, such as 1000,10000 (200,1000)")
    parser.add_argument("--no-profile", action="store_true", help="without py-spy")
    parser.add_argument("--out", type=Path, help="file for the JSON, instead of standard output")
    parser.add_argument("--write", type=Path, help="document whose marked block gets the tables")
    asked = parser.parse_args()
    usual = (1, 3, 3, 1, [20]) if asked.quick else (3, 60, 20, 24, [200, 1000])
    for name, value in zip(("pairs", "applications", "at_once", "over_http", "open"), usual, strict=True):
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    asked.levels = [(1, 3), (2, 2)] if asked.quick else [(1, 30), (5, 12), (20, 6)]
    return asked


def _numbers(text: str) -> list[int]:
    return sorted(int(number) for number in text.split(","))


async def _measure(installation: Installation, asked: argparse.Namespace) -> dict[str, Any]:
    began = time.monotonic()
    async with driven(installation) as world:
        result: dict[str, Any] = {"machine": await machine.described(world), "quick": asked.quick}
        script = await _warmed_up(world, asked)
        result["applications"] = await _applications(world, script, asked)
        result["updates"] = await _step("update latency", latency.measured(world, asked.levels))
        http = asyncio.to_thread(over_http.measured, world, asked.over_http, min(8, asked.over_http))
        result["http"] = await _step("over HTTP", http)
        if not asked.no_profile:
            result["profiles"] = await _step("profiles", _profiles(world, script, asked, result))
        result["open_cases"] = await _step("open cases", waiting_room.measured(world, asked.open))
        result["seconds"] = result["machine"]["seconds"] = round(time.monotonic() - began)
    return result


async def _step(what: str, work: Any) -> Any:
    began = time.monotonic()
    found = await work
    console.print(f"{what}: {time.monotonic() - began:.0f} s")
    return found


async def _warmed_up(world: World, asked: argparse.Namespace) -> str:
    """Nothing is measured before all processes have loaded and cached what they need; the script of a case."""
    few = await rounds.real_round(world, asked.at_once, min(5, asked.at_once))
    script = await rounds.recorded(few.handles[-1])
    await rounds.bare_round(world, script, asked.at_once, asked.at_once)
    console.print(f"a case, as a script: {script}")
    return script


async def _applications(world: World, script: str, asked: argparse.Namespace) -> dict[str, Any]:
    real, bare = [], []
    world.office.watch.seconds.clear()
    for number in range(1, asked.pairs + 1):
        real.append(await rounds.real_round(world, asked.applications, asked.at_once))
        bare.append((await rounds.bare_round(world, script, asked.applications, asked.at_once))[0])
        console.print(
            f"round {number}: real {real[-1].rate:.2f}/s, {real[-1].cpu():.0f} ms CPU;"
            f" bare {bare[-1].rate:.2f}/s, {bare[-1].cpu():.0f} ms"
        )
    return {
        "at_once": asked.at_once,
        "applications": asked.applications,
        **rounds.compared(real, bare),
        "messages_ms": rounds.spoken(world.office.watch),
        "history": {
            "counts": letters.counts(script),
            "bare_counts": letters.counts(await rounds.recorded(bare[-1].handles[-1])),
            "real": await rounds.sizes(real[-1].handles[-HISTORIES:]),
            "bare": await rounds.sizes(bare[-1].handles[-HISTORIES:]),
        },
    }


async def _profiles(world: World, script: str, asked: argparse.Namespace, found: dict[str, Any]) -> dict[str, Any]:
    """Shares only: a process that is sampled takes longer, so the milliseconds are those that were `found` before."""
    with recording(world.meter.pid("worker-cases")) as cases:
        await rounds.real_round(world, asked.applications, asked.at_once)
    with recording(world.meter.pid("bare-cases")) as nothing:
        await rounds.bare_round(world, script, asked.applications, asked.at_once)
    with recording(world.meter.pid("api")) as api:
        blanks = over_http.BLANK_FROM + asked.over_http
        await asyncio.to_thread(over_http.measured, world, asked.over_http, min(8, asked.over_http), blanks)
    real, bare = (found["applications"][which]["worker_threads_ms"] for which in ("real", "bare"))
    return {
        "worker-cases": {**cases.told(), "python_ms": real.get("python", 0.0)},
        "bare-cases": {**nothing.told(), "python_ms": bare.get("python", 0.0)},
        "API": {**api.told(), "python_ms": found["http"]["cpu_ms"]["API"]},
    }


if __name__ == "__main__":
    main()
