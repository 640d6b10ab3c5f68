"""The waiting list while everything happens at once: no seat in two hands, none lost, nobody passed over."""

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from activities.storage import waiting
from activities.storage.waiting import Day
from tests.activities.storage.queueing_up import (
    a_family,
    counts,
    gives_back,
    joins,
    lapse,
    looks,
    state,
    takes,
    whys,
    wish,
)
from tests.activities.storage.seating import DAY, NOON, a_slot, counted, one, people

SEEDS = (20261124, 7, 99)
KILL = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE state = 'active' AND pid <> pg_backend_pid() AND query ~ 'pass_on|expire_offers|refuse_offer|leave_waiting'
     LIMIT 1""")
# What must hold whatever was interrupted: an entry and its offer are one, and nobody has two seats.
BROKEN = """
    SELECT (SELECT count(*) FROM paspor.waiting w LEFT JOIN paspor.booking b ON b.id = w.booking_id
             WHERE w.state = 'offered' AND b.state IS DISTINCT FROM 'offered')
         + (SELECT count(*) FROM paspor.booking b WHERE b.state = 'offered' AND NOT EXISTS (
                SELECT 1 FROM paspor.waiting w WHERE w.booking_id = b.id AND w.state = 'offered'))
         + (SELECT count(*) FROM (SELECT 1 FROM paspor.booking WHERE state IN ('offered', 'held', 'confirmed')
                                   GROUP BY person_key HAVING count(*) > 1) AS two)
         + (SELECT count(*) FROM paspor.slot WHERE taken + kept > seats)"""


def sold_out(engine: Engine, slots: int, seats: int, waiting_for: int) -> tuple[list[str], list[str], list[str]]:
    """Slots that follow each other, all taken; who has them, and who has none."""
    with engine.begin() as conn:
        places = [a_slot(conn, seats, starts_at=NOON + timedelta(minutes=30 * place)) for place in range(slots)]
        numbers = people(conn, slots * seats + waiting_for)
    holders, others = numbers[: slots * seats], numbers[slots * seats :]
    for place, number in enumerate(holders):
        assert takes(engine, number, places[place // seats]) == "ok"
    return places, holders, others


def patiently(act: Callable[[], object]) -> None:
    """As a client does whose connection was cut: what is asked again is asked by the same key."""
    for _ in range(5):
        try:
            act()
            return
        except DBAPIError:
            continue


@pytest.fixture
def lookers(office: Engine) -> Iterator[Callable[[], None]]:
    """Three relays that look all the time; calling it stops them."""
    stop = Event()

    def look() -> None:
        while not stop.is_set():
            patiently(lambda: looks(office))

    threads = [Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()

    def end() -> None:
        stop.set()
        for thread in threads:
            thread.join()

    yield end
    end()


def test_seats_that_come_back_at_once_go_to_the_first_in_line(office: Engine, lookers: Callable[[], None]) -> None:
    places, holders, others = sold_out(office, slots=3, seats=4, waiting_for=20)
    joins(office, *others)
    with ThreadPoolExecutor(6) as pool:
        pollers = [pool.submit(takes, office, number, places[0]) for number in holders[8:]]
        list(pool.map(lambda number: gives_back(office, number), holders[:8]))
    deadline = time.monotonic() + 30
    while list(state(office).values()).count("offered") < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    lookers()
    assert {number for number, at in state(office).items() if at == "offered"} == set(others[:8])
    assert all(
        poller.result() != "ok" or number in holders for poller, number in zip(pollers, holders[8:], strict=True)
    )
    assert one(office, "SELECT count(*) FROM paspor.outbox WHERE topic = 'news'") == 8
    assert len(whys(office, "offered")) == 8
    assert one(office, BROKEN) == 0
    assert counted(office)


def test_the_same_seats_go_to_too_many_where_one_looks_and_then_offers(office: Engine) -> None:
    """The control: were this load too light to find a race, the tests here would prove nothing."""

    def offered() -> int:
        with office.begin() as conn:
            conn.execute(text("DROP TABLE IF EXISTS paspor.naive; CREATE TABLE paspor.naive (person int)"))
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(look, range(200)))
        return int(str(one(office, "SELECT count(*) FROM paspor.naive")))

    def look(person: int) -> None:
        with office.begin() as conn:
            if int(conn.execute(text("SELECT count(*) FROM paspor.naive")).scalar_one()) < 8:
                conn.execute(text("INSERT INTO paspor.naive VALUES (:person)"), {"person": person})

    try:
        assert max(offered() for _ in range(5)) > 8
    finally:
        with office.begin() as conn:
            conn.execute(text("DROP TABLE paspor.naive"))


def test_a_look_that_dies_in_the_middle_has_done_nothing(office: Engine) -> None:
    (slot,), (holder,), (first,) = sold_out(office, slots=1, seats=1, waiting_for=1)
    joins(office, first)
    gives_back(office, holder)
    with office.connect() as conn:
        assert waiting.pass_on(conn, Day(office="sanur", lane="regular", day=DAY)) == 1
        conn.rollback()
    assert (state(office), counts(office, slot)) == ({first: "waiting"}, (0, 1, 1))
    assert looks(office) == 1
    assert one(office, "SELECT count(*) FROM paspor.outbox WHERE topic = 'news'") == 1


def an_act(engine: Engine, luck: random.Random, number: str, places: list[str]) -> Callable[[], object]:
    """What a person may do next."""
    key, slot = uuid4().hex, luck.choice(places)

    def in_list(act: Callable[..., object], *args: object) -> Callable[[], object]:
        def done() -> object:
            with engine.begin() as conn:
                return act(conn, number, *args)

        return done

    acts: list[Callable[[], object]] = [
        in_list(waiting.join, wish(), key),
        in_list(waiting.leave),
        in_list(waiting.refuse, key),
        lambda: takes(engine, number, slot),
        lambda: gives_back(engine, number),
        lambda: lapse(engine, number),
    ]
    return luck.choices(acts, weights=(6, 1, 3, 2, 4, 2))[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_at_once_keeps_count(office: Engine, lookers: Callable[[], None], seed: int) -> None:
    """Joins, leaves, refusals, lapses, takes and returns by many, connections cut meanwhile: counts are right."""
    places, holders, others = sold_out(office, slots=4, seats=2, waiting_for=24)
    everybody = [*holders, *others]
    for first in range(0, 12, 3):
        a_family(office, *others[first : first + 3])
    joins(office, *others[::2])

    def person(number: str) -> None:
        luck = random.Random(f"{seed}/{number}")
        for _ in range(15):
            patiently(an_act(office, luck, number, places))

    killing = Event()

    def kill() -> None:
        while not killing.wait(0.2):
            with office.begin() as conn:
                conn.execute(KILL)

    killer = Thread(target=kill)
    killer.start()
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(person, everybody))
    killing.set()
    killer.join()
    lookers()
    looks(office)
    print(f"seed {seed}: {len(whys(office, 'offered'))} offers, {len(whys(office, 'refused', 'lapsed'))} declined")
    assert one(office, BROKEN) == 0
    assert counted(office)
    assert one(office, "SELECT sum(kept) FROM paspor.slot") == 0
    assert whys(office, "offered")


def test_a_seat_is_not_passed_by_somebody_who_could_use_it(office: Engine, lookers: Callable[[], None]) -> None:
    """Whoever is offered a seat while another waited longer: that one was skipped for this seat with a reason."""
    places, holders, others = sold_out(office, slots=2, seats=3, waiting_for=12)
    joins(office, *others)
    luck = random.Random(3)
    for number in holders:
        gives_back(office, number)
        for waits, at in state(office).items():
            if at == "offered" and luck.random() < 0.5:
                lapse(office, waits)
    deadline = time.monotonic() + 30
    while "offered" not in state(office).values() and time.monotonic() < deadline:
        time.sleep(0.02)
    lookers()
    looks(office)
    unfair = one(office, """
        SELECT count(*) FROM paspor.waiting_step o JOIN paspor.waiting mine ON mine.id = o.waiting_id
          JOIN paspor.waiting longer ON (longer.joined_at, longer.id) < (mine.joined_at, mine.id)
         WHERE o.what = 'offered' AND NOT EXISTS (
            SELECT 1 FROM paspor.waiting_step s
             WHERE s.waiting_id = longer.id AND s.id < o.id
               AND (s.what = 'offered' OR (s.what = 'skipped' AND s.slot_id = o.slot_id)))""")  # fmt: skip
    assert unfair == 0
    assert places
    assert one(office, BROKEN) == 0
