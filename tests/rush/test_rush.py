"""The rush: few seeds here, and as many as one likes with `make rush`."""

from collections.abc import Iterator

import pytest

from tests.rush.judge import faults, judged
from tests.rush.plan import drawn
from tests.rush.storm import Storm
from tests.rush.town import SEATS, SLOTS, Town, town

SEEDS = (1, 2)
CONTROLS = (1, 2, 3)  # tries

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def place() -> Iterator[Town]:
    with town() as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_each_seat_is_sold_once_whatever_dies(place: Town, seed: int) -> None:
    place.empties()
    plan = drawn(seed, place.numbers, place.slots)
    storm = Storm(place, plan)
    found = judged(place, plan, storm.rages())
    print(f"seed {seed}: {found}, killed: {storm.kills}")
    assert faults(found) == {}, f"seed {seed}, killed: {storm.kills}"
    assert storm.kills


def test_the_same_rush_without_the_guards_oversells(place: Town) -> None:
    """The control: were this load too light to find a race, the test before would prove nothing."""
    sold = []
    for seed in CONTROLS:
        place.empties()
        plan = drawn(seed, place.numbers, place.slots, calm=True)
        found = judged(place, plan, Storm(place, plan, unguarded=True).rages(), unguarded=True)
        print(f"without the guards: {found}")
        sold.append(found["sold"])
        if found["sold"] > SLOTS * SEATS:
            assert set(faults(found)) >= {"sold", "oversold"}
            return
    pytest.fail(f"sold {sold} of {SLOTS * SEATS}: without guards no more than with them")
