"""`make bench-seats`: bookings a second, directly and through the API, beside pgbench in the same run.

A table goes to standard error, JSON to a file or standard output.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.benchmarks import machine, report, seats_direct, seats_http, sheets
from tests.benchmarks.sheets import Sheet
from tests.benchmarks.world import driven, running
from tests.journeys.installation import Installation

BY = "make bench-seats"
CONNECTIONS = (8, 32, 128)

console = Console(stderr=True, highlight=False)


def main() -> None:
    """Measure all that was asked for, one after the other."""
    asked = _asked()
    began = time.monotonic()
    direct = seats_direct.measured(asked.bookings, CONNECTIONS, asked.rounds)
    console.print(f"directly: {time.monotonic() - began:.0f} s")
    with running() as installation:
        result = asyncio.run(_through_the_api(installation, asked))
    result |= {"direct": direct, "seconds": round(time.monotonic() - began)}
    tables = list(told(result))
    sheets.on_terminal(tables, console)
    text = json.dumps(result, indent=1)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text + "\n")
    else:
        sys.stdout.write(text + "\n")
    if asked.write:
        sheets.into_document(tables, asked.write, BY)


def told(result: dict[str, Any]) -> list[Sheet]:
    """The result as tables."""
    api, rush = result["api"]["bookings"], result["api"]["rush"]
    rows = [*_direct(result["direct"]), *((f"API: PUT appointment, at {one['at_once']}", one) for one in api)]
    base = {at_once: _rate(result["direct"], at_once) for at_once in CONNECTIONS}
    table = [
        (what, one["per_second"], round(one["per_second"] / base[one["at_once"]], 2), one["p50"], one["p99"])
        for what, one in rows
    ]
    rushed = [(name, str(value) if isinstance(value, dict | list) else value) for name, value in rush.items()]
    spent = [(one["at_once"], *one["cpu_ms"].items()) for one in api]
    found = [
        report.machine(result["machine"]),
        Sheet(
            "Bookings of one slot that everybody wants",
            ("way", "a second", "to pgbench with the function, one by one, at as many connections", "p50 ms", "p99 ms"),
            table,
        ),
        Sheet("A rush through the API", ("", "value"), rushed),
        Sheet(
            "CPU ms a booking through the API, by process",
            ("at once", "what"),
            [(at_once, ", ".join(f"{name} {ms}" for name, ms in parts)) for at_once, *parts in spent],
        ),
    ]
    if "profile" in result["api"]:
        profile = result["api"]["profile"]
        title = f"Where the API's time goes: who holds the interpreter, of {profile['samples']} samples"
        found.append(Sheet(f"{title}, by room", ("room", "%"), list(profile["rooms"].items())))
        found.append(Sheet(f"{title}, by function", ("function", "%"), list(profile["self"].items())))
    return found


def _direct(found: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """The median of all rounds of each way at each number of connections."""
    rows = []
    for way in dict.fromkeys(one["way"] for one in found):
        for at_once in CONNECTIONS:
            some = [one for one in found if (one["way"], one["at_once"]) == (way, at_once)]
            middle = {name: statistics.median(one[name] for one in some) for name in ("per_second", "p50", "p99")}
            rows.append((f"{way}, at {at_once}", {**middle, "at_once": at_once}))
    return rows


def _rate(found: list[dict[str, Any]], at_once: int) -> float:
    way = next(iter(seats_direct.SCRIPTS))
    rates = [float(one["per_second"]) for one in found if (one["way"], one["at_once"]) == (way, at_once)]
    return statistics.median(rates)


async def _through_the_api(installation: Installation, asked: argparse.Namespace) -> dict[str, Any]:
    async with driven(installation) as world:
        described = await machine.described(world)
        api = await seats_http.measured(world, asked.people, CONNECTIONS, profile=not asked.no_profile)
        return {"machine": described, "api": api}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.seats", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short run that proves that it runs; no figures to keep")
    parser.add_argument("--bookings", type=int, help="bookings of each direct measurement (3840)")
    parser.add_argument("--rounds", type=int, help="rounds of the direct measurements (3)")
    parser.add_argument("--people", type=int, help="cases: one half rushes, the other books (4000)")
    parser.add_argument("--no-profile", action="store_true", help="without py-spy")
    parser.add_argument("--out", type=Path, help="file for the JSON, instead of standard output")
    parser.add_argument("--write", type=Path, help="document whose marked block gets the tables")
    asked = parser.parse_args()
    usual = (256, 1, 224) if asked.quick else (3840, 3, 4000)
    for name, value in zip(("bookings", "rounds", "people"), usual, strict=True):
        if getattr(asked, name) is None:
            setattr(asked, name, value)
    return asked


if __name__ == "__main__":
    main()
