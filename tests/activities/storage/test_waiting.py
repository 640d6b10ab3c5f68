"""Offers of the waiting list: in order, families whole or not at all, on at once, never too late."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.storage import families, seats, waiting
from tests.activities.storage.drawing import a_draw, a_drawn_slot
from tests.activities.storage.queueing_up import (
    a_family,
    counts,
    full,
    gives_back,
    joins,
    lapse,
    looks,
    rules_for,
    seen,
    soon,
    state,
    takes,
    whys,
    wish,
)
from tests.activities.storage.seating import DAY, EARLY, NOON, a_slot, counted, one, people


def test_who_joined_first_is_offered_first_and_nobody_else_gets_the_seat(office: Engine) -> None:
    slot, (holder, first, second, poller, *_) = full(office)
    joins(office, first, second, first=DAY - timedelta(days=3), last=DAY + timedelta(days=3))
    gives_back(office, holder)
    assert takes(office, poller, slot) == "slot_full"
    assert looks(office) == 1
    assert takes(office, poller, slot) == "slot_full"
    assert state(office) == {first: "offered", second: "waiting"}
    offer = seen(office, first).offer
    assert offer is not None
    assert (offer.slot_id, offer.starts_at) == (slot, NOON)
    assert timedelta(minutes=479) < offer.until - datetime.now(UTC) < timedelta(minutes=481)
    assert takes(office, first, slot) == "ok"
    assert state(office) == {second: "waiting"}
    assert one(office, "SELECT count(*) FROM paspor.booking WHERE state = 'held'") == 1
    assert counts(office, slot) == (1, 0, 1)
    assert counted(office)


def test_the_person_hears_of_an_offer_once(office: Engine) -> None:
    _, (holder, first, *_) = full(office)
    joins(office, first)
    gives_back(office, holder)
    for _ in range(3):
        looks(office)
    with office.connect() as conn:
        (news,) = conn.execute(text("SELECT number, body FROM paspor.outbox WHERE topic = 'news'")).all()
    facts = news.body["facts"]
    assert (news.number, news.body["kind"], facts["office"]) == (first, "offered", "sanur")
    assert facts["starts_at"] == "2027-06-14T12:00+08:00"
    assert facts["until"].endswith("+08:00")


def test_an_offer_that_nobody_answers_goes_on_in_the_same_look(office: Engine) -> None:
    slot, (holder, first, second, *_) = full(office)
    joins(office, first, second)
    gives_back(office, holder)
    looks(office)
    lapse(office, first)
    assert looks(office) == 1
    assert state(office) == {first: "waiting", second: "offered"}
    assert whys(office, "lapsed", "skipped") == [(first, "lapsed", ""), (first, "skipped", "had_this_offer")]
    assert (seen(office, first).refusals, seen(office, first).position) == (1, 1)
    assert counted(office)
    # And so it does when another process freed the seat.
    lapse(office, second)
    with office.begin() as conn:
        seats.expire_lapsed(conn)
    assert state(office)[second] == "waiting"
    assert looks(office) == 0
    assert counts(office, slot) == (0, 0, 1)


def test_refusing_keeps_the_place_until_it_was_once_too_often(office: Engine) -> None:
    with office.begin() as conn:
        places, numbers = [a_slot(conn, 1, days=day) for day in range(4)], people(conn, 6)
    for number, slot in zip(numbers, places, strict=False):
        assert takes(office, number, slot) == "ok"
    chooser, patient = numbers[4:]
    joins(office, chooser, patient, last=DAY + timedelta(days=4))
    for times, number in enumerate(numbers[:3], 1):
        gives_back(office, number)
        assert looks(office) == 1
        offer = seen(office, chooser).offer
        assert offer is not None
        with office.begin() as conn:
            assert waiting.refuse(conn, chooser, f"no-{times}")
            assert waiting.refuse(conn, chooser, f"no-{times}")
        if times == 1:
            assert takes(office, chooser, offer.slot_id) == "slot_full"
            assert looks(office) == 1
            assert state(office)[patient] == "offered"
        else:
            assert looks(office) == 0
    found = seen(office, chooser)
    assert (found.state, found.why, found.position) == ("dropped", "too_many_refusals", None)
    assert [step.what for step in found.steps].count("refused") == 3
    with office.begin() as conn:
        assert not waiting.refuse(conn, chooser, "no-4")
    assert counted(office)


@pytest.mark.parametrize(("hours", "minutes", "offered"), [(3.9, 0, 0), (4.1, 60, 1), (23.9, 60, 1), (24.1, 480, 1)])
def test_an_offer_is_shorter_within_the_day_and_never_too_late(
    office: Engine, hours: float, minutes: int, offered: int
) -> None:
    day = (soon(hours) + timedelta(hours=8)).date()
    slot, (holder, first, *_) = full(office, starts_at=soon(hours))
    with office.begin() as conn:
        conn.execute(text("UPDATE paspor.slot SET day = :day"), {"day": day})
    joins(office, first, first=day, last=day + timedelta(days=1))
    gives_back(office, holder)
    assert looks(office) == offered
    found = seen(office, first)
    if not offered:
        assert [(step.what, step.why) for step in found.steps] == [("skipped", "too_late"), ("joined", "")]
        assert counts(office, slot) == (0, 0, 1)  # free for all
        return
    assert found.offer is not None
    left = found.offer.until - datetime.now(UTC)
    assert timedelta(minutes=minutes - 1) < left <= timedelta(minutes=minutes)


def test_seats_that_nobody_waits_for_any_more_are_free_for_all(office: Engine) -> None:
    slot, (holder, first, *_) = full(office)
    joins(office, first)
    gives_back(office, holder)
    assert counts(office, slot) == (0, 1, 1)
    with office.begin() as conn:
        assert waiting.leave(conn, first)
    assert looks(office) == 0
    assert counts(office, slot) == (0, 0, 1)


def test_a_day_of_a_draw_is_left_to_the_draw(office: Engine) -> None:
    slot, (holder, first, *_) = full(office)
    joins(office, first)
    rules_for(office, "returned", to="draw")
    gives_back(office, holder)
    assert looks(office) == 0
    assert counts(office, slot) == (0, 1, 1)
    with office.begin() as conn:
        assert waiting.join(conn, holder, wish(), "key") == "no_waiting_list"


def test_a_seat_that_came_back_on_a_day_that_is_drawn_is_the_draws(office: Engine) -> None:
    slot, (holder, first, *_) = full(office)
    joins(office, first)
    with office.begin() as conn:
        a_drawn_slot(conn, 1, minutes=60)
        a_draw(conn)
    gives_back(office, holder)
    assert looks(office) == 0
    assert counts(office, slot)[:2] == (0, 1)


def test_what_is_reserved_for_people_of_a_closed_day_is_not_the_lists(office: Engine) -> None:
    slot, (one_, other, first, second, *_) = full(office, seats=2)
    joins(office, first, second)
    with office.begin() as conn:
        conn.execute(text("INSERT INTO paspor.seat_reserve (slot_id, seats) SELECT id, 1 FROM paspor.slot"))
    gives_back(office, one_, other)
    assert looks(office) == 1
    assert state(office) == {first: "offered", second: "waiting"}
    assert counts(office, slot) == (1, 1, 2)
    assert looks(office) == 0
    assert counts(office, slot) == (1, 1, 2)


def test_a_family_is_offered_seats_together_or_none(office: Engine) -> None:
    slot, numbers = full(office, seats=3)
    one_, *family, single = numbers[0], *numbers[3:6], numbers[6]
    a_family(office, *family)
    joins(office, family[1])  # one act of one of them is the wish of all
    joins(office, single)
    assert set(state(office)) == {*family, single}
    gives_back(office, one_, numbers[1])
    assert looks(office) == 1
    assert state(office) == {**dict.fromkeys(family, "waiting"), single: "offered"}
    skipped = {(number, "skipped", "family_does_not_fit") for number in family}
    assert set(whys(office, "skipped")) == skipped
    # What did not fit them was free for all, and makes them whole when the last one comes back.
    assert counts(office, slot) == (2, 0, 3)
    lapse(office, single)
    gives_back(office, numbers[2])
    assert looks(office) == 3
    assert [seen(office, number).offer is not None for number in family] == [True] * 3
    assert counts(office, slot) == (3, 0, 3)
    assert counted(office)


def test_a_family_may_sit_in_slots_that_follow_each_other(office: Engine) -> None:
    with office.begin() as conn:
        places = [a_slot(conn, 1, starts_at=NOON + timedelta(minutes=minutes)) for minutes in (0, 60, 90, 120)]
        numbers = people(conn, 7)
    for number, slot in zip(numbers, places, strict=False):
        takes(office, number, slot)
    family = numbers[4:6]
    a_family(office, *family)
    joins(office, family[0])
    gives_back(office, numbers[0], numbers[1], numbers[3])  # noon, one and two o'clock: enough, but not together
    assert looks(office) == 0
    assert {why for _, _, why in whys(office, "skipped")} == {"family_does_not_fit"}
    gives_back(office, numbers[2])
    assert looks(office) == 2
    offers = [seen(office, number).offer for number in family]
    assert [offer.slot_id for offer in offers if offer] == places[1:3]
    assert len({offer.until for offer in offers if offer}) == 1


@pytest.mark.parametrize(("adjacent", "offered"), [(0, 0), (1, 0), (2, 3)])
def test_over_how_many_slots_a_family_may_sit_is_a_rule(office: Engine, adjacent: int, offered: int) -> None:
    with office.begin() as conn:
        places = [a_slot(conn, 1, starts_at=NOON + timedelta(minutes=30 * place)) for place in range(3)]
        numbers = people(conn, 6)
    rules_for(office, "family", most=5, adjacent_slots=adjacent, filing_minutes=15)
    for number, slot in zip(numbers, places, strict=False):
        takes(office, number, slot)
    a_family(office, *numbers[3:])
    joins(office, numbers[3])
    gives_back(office, *numbers[:3])
    assert looks(office) == offered


async def test_a_family_takes_its_offers_in_one_act(office: Engine) -> None:
    with office.begin() as conn:
        places = [a_slot(conn, seats, starts_at=NOON + timedelta(minutes=30 * seats)) for seats in (1, 2)]
        numbers = people(conn, 6)
    for number, slot in zip(numbers[:3], (places[0], places[1], places[1]), strict=True):
        takes(office, number, slot)
    a_family(office, *numbers[3:])
    joins(office, numbers[3])
    gives_back(office, *numbers[:3])
    assert looks(office) == 3
    offer = seen(office, numbers[5]).offer
    assert offer is not None
    assert offer.first_slot_id == places[0]
    with office.begin() as conn:
        family = conn.execute(text("SELECT family FROM paspor.application WHERE family IS NOT NULL")).scalars().first()
        taken = families.take_seats(conn, family, offer.first_slot_id, "key", EARLY)
    assert (taken.code, len(taken.seats)) == ("ok", 3)
    assert state(office) == {}
    assert counts(office, places[1]) == (2, 0, 2)
    assert counted(office)


def test_a_family_refuses_and_leaves_as_one(office: Engine) -> None:
    slot, numbers = full(office, seats=2)
    family = numbers[3:5]
    a_family(office, *family)
    joins(office, family[0])
    joins(office, numbers[5])
    gives_back(office, *numbers[:2])
    assert looks(office) == 2
    with office.begin() as conn:
        assert waiting.refuse(conn, family[1], "no")
    assert looks(office) == 1
    assert state(office) == {family[0]: "waiting", family[1]: "waiting", numbers[5]: "offered"}
    assert seen(office, numbers[5]).position == 2  # the family counts as one
    assert seen(office, numbers[5]).people_before == 2
    with office.begin() as conn:
        assert waiting.leave(conn, family[0])
        assert not waiting.leave(conn, family[1])
    assert state(office) == {numbers[5]: "offered"}
    assert counted(office)
    assert counts(office, slot) == (1, 0, 2)
