"""Walk-ins: never more than the stated quota, whoever asks at once; the rest is noted and comes first the next day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.storage import slots, walk_ins
from activities.storage.walk_ins import Placed, Quota, TooFew
from tests.activities.storage.cases import RING, a_case
from tests.activities.storage.places import an_office

OFFICE = "sanur"


def number(place: int) -> str:
    return f"{2 * 10**15 + place}"


@pytest.fixture
def people(engine: Engine) -> Engine:
    with engine.begin() as conn:
        an_office(conn, OFFICE)
        for place in range(20):
            a_case(conn, number(place), place + 1, bookable=True)
    return engine


@pytest.fixture
def noon(people: Engine) -> Engine:
    """The office is moved to a zone in which the day still lasts an hour."""
    with people.begin() as conn:
        # In the last quarter of an hour before midnight no seat lies ahead.
        late = "SELECT extract(hour FROM clock_timestamp() AT TIME ZONE 'Asia/Makassar') = 23"
        if conn.execute(text(late)).scalar():
            conn.execute(text("UPDATE paspor.office SET utc_offset = 9, time_zone = 'Asia/Jayapura'"))
    return people


def states(engine: Engine, places: int, ahead: int = 0) -> Quota:
    with engine.begin() as conn:
        day = walk_ins.today(conn, OFFICE) + timedelta(days=ahead)
        return walk_ins.set_quota(conn, OFFICE, day, places, "the billing system is away", "supervisor")


def comes(engine: Engine, place: int, key: str = "") -> Placed:
    with engine.begin() as conn:
        return walk_ins.take(conn, OFFICE, number(place), "elderly", "examiner", key or f"key-{place}", RING)


def today(engine: Engine) -> Quota:
    with engine.connect() as conn:
        return walk_ins.quota(conn, OFFICE, walk_ins.today(conn, OFFICE))


def test_no_quota_no_walk_in(noon: Engine) -> None:
    assert comes(noon, 1).code == "no_quota"
    assert today(noon).places == 0


def test_a_place_is_a_seat_of_today_with_a_message_to_its_case(noon: Engine) -> None:
    states(noon, 2)
    found = comes(noon, 1)
    assert (found.code, found.place) == ("ok", 1)
    assert found.starts_at is not None
    assert comes(noon, 1) == found, "the same key"
    assert comes(noon, 1, "another key").code == "has_seat"
    assert (today(noon).taken, today(noon).left) == (1, 1)
    with noon.connect() as conn:
        row = conn.execute(text("SELECT s.lane, s.seats, s.taken, b.state FROM paspor.slot s, paspor.booking b")).one()
        assert tuple(row) == ("priority", 1, 1, "held")
        assert slots.miscounted(conn) == ()
        assert conn.execute(text("SELECT topic FROM paspor.outbox")).scalar() == "seat_taken"
        stored = conn.execute(text("SELECT ground FROM paspor.walk_in")).scalar_one()
        assert b"elderly" not in bytes(stored)
        (line,) = walk_ins.of_day(conn, OFFICE, found.day or date.min, RING)
    assert (line.number, line.ground, line.state) == (number(1), "elderly", "seated")


def test_never_more_than_stated_and_the_rest_in_order(noon: Engine) -> None:
    states(noon, 5)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda place: comes(noon, place), range(20)))
    assert [one.code for one in found].count("ok") == 5
    assert sorted(one.place or 0 for one in found if one.code == "ok") == [1, 2, 3, 4, 5]
    noted = [one for one in found if one.code == "quota_used"]
    assert sorted(one.place or 0 for one in noted) == list(range(1, 16))
    assert len({one.day for one in noted}) == 1
    with noon.connect() as conn:
        assert slots.miscounted(conn) == ()
        assert conn.execute(text("SELECT sum(taken) FROM paspor.slot")).scalar() == 5
        assert len(walk_ins.of_day(conn, OFFICE, noted[0].day or date.min, RING)) == 15


def test_counting_without_the_lock_seats_too_many(noon: Engine) -> None:
    """The negative control: read the quota, and then write."""
    states(noon, 5)
    read = text("SELECT count(*) FROM paspor.access_log")

    def takes(place: int) -> None:
        with noon.begin() as conn:
            taken = conn.execute(read).scalar_one()
            conn.execute(text("SELECT pg_sleep(0.02)"))
            if taken < 5:
                conn.execute(text("INSERT INTO paspor.access_log (actor, action, outcome) VALUES ('x', 'x', 'x')"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(takes, range(20)))
    with noon.connect() as conn:
        assert conn.execute(read).scalar_one() > 5


def test_who_was_noted_comes_first_the_next_day(noon: Engine) -> None:
    states(noon, 0)
    assert [comes(noon, place).place for place in (1, 2, 3)] == [1, 2, 3]
    with noon.begin() as conn:  # the next day has come
        conn.execute(text("UPDATE paspor.walk_in SET day = :day"), {"day": walk_ins.today(conn, OFFICE)})
    states(noon, 4)
    assert (today(noon).noted, today(noon).left) == (3, 1)
    assert comes(noon, 9).code == "ok"
    assert comes(noon, 10).code == "quota_used", "the other places are theirs"
    assert [comes(noon, place, f"again-{place}").code for place in (3, 1, 2)] == ["ok", "ok", "ok"]
    assert (today(noon).taken, today(noon).noted, today(noon).left) == (4, 0, 0)


def test_a_place_whose_seat_lapsed_is_given_again(noon: Engine) -> None:
    states(noon, 1)
    assert comes(noon, 1).code == "ok"
    with noon.begin() as conn:
        conn.execute(text("UPDATE paspor.booking SET hold_until = clock_timestamp() - interval '1 minute'"))
        conn.execute(text("SELECT paspor.expire_holds(10)"))
    assert today(noon).left == 1
    assert comes(noon, 2).code == "ok"


def test_a_quota_is_not_stated_below_what_was_given(noon: Engine) -> None:
    states(noon, 3)
    comes(noon, 1)
    comes(noon, 2)
    with pytest.raises(TooFew):
        states(noon, 1)
    assert today(noon).places == 3
    assert states(noon, 2).left == 0
