"""The waiting room: by arrival, one place an account, never more inside than places, and an honest interval."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median

import pytest
from sqlalchemy import Engine, text

from activities.storage import room, rules
from activities.storage.engine import make_engine
from activities.storage.room import Pace

PLACES = 3
INSIDE = text("SELECT count(*) FROM paspor.room_place WHERE admitted_at IS NOT NULL")


@pytest.fixture
def small(engine: Engine) -> Engine:
    value = {"places": PLACES, "seconds": 60, "again": 10, "patience": 30}
    with engine.begin() as conn:
        rules.enact(conn, "waiting_room", datetime.now(UTC).date(), value, "test")
    return engine


def who(place: int) -> str:
    return f"{place:032x}"


def enters(engine: Engine, *places: int) -> list[int | None]:
    with engine.begin() as conn:
        return room.enter(conn, [who(place) for place in places])


def leaves(engine: Engine, *places: int) -> None:
    with engine.begin() as conn:
        room.leave(conn, [who(place) for place in places])


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as conn:
        conn.execute(text(statement))


def test_as_many_as_there_are_places_and_the_rest_by_arrival(small: Engine) -> None:
    assert enters(small, 1, 2) == [None, None]
    assert enters(small, 3, 4, 5) == [None, 0, 1]
    assert [enters(small, one) for one in (5, 4, 1)] == [[1], [0], [None]], "looking again changes no order"
    leaves(small, 2)
    assert enters(small, 5) == [0], "the free place is for who came before"
    assert enters(small, 4) == [None]
    assert enters(small, 2) == [1], "who left comes last"


def test_an_account_has_one_place_however_often_it_asks(small: Engine) -> None:
    assert enters(small, 1, 1, 1, 1) == [None] * 4
    assert enters(small, 2, 3, 4) == [None, None, 0]
    assert enters(small, 4, 4) == [0, 0]
    leaves(small, 4, 4)
    assert enters(small, 5) == [0]


def test_who_is_inside_goes_on_and_who_does_not_click_loses_the_place(small: Engine) -> None:
    enters(small, 1, 2, 3, 4)
    run(small, "UPDATE paspor.room_place SET seen_at = seen_at - interval '50 seconds'")
    run(small, f"UPDATE paspor.room_place SET seen_at = clock_timestamp() WHERE who = '{who(4)}'")
    assert enters(small, 1) == [None], "a click keeps it"
    run(small, "UPDATE paspor.room_place SET seen_at = seen_at - interval '20 seconds'")
    assert enters(small, 4) == [None]
    assert enters(small, 1) == [None]
    assert enters(small, 5, 2) == [None, 0], "two were away for too long"
    with small.connect() as conn:
        assert conn.execute(text("SELECT sum(freed) FROM paspor.room_pace")).scalar() == 2


def test_who_does_not_look_any_more_waits_no_more(small: Engine) -> None:
    enters(small, 1, 2, 3, 4, 5)
    run(small, f"UPDATE paspor.room_place SET seen_at = seen_at - interval '40 seconds' WHERE who = '{who(4)}'")
    assert enters(small, 5) == [0]
    assert enters(small, 4) == [1]


def test_a_place_is_kept_over_a_restart(small: Engine, database_url: str) -> None:
    enters(small, 1, 2, 3, 4, 5)
    restarted = make_engine(database_url, pool=1)
    assert [enters(restarted, one) for one in (5, 1, 4)] == [[1], [None], [0]]
    restarted.dispose()


def test_two_processes_never_let_in_more_than_there_are_places_and_keep_the_order(
    small: Engine, database_url: str
) -> None:
    """People of two processes come, click, leave and come back at random; the seed is printed."""
    seed = random.randrange(2**32)
    print("seed", seed)
    other = make_engine(database_url, pool=4)

    def lives(place: int) -> list[int]:
        chance, seen = random.Random(seed + place), []
        for _ in range(25):
            one = chance.randrange(40)
            (ahead,) = enters(chance.choice((small, other)), one)
            with small.connect() as conn:
                seen.append(int(conn.execute(INSIDE).scalar_one()))
            if ahead is None and chance.random() < 0.5:
                leaves(chance.choice((small, other)), one)
        return seen

    with ThreadPoolExecutor(8) as pool:
        counts = [count for seen in pool.map(lives, range(8)) for count in seen]
    other.dispose()
    assert max(counts) == PLACES
    line = text("SELECT who FROM paspor.room_place WHERE admitted_at IS NULL ORDER BY arrival")
    with small.connect() as conn:
        waiting = conn.execute(line).scalars().all()
        with small.begin() as asking:
            ahead = room.enter(asking, waiting)
        # Places that came free meanwhile go to the first; the others stand as they came.
        let_in = ahead.count(None)
        assert ahead == [None] * let_in + list(range(len(waiting) - let_in))


def test_letting_people_in_without_a_lock_lets_in_too_many(small: Engine) -> None:
    """The negative control: count, and then take a place."""

    def comes(place: int) -> None:
        with small.begin() as conn:
            inside = conn.execute(INSIDE).scalar_one()
            conn.execute(text("SELECT pg_sleep(0.02)"))
            if inside < PLACES:
                now = "INSERT INTO paspor.room_place (who, admitted_at) VALUES (:who, clock_timestamp() + '1 s')"
                conn.execute(text(now), {"who": who(place)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(comes, range(24)))
    with small.connect() as conn:
        assert conn.execute(INSIDE).scalar_one() > PLACES


def test_the_pace_counts_what_came_free_since_people_wait(small: Engine) -> None:
    enters(small, 1, 2, 3, 4, 5)
    run(small, "UPDATE paspor.room_place SET arrived_at = arrived_at - interval '100 s' WHERE admitted_at IS NULL")
    run(small, "INSERT INTO paspor.room_pace VALUES (clock_timestamp() - interval '5 minutes', 50)")
    leaves(small, 1)
    with small.connect() as conn:
        pace = room.pace(conn)
    assert (pace.places, pace.seconds, pace.again, pace.freed) == (3, 60, 10, 1)
    assert 100 <= pace.span <= 115
    run(small, "UPDATE paspor.room_place SET seen_at = seen_at - interval '2 days'")
    with small.begin() as conn:
        assert room.forget_old(conn) == 4


def told_and_true(chance: random.Random) -> list[tuple[float, int, int]]:
    """A rush: some dozens of people in the line, places coming free at random; what each was told, and waited."""
    places, seconds = chance.choice((50, 200, 1000)), 180
    rate = places / chance.uniform(60, 400)
    waiting, now, freed, found = chance.randrange(5, 400), 0.0, 0, []
    for _ in range(30):
        until = now + chance.uniform(5, 40)
        while (now := now + chance.expovariate(rate)) < until:
            freed += 1
            waiting = max(waiting - 1, 0)
        now = until
        waiting += chance.randrange(0, 20)
        low, high = Pace(places=places, seconds=seconds, again=20, span=now, freed=freed).minutes(waiting)
        waited = sum(chance.expovariate(rate) for _ in range(waiting + 1)) / 60
        found.append((waited, low, high))
        if now > 600:
            break
    return found


def test_the_interval_is_honest_and_says_something() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    told = [one for _ in range(100) for one in told_and_true(chance)]
    right = sum(low <= waited <= high for waited, low, high in told) / len(told)
    wide = median(high - low for _, low, high in told if low >= 3) if any(low >= 3 for _, low, _ in told) else 0
    print(f"{len(told)} told, {right:.3f} right, half of the longer ones within {wide} minutes")
    assert right > 0.85
    assert all(low < high for _, low, high in told)


def test_nobody_is_told_nonsense_before_anything_is_known() -> None:
    quiet = Pace(places=100, seconds=180, again=20, span=0.0, freed=0)
    assert quiet.minutes(0) == (0, 1)
    low, high = quiet.minutes(1000)
    assert low < 30 < high
