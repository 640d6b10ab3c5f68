"""Seats that come back and seats that are offered: kept for who waits, never in two hands, never over the number."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text

from activities.storage import outbox, rules, seats
from activities.storage.committer import SeatCommitter
from activities.storage.slots import slot_number
from tests.activities.storage.cases import a_case
from tests.activities.storage.seating import DAY, EARLY, NOON, a_slot, counted, one, people, place
from workflows.partners.seats import SeatRequest

OFFER = text("SELECT paspor.offer_seat(:number, :slot, :until, :key)")
JOIN = text("""
    INSERT INTO paspor.waiting (number, person_key, office, lane, first_day, last_day)
    SELECT number, person_key, 'sanur', 'regular', :first, :last FROM paspor.application WHERE number = :number""")
COUNTS = text("SELECT taken, kept, seats FROM paspor.slot WHERE id = :slot")


def joined(conn: Connection, number: str, days: int = 0) -> None:
    day = DAY + timedelta(days=days)
    conn.execute(JOIN, {"number": number, "first": day, "last": day})


def offered(conn: Connection, number: str, slot: str, key: str = "offer-1", minutes: int = 60) -> str | None:
    until = datetime.now(UTC) + timedelta(minutes=minutes)
    found = conn.execute(OFFER, {"number": number, "slot": slot_number(slot), "until": until, "key": key}).scalar_one()
    return str(found) if found else None


def counts(engine: Engine, slot: str) -> tuple[int, int, int]:
    with engine.connect() as conn:
        taken, kept, of = conn.execute(COUNTS, {"slot": slot_number(slot)}).one()
    return taken, kept, of


async def taken_and_released(office: Engine, committer: SeatCommitter, slot: str, number: str) -> None:
    seat = place(await committer.take(number, slot, f"take-{number}", EARLY))
    with office.begin() as conn:
        seats.release(conn, SeatRequest(key="release", number=number, booking=seat.booking))


@pytest.mark.parametrize(
    ("to", "days", "kept"),
    [("waiting", 0, 1), ("waiting", 1, 0), ("waiting", None, 0), ("draw", None, 1), ("public", 0, 0)],
    ids=["waited for", "waited for on another day", "nobody waits", "draw", "public"],
)
async def test_where_a_seat_returns_to(
    office: Engine, committer: SeatCommitter, to: str, days: int | None, kept: int
) -> None:
    with office.begin() as conn:
        rules.enact(conn, "returned", EARLY - timedelta(days=365), {"to": to}, "test", office="sanur")
        slot, numbers = a_slot(conn, 1), people(conn, 3)
        if days is not None:
            joined(conn, numbers[1], days)
    await taken_and_released(office, committer, slot, numbers[0])
    assert counts(office, slot) == (0, kept, 1)
    taken = await committer.take(numbers[2], slot, "poller", EARLY)
    assert taken.code == ("slot_full" if kept else "ok")
    assert counted(office)


async def test_a_seat_that_a_move_leaves_is_kept_too(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 2)
        joined(conn, numbers[1])
    place(await committer.take(numbers[0], slot, "key-1", EARLY))
    place(await committer.take(numbers[0], later, "key-2", EARLY))
    assert counts(office, slot) == (0, 1, 1)


async def test_an_offer_is_a_seat_of_one_person_until_its_end(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 1), people(conn, 3)
        joined(conn, numbers[1])
    await taken_and_released(office, committer, slot, numbers[0])
    with office.begin() as conn:
        booking = offered(conn, numbers[1], slot)
        assert booking is not None
        assert offered(conn, numbers[1], slot) == booking  # the same key is the same offer
        assert offered(conn, numbers[2], slot, "offer-2") is None
    assert counts(office, slot) == (1, 0, 1)
    assert (await committer.take(numbers[2], slot, "poller", EARLY)).code == "slot_full"
    seat = place(await committer.take(numbers[1], slot, "accept", EARLY))
    assert (seat.booking, seat.state) == (booking, "held")
    assert await committer.take(numbers[1], slot, "accept", EARLY) == await committer.take(
        numbers[1], slot, "accept", EARLY
    )
    assert counts(office, slot) == (1, 0, 1)
    assert one(office, "SELECT state FROM paspor.waiting") == "taken"
    left = one(office, "SELECT extract(epoch FROM hold_until - clock_timestamp()) / 60 FROM paspor.booking "
                       "WHERE state = 'held'")  # fmt: skip
    assert 134 < float(str(left)) <= 135  # time to pay counts from now, not from the offer
    with office.begin() as conn:
        messages = [message for message in outbox.unsent(conn, 0, 10) if message.number == numbers[1]]
    assert [(message.topic, message.body["state"]) for message in messages] == [("seat_taken", "held")]


async def test_an_offer_may_be_left_for_another_seat(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 2)
        joined(conn, numbers[0])
        assert offered(conn, numbers[0], slot)
        joined(conn, numbers[1])
    seat = place(await committer.take(numbers[0], later, "other", EARLY))
    assert seat.state == "held"
    assert counts(office, slot) == (0, 1, 1)
    assert counts(office, later) == (1, 0, 1)
    assert counted(office)


async def test_an_offer_that_lapsed_goes_back(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 1), people(conn, 2)
        joined(conn, numbers[1])
        assert offered(conn, numbers[0], slot, minutes=-1)
        assert seats.expire_lapsed(conn) == 1
        assert seats.expire_lapsed(conn) == 0
    assert counts(office, slot) == (0, 1, 1)
    assert one(office, "SELECT state FROM paspor.booking") == "expired"


async def test_to_whom_nothing_is_offered(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, lane = a_slot(conn, 2), a_slot(conn, 2, lane="same_day")
        past = a_slot(conn, 2, starts_at=datetime.now(UTC) - timedelta(minutes=1))
        (seated,) = people(conn, 1)
        not_yet = a_case(conn, "2000000000000001")
    place(await committer.take(seated, slot, "key-1", EARLY))
    with office.begin() as conn:
        assert offered(conn, seated, slot) is None  # has one
        assert offered(conn, not_yet, slot) is None  # not bookable
        another = a_case(conn, "2000000000000002", bookable=True)
        assert offered(conn, another, lane) is None
        assert offered(conn, another, past) is None
        seats.close_day(conn, "sanur", DAY, "flood", "supervisor")
        assert offered(conn, another, slot) is None
    assert counts(office, slot) == (1, 0, 2)
    assert counted(office)


async def test_who_paid_late_comes_before_who_waits(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 1), people(conn, 2)
        joined(conn, numbers[1])
    seat = place(await committer.take(numbers[0], slot, "key-1", EARLY))
    with office.begin() as conn:
        conn.execute(text("UPDATE paspor.booking SET hold_until = :past"), {"past": NOON - timedelta(days=900)})
        assert seats.expire_lapsed(conn) == 1
    assert counts(office, slot) == (0, 1, 1)
    with office.begin() as conn:
        assert seats.confirm(conn, SeatRequest(key="confirm", number=numbers[0], booking=seat.booking))
    assert counts(office, slot) == (1, 0, 1)
    assert counted(office)


async def test_a_seat_that_is_gone_is_not_told_over_the_one_that_its_person_has(
    office: Engine, committer: SeatCommitter
) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 1)
    first = place(await committer.take(numbers[0], slot, "key-1", EARLY))
    with office.begin() as conn:
        assert not outbox.is_overtaken(conn, first.booking)
        conn.execute(text("UPDATE paspor.booking SET hold_until = :past"), {"past": NOON - timedelta(days=900)})
        assert seats.expire_lapsed(conn) == 1
        assert not outbox.is_overtaken(conn, first.booking)  # the case still has to hear of it, to give it back
    second = place(await committer.take(numbers[0], later, "key-2", EARLY))
    with office.begin() as conn:
        assert outbox.is_overtaken(conn, first.booking)
        assert not outbox.is_overtaken(conn, second.booking)
