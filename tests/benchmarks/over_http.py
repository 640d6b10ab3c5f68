"""Whole applications over HTTP alone, as browsers and counters would: the journeys' people, many at a time."""

import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.benchmarks import offices
from tests.benchmarks.meter import difference
from tests.benchmarks.world import World
from tests.journeys.case import TAKES, Case
from tests.journeys.people import Person
from tests.journeys.town import Town

BLANK_FROM = 2000  # booklets before are taken by cases that are driven by messages


class HurriedCase(Case):
    """A case among many: its booklet is not whatever is first on the list."""

    def __init__(self, town: Town, owner: Person, office: str, serials: Iterator[int]) -> None:
        super().__init__(town, owner, office)
        self._serials = serials

    def blank(self) -> str:
        """The next blank booklet that no other case has been given."""
        return f"B{offices.NAMES.index(self.office) + 1}{next(self._serials):06d}"


def measured(world: World, applications: int, at_once: int) -> dict[str, Any]:
    """Rate, and CPU an application."""
    town, serials = Town(world.installation), itertools.count(BLANK_FROM)
    try:
        cases = [
            HurriedCase(town, town.applicant(), office, serials)
            for office in itertools.islice(itertools.cycle(offices.NAMES), applications)
        ]
        for office in {case.office for case in cases}:  # all sign in beforehand
            for name in {*TAKES.values(), "kiosk"}:
                town.person(name, office)
        before, began = world.meter.seconds(), time.perf_counter()
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(_carried, cases))
        seconds = time.perf_counter() - began
        spent = difference(before, world.meter.seconds(), applications)
    finally:
        town.leaves()
    return {
        "applications": applications,
        "at_once": at_once,
        "per_second": round(applications / seconds, 2),
        "cpu_ms": spent,
        "cpu_ms_in_all": round(sum(spent.values()), 1),
    }


def _carried(case: HurriedCase) -> None:
    case.files()
    case.uploads()
    case.goes_to("collected")
