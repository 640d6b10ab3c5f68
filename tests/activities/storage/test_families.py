"""Families' seats: for all members or for none, in one slot or the one after it; and what becomes of the act."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, text

from activities.storage import families, ledger, rules
from activities.storage.families import FamilyTaken
from tests.activities.storage.cases import RING, ended, noted, opening
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import EARLY, NOON, a_slot, counted, one
from workflows.case.facts import Appointment

HALF = timedelta(minutes=30)


def a_family(conn: Connection, size: int, first: int = 2 * 10**15, bookable: bool = True) -> tuple[UUID, list[str]]:
    """A family of bookable cases; its id, and their numbers."""
    family, numbers = uuid4(), [f"{first + place}" for place in range(size)]
    for number in numbers:
        about = opening(number, bookable=bookable)
        about = replace(about, filing=replace(about.filing, family=str(family)))
        assert ledger.open_case(conn, about, RING)
    return family, numbers


def take(engine: Engine, family: UUID, slot: str, key: str = "key", on: date = EARLY) -> FamilyTaken:
    with engine.begin() as conn:
        return families.take_seats(conn, family, slot, key, on)


def places(taken: FamilyTaken) -> list[Appointment]:
    assert taken.code == "ok"
    return [one.appointment for _, one in taken.seats if one.appointment]


def starts(taken: FamilyTaken) -> list[str]:
    return sorted(f"{place.starts_at.astimezone(NOON.tzinfo):%H:%M}" for place in places(taken))


def pay(engine: Engine, numbers: Sequence[str]) -> None:
    with engine.begin() as conn:
        conn.execute(text("SELECT paspor.confirm_seat(id, number) FROM paspor.booking WHERE number = ANY (:numbers)"),
                     {"numbers": list(numbers)})  # fmt: skip


def test_all_sit_in_one_slot_and_each_case_is_told(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, numbers) = a_slot(conn, 5), a_family(conn, 4)
    taken = take(office, family, slot)
    assert [number for number, _ in taken.seats] == numbers
    assert {place.slot_id for place in places(taken)} == {slot}
    assert one(office, "SELECT taken FROM paspor.slot") == 4
    assert one(office, "SELECT count(DISTINCT number) FROM paspor.outbox WHERE topic = 'seat_taken'") == 4
    assert counted(office)


def test_too_few_seats_are_none_for_anybody(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, numbers), room = a_slot(conn, 3), a_family(conn, 4), a_slot(conn, 9, days=1)
    taken = take(office, family, slot)
    assert (taken.code, taken.seats, taken.alternatives) == ("slot_full", (), (room,))
    assert one(office, "SELECT count(*) FROM paspor.booking") == 0
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 0
    assert one(office, "SELECT sum(taken) FROM paspor.slot") == 0
    assert numbers


def test_the_slot_right_after_takes_the_rest(office: Engine) -> None:
    with office.begin() as conn:
        slot, after = a_slot(conn, 3), a_slot(conn, 1, starts_at=NOON + HALF)
        family, _ = a_family(conn, 4)
    taken = take(office, family, slot)
    assert starts(taken) == ["04:00", "04:00", "04:00", "04:30"]
    assert {place.slot_id for place in places(taken)} == {slot, after}
    assert counted(office)


@pytest.mark.parametrize("what", ["a pause", "another lane", "the rule"])
def test_what_is_not_next_to_it_does_not_count(office: Engine, what: str) -> None:
    with office.begin() as conn:
        slot = a_slot(conn, 3)
        later = 2 * HALF if what == "a pause" else HALF
        a_slot(conn, 5, starts_at=NOON + later, lane="same_day" if what == "another lane" else "regular")
        family, _ = a_family(conn, 4)
        if what == "the rule":
            value = {"most": 5, "adjacent_slots": 0, "filing_minutes": 15}
            rules.enact(conn, "family", date(2026, 1, 1), value, "test", office="sanur")
    assert take(office, family, slot).code == "slot_full"
    assert one(office, "SELECT count(*) FROM paspor.booking") == 0


def test_the_rule_says_how_many_slots(office: Engine) -> None:
    with office.begin() as conn:
        slots = [a_slot(conn, 1, starts_at=NOON + place * HALF) for place in range(4)]
        family, _ = a_family(conn, 4)
        value = {"most": 5, "adjacent_slots": 3, "filing_minutes": 15}
        rules.enact(conn, "family", date(2026, 1, 1), value, "test", office="sanur")
    assert {place.slot_id for place in places(take(office, family, slots[0]))} == set(slots)


def test_the_same_key_is_the_same_seats(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, numbers) = a_slot(conn, 4), a_family(conn, 4)
    first = take(office, family, slot)
    with office.begin() as conn:
        ended(conn, numbers[0], 2)
    assert take(office, family, slot) == first
    assert take(office, family, slot, key="another").code == "ok"  # the other three sit there already
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 4


def test_a_member_who_cannot_book_keeps_all_from_it(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, numbers) = a_slot(conn, 9), a_family(conn, 3)
        noted(conn, numbers[1], 2, bookable=False)
    taken = take(office, family, slot)
    assert (taken.code, taken.number) == ("not_bookable", numbers[1])
    assert one(office, "SELECT count(*) FROM paspor.booking") == 0


def test_who_has_ended_is_not_waited_for(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, numbers) = a_slot(conn, 2), a_family(conn, 3)
        ended(conn, numbers[2], 2)
    assert [number for number, _ in take(office, family, slot).seats] == numbers[:2]


def test_nobody_is_left_of_a_family_is_no_application(office: Engine) -> None:
    with office.begin() as conn:
        slot = a_slot(conn, 2)
    assert take(office, uuid4(), slot).code == "no_application"


@pytest.mark.parametrize("slot", ["s7fffffff", "nonsense"])
def test_a_slot_that_is_not_there_is_gone(office: Engine, slot: str) -> None:
    with office.begin() as conn:
        family, _ = a_family(conn, 2)
    assert take(office, family, slot).code == "slot_gone"


def test_a_hold_moves_as_one(office: Engine) -> None:
    with office.begin() as conn:
        slot, other, small = a_slot(conn, 3), a_slot(conn, 3, days=1), a_slot(conn, 2, days=2)
        family, _ = a_family(conn, 3)
    held = {place.booking for place in places(take(office, family, slot))}
    moved = take(office, family, other, key="2")
    assert {place.booking for place in places(moved)} == held
    assert {place.slot_id for place in places(moved)} == {other}
    assert take(office, family, small, key="3").code == "slot_full"
    assert one(office, f"SELECT taken FROM paspor.slot WHERE paspor.public_slot(id) = '{other}'") == 3
    assert counted(office)


def test_the_one_reschedule_of_a_member_bars_all(office: Engine) -> None:
    with office.begin() as conn:
        slot, second, third = (a_slot(conn, 3, days=days) for days in (0, 1, 2))
        family, numbers = a_family(conn, 3)
    take(office, family, slot)
    pay(office, numbers)
    assert take(office, family, second, key="2").code == "ok"
    refused = take(office, family, third, key="3")
    assert (refused.code, refused.number) == ("reschedule_used", numbers[0])
    assert one(office, "SELECT count(DISTINCT slot_id) FROM paspor.booking WHERE state = 'confirmed'") == 1
    assert counted(office)


def test_kept_seats_are_not_theirs(office: Engine) -> None:
    with office.begin() as conn:
        slot, (family, _) = a_slot(conn, 4), a_family(conn, 3)
        conn.execute(text("UPDATE paspor.slot SET kept = 2"))
    assert take(office, family, slot).code == "slot_full"


def test_an_act_is_decided_once(conn: Connection) -> None:
    family = uuid4()
    assert families.begin(conn, family, "applicant-1", ["1", "2"]).state == "filing"
    refusal = {"code": "nik_mismatch", "errors": [{"pointer": "/applications/1/applicant", "detail": "nik_mismatch"}]}
    assert families.refuse(conn, family, refusal).refusal == refusal
    assert families.stand(conn, family).state == "refused"
    again = families.begin(conn, family, "applicant-1", ["1", "2"])
    assert (again.state, again.refusal) == ("refused", refusal)
    other = uuid4()
    families.begin(conn, other, "applicant-1", ["3"])
    assert families.stand(conn, other).state == "stands"
    assert families.refuse(conn, other, refusal).state == "stands"


def test_an_act_that_nobody_ended_is_refused_and_its_members_are_left_over(conn: Connection) -> None:
    an_office(conn)
    family, numbers = a_family(conn, 3)
    families.begin(conn, family, "applicant-1", numbers)
    assert families.left_over(conn, 10) == ()
    conn.execute(text("UPDATE paspor.family SET created_at = created_at - interval '16 minutes'"))
    ended(conn, numbers[0], 2)
    found = families.left_over(conn, 10)
    assert [(one.number, one.family) for one in found] == [(number, family) for number in numbers[1:]]
    assert families.act_of(conn, family).refusal == families.LAPSED


def test_a_family_that_stands_is_left_alone(conn: Connection) -> None:
    family, numbers = a_family(conn, 2)
    families.begin(conn, family, "applicant-1", numbers)
    families.stand(conn, family)
    conn.execute(text("UPDATE paspor.family SET created_at = created_at - interval '1 day'"))
    assert families.left_over(conn, 10) == ()
