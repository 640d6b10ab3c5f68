"""Many at once for few seats: each is sold once, and nobody has two."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import seats
from activities.storage.committer import SeatCommitter
from activities.storage.taking import Overloaded, Taken
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import EARLY, a_slot, counted, one, people
from workflows.partners.seats import SeatRequest


async def test_one_key_many_times_at_once(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 5), people(conn, 1)
    asked = [taker.take(number, slot, "key-1", EARLY) for taker in (committer, other_process) for _ in range(20)]
    assert len(set(await asyncio.gather(*asked))) == 1
    assert one(office, "SELECT sum(taken) FROM paspor.slot") == 1
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 1


async def test_a_rush_on_one_slot_sells_what_there_is(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 20), people(conn, 300)
    asked = [
        (committer, other_process)[place % 2].take(number, slot, f"key-{number}", EARLY)
        for place, number in enumerate(numbers)
    ]
    codes = [taken.code for taken in await asyncio.gather(*asked)]
    assert (codes.count("ok"), codes.count("slot_full")) == (20, 280)
    assert one(office, "SELECT taken FROM paspor.slot") == 20
    assert one(office, "SELECT count(*) FROM paspor.booking WHERE state = 'held'") == 20
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 20


def test_the_same_rush_oversells_where_one_checks_and_then_inserts(office: Engine) -> None:
    """The control: were this load too light to find a race, the test before would prove nothing."""

    def sold() -> int:
        with office.begin() as conn:
            conn.execute(text("DROP TABLE IF EXISTS paspor.naive; CREATE TABLE paspor.naive (person int)"))
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(ask, range(300)))
        return int(str(one(office, "SELECT count(*) FROM paspor.naive")))

    def ask(person: int) -> None:
        with office.begin() as conn:
            if int(conn.execute(text("SELECT count(*) FROM paspor.naive")).scalar_one()) < 20:
                conn.execute(text("INSERT INTO paspor.naive VALUES (:person)"), {"person": person})

    try:
        assert max(sold() for _ in range(3)) > 20
    finally:
        with office.begin() as conn:
            conn.execute(text("DROP TABLE paspor.naive"))


async def test_people_who_click_everywhere_get_one_seat(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    with office.begin() as conn:
        places, numbers = [a_slot(conn, 4, days=day) for day in range(8)], people(conn, 40)
    asked = [
        (committer, other_process)[(who + where) % 2].take(number, slot, f"key-{number}-{where}", EARLY)
        for where, slot in enumerate(places)
        for who, number in enumerate(numbers)
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert {type(answer) for answer in answers} <= {Taken, Overloaded}
    assert one(office, "SELECT count(*) FROM (SELECT person_key FROM paspor.booking WHERE state = 'held' "
                       "GROUP BY 1 HAVING count(*) > 1) x") == 0  # fmt: skip
    assert one(office, "SELECT count(*) FROM paspor.slot WHERE taken > seats") == 0
    # A later click moves the hold, so that not every seat need be taken in the end.
    assert 4 <= int(str(one(office, "SELECT count(*) FROM paspor.booking WHERE state = 'held'"))) <= 32
    assert counted(office)


async def test_everything_at_once_keeps_count(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    """Takes, moves, payments, returns and expiries on a few slots: no deadlock, no seat lost or doubled."""
    with office.begin() as conn:
        places, numbers = [a_slot(conn, 3, days=day) for day in range(6)], people(conn, 30)
    luck = random.Random(20261124)

    def afterwards(booking: str, number: str, what: str) -> None:
        request = SeatRequest(key="k", number=number, booking=booking)
        with office.begin() as conn:
            if what == "pay":
                seats.confirm(conn, request)
            elif what == "return":
                seats.release(conn, request)
            else:
                conn.execute(
                    text("UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE id = :id AND state = 'held'"),
                    {"id": booking},
                )
                seats.expire_lapsed(conn)

    async def person(number: str, draws: list[tuple[str, str]]) -> None:
        for step, (where, what) in enumerate(draws):
            taker = (committer, other_process)[step % 2]
            taken = await taker.take(number, where, f"{number}-{step}", EARLY)
            if taken.appointment:
                await asyncio.to_thread(afterwards, taken.appointment.booking, number, what)

    whats = ("pay", "return", "expire", "look")
    draws = {number: [(luck.choice(places), luck.choice(whats)) for _ in range(12)] for number in numbers}
    await asyncio.gather(*[person(number, drawn) for number, drawn in draws.items()])
    assert counted(office)
    assert one(office, "SELECT count(*) FROM paspor.booking") != 0
    assert one(office, "SELECT count(*) FROM paspor.booking WHERE moves > 1") == 0


def test_the_schema_itself_sells_no_seat_twice(conn: Connection) -> None:
    an_office(conn)
    a_slot(conn, 1)
    with pytest.raises(IntegrityError, match="slot_not_oversold"):
        conn.execute(text("UPDATE paspor.slot SET taken = 2"))


def test_the_schema_itself_gives_a_person_one_live_booking(conn: Connection) -> None:
    an_office(conn)
    a_slot(conn, 5)
    people(conn, 1)
    book = text("INSERT INTO paspor.booking (slot_id, number, person_key, state, key) SELECT s.id, number, person_key, "
                "'confirmed', :key FROM paspor.application, paspor.slot s")  # fmt: skip
    conn.execute(book, {"key": "1"})
    with pytest.raises(IntegrityError, match="booking_one_live"):
        conn.execute(book, {"key": "2"})
