"""`make rush`: the same rush by many seeds, and without guards.

A table goes to standard error, JSON to a file or standard output.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.benchmarks import machine, report, sheets
from tests.benchmarks.sheets import Sheet
from tests.rush.judge import faults, judged
from tests.rush.plan import drawn
from tests.rush.storm import Storm
from tests.rush.town import PEOPLE, SEATS, SLOTS, Town, town

BY = "make rush"
# What is counted, and the column's head.
COUNTED = {
    "sold": "sold",
    "oversold": "too many",
    "with_two": "people with two",
    "miscounted": "counters wrong",
    "told_yes": "told yes",
    "told_yes_in_vain": "of them in vain",
    "told_two_things": "told two things",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "seconds": "s",
}

console = Console(stderr=True, highlight=False)


def main() -> None:
    """Rush; leaves with 1 when a rush was not in good order, or the one without guards was."""
    asked = _asked()
    with town() as place:
        with place.engine() as engine:
            result: dict[str, Any] = {"machine": machine.here(engine)}
        result["rushes"] = [_rush(place, seed) for seed in range(asked.first, asked.first + asked.seeds)]
        result["calm"] = [_rush(place, asked.first, calm=True)]
        result["without_guards"] = [_rush(place, seed, unguarded=True) for seed in range(asked.first, asked.first + 3)]
    sheets.on_terminal(tables(result), console)
    text = json.dumps(result, indent=1)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text + "\n")
    else:
        sys.stdout.write(text + "\n")
    if asked.write:
        sheets.into_document(tables(result), asked.write, BY)
    wrong = [one["seed"] for one in (*result["rushes"], *result["calm"]) if one["faults"]]
    oversold = any(one["oversold"] for one in result["without_guards"])
    raise SystemExit(1 if wrong or not oversold else 0)


def tables(result: dict[str, Any]) -> list[Sheet]:
    """The result as tables."""
    head = ("seed", *COUNTED.values())
    killed = [(one["seed"], ", ".join(one["killed"])) for one in result["rushes"]]
    rushes = [
        Sheet(title, head, [(one["seed"], *(one[name] for name in COUNTED)) for one in result[part]])
        for part, title in (
            ("rushes", f"{PEOPLE} people, 3 clicks each, {SLOTS * SEATS} seats; clients and database killed"),
            ("calm", "The same, nothing killed"),
            ("without_guards", "The same without guards: look, then insert"),
        )
    ]
    return [report.machine(result["machine"]), *rushes, Sheet("What was killed", ("seed", "after answers"), killed)]


def _rush(place: Town, seed: int, *, calm: bool = False, unguarded: bool = False) -> dict[str, Any]:
    place.empties()
    plan = drawn(seed, place.numbers, place.slots, calm=calm or unguarded)
    storm = Storm(place, plan, unguarded=unguarded)
    found = judged(place, plan, storm.rages(), unguarded=unguarded)
    found |= {"faults": faults(found), "killed": storm.kills, "seconds": round(storm.seconds, 2)}
    console.print(f"seed {seed}: sold {found['sold']}, wrong: {found['faults'] or 'nothing'}, {storm.seconds:.1f} s")
    return found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.rush", description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="how many rushes (20)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--out", type=Path, help="file for the JSON, instead of standard output")
    parser.add_argument("--write", type=Path, help="document whose marked block gets the tables")
    return parser.parse_args()


if __name__ == "__main__":
    main()
