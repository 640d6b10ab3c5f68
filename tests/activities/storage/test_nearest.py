"""Which seat is the nearest: the next day with room, the same time on it, families together."""

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from activities.storage.nearest import Free, Party, Seated, choose, take

MONDAY = datetime(2027, 6, 14)  # noqa: DTZ001 - by the office's clock
HALF = timedelta(minutes=30)


def at(clock: str, days: int = 1) -> datetime:
    hour, minute = clock.split(":")
    return MONDAY + timedelta(days=days, hours=int(hour), minutes=int(minute))


def free(slot: int, clock: str, seats: int = 1, days: int = 1, lane: str = "regular") -> Free:
    return Free(slot, lane, at(clock, days), at(clock, days) + HALF, seats)


def party(*clocks: str, given: tuple[int, ...] = (), lanes: tuple[str, ...] = ()) -> Party:
    return tuple(
        Seated(
            booking=UUID(int=place),
            number=str(place),
            slot=900 + place,
            lane=lanes[place] if lanes else "regular",
            starts_at=at(clock, 0),
            given=given,
        )
        for place, clock in enumerate(clocks)
    )


def test_the_next_day_with_room_and_on_it_the_same_time() -> None:
    pool = [free(1, "08:00"), free(2, "13:30"), free(3, "15:00"), free(4, "14:00", days=2)]
    assert choose(party("14:00"), pool) == (2,)
    assert choose(party("14:30"), pool) == (3,)
    assert choose(party("08:00"), pool) == (1,)


def test_another_lane_is_no_equal_seat() -> None:
    pool = [free(1, "08:00", lane="priority"), free(2, "09:00", days=3)]
    assert choose(party("08:00"), pool) == (2,)
    assert choose(party("08:00", lanes=("priority",)), pool) == (1,)
    assert choose(party("08:00", lanes=("same_day",)), pool) is None


@pytest.mark.parametrize(
    ("pool", "places"),
    [
        ([free(1, "08:00", 2), free(2, "08:30", 3)], (2, 2, 2)),
        ([free(1, "08:00", 2), free(2, "08:30", 1)], (1, 1, 2)),
        ([free(1, "08:00", 2), free(2, "09:00", 2), free(3, "08:00", 2, 2), free(4, "08:30", 2, 2)], (3, 3, 4)),
        ([free(1, "08:00"), free(2, "10:00"), free(3, "09:00", days=2), free(4, "09:30", days=2),
          free(5, "11:00", days=2)], (3, 4, 5)),
        ([free(1, "08:00"), free(2, "10:00")], None),
    ],
    ids=["in one slot", "in slots that follow", "a later day, but together", "as near as seats allow", "too few"],
)  # fmt: skip
def test_a_family_sits_together(pool: list[Free], places: tuple[int, ...] | None) -> None:
    assert choose(party("08:00", "08:00", "08:00"), pool) == places


def test_a_family_of_two_lanes_comes_at_one_time() -> None:
    pool = [free(1, "08:00"), free(2, "13:00"), free(3, "13:00", lane="priority", days=1), free(4, "08:30", days=3)]
    pool = sorted(pool, key=lambda one: one.starts_at)
    assert choose(party("13:00", "13:00", lanes=("regular", "priority")), pool) == (2, 3)


def test_a_seat_that_was_given_before_is_not_given_again() -> None:
    pool = [free(1, "08:00", 5), free(2, "08:30", 5), free(3, "08:00", 5, 2)]
    assert choose(party("08:00", given=(1,)), pool) == (2,)
    assert choose(party("08:00", given=(1, 2)), pool) == (3,)
    assert choose(party("08:00", given=(1, 2, 3)), pool) is None


def test_nobody_is_given_what_is_not_there() -> None:
    """Random days and parties: what was given away is never more than there was, and None means too few seats."""
    seed = random.randrange(10**6)
    print("seed", seed)
    luck = random.Random(seed)
    for _ in range(200):
        pool = [
            free(100 * days + place, f"{8 + place // 2}:{30 * (place % 2):02d}", luck.randint(0, 2), days)
            for days in (1, 2, 3)
            for place in sorted(luck.sample(range(12), 6))
        ]
        room = sum(one.seats for one in pool)
        for size in iter(lambda: luck.randint(1, 5), 0):
            slots = choose(party(*["09:00"] * size), pool)
            if slots is None:
                assert room < size
                break
            take(slots, pool)
            room -= size
            assert len(slots) == size
            assert min(one.seats for one in pool) >= 0
