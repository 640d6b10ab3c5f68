"""Seats: never more than there are, one live booking a person, each request once, and what may move when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.storage import outbox, rules, seats
from activities.storage.committer import SeatCommitter
from activities.storage.taking import Taken
from tests.activities.storage.cases import a_case
from tests.activities.storage.seating import DAY, EARLY, NOON, a_slot, counted, one, people, place
from workflows.partners.seats import SeatRequest


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


async def test_a_committer_lost_its_connection(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 5), people(conn, 2)
    first = await committer.take(numbers[0], slot, "key-1", EARLY)
    with office.begin() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%take_seats%' "
                          "AND pid <> pg_backend_pid()"))  # fmt: skip
    assert await committer.take(numbers[0], slot, "key-1", EARLY) == first
    assert (await committer.take(numbers[1], slot, "key-2", EARLY)).code == "ok"
