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


def measured(world: World, applications: int, at_once: int, blank_from: int = BLANK_FROM) -> dict[str, Any]:
    """Rate, CPU an application, and how often the API is asked for it."""
    town, serials = Town(world.installation), itertools.count(blank_from)
    try:
        cases = [
            HurriedCase(town, town.applicant(), office, serials)
            for office in itertools.islice(itertools.cycle(offices.NAMES), applications)
        ]
        for office in {case.office for case in cases}:  # all sign in beforehand
            for name in {*TAKES.values(), "kiosk"}:
                town.person(name, office)
        asked_before = _requests(town)
        before, began = world.meter.seconds(), time.perf_counter()
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(_carried, cases))
        seconds = time.perf_counter() - began
        spent = difference(before, world.meter.seconds(), applications)
        asked = (_requests(town) - asked_before) / applications
    finally:
        town.leaves()
    return {
        "applications": applications,
        "at_once": at_once,
        "per_second": round(applications / seconds, 2),
        "requests": round(asked, 1),
        "api_ms_a_request": round(spent["API"] / asked, 2),
        "cpu_ms": spent,
        "cpu_ms_in_all": round(sum(spent.values()), 1),
    }


def _requests(town: Town) -> float:
    """How many requests the API has answered, by its own count."""
    lines = town.nobody.http.get("/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith("paspor_http_requests_total"))


def _carried(case: HurriedCase) -> None:
    case.files()
    case.uploads()
    case.goes_to("collected")
