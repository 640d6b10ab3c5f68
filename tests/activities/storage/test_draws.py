"""Draws on real PostgreSQL: committed to before anybody enters, and entered once a person."""

from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from activities.keyring import KeyRing
from activities.storage import draws, seats
from activities.storage.reads import draws as reads
from tests.activities.storage.cases import a_case, ended
from tests.activities.storage.drawing import (
    A_WHILE,
    RING,
    a_draw,
    a_drawn_slot,
    carried_out,
    entrants,
    time_passes,
)
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import DAY, a_slot
from workflows.case import lots
from workflows.case.facts import Lane

REFUSED = (IntegrityError, DBAPIError)


@pytest.fixture
def place(conn: Connection) -> str:
    return an_office(conn)


def test_what_was_committed_to_stays(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    a_draw(conn)
    for change in (
        f"seed_hash = '{'0' * 64}'",
        "closes_at = closes_at + interval '1 hour'",
        "last_day = last_day + 1",
        "lane = 'same_day'",
    ):
        with pytest.raises(REFUSED, match="stays as it was published"), conn.begin_nested():
            conn.execute(text(f"UPDATE paspor.draw SET {change}"))
    with pytest.raises(REFUSED, match="not deleted"), conn.begin_nested():
        conn.execute(text("DELETE FROM paspor.draw"))
    time_passes(conn)
    carried_out(conn)
    with pytest.raises(REFUSED, match="stays as it was published"), conn.begin_nested():
        conn.execute(text("UPDATE paspor.draw SET seed = NULL, list_hash = NULL, revealed_at = NULL"))


def test_another_seed_than_the_committed_one_cannot_be_revealed(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    draw = a_draw(conn)
    time_passes(conn)
    with pytest.raises(IntegrityError, match="seed_as_committed"), conn.begin_nested():
        conn.execute(text("SELECT paspor.close_draw(:draw, :seed)"), {"draw": draw, "seed": "0" * 64})
    assert carried_out(conn) == 0
    assert reads.draw(conn, draw).phase == "drawn"  # type: ignore[union-attr] # it is there


def test_a_seed_lies_sealed_and_opens_only_for_its_draw(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    draw = a_draw(conn, Random(7))
    seed = f"{Random(7).getrandbits(256):064x}"
    sealed = bytes(conn.execute(text("SELECT sealed_seed FROM paspor.draw")).scalar_one())
    assert seed.encode() not in sealed
    assert lots.digest(seed) == reads.draw(conn, draw).seed_hash  # type: ignore[union-attr] # it is there
    assert RING.open(sealed, f"draw/{draw}".encode()).decode() == seed
    time_passes(conn)
    assert carried_out(conn, KeyRing("k2", {"k2": bytes(32)})) == 0
    assert reads.draw(conn, draw).phase == "closed"  # type: ignore[union-attr] # without its key nothing is drawn


def test_the_seed_is_revealed_after_closing_only(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    draw = a_draw(conn)
    assert carried_out(conn) == 0
    assert reads.draw(conn, draw).seed is None  # type: ignore[union-attr] # it is there
    assert reads.draw_list(conn, draw) == []


def test_nobody_enters_before_or_after_the_window(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    (number,) = entrants(conn, 1)
    now = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    draw = a_draw(conn, opens_at=now + A_WHILE, closes_at=now + 2 * A_WHILE)
    assert draws.enter(conn, number, draw) == "draw_not_open"
    time_passes(conn, 2 * A_WHILE)
    assert draws.enter(conn, number, draw) == "draw_closed"
    # Past the function as well: the schema itself says no.
    values = {"number": number, "draw": draw, "id": lots.entry_id(number, "0" * 32), "salt": "0" * 32}
    with pytest.raises(IntegrityError, match="not open"), conn.begin_nested():
        conn.execute(
            text("""INSERT INTO paspor.draw_entry (id, draw_id, number, person_key, salt, first_day, last_day)
                    SELECT :id, :draw, number, person_key, :salt, '2027-06-14', '2027-06-14'
                      FROM paspor.application WHERE number = :number"""),
            values,
        )


def test_one_entry_a_person_whatever_the_account(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    draw = a_draw(conn)
    number = a_case(conn, "1000000000000001", person=77, bookable=True)
    first = [draws.enter(conn, number, draw) for _ in range(3)]
    ended(conn, number, 9)
    other = a_case(conn, "1000000000000002", person=77, bookable=True)
    assert first == ["ok"] * 3
    assert draws.enter(conn, other, draw) == "already_entered"
    assert conn.execute(text("SELECT count(*) FROM paspor.draw_entry")).scalar() == 1
    with pytest.raises(IntegrityError, match="draw_entry_draw_id_person_key_key"), conn.begin_nested():
        conn.execute(
            text("""INSERT INTO paspor.draw_entry (id, draw_id, number, person_key, salt, first_day, last_day)
                    SELECT paspor.sha256_text(:other || ' ' || salt), draw_id, :other, person_key, salt, first_day,
                           last_day FROM paspor.draw_entry"""),
            {"other": other},
        )


def test_an_id_belongs_to_one_application(conn: Connection, place: str) -> None:
    """Whoever holds the tables cannot give a winning id to somebody else: with the salt it fits one number only."""
    a_drawn_slot(conn, 2)
    draw, (number, friend) = a_draw(conn), entrants(conn, 2)
    draws.enter(conn, number, draw)
    for change in (
        "number = :friend",
        "salt = repeat('0', 32)",
        "person_key = repeat('0', 32)",
        "id = repeat('0', 64)",
    ):
        with pytest.raises(REFUSED), conn.begin_nested():
            conn.execute(text(f"UPDATE paspor.draw_entry SET {change}"), {"friend": friend})
    with pytest.raises(REFUSED, match="not deleted"), conn.begin_nested():
        conn.execute(text("DELETE FROM paspor.draw_entry"))
    (entry,) = reads.own_entries(conn, number)
    assert entry.id == lots.entry_id(number, entry.salt)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("not_bookable", {"bookable": False}),
        ("ok", {"bookable": True}),
    ],
)
def test_who_may_enter(conn: Connection, place: str, code: str, change: dict[str, bool]) -> None:
    a_drawn_slot(conn, 2)
    number = a_case(conn, **change)
    assert draws.enter(conn, number, a_draw(conn)) == code


def test_who_holds_a_seat_or_has_another_service_does_not_enter(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    a_drawn_slot(conn, 2, lane="same_day")
    number = entrants(conn, 1)[0]
    draw, fast = a_draw(conn), a_draw(conn, lane=Lane.SAME_DAY)
    assert draws.enter(conn, number, fast) == "wrong_lane"
    assert draws.enter(conn, number, uuid4()) == "no_draw"
    assert draws.enter(conn, number, draw, DAY, DAY + timedelta(days=1)) == "other_days"
    slot = seats.slot_number(a_slot(conn, 1, days=1))
    conn.execute(
        text("SELECT paspor.offer_seat(:number, :slot, clock_timestamp() + interval '1 hour', 'k')"),
        {"number": number, "slot": slot},
    )
    assert draws.enter(conn, number, draw) == "holds_seat"
