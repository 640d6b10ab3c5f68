"""Seats: never more than there are, one live booking a person, each request once, and what may move when."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import outbox, rules, seats, slots
from activities.storage.committer import SeatCommitter
from activities.storage.taking import Overloaded, Taken
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from workflows.case.facts import Appointment
from workflows.partners.seats import SeatRequest

NOON = datetime(2027, 6, 14, 4, tzinfo=UTC)  # a Monday, 12:00 WITA
DAY = date(2027, 6, 14)
EARLY = date(2027, 6, 1)


def a_slot(conn: Connection, seats: int, days: int = 0, lane: str = "regular", starts_at: datetime = NOON) -> str:
    """A slot of half an hour; its public id."""
    start = starts_at + timedelta(days=days)
    slot = conn.execute(
        text("INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats) "
             "VALUES ('sanur', :lane, :day, :start, :end, :seats) RETURNING id"),
        {"lane": lane, "day": start.date(), "start": start, "end": start + timedelta(minutes=30), "seats": seats},
    ).scalar_one()  # fmt: skip
    return seats_id(slot)


def seats_id(slot: int) -> str:
    return seats.public_id(slot)


def people(conn: Connection, count: int) -> list[str]:
    """The numbers of that many bookable cases, each of another person."""
    return [a_case(conn, f"{10**15 + place}", bookable=True) for place in range(count)]


def one(engine: Engine, question: str) -> object:
    with engine.connect() as conn:
        return conn.execute(text(question)).scalar()


@pytest.fixture
def office(engine: Engine) -> Engine:
    with engine.begin() as conn:
        an_office(conn)
    return engine


@pytest_asyncio.fixture(loop_scope="session")
async def committer(office: Engine, database_url: str) -> AsyncIterator[SeatCommitter]:
    taking = SeatCommitter(database_url)
    yield taking
    await asyncio.to_thread(taking.close)


@pytest.fixture
def other_process(office: Engine, database_url: str) -> Iterator[SeatCommitter]:
    taking = SeatCommitter(database_url)
    yield taking
    taking.close()


def place(taken: Taken) -> Appointment:
    assert taken.code == "ok"
    assert taken.appointment is not None
    return taken.appointment


def counted(engine: Engine) -> bool:
    """Whether every slot's counter is the number of its bookings."""
    with engine.connect() as conn:
        return slots.miscounted(conn) == ()


@pytest.mark.parametrize(
    ("lane", "service", "code"),
    [
        ("regular", "regular", "ok"),
        ("regular", "same_day", "ok"),
        ("same_day", "same_day", "ok"),
        ("same_day", "regular", "slot_gone"),
        ("priority", "regular", "slot_gone"),
        ("priority", "same_day", "slot_gone"),
    ],
)
async def test_a_lane_is_for_who_may_use_it(
    office: Engine, committer: SeatCommitter, lane: str, service: str, code: str
) -> None:
    """Same-day seats are for who pays for that; priority is given at the office."""
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 1, lane=lane), people(conn, 1)
        conn.execute(text("UPDATE paspor.application SET service = :service"), {"service": service})
    assert (await committer.take(number, slot, "key-1", EARLY)).code == code


async def test_a_hold_is_an_appointment_and_a_message(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 1), people(conn, 1)
    taken = await committer.take(number, slot, "key-1", EARLY)
    seat = place(taken)
    assert (seat.slot_id, seat.office, seat.lane, seat.state) == (slot, "sanur", "regular", "held")
    assert (seat.starts_at, seat.ends_at, seat.utc_offset) == (NOON, NOON + timedelta(minutes=30), 8)
    with office.begin() as conn:
        (message,) = outbox.unsent(conn, 0, 10)
    assert (message.topic, message.number, message.key) == ("seat_taken", number, f"{seat.booking}:1")
    body = dict(message.body)
    assert datetime.fromisoformat(body.pop("starts_at")) == seat.starts_at
    assert datetime.fromisoformat(body.pop("ends_at")) == seat.ends_at
    assert body == {
        "booking": seat.booking, "slot_id": slot, "office": "sanur", "lane": "regular", "utc_offset": 8, "state": "held"
    }  # fmt: skip
    # The rule's 120 minutes, and 15 of grace.
    left = one(office, "SELECT extract(epoch FROM hold_until - clock_timestamp()) / 60 FROM paspor.booking")
    assert 134 < float(str(left)) <= 135


async def test_the_same_key_is_the_same_answer(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 2)
    first = await committer.take(numbers[0], slot, "key-1", EARLY)
    assert await committer.take(numbers[0], slot, "key-1", EARLY) == first
    moved = await committer.take(numbers[0], later, "key-2", EARLY)
    assert await committer.take(numbers[0], slot, "key-1", EARLY) == first
    assert await committer.take(numbers[0], later, "key-2", EARLY) == moved
    assert (await committer.take(numbers[1], slot, "key-1", EARLY)).code == "no_application"
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 2
    assert counted(office)


async def test_one_key_many_times_at_once(
    office: Engine, committer: SeatCommitter, other_process: SeatCommitter
) -> None:
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 5), people(conn, 1)
    asked = [taker.take(number, slot, "key-1", EARLY) for taker in (committer, other_process) for _ in range(20)]
    assert len(set(await asyncio.gather(*asked))) == 1
    assert one(office, "SELECT sum(taken) FROM paspor.slot") == 1
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 1


async def test_who_may_not(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, closed = a_slot(conn, 5), a_slot(conn, 5, days=1)
        past = a_slot(conn, 5, starts_at=datetime.now(UTC) - timedelta(minutes=1))
        (number,) = people(conn, 1)
        not_yet = a_case(conn, "2000000000000001")
        assert seats.close_day(conn, "sanur", DAY + timedelta(days=1), "flood", "supervisor")
    codes = [
        (await committer.take(who, where, f"key-{place}", EARLY)).code
        for place, (who, where) in enumerate(
            [("404", slot), (not_yet, slot), (number, "nonsense"), (number, "sffff"), (number, past), (number, closed)]
        )
    ]
    assert codes == ["no_application", "not_bookable", "slot_gone", "slot_gone", "slot_gone", "slot_gone"]
    assert one(office, "SELECT sum(taken) FROM paspor.slot") == 0


async def test_a_full_slot_names_the_nearest_open_ones(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        far, full, near = a_slot(conn, 1, days=6), a_slot(conn, 1), a_slot(conn, 1, days=-1)
        a_slot(conn, 1, days=1, lane="priority")
        a_slot(conn, 0, days=2)
        numbers = people(conn, 2)
    await committer.take(numbers[0], full, "key-1", EARLY)
    assert await committer.take(numbers[1], full, "key-2", EARLY) == Taken(code="slot_full", alternatives=(near, far))


async def test_a_hold_moves_and_keeps_its_end(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 2)
    first = place(await committer.take(numbers[0], slot, "key-1", EARLY))
    until = one(office, "SELECT hold_until FROM paspor.booking")
    for move in range(3):  # before payment as often as they like
        where = (later, slot)[move % 2]
        moved = await committer.take(numbers[0], where, f"move-{move}", EARLY)
        assert (place(moved).booking, place(moved).slot_id, moved.revision) == (first.booking, where, move + 2)
    assert one(office, "SELECT hold_until FROM paspor.booking") == until
    assert (await committer.take(numbers[1], slot, "key-2", EARLY)).code == "ok"
    assert (await committer.take(numbers[0], slot, "back", EARLY)).code == "slot_full"
    same = await committer.take(numbers[0], later, "again", EARLY)
    assert (place(same).slot_id, same.revision) == (later, 4)
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 5
    assert counted(office)


async def confirmed(engine: Engine, committer: SeatCommitter, number: str, slot: str) -> str:
    seat = place(await committer.take(number, slot, f"first-{number}", EARLY))
    with engine.begin() as conn:
        assert seats.confirm(conn, SeatRequest(key="k", number=number, booking=seat.booking))
    return seat.booking


async def test_a_paid_seat_moves_once(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        places, (number,) = [a_slot(conn, 1, days=day) for day in range(3)], people(conn, 1)
    booking = await confirmed(office, committer, number, places[0])
    moved = await committer.take(number, places[1], "move-1", DAY - timedelta(days=1))
    assert (place(moved).booking, place(moved).state, moved.revision) == (booking, "confirmed", 2)
    assert (await committer.take(number, places[2], "move-2", EARLY)).code == "reschedule_used"
    assert await committer.take(number, places[1], "move-1", EARLY) == moved
    assert counted(office)


@pytest.mark.parametrize(("on_day", "code"), [(DAY - timedelta(days=1), "ok"), (DAY, "too_late")])
async def test_until_the_day_before(office: Engine, committer: SeatCommitter, on_day: date, code: str) -> None:
    with office.begin() as conn:
        slot, later, (number,) = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 1)
    await confirmed(office, committer, number, slot)
    assert (await committer.take(number, later, "move", on_day)).code == code


async def test_the_rule_of_the_day_says_how_often(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        places, (number,) = [a_slot(conn, 1, days=day) for day in range(4)], people(conn, 1)
        rules.enact(conn, "reschedule", EARLY + timedelta(days=1), {"times": 2, "days_before": 1}, "test", "sanur")
    await confirmed(office, committer, number, places[0])
    codes = []
    for move, (where, on_day) in enumerate([(1, EARLY), (2, EARLY), (2, EARLY + timedelta(days=1))]):
        codes.append((await committer.take(number, places[where], f"move-{move}", on_day)).code)
    assert codes == ["ok", "reschedule_used", "ok"]


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


async def test_a_committer_lost_its_connection(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 5), people(conn, 2)
    first = await committer.take(numbers[0], slot, "key-1", EARLY)
    with office.begin() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%take_seats%' "
                          "AND pid <> pg_backend_pid()"))  # fmt: skip
    assert await committer.take(numbers[0], slot, "key-1", EARLY) == first
    assert (await committer.take(numbers[1], slot, "key-2", EARLY)).code == "ok"


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
