"""One seat that is given back for money, a broker who looks every second for a buyer, and N others who want it."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from activities.storage import draws, rules, seats
from tests.activities.storage.cases import a_case
from tests.activities.storage.drawing import A_WHILE, a_draw, carried_out, time_passes
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import DAY, EARLY, a_slot
from workflows.partners.seats import SeatRequest

BROKER_LOOKS = 1.0  # seconds between two looks of the broker's program
OTHERS_LOOK = 1800.0  # and of somebody who looks by hand, twice an hour
TRIES = 5  # looks of the broker while a draw goes on, and tries to enter the buyer again
SELLER = "3000000000000000"

ENTER_ALL = text("""
    SELECT paspor.enter_draw(q.number, :draw, :day, :day, q.salt)
      FROM unnest(CAST(:numbers AS text[]), CAST(:salts AS text[])) WITH ORDINALITY AS q (number, salt, place)
     ORDER BY q.place""")
TAKE = text("SELECT code FROM paspor.take_seats(ARRAY[:number], ARRAY[:slot], ARRAY[:key], ARRAY[CAST(:day AS date)])")
WINNER = text("SELECT number FROM paspor.booking WHERE slot_id = :slot AND state IN ('offered', 'held')")
CLEAN = ("draw_entry", "draw", "seat_request", "outbox", "booking")


@dataclass
class Market:
    """The office, its one seat, and who wants it; the buyer is the first of them."""

    engine: Engine
    people: list[str]
    slot: int
    random: Random

    @property
    def buyer(self) -> str:
        """For whom the broker works."""
        return self.people[0]


def open_market(engine: Engine, count: int, seed: int, to: str) -> Market:
    """An office where a returned seat goes `to` the draw or the public."""
    with engine.begin() as conn:
        an_office(conn)
        rules.enact(conn, "returned", EARLY.replace(year=2026, month=1), {"to": to}, "test", "sanur")
        slot = seats.slot_number(a_slot(conn, 1))
        assert slot is not None
        a_case(conn, SELLER, bookable=True)
        people = [a_case(conn, f"{4 * 10**15 + place}", bookable=True) for place in range(count)]
    return Market(engine, people, slot, Random(seed))


def round_with_draw(market: Market) -> int:
    """Everybody enters, the buyer first and again and again; the seat comes back. The winner's place in that order."""
    random = market.random
    others = market.people[1:]
    random.shuffle(others)
    order = [market.buyer, *others]
    with market.engine.begin() as conn:
        _sold(conn, market)
        draw = a_draw(conn, random)
        salts = [f"{random.getrandbits(128):032x}" for _ in order]
        entered = conn.execute(ENTER_ALL, {"draw": draw, "day": DAY, "numbers": order, "salts": salts}).scalars().all()
        assert set(entered) == {"ok"}
        for _ in range(TRIES):
            assert draws.enter(conn, market.buyer, draw) == "ok"
        _broker_looks(conn, market, expects="slot_full")
        _given_back(conn)
        _broker_looks(conn, market, expects="slot_full")
    _carried_out(market, draw)
    with market.engine.begin() as conn:
        winner = conn.execute(WINNER, {"slot": market.slot}).scalar_one()
        _cleaned(conn)
    return order.index(winner)


def round_to_public(market: Market) -> bool:
    """The seat comes back at some moment; each looks at own times, the first to look has it. Whether the buyer."""
    random = market.random
    looks = [(random.uniform(0, BROKER_LOOKS), market.buyer)]
    looks += [(random.uniform(0, OTHERS_LOOK), number) for number in market.people[1:]]
    with market.engine.begin() as conn:
        _sold(conn, market)
        _given_back(conn)
        for place, (_, number) in enumerate(sorted(looks)[:5]):
            code = _takes(conn, market, number, f"p{place}")
            assert code == ("ok" if place == 0 else "slot_full")
        winner = conn.execute(WINNER, {"slot": market.slot}).scalar_one()
        _cleaned(conn)
    return bool(winner == market.buyer)


def _sold(conn: Connection, market: Market) -> None:
    """The seller has the seat."""
    conn.execute(text("UPDATE paspor.slot SET taken = 0, kept = 0"))
    assert _takes(conn, market, SELLER, "sold") == "ok"


def _given_back(conn: Connection) -> None:
    booking = conn.execute(text("SELECT id FROM paspor.booking WHERE number = :n"), {"n": SELLER}).scalar_one()
    seats.release(conn, SeatRequest(key="back", number=SELLER, booking=str(booking)))


def _broker_looks(conn: Connection, market: Market, expects: str) -> None:
    for place in range(TRIES):
        assert _takes(conn, market, market.buyer, f"b{place}") == expects


def _takes(conn: Connection, market: Market, number: str, key: str) -> str:
    values = {"number": number, "slot": market.slot, "key": f"{key}/{number}", "day": EARLY}
    return str(conn.execute(TAKE, values).scalar_one())


def _carried_out(market: Market, draw: UUID) -> None:
    with market.engine.begin() as conn:
        time_passes(conn, A_WHILE + timedelta(seconds=1))
    with market.engine.begin() as conn:
        assert carried_out(conn) == 1


def _cleaned(conn: Connection) -> None:
    conn.execute(text("SET LOCAL session_replication_role = replica"))
    for table in CLEAN:
        conn.execute(text(f"DELETE FROM paspor.{table}"))
    conn.execute(text("SET LOCAL session_replication_role = DEFAULT"))
