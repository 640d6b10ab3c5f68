"""`paspor up` whose workers die: the plan of the product, with `dying_worker` in the place of `workers.cli`."""

import argparse
from dataclasses import replace
from pathlib import Path

from workers.local.parts import Part
from workers.local.plan import WORKERS, Plan
from workers.local.up import Wishes, up
from workers.runtime.logs import set_up_logs


class DyingPlan(Plan):
    """All parts, the workers mortal."""

    def parts(self) -> list[Part]:
        """The parts, those that others need first."""
        return [_mortal(part) if part.name in WORKERS else part for part in super().parts()]


def _mortal(part: Part) -> Part:
    argv = ["tests.journeys.dying_worker" if word == "workers.cli" else word for word in part.command.argv]
    return replace(part, command=replace(part.command, argv=argv))


def main() -> int:
    """Takes the options that tests give to `paspor up`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-demo", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--port", type=int)
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    set_up_logs()
    return up(Wishes(data=given.data, port=given.port, machines=given.json, demo=not given.no_demo), plan_of=DyingPlan)


if __name__ == "__main__":
    raise SystemExit(main())
