"""Families and single people at once for the last seats: no part of a family sits, and no seat is sold twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from activities.storage import families, seats, taking
from activities.storage.committer import SeatCommitter
from tests.activities.storage.seating import EARLY, NOON, a_slot, counted, people
from tests.activities.storage.test_families import HALF, a_family
from workflows.partners.seats import SeatRequest

SEEDS = (20261124, 1, 2)
TRIES = 20
SEATED = text("""
    SELECT a.family, count(b.id) FROM paspor.application a
      LEFT JOIN paspor.booking b ON b.number = a.number AND b.state = 'held'
     WHERE a.family IS NOT NULL GROUP BY a.family""")
Ask = Callable[[Engine, UUID, str, str], str]


class Alone(NamedTuple):
    """A request for a seat, by itself."""

    number: str
    slot: int
    key: str
    on_day: date


def together(engine: Engine, family: UUID, slot: str, key: str) -> str:
    for _ in range(TRIES):
        with engine.begin() as conn:
            code = families.take_seats(conn, family, slot, key, EARLY).code
        if code != "again":
            break
    return code


def one_by_one(engine: Engine, family: UUID, slot: str, key: str) -> str:
    """The control: each member takes a seat of their own."""
    with engine.begin() as conn:
        numbers = conn.execute(text("SELECT number FROM paspor.application WHERE family = :family"),
                               {"family": family}).scalars().all()  # fmt: skip
    for number in numbers:
        with engine.begin() as conn:
            taking.take(conn, [Alone(number, seats.slot_number(slot) or 0, f"{key}/{number}", EARLY)])
    return "ok"


async def rush(engine: Engine, committer: SeatCommitter, seed: int, ask: Ask) -> list[tuple[int, int]]:
    """Fifteen families and forty single people for three slots of seven seats; seated and living of each family."""
    luck = random.Random(seed)
    with engine.begin() as conn:
        slots = [a_slot(conn, 7, starts_at=NOON + place * HALF) for place in range(3)]
        homes = [a_family(conn, luck.randint(2, 5), first=2 * 10**15 + 10 * place) for place in range(15)]
        singles = people(conn, 40)

    async def family(home: UUID, place: int) -> None:
        for again in range(3):
            await asyncio.to_thread(ask, engine, home, luck.choice(slots), f"family-{place}-{again}")

    async def single(number: str) -> None:
        taken = await committer.take(number, luck.choice(slots), f"single-{number}", EARLY)
        if taken.appointment and luck.random() < 0.3:  # what comes back is asked for by those who come later
            request = SeatRequest(key="back", number=number, booking=taken.appointment.booking)
            await asyncio.to_thread(release, engine, request)

    asked = [*(family(home, place) for place, (home, _) in enumerate(homes)), *map(single, singles)]
    luck.shuffle(asked)
    await asyncio.gather(*asked)
    with engine.connect() as conn:
        rows = conn.execute(SEATED)
        seated = Counter(dict(tuple(row) for row in rows))
    return [(seated[home], len(numbers)) for home, numbers in homes]


def release(engine: Engine, request: SeatRequest) -> None:
    with engine.begin() as conn:
        seats.release(conn, request)


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_family_sits_together_or_not_at_all(office: Engine, committer: SeatCommitter, seed: int) -> None:
    print("seed", seed)
    found = await rush(office, committer, seed, together)
    assert all(seated in (0, living) for seated, living in found), found
    assert any(seated for seated, _ in found)
    assert any(not seated for seated, _ in found)
    assert counted(office)
    with office.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM paspor.slot WHERE taken + kept > seats")).scalar() == 0


async def test_the_same_rush_parts_families_that_are_seated_one_by_one(
    office: Engine, committer: SeatCommitter
) -> None:
    """The control: were this load too light to part a family, the test before would prove nothing."""
    found = await rush(office, committer, SEEDS[0], one_by_one)
    assert any(0 < seated < living for seated, living in found)


async def test_one_key_many_times_at_once_is_one_request(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, _) = a_slot(conn, 4), a_family(conn, 4)
    asked = [asyncio.to_thread(together, office, family, slot, "key") for _ in range(12)]
    assert set(await asyncio.gather(*asked)) == {"ok"}
    assert counted(office)
    with office.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM paspor.outbox")).scalar() == 4
