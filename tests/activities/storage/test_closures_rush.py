"""A day is closed while people book seats of it and move to it: afterwards nobody comes in, and nobody is lost."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine, text

from activities.storage import seats
from activities.storage.committer import SeatCommitter
from activities.storage.reseating import pass_over
from tests.activities.storage.closing import HALF, MORNING, close, far_ahead, sit
from tests.activities.storage.seating import DAY, EARLY, a_slot, counted, one, people
from tests.journeys.installation import wait_until

SLOTS, SEATS, PEOPLE = 6, 8, 90
ON_THAT_DAY = """
    SELECT count(*) FROM paspor.booking b JOIN paspor.slot s ON s.id = b.slot_id
     WHERE s.day = '2027-06-14' AND b.state IN ('held', 'confirmed')"""
UNLISTED = ON_THAT_DAY + " AND NOT EXISTS (SELECT 1 FROM paspor.reseating r WHERE r.booking_id = b.id)"
# Without the locks of the slots, and with a look at the closure in between as a clerk would take it.
CLOSE_NAIVELY = text("INSERT INTO paspor.closure (office, day, reason, closed_by) VALUES ('sanur', :day, 'flood', 's')")
TAKE = text("SELECT code FROM paspor.take_seats(:numbers, CAST(:slots AS bigint[]), :keys, CAST(:days AS date[]))")
CLOSING_WAITS = """
    SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%close_day%'"""
LIST_NAIVELY = text("SELECT paspor.list_reseatings('sanur', :day)")


def a_rush(office: Engine) -> tuple[list[str], list[str], list[str]]:
    """Slots of that day, slots of the day after, and people: every third has a seat on the other day, paid."""
    far_ahead(office)
    with office.begin() as conn:
        day = [a_slot(conn, SEATS, starts_at=MORNING + HALF * place) for place in range(SLOTS)]
        after = [a_slot(conn, 30, days=1, starts_at=MORNING + HALF * place) for place in range(SLOTS)]
        numbers = people(conn, PEOPLE)
        for place, number in enumerate(numbers[::3]):
            sit(conn, number, after[place % SLOTS], place)
    return day, after, numbers


async def book(takers: list[SeatCommitter], numbers: list[str], day: list[str], luck: random.Random) -> list[str]:
    """All at once: bookings, and moves of who has paid for the other day."""
    asked = [
        takers[place % 2].take(number, luck.choice(day), f"key-{number}-{again}", EARLY)
        for again in range(3)
        for place, number in enumerate(luck.sample(numbers, len(numbers)))
    ]
    return [taken.code for taken in await asyncio.gather(*asked)]


async def test_after_the_closure_nobody_comes_in(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    day, _, numbers = a_rush(office)
    rush = asyncio.create_task(book([committer, other_process], numbers, day, random.Random(seed)))
    await asyncio.sleep(0)

    def close_now() -> object:
        with office.begin() as conn:
            assert seats.close_day(conn, "sanur", DAY, "flood", "supervisor")
        # From the commit on: everybody who sits there is listed, though the rush goes on.
        return [one(office, UNLISTED) for _ in range(20)]

    unlisted = await asyncio.to_thread(close_now)
    codes = await rush
    assert unlisted == [0] * 20
    assert one(office, UNLISTED) == 0
    assert "slot_gone" in codes
    await asyncio.to_thread(pass_over, office)
    assert one(office, ON_THAT_DAY) == 0
    assert one(office, "SELECT count(*) FROM paspor.slot WHERE taken + kept > seats") == 0
    assert one(office, "SELECT count(*) FROM (SELECT 1 FROM paspor.booking WHERE state IN ('held', 'confirmed') "
                       "GROUP BY person_key HAVING count(*) > 1) AS two") == 0  # fmt: skip
    assert counted(office)


def test_without_the_locks_somebody_comes_in_after_the_closure(office: Engine) -> None:
    """The control: one is about to take the last look before the closure, and takes the seat after it."""
    _, _, numbers = a_rush(office)
    slot = one(office, "SELECT min(id) FROM paspor.slot")
    values = {"numbers": [numbers[1]], "slots": [slot], "keys": ["k"], "days": [EARLY]}
    with office.connect() as person, person.begin():
        assert person.execute(TAKE, values).scalar() == "ok"  # not committed yet
        with office.begin() as conn:
            conn.execute(CLOSE_NAIVELY, {"day": DAY})
            conn.execute(LIST_NAIVELY, {"day": DAY})
    assert one(office, UNLISTED) == 1
    # Even so it is found: the next pass looks at who sits there, not only at a list.
    assert pass_over(office).moved == 1
    assert one(office, ON_THAT_DAY) == 0


def test_the_closure_waits_for_who_is_about_to_take_a_seat(office: Engine) -> None:
    """The same, with the locks: the closure comes after, and has them on its list."""
    _, _, numbers = a_rush(office)
    slot = one(office, "SELECT min(id) FROM paspor.slot")
    values = {"numbers": [numbers[1]], "slots": [slot], "keys": ["k"], "days": [EARLY]}

    with ThreadPoolExecutor(1) as pool:
        with office.connect() as person, person.begin():
            assert person.execute(TAKE, values).scalar() == "ok"
            closing = pool.submit(close, office, DAY)
            wait_until(lambda: bool(one(office, CLOSING_WAITS)), "the closure waits", 10)
        assert closing.result()
    assert one(office, UNLISTED) == 0
    assert one(office, "SELECT count(*) FROM paspor.reseating") == 1
