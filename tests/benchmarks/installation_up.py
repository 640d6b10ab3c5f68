"""`paspor up`, with workers of the bare workflow and of more offices' printers, none of which takes time to print."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.benchmarks import bare
from tests.benchmarks.offices import NAMES
from workers.local.children import Command
from workers.local.parts import Part
from workers.local.plan import Plan
from workers.local.up import Wishes, up
from workers.runtime.logs import set_up_logs
from workflows import options

PRINTING = tuple(options.printing_at(office) for office in NAMES)
# By what they are called: module with arguments, queues, and the parts they need.
MORE = {
    "bare-cases": (["tests.benchmarks.bare_worker", "--queue", bare.CASES], [bare.CASES], ["temporal"]),
    "bare-partners": (["tests.benchmarks.bare_worker", "--queue", bare.CALLS], [bare.CALLS], ["temporal"]),
    "worker-printing-more": (
        ["workers.cli", "worker", *(word for queue in PRINTING for word in ("--queue", queue))],
        PRINTING,
        ["practice", "temporal", "printer"],
    ),
}


class BenchmarkPlan(Plan):
    """All parts of the product, and ours."""

    def parts(self) -> list[Part]:
        """The parts, those that others need first."""
        product = [self._quick(part) if part.name == "printer" else part for part in super().parts()]
        return [*product, *(self._more(name, *of) for name, of in MORE.items())]

    def _more(self, name: str, program: Sequence[str], queues: Sequence[str], after: Sequence[str]) -> Part:
        argv = [sys.executable, "-m", *program]
        command = Command(argv=argv, environment=self.environment(), log=self._folder.logs / f"{name}.log")
        return Part(name=name, command=command, ready=self._engine.polled(queues), after=after)

    def _quick(self, printer: Part) -> Part:
        environment = {**(printer.command.environment or {}), "PASPOR_PRINT_SECONDS": "0"}
        return replace(printer, command=replace(printer.command, environment=environment))


def main() -> int:
    """Takes the options that tests give to `paspor up`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--port", type=int)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    set_up_logs()
    wishes = Wishes(data=given.data, port=given.port, machines=given.json, demo=not given.no_demo)
    return up(wishes, plan_of=BenchmarkPlan)


if __name__ == "__main__":
    raise SystemExit(main())
