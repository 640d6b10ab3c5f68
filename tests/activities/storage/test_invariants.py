"""Every invariant is broken once on purpose, past the schema's guards, and found; a database in order passes."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from activities.storage import invariants, seats
from activities.storage.committer import SeatCommitter
from activities.storage.invariants import INVARIANTS, Examined
from tests.activities.storage.cases import a_case, ended, noted
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import EARLY, a_slot, people
from workflows.case.facts import Appointment, Lane
from workflows.partners.seats import SeatRequest

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
BOOK = text("""
    INSERT INTO paspor.booking (slot_id, number, person_key, state, hold_until, key, created_at)
    SELECT :slot, number, person_key, :state, :until, :key, :at FROM paspor.application WHERE number = :number
    RETURNING id""")


class Town:
    """An office with a slot of three seats, and one person who holds one of them as the procedure would leave it."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        an_office(conn)
        self.slot = a_slot(conn, 3)
        (self.number,) = people(conn, 1)
        self.booking = self.books(self.number)
        self.shows(self.number, self.booking)

    def run(self, *statements: str, **values: object) -> None:
        for statement in statements:
            self.conn.execute(text(statement), values)

    def books(self, number: str, state: str = "held", until: datetime | None = None, key: str = "") -> str:
        """A booking an hour old, counted."""
        end = until or (datetime.now(UTC) + timedelta(hours=1) if state in ("held", "offered") else None)
        slot = seats.slot_number(self.slot)
        values = {"slot": slot, "number": number, "state": state, "until": end, "key": key or f"key-{number}"}
        booking = self.conn.execute(BOOK, {**values, "at": LONG_AGO}).scalar_one()
        self.run("UPDATE paspor.slot SET taken = taken + 1 WHERE id = :slot", slot=slot)
        return str(booking)

    def shows(self, number: str, booking: str) -> None:
        """The case of the booking says so."""
        start = datetime(2027, 6, 14, 4, tzinfo=UTC)
        seat = Appointment(
            booking=booking,
            slot_id=self.slot,
            office="sanur",
            lane=Lane.REGULAR,
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
            utc_offset=8,
        )
        noted(self.conn, number, 2, bookable=True, appointment=seat)

    def waits(self, number: str, state: str, booking: str | None) -> None:
        self.run(
            """INSERT INTO paspor.waiting (number, person_key, office, lane, first_day, last_day, state, booking_id)
               SELECT number, person_key, 'sanur', 'regular', '2027-06-14', '2027-06-14', :state, :booking
                 FROM paspor.application WHERE number = :number""",
            number=number,
            state=state,
            booking=None if booking is None else UUID(booking),
        )


@pytest.fixture
def town(conn: Connection) -> Town:
    """All that is broken, constraints that were dropped too, is rolled back."""
    return Town(conn)


def broken(found: Sequence[Examined]) -> dict[str, tuple[str, ...]]:
    return {one.name: one.named for one in found if not one.holds}


def found(town: Town) -> dict[str, tuple[str, ...]]:
    return broken(list(invariants.examined(town.conn)))


def test_a_seat_that_is_held_breaks_nothing(town: Town) -> None:
    assert found(town) == {}
    waiting = a_case(town.conn, "2000000000000001", bookable=True)
    town.waits(waiting, "offered", town.books(waiting, "offered"))
    assert found(town) == {}
    assert len({one.name for one in INVARIANTS}) == len(INVARIANTS)


def test_a_counter_that_is_wrong(town: Town) -> None:
    town.run("UPDATE paspor.slot SET taken = 2")
    assert found(town) == {"counted": (town.slot,)}


def test_an_offer_is_counted(town: Town) -> None:
    other = a_case(town.conn, "2000000000000001", bookable=True)
    town.books(other, "offered")
    town.run("UPDATE paspor.slot SET taken = taken - 1")
    assert found(town) == {"counted": (town.slot,)}


def test_more_bookings_than_seats(town: Town) -> None:
    town.run("ALTER TABLE paspor.slot DROP CONSTRAINT slot_not_oversold_check", "UPDATE paspor.slot SET seats = 0")
    assert found(town) == {"capacity": (town.slot,), "kept": (town.slot,)}


def test_more_seats_kept_than_are_free(town: Town) -> None:
    town.run("ALTER TABLE paspor.slot DROP CONSTRAINT slot_not_oversold_check", "UPDATE paspor.slot SET kept = 3")
    assert found(town) == {"kept": (town.slot,)}


def test_two_seats_of_one_person(town: Town) -> None:
    town.run("DROP INDEX paspor.booking_one_live")
    second = town.books(town.number, key="another")
    town.run("DELETE FROM paspor.outbox")
    town.run("UPDATE paspor.booking SET created_at = clock_timestamp() WHERE id = :second", second=UUID(second))
    assert found(town) == {"one_seat": (town.number,)}


def test_a_seat_of_somebody_else(town: Town) -> None:
    town.run(f"UPDATE paspor.booking SET person_key = '{'f' * 32}'")
    assert found(town) == {"own_seat": (town.number,)}


def test_a_seat_without_an_application(town: Town) -> None:
    town.run("SET LOCAL session_replication_role = replica", "UPDATE paspor.booking SET number = '9000000000000009'")
    assert found(town) == {"own_seat": ("9000000000000009",)}


def test_a_seat_of_a_case_that_has_ended(town: Town) -> None:
    ended(town.conn, town.number, 3)
    town.run("UPDATE paspor.application SET ended_at = clock_timestamp()")
    assert found(town) == {}  # it may be given back this very moment
    town.run("UPDATE paspor.application SET created_at = :at, ended_at = :at", at=LONG_AGO)
    assert found(town) == {"live_case": (town.number,)}


@pytest.mark.parametrize(("minutes", "late"), [(2, False), (6, True)])
def test_a_hold_that_nobody_sweeps(town: Town, minutes: int, late: bool) -> None:
    until = datetime.now(UTC) - timedelta(minutes=minutes)
    town.run("UPDATE paspor.booking SET hold_until = :until", until=until)
    assert found(town) == ({"in_time": (town.number,)} if late else {})


def test_an_answer_without_its_booking(town: Town) -> None:
    answer = """
        INSERT INTO paspor.seat_request (key, number, booking_id, slot_id, state, revision)
        SELECT 'key-1', :number, :booking, slot_id, 'held', 1 FROM paspor.booking"""
    town.run(answer, number=town.number, booking=UUID(town.booking))
    assert found(town) == {}
    town.run("SET LOCAL session_replication_role = replica")
    town.run("UPDATE paspor.seat_request SET booking_id = gen_random_uuid()")
    assert found(town) == {"answers": ("key-1",)}


@pytest.mark.parametrize(("minutes", "late"), [(2, False), (6, True)])
def test_a_message_that_nobody_carries(town: Town, minutes: int, late: bool) -> None:
    message = """
        INSERT INTO paspor.outbox (topic, number, workflow_id, key, body, created_at)
        VALUES ('seat_taken', :number, 'w', 'key-1', '{}', :at)"""
    town.run(message, number=town.number, at=datetime.now(UTC) - timedelta(minutes=minutes))
    assert found(town) == ({"told": ("key-1",)} if late else {})


def test_a_case_that_shows_another_seat(town: Town) -> None:
    other = a_slot(town.conn, 1, days=1)
    town.run("UPDATE paspor.slot SET taken = 0 WHERE taken = 1")
    town.run("UPDATE paspor.booking SET slot_id = :other", other=seats.slot_number(other))
    town.run("UPDATE paspor.slot SET taken = 1 WHERE id = :other", other=seats.slot_number(other))
    assert found(town) == {"agreed": (town.number,)}


def test_a_case_that_shows_no_seat_of_its_booking(town: Town) -> None:
    noted(town.conn, town.number, 3, bookable=True)
    assert found(town) == {"agreed": (town.number,)}


def test_a_seat_that_was_just_moved_is_not_yet_shown(town: Town) -> None:
    noted(town.conn, town.number, 3, bookable=True)
    town.run(
        """INSERT INTO paspor.outbox (topic, number, workflow_id, key, body)
           VALUES ('seat_taken', :number, 'w', 'k', '{}')""",
        number=town.number,
    )
    assert found(town) == {}


def test_an_entry_whose_offer_is_none(town: Town) -> None:
    waiting = a_case(town.conn, "2000000000000001", bookable=True)
    town.waits(waiting, "offered", town.booking)
    assert found(town) == {"offered": (waiting,)}


def test_an_offer_that_the_entry_does_not_show(town: Town) -> None:
    waiting = a_case(town.conn, "2000000000000001", bookable=True)
    lapsed = datetime.now(UTC) - timedelta(seconds=1)
    town.waits(waiting, "waiting", town.books(waiting, "offered", lapsed))
    assert found(town) == {}  # it is over, and the next look passes it on
    town.run("UPDATE paspor.booking SET hold_until = clock_timestamp() + interval '1 hour' WHERE state = 'offered'")
    assert found(town) == {"offer_known": (waiting,)}


def test_a_seat_of_a_closed_day_that_nobody_moves(town: Town) -> None:
    closed = "INSERT INTO paspor.closure (office, day, reason, at) SELECT 'sanur', day, 'flood', :at FROM paspor.slot"
    town.run(closed, at=LONG_AGO)
    assert found(town) == {"closed_days": (town.number,)}
    town.run("SELECT paspor.list_reseatings(office, day) FROM paspor.closure")
    assert found(town) == {}


def test_every_invariant_is_broken_by_a_test_of_this_module() -> None:
    """A new invariant needs its own proof that it can fail."""
    source = Path(__file__).read_text()
    assert [one.name for one in INVARIANTS if f'{{"{one.name}": ' not in source] == []


def test_many_breaches_are_counted_and_few_are_named(conn: Connection) -> None:
    an_office(conn)
    for day in range(invariants.NAMED + 5):
        a_slot(conn, 1, days=day)
    conn.execute(text("UPDATE paspor.slot SET taken = 1"))
    (counted,) = [one for one in invariants.examined(conn) if not one.holds]
    assert (counted.name, counted.broken, len(counted.named)) == ("counted", invariants.NAMED + 5, invariants.NAMED)


async def test_what_the_functions_leave_behind_is_in_order(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        slot, later, numbers = a_slot(conn, 2), a_slot(conn, 2, days=1), people(conn, 3)
    for number in numbers:
        await committer.take(number, slot, f"key-{number}", EARLY)
    taken = await committer.take(numbers[0], later, "move", EARLY)
    assert taken.appointment
    with office.begin() as conn:
        seats.release(conn, SeatRequest(key="k", number=numbers[0], booking=taken.appointment.booking))
    assert broken(invariants.examine(office)) == {}


def paspor_check(url: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "workers.cli", "check", "--json"]
    environment = {**os.environ, "PASPOR_DATABASE_URL": url}
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment)


def test_the_command_says_what_is_broken(office: Engine, database_url: str) -> None:
    done = paspor_check(database_url)
    assert (done.returncode, json.loads(done.stdout)["well"]) == (0, True), done.stderr
    with office.begin() as conn:
        slot = a_slot(conn, 1)
        conn.execute(text("UPDATE paspor.slot SET taken = 1"))
    done = paspor_check(database_url)
    told = json.loads(done.stdout)
    assert (done.returncode, told["well"]) == (1, False)
    (wrong,) = [one for one in told["invariants"] if not one["holds"]]
    assert (wrong["name"], wrong["broken"], wrong["named"]) == ("counted", 1, [slot])
    assert slot in done.stderr
    assert "mend: " in done.stderr


def test_the_command_only_reads(office: Engine, database_url: str) -> None:
    """A role that may do nothing but read is enough, and even with one that may do all nothing can be written."""
    with office.begin() as conn:
        conn.execute(text("DROP ROLE IF EXISTS reader"))
        conn.execute(text("CREATE ROLE reader; GRANT USAGE ON SCHEMA paspor TO reader"))
        conn.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA paspor TO reader"))
    try:
        done = paspor_check(f"{database_url}&options=-c%20role%3Dreader")
        assert done.returncode == 0, done.stderr
    finally:
        with office.begin() as conn:
            conn.execute(text("DROP OWNED BY reader; DROP ROLE reader"))


def test_the_command_says_when_it_could_not_ask() -> None:
    done = paspor_check("postgresql+psycopg2://nobody@/none?host=/nonexistent")
    assert (done.returncode, done.stdout) == (2, "")
    assert "could not be asked" in done.stderr
