"""Places in the waiting list: who joins, where they stand, how it ends, and what stays written of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.storage import seats, waiting
from activities.storage.reads.waiting import waiting as entry_of
from activities.storage.reads.waiting import waiting_steps
from tests.activities.storage.cases import ended
from tests.activities.storage.queueing_up import (
    counts,
    full,
    gives_back,
    joins,
    lapse,
    looks,
    seen,
    state,
    takes,
    whys,
    wish,
)
from tests.activities.storage.seating import DAY, a_slot, counted, people
from workflows.case.facts import Lane


def test_a_place_is_by_lane_and_days_that_meet_and_moves_up(office: Engine) -> None:
    _, numbers = full(office)
    near, far, wide, last = numbers[1:5]
    joins(office, near)
    joins(office, far, first=DAY + timedelta(days=10))
    joins(office, wide, last=DAY + timedelta(days=20))
    joins(office, last, first=DAY + timedelta(days=5), last=DAY + timedelta(days=12))
    assert [seen(office, number).position for number in (near, far, wide, last)] == [1, 1, 3, 3]
    with office.begin() as conn:
        assert waiting.leave(conn, far)
    assert [seen(office, number).position for number in (near, wide, last)] == [1, 2, 2]


def test_joining_twice_is_joining_once(office: Engine) -> None:
    _, (holder, first, *_) = full(office)
    with office.begin() as conn:
        for key in ("key", "key", "other"):
            assert waiting.join(conn, first, wish(), key) == "ok"
        assert waiting.join(conn, first, wish(last=DAY + timedelta(days=1)), "more") == "already_waiting"
        assert waiting.join(conn, holder, wish(), "seat") == "already_has_seat"
        assert waiting.leave(conn, first)
        assert waiting.join(conn, first, wish(), "key") == "ok"  # the same message again, late
    assert state(office) == {}
    assert len(whys(office, "joined")) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"office": "nowhere"}, "no_such_office"),
        ({"lane": Lane.SAME_DAY}, "no_such_lane"),
        ({"lane": Lane.PRIORITY}, "no_such_lane"),
        ({"first": date(2020, 1, 1), "last": date(2020, 1, 2)}, "days_over"),
        ({"last": DAY + timedelta(days=31)}, "too_many_days"),
        ({"last": DAY + timedelta(days=30)}, "ok"),
    ],
)
def test_what_one_cannot_wait_for(office: Engine, changes: dict[str, object], code: str) -> None:
    _, (_, first, *_) = full(office)
    values = {"office": "sanur", "lane": Lane.REGULAR, "first": DAY, "last": DAY, **changes}
    with office.begin() as conn:
        assert waiting.join(conn, first, waiting.Wish(**values), "key") == code  # type: ignore[arg-type] # of a test


def test_a_seat_taken_in_another_way_ends_the_waiting(office: Engine) -> None:
    _, (holder, first, second, *_) = full(office)
    with office.begin() as conn:
        other = a_slot(conn, 2, days=1)
    joins(office, first, second)
    assert takes(office, first, other) == "ok"
    gives_back(office, holder)
    looks(office)
    assert state(office) == {second: "offered"}
    assert takes(office, second, other) == "ok"  # and leaves the offer
    assert state(office) == {}
    assert [(number, what) for number, what, _ in whys(office, "taken")] == [(first, "taken"), (second, "taken")]
    assert counted(office)


def test_a_case_that_ends_waits_no_more_and_its_offer_goes_on(office: Engine) -> None:
    _, (holder, first, second, *_) = full(office)
    joins(office, first, second)
    gives_back(office, holder)
    looks(office)
    with office.begin() as conn:
        ended(conn, first, 2)
    found = seen(office, first)
    assert (found.state, found.why) == ("dropped", "case_ended")
    assert looks(office) == 1
    assert state(office) == {first: "dropped", second: "offered"}
    assert whys(office, "lapsed") == []
    assert counted(office)


def test_an_offer_that_the_office_takes_back_is_no_refusal(office: Engine) -> None:
    _, (holder, first, *_) = full(office)
    joins(office, first)
    gives_back(office, holder)
    looks(office)
    with office.begin() as conn:
        conn.execute(text("SELECT paspor.free_seat(id, 'released', false) FROM paspor.booking WHERE state = 'offered'"))
    assert (seen(office, first).state, seen(office, first).refusals) == ("waiting", 0)
    assert [what for _, what, _ in whys(office, "revoked")] == ["revoked"]


def test_a_closed_day_is_offered_to_nobody(office: Engine) -> None:
    slot, (holder, first, *_) = full(office)
    joins(office, first)
    gives_back(office, holder)
    with office.begin() as conn:
        seats.close_day(conn, "sanur", DAY, "flood", "supervisor")
    assert looks(office) == 0
    assert counts(office, slot) == (0, 0, 1)


def test_who_joins_where_nobody_waits_is_offered_a_free_seat_at_once(office: Engine) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 2), people(conn, 2)
    for number in numbers:
        joins(office, number, last=DAY + timedelta(days=1))
        with office.begin() as conn:
            (day,) = waiting.days_without_others(conn, number)
            assert waiting.pass_on(conn, day, public=True) == 1
    assert counts(office, slot) == (2, 0, 2)
    assert set(state(office).values()) == {"offered"}


def test_nobody_is_offered_a_free_seat_before_who_waits_longer(office: Engine) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 2), people(conn, 2)
    joins(office, *numbers)
    with office.begin() as conn:
        assert waiting.days_without_others(conn, numbers[1]) == ()
    assert looks(office) == 0
    assert counts(office, slot) == (0, 0, 2)


def test_days_that_are_over_end_the_waiting(office: Engine) -> None:
    _, (_, first, *_) = full(office)
    joins(office, first)
    with office.begin() as conn:
        conn.execute(text("UPDATE paspor.waiting SET first_day = '2026-01-01', last_day = '2026-01-02'"))
        waiting.tidy(conn)
    assert (seen(office, first).state, seen(office, first).why) == ("dropped", "days_over")


def test_what_happened_stays_and_auditors_read_all_of_it(office: Engine) -> None:
    _, (holder, first, second, *_) = full(office)
    joins(office, first, second)
    gives_back(office, holder)
    looks(office)
    lapse(office, first)
    looks(office)
    with office.begin() as conn, pytest.raises(Exception, match="append-only"):
        conn.execute(text("DELETE FROM paspor.waiting_step"))
    with office.connect() as conn:
        part = waiting_steps(conn, limit=2)
        rest = waiting_steps(conn, cursor=part.next or "")
        assert [row.what for row in (*part.items, *rest.items)] == [
            "offered", "skipped", "lapsed", "offered", "joined", "joined"
        ]  # fmt: skip
        assert {row.number for row in waiting_steps(conn, number=second).items} == {second}
        assert waiting_steps(conn, office="nowhere").items == ()
        assert entry_of(conn, holder) is None
