"""`make fairness`: how often a broker's buyer gets a seat that comes back, by draw and at once to the public.

A table goes to standard error, JSON to a file or standard output; leaves with 1 when chance does not explain the draws.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from sqlalchemy import Engine

from activities.storage.engine import make_engine
from activities.storage.migrate import upgrade
from tests.benchmarks import sheets
from tests.benchmarks.sheets import Sheet
from tests.fairness.chance import at_least, interval, unevenness
from tests.fairness.rounds import open_market, round_to_public, round_with_draw
from tests.fixtures.database import empty
from workers.local.postgres import LocalPostgres

BY = "make fairness"
CROWDS = (200, 400)
HEAD = (
    "a returned seat",
    "people",
    "seed",
    "rounds",
    "buyer got it",
    "share",
    "95 %",
    "chance",
    "p of so many by chance",
)
IMPROBABLE = 1e-6

console = Console(stderr=True, highlight=False)


def main() -> None:
    """Count, and say it."""
    asked = _asked()
    seeds = iter(asked.seed or [])
    with _database() as engine:
        found = [
            _counted(engine, to, people, asked.rounds, next(seeds, SystemRandom().getrandbits(32)))
            for people in asked.people or CROWDS
            for to in ("draw", "public")
        ]
    sheets.on_terminal(tables(found), console)
    text = json.dumps(found, indent=1)
    if asked.out:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text + "\n")
    else:
        sys.stdout.write(text + "\n")
    if asked.write:
        sheets.into_document(tables(found), asked.write, BY)
    raise SystemExit(any(one["by_chance"] < IMPROBABLE for one in found if one["to"] == "draw"))


def tables(found: list[dict[str, Any]]) -> list[Sheet]:
    """The result as tables."""
    names = {"draw": "to the draw", "public": "at once to the public"}
    rows = [
        (
            names[one["to"]],
            one["people"],
            str(one["seed"]),
            one["rounds"],
            one["won"],
            f"{100 * one['share']:.2f} %",
            f"{100 * one['low']:.2f} to {100 * one['high']:.2f} %",
            f"{100 / one['people']:.2f} %",
            f"{one['by_chance']:.2g}" if one["by_chance"] else "below 1e-300",
        )
        for one in found
    ]
    even = [(one["people"], str(one["seed"]), f"{one['uneven']:.1f}") for one in found if one["to"] == "draw"]
    return [
        Sheet("How often the broker's buyer gets a seat that comes back", HEAD, rows),
        Sheet(
            "Where the winners of the draws stood in the order of entering (chi square by tenths, 99 % below 21.7)",
            ("people", "seed", "chi square"),
            even,
        ),
    ]


def _counted(engine: Engine, to: str, people: int, rounds: int, seed: int) -> dict[str, Any]:
    market = open_market(engine, people, seed, to)
    uneven = None
    if to == "draw":
        places = [round_with_draw(market) for _ in range(rounds)]
        won, uneven = places.count(0), unevenness(places, people)
    else:
        won = sum(round_to_public(market) for _ in range(rounds))
    empty(engine)
    low, high = interval(won, rounds)
    by_chance = at_least(won, rounds, 1 / people)
    console.print(f"{people} people, to {to}, seed {seed}: {won} of {rounds}")
    about = {"to": to, "people": people, "seed": seed, "rounds": rounds, "won": won, "share": won / rounds}
    return {**about, "low": low, "high": high, "by_chance": by_chance, "uneven": uneven}


@contextmanager
def _database() -> Iterator[Engine]:
    with TemporaryDirectory(prefix="paspor-fairness-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with LocalPostgres(Path(folder) / "pg") as server:
            upgrade(server.url())
            engine = make_engine(server.url(), pool=2)
            yield engine
            engine.dispose()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fairness", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2000, help="rounds for each line of the table (2000)")
    parser.add_argument("--people", type=int, action="append", help="how many want the seat (200, then 400)")
    parser.add_argument("--seed", type=int, action="append", help="seed of a line, in order; else the system's")
    parser.add_argument("--out", type=Path, help="file for the JSON, instead of standard output")
    parser.add_argument("--write", type=Path, help="document whose marked block gets the tables")
    return parser.parse_args()


if __name__ == "__main__":
    main()
