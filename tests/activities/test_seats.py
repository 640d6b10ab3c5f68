"""Seats as the procedure asks: confirmed once paid, given back, used at the office; tickets by appointment and lane."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from temporalio.testing import ActivityEnvironment

from activities.seats import OfficeSeats
from activities.storage import seats
from activities.storage.committer import SeatCommitter
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import EARLY, a_slot, counted, one, people, place
from workflows.case.facts import Lane, Ticket
from workflows.partners.seats import Admission, SeatRequest


@pytest.fixture
def carried_out(engine: Engine) -> OfficeSeats:
    with engine.begin() as conn:
        an_office(conn)
        a_slot(conn, 1)
        people(conn, 2)
    return OfficeSeats(engine)


async def held(engine: Engine, url: str, person: int = 0) -> SeatRequest:
    """A seat of this person, held."""
    committer = SeatCommitter(url)
    with engine.connect() as conn:
        slot = seats.public_id(conn.execute(text("SELECT id FROM paspor.slot ORDER BY id")).scalars().first() or 0)
    number = str(10**15 + person)
    seat = place(await committer.take(number, slot, f"key-{number}", EARLY))
    await asyncio.to_thread(committer.close)
    return SeatRequest(key=f"{number}/seat", number=number, booking=seat.booking)


def lapse(engine: Engine) -> int:
    with engine.begin() as conn:
        conn.execute(
            text("UPDATE paspor.booking SET hold_until = clock_timestamp() - interval '1 s' WHERE state = 'held'")
        )
        return seats.expire_lapsed(conn)


def states(engine: Engine) -> list[str]:
    with engine.connect() as conn:
        return list(conn.execute(text("SELECT state FROM paspor.booking ORDER BY created_at")).scalars())


async def test_a_paid_seat_is_confirmed(engine: Engine, carried_out: OfficeSeats, database_url: str) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    assert run(carried_out.confirm, seat)
    assert run(carried_out.confirm, seat)
    assert lapse(engine) == 0
    assert states(engine) == ["confirmed"]


async def test_a_late_payment_takes_the_seat_again_while_it_is_free(
    engine: Engine, carried_out: OfficeSeats, database_url: str
) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    assert lapse(engine) == 1
    assert one(engine, "SELECT taken FROM paspor.slot") == 0
    assert run(carried_out.confirm, seat)
    assert counted(engine)


async def test_a_late_payment_finds_the_seat_gone(engine: Engine, carried_out: OfficeSeats, database_url: str) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    lapse(engine)
    await held(engine, database_url, person=1)
    assert not run(carried_out.confirm, seat)
    assert states(engine) == ["expired", "held"]
    assert counted(engine)


async def test_a_seat_given_back_is_free(engine: Engine, carried_out: OfficeSeats, database_url: str) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    run(carried_out.release, seat)
    run(carried_out.release, seat)
    assert not run(carried_out.confirm, seat)
    assert states(engine) == ["released"]
    assert one(engine, "SELECT taken FROM paspor.slot") == 0


def test_a_booking_that_is_not_there(engine: Engine, carried_out: OfficeSeats) -> None:
    run = ActivityEnvironment().run
    for booking in ("", "nonsense", "00000000-0000-0000-0000-000000000000"):
        request = SeatRequest(key="k", number="1", booking=booking)
        assert not run(carried_out.confirm, request)
        run(carried_out.release, request)


async def test_anothers_booking_is_left_alone(engine: Engine, carried_out: OfficeSeats, database_url: str) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    stranger = SeatRequest(key="k", number=str(10**15 + 1), booking=seat.booking)
    run(carried_out.release, stranger)
    assert not run(carried_out.confirm, stranger)
    assert states(engine) == ["held"]


def admission(number: str, lane: Lane = Lane.REGULAR, state: str = "waiting", minutes: int = 0) -> Admission:
    rank = datetime.now(UTC) + timedelta(minutes=minutes)
    return Admission(
        key=f"{number}/admission", number=number, booking="", office="sanur", lane=lane, state=state, rank_from=rank
    )


async def test_an_admission_uses_the_seat_once(engine: Engine, carried_out: OfficeSeats, database_url: str) -> None:
    run, seat = ActivityEnvironment().run, await held(engine, database_url)
    run(carried_out.confirm, seat)
    about = Admission(
        key="a",
        number=seat.number,
        booking=seat.booking,
        office="sanur",
        lane=Lane.REGULAR,
        state="waiting",
        rank_from=datetime.now(UTC),
    )
    ticket = run(carried_out.admit, about)
    assert ticket == Ticket(number="A-001", state="waiting", ahead=0)
    assert run(carried_out.admit, about) == ticket
    assert states(engine) == ["used"]
    run(carried_out.release, seat)
    assert counted(engine)
    assert one(engine, "SELECT count(*) FROM paspor.ticket") == 1


def test_tickets_count_by_lane_and_say_who_is_ahead(engine: Engine, carried_out: OfficeSeats) -> None:
    with engine.begin() as conn:
        numbers = [a_case(conn, f"300000000000000{place}") for place in range(5)]
    run = ActivityEnvironment().run
    asked = [
        admission(numbers[0], minutes=30),
        admission(numbers[1], Lane.SAME_DAY, minutes=20),
        admission(numbers[2], Lane.PRIORITY, minutes=60),
        admission(numbers[3], state="late", minutes=25),
        admission(numbers[4], state="too_early", minutes=240),
    ]
    given = [run(carried_out.admit, about) for about in asked]
    assert [(ticket.number, ticket.state, ticket.ahead) for ticket in given] == [
        ("A-001", "waiting", 0),
        ("S-001", "waiting", 0),
        ("P-001", "waiting", 0),
        ("A-002", "late", 2),
        ("A-003", "too_early", 4),
    ]
    wait = "SELECT extract(epoch FROM rank_from - callable_from) / 60 FROM paspor.ticket WHERE label = 'A-003'"
    assert float(str(one(engine, wait))) == 45
