"""Draws on real PostgreSQL: ranked as anybody counts it, offered by rank, and over when nothing is left to give."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from activities.storage import draws, rules, seats
from activities.storage.reads import draws as reads
from tests.activities.storage.cases import ended
from tests.activities.storage.drawing import (
    A_WHILE,
    RING,
    a_draw,
    a_drawn_slot,
    bookings,
    carried_out,
    drawn,
    entrants,
    outcomes,
    published,
    time_passes,
)
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import DAY, EARLY, a_slot, counted, one
from workflows.case import lots
from workflows.case.facts import Lane
from workflows.partners.seats import SeatRequest

REFUSED = (IntegrityError, DBAPIError)


@pytest.fixture
def place(conn: Connection) -> str:
    return an_office(conn)


def test_ranks_are_those_that_anybody_counts(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 20)
        draw = a_draw(conn)
        for number in entrants(conn, 60):
            assert draws.enter(conn, number, draw) == "ok"
    drawn(engine)
    with engine.begin() as conn:
        found = published(conn, draw)
        assert list(lots.differences(found)) == []
        assert found["count"] == 60
        assert list(outcomes(conn, draw).values()) == ["won"] * 20 + ["not_drawn"] * 40
        assert conn.execute(text("SELECT seats, planned, taken, kept FROM paspor.slot")).one() == (20, 20, 20, 0)
        # Each hears once.
        told = text("SELECT number, body ->> 'kind' AS kind FROM paspor.outbox WHERE topic = 'news'")
        assert sorted(row.number for row in conn.execute(told)) == sorted(outcomes(conn, draw))
    assert counted(engine)


def test_it_goes_on_where_it_stopped_and_several_do_it_at_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws, "LOTS_AT_ONCE", 3)
    with engine.begin() as conn:
        an_office(conn)
        for slot in range(4):
            a_drawn_slot(conn, 5, minutes=30 * slot)
        draw = a_draw(conn)
        for number in entrants(conn, 40):
            draws.enter(conn, number, draw)
        time_passes(conn)
    barrier = Barrier(4)

    def relay(_: int) -> int:
        barrier.wait()
        given = 0
        while (found := one(engine, "SELECT count(*) FROM paspor.draw_entry WHERE outcome IS NULL")) != 0:
            assert found is not None
            with engine.begin() as conn:
                given += carried_out(conn)
        return given

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(relay, range(4)))
    assert sum(given) == 20
    with engine.connect() as conn:
        assert list(outcomes(conn, draw).values()) == ["won"] * 20 + ["not_drawn"] * 20
        assert list(lots.differences(published(conn, draw))) == []
        assert conn.execute(text("SELECT count(*) FROM paspor.outbox")).scalar() == 40
    assert counted(engine)


def test_entries_at_the_last_moment_are_in_the_list_or_refused(engine: Engine) -> None:
    """One that is on its way when the window closes is waited for: the published list has all that were told `ok`."""
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 5)
        draw, numbers = a_draw(conn), entrants(conn, 24)
    barrier = Barrier(9)

    def enters(some: list[str]) -> list[str]:
        barrier.wait()
        said = []
        for number in some:
            with engine.begin() as conn:
                said.append(draws.enter(conn, number, draw))
        return said

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(enters, numbers[place::8]) for place in range(8)]
        barrier.wait()
        with engine.begin() as conn:
            time_passes(conn)
        with engine.begin() as conn:
            carried_out(conn)
        said = [code for future in asked for code in future.result()]
    assert set(said) <= {"ok", "draw_closed"}
    with engine.connect() as conn:
        found = published(conn, draw)
        assert found["count"] == len(found["entries"]) == said.count("ok")
        assert list(lots.differences(found)) == []


def test_a_seat_that_comes_back_is_the_next_ones_by_rank(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        slot = seats.public_id(a_drawn_slot(conn, 2))
        draw, numbers = a_draw(conn), entrants(conn, 5)
        for number in numbers:
            draws.enter(conn, number, draw)
    drawn(engine)
    with engine.begin() as conn:
        order = list(outcomes(conn, draw))
        first = bookings(conn, draw)[0]
        booking = conn.execute(
            text("SELECT id FROM paspor.booking WHERE number = :n"), {"n": first.number}
        ).scalar_one()
        seats.release(conn, SeatRequest(key="r", number=first.number, booking=str(booking)))
        assert conn.execute(text("SELECT kept, taken FROM paspor.slot")).one() == (1, 1)
        # The fastest poller finds nothing.
        taken = conn.execute(
            text("SELECT code FROM paspor.take_seats(ARRAY[:n], ARRAY[:s], ARRAY['k'], ARRAY[CAST(:d AS date)])"),
            {"n": order[-1], "s": seats.slot_number(slot), "d": EARLY},
        ).scalar_one()
        assert taken == "slot_full"
    drawn_again = 0
    with engine.begin() as conn:
        drawn_again = carried_out(conn)
    assert drawn_again == 1
    with engine.connect() as conn:
        found = outcomes(conn, draw)
        assert [found[number] for number in order] == ["won", "won", "won", "not_drawn", "not_drawn"]
        assert list(lots.differences(published(conn, draw))) == []
    assert counted(engine)


def test_an_offer_that_nobody_takes_goes_on(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 1)
        draw, numbers = a_draw(conn), entrants(conn, 3)
        for number in numbers:
            draws.enter(conn, number, draw)
    drawn(engine)
    for place in range(3):
        with engine.begin() as conn:
            live = "SELECT number FROM paspor.booking WHERE state = 'offered'"
            assert conn.execute(text(live)).scalars().all() == [list(outcomes(conn, draw))[place]]
            conn.execute(text("UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE state = 'offered'"))
            assert seats.expire_lapsed(conn) == 1
            carried_out(conn)
    with engine.connect() as conn:
        assert set(outcomes(conn, draw).values()) == {"won"}
        # Nobody is in line any more: the seat is for everybody.
        assert conn.execute(text("SELECT seats, taken, kept FROM paspor.slot")).one() == (1, 0, 0)


def test_a_taken_offer_is_a_hold_like_any_other(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        slot = a_drawn_slot(conn, 1)
        draw, (number,) = a_draw(conn), entrants(conn, 1)
        draws.enter(conn, number, draw)
    drawn(engine)
    with engine.begin() as conn:
        found = conn.execute(
            text("SELECT * FROM paspor.take_seats(ARRAY[:n], ARRAY[:s], ARRAY['k'], ARRAY[CAST(:d AS date)])"),
            {"n": number, "s": slot, "d": EARLY},
        ).one()
    assert (found.code, found.state) == ("ok", "held")
    assert counted(engine)


def test_families_win_together_or_not_at_all(engine: Engine) -> None:
    """Families of three among single people, for seats that do not fit them all: none is ever split, in 12 draws."""
    split, together = 0, 0
    with engine.begin() as conn:
        an_office(conn)
        for slot in range(3):
            a_drawn_slot(conn, 4, minutes=30 * slot)
        numbers = entrants(conn, 18)
        for place in range(3):
            members = numbers[3 * place : 3 * place + 3]
            conn.execute(
                text("UPDATE paspor.application SET family = :family WHERE number = ANY (:members)"),
                {"family": uuid4(), "members": members},
            )
    for round_ in range(12):
        with engine.begin() as conn:
            draw = a_draw(conn, Random(round_))
            for number in (*numbers[0:9:3], *numbers[9:]):
                assert draws.enter(conn, number, draw) == "ok"
        drawn(engine)
        with engine.begin() as conn:
            found = outcomes(conn, draw)
            assert len(found) == 18
            for place in range(3):
                won = {found[number] for number in numbers[3 * place : 3 * place + 3]}
                split += len(won) > 1
                together += won == {"won"}
            assert list(found.values()).count("won") == 12
            document = published(conn, draw)
            assert len({entry["lot"] for entry in document["entries"]}) == 12
            assert list(lots.differences(document)) == []
            conn.execute(text("SET LOCAL session_replication_role = replica"))
            conn.execute(text("TRUNCATE paspor.draw_entry, paspor.draw CASCADE"))
            conn.execute(text("DELETE FROM paspor.booking"))
            conn.execute(text("UPDATE paspor.slot SET taken = 0, kept = 0, seats = 0"))
    assert split == 0
    assert together > 5


def test_a_family_sits_together(conn: Connection, place: str) -> None:
    """In one slot, else in two that follow without a pause; what lies apart is no room for it."""
    first, second, apart = (a_drawn_slot(conn, seats, minutes=at) for seats, at in ((1, 0), (1, 30), (2, 90)))
    now = conn.execute(text("SELECT clock_timestamp()")).scalar_one()

    def room(people: int) -> list[int] | None:
        values = {"days": [DAY], "now": now, "people": people}
        found: list[int] | None = conn.execute(
            text("SELECT paspor.draw_seats('sanur', 'regular', CAST(:days AS date[]), :now, :people)"), values
        ).scalar()
        return found

    assert room(1) == [first]
    assert room(2) == [apart, apart]
    assert room(3) is None
    conn.execute(text("UPDATE paspor.slot SET planned = 1 WHERE id = :apart"), {"apart": apart})
    assert room(2) == [first, second]


def test_a_family_is_offered_nothing_where_one_of_it_cannot(conn: Connection, place: str) -> None:
    """The offers of a lot are one act: where the second of two is refused, the first is undone."""
    slot = a_drawn_slot(conn, 2)
    draw, numbers = a_draw(conn, Random(5)), entrants(conn, 2)
    for number in numbers:
        draws.enter(conn, number, draw)
    time_passes(conn)
    seed = f"{Random(5).getrandbits(256):064x}"
    assert conn.execute(text("SELECT paspor.close_draw(:draw, :seed)"), {"draw": draw, "seed": seed}).scalar_one()
    ids = [reads.own_entries(conn, number)[0].id for number in numbers]
    conn.execute(text("UPDATE paspor.application SET bookable = false WHERE number = :n"), {"n": numbers[1]})
    given = conn.execute(
        text("SELECT paspor.offer_lot(:ids, CAST(:slots AS bigint[]), clock_timestamp() + interval '1 day')"),
        {"ids": ids, "slots": [slot, slot]},
    ).scalar_one()
    assert given is False
    assert conn.execute(text("SELECT seats, taken, kept FROM paspor.slot")).one() == (0, 0, 0)
    assert conn.execute(text("SELECT count(*) FROM paspor.booking")).scalar() == 0


def test_who_has_a_seat_by_then_is_passed_with_a_reason(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 1)
        elsewhere = seats.slot_number(a_slot(conn, 2, days=1))
        draw, numbers = a_draw(conn), entrants(conn, 3)
        for number in numbers:
            draws.enter(conn, number, draw)
        conn.execute(
            text("SELECT paspor.offer_seat(:n, :s, clock_timestamp() + interval '1 day', :n)"),
            {"n": numbers[0], "s": elsewhere},
        )
        ended(conn, numbers[1], 9)
    drawn(engine)
    with engine.connect() as conn:
        assert outcomes(conn, draw)[numbers[2]] == "won"
        why = {number: reads.own_entries(conn, number)[0].why for number in numbers}
        assert why in (
            {numbers[0]: "holds_seat", numbers[1]: "not_bookable", numbers[2]: ""},
            # Who would have come after the winner is passed when the next seat is given.
            {numbers[0]: "", numbers[1]: "not_bookable", numbers[2]: ""},
        )


def test_wanted_days_are_kept_to(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        monday, tuesday = a_drawn_slot(conn, 1), a_drawn_slot(conn, 1, days=1)
        draw, numbers = a_draw(conn, last=DAY + timedelta(days=1)), entrants(conn, 4)
        for number in numbers[:3]:
            assert draws.enter(conn, number, draw, DAY, DAY) == "ok"
        assert draws.enter(conn, numbers[3], draw) == "ok"
        assert draws.enter(conn, numbers[3], draw, first=DAY + timedelta(days=1)) == "ok"
    drawn(engine)
    with engine.connect() as conn:
        found = {row.slot_id: row.number for row in bookings(conn, draw)}
        assert found[tuesday] == numbers[3]
        assert found[monday] in numbers[:3]
        assert list(lots.differences(published(conn, draw))) == []


def test_who_leaves_stays_in_the_list_and_gets_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 3)
        draw, numbers = a_draw(conn), entrants(conn, 3)
        for number in numbers:
            draws.enter(conn, number, draw)
        assert draws.leave(conn, numbers[0], draw) == 1
        assert draws.leave(conn, numbers[0], draw) == 0
        assert draws.leave(conn, numbers[1], draw) == 1
        before = reads.own_entries(conn, numbers[1])[0].id
        assert draws.enter(conn, numbers[1], draw) == "ok"
        assert reads.own_entries(conn, numbers[1])[0].id == before  # to leave and come again is no new lot
    drawn(engine)
    with engine.connect() as conn:
        assert outcomes(conn, draw) == {numbers[0]: "left", numbers[1]: "won", numbers[2]: "won"}
        assert len(reads.draw_list(conn, draw)) == 3
        # Nobody is in line: what is left over is for everybody.
        assert conn.execute(text("SELECT seats, taken, kept FROM paspor.slot")).one() == (3, 2, 0)


def test_no_offer_comes_too_late_to_use(conn: Connection, place: str) -> None:
    now = conn.execute(text("SELECT clock_timestamp()")).scalar_one()
    rules.enact(conn, "draw", EARLY.replace(year=2026), {"offer_hours": 24, "notice_hours": 10**5}, "test", "sanur")
    a_drawn_slot(conn, 1)
    with pytest.raises(draws.NothingToDraw):
        a_draw(conn)
    with pytest.raises(draws.WindowOver):
        a_draw(conn, opens_at=now - timedelta(days=1))
    with pytest.raises(draws.WindowOver):
        a_draw(conn, opens_at=now + 2 * A_WHILE)


def test_it_is_over_when_nothing_can_be_offered_any_more(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 1)
        draw, numbers = a_draw(conn), entrants(conn, 2)
        for number in numbers:
            draws.enter(conn, number, draw)
    drawn(engine)
    with engine.begin() as conn:
        long = {"offer_hours": 24, "notice_hours": 10**5}
        rules.enact(conn, "draw", EARLY.replace(year=2026, month=1), long, "test", "sanur")
        conn.execute(text("UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE state = 'offered'"))
        seats.expire_lapsed(conn)
        carried_out(conn)
        assert reads.draw(conn, draw).phase == "done"  # type: ignore[union-attr] # it is there
        # Not even then does it go to who looks first.
        assert conn.execute(text("SELECT seats, taken, kept FROM paspor.slot")).one() == (1, 0, 1)


def test_of_one_day_there_is_one_draw_at_a_time(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 1)
    a_drawn_slot(conn, 1, lane="same_day")
    first = a_draw(conn)
    with pytest.raises(draws.DrawnAlready):
        a_draw(conn, last=DAY + timedelta(days=3))
    a_draw(conn, lane=Lane.SAME_DAY)
    later = reads.draw(conn, first).closes_at  # type: ignore[union-attr] # it is there
    a_draw(conn, opens_at=later, closes_at=later + A_WHILE)
    assert len(reads.draws_of(conn, "sanur")) == 3
    assert len(reads.coming_draws(conn, "regular")) == 2


def test_what_comes_back_is_the_next_draws_once_that_is_open(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 1)
        first, numbers = a_draw(conn), entrants(conn, 4)
        for number in numbers[:3]:
            draws.enter(conn, number, first)
    drawn(engine)
    with engine.begin() as conn:
        rules.enact(conn, "returned", EARLY.replace(year=2026, month=1), {"to": "draw"}, "test", "sanur")
        second = a_draw(conn)
        for number in numbers[2:]:
            draws.enter(conn, number, second)
        conn.execute(text("UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE state = 'offered'"))
        seats.expire_lapsed(conn)
        assert carried_out(conn) == 0  # it waits for the one that is open
        assert conn.execute(text("SELECT kept FROM paspor.slot")).scalar() == 1
    drawn(engine)
    with engine.connect() as conn:
        assert "won" in outcomes(conn, second).values()


def test_a_closed_day_is_given_to_nobody(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 2)
        draw, numbers = a_draw(conn), entrants(conn, 1)
        draws.enter(conn, numbers[0], draw)
        assert seats.close_day(conn, "sanur", DAY, "banjir", "supervisor")
    drawn(engine)
    with engine.connect() as conn:
        assert outcomes(conn, draw) == {numbers[0]: "not_drawn"}


def test_what_the_clock_will_release_is_not_drawn(conn: Connection, place: str) -> None:
    a_drawn_slot(conn, 2)
    conn.execute(text("UPDATE paspor.seat_release SET at = clock_timestamp() + interval '1 day'"))
    with pytest.raises(draws.NothingToDraw):
        a_draw(conn)


def test_an_empty_draw_releases_its_seats(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_drawn_slot(conn, 2)
        draw = a_draw(conn)
    drawn(engine)
    with engine.connect() as conn:
        assert conn.execute(text("SELECT seats, taken, kept FROM paspor.slot")).one() == (2, 0, 0)
        found = published(conn, draw)
        assert list(lots.differences(found)) == []
        assert found["entries"] == []


def test_a_draw_that_cannot_be_carried_out_holds_up_no_other(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        slots = [a_drawn_slot(conn, 1), a_drawn_slot(conn, 1, days=1)]
        made = [a_draw(conn), a_draw(conn, first_day=DAY + timedelta(days=1), last=DAY + timedelta(days=1))]
        for number, draw in zip(entrants(conn, 2), made, strict=True):
            assert draws.enter(conn, number, draw) == "ok"
        time_passes(conn)
        # The first one's slot refuses every change.
        conn.execute(text(f"ALTER TABLE paspor.slot ADD CONSTRAINT stuck CHECK (id <> {slots[0]} OR seats = 0)"))
    try:
        assert draws.carry_all_out(engine, RING) == 1
        with engine.begin() as conn:
            assert list(outcomes(conn, made[1]).values()) == ["won"]
            assert list(outcomes(conn, made[0]).values()) == [None]
    finally:
        with engine.begin() as conn:
            conn.execute(text("ALTER TABLE paspor.slot DROP CONSTRAINT stuck"))
    assert draws.carry_all_out(engine, RING) == 1
