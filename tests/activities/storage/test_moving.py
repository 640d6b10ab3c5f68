"""What a person may refuse after a closure, and what the office moves for a cause."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, text

from activities.storage import moving, rules
from activities.storage.committer import SeatCommitter
from activities.storage.moving import Moved
from activities.storage.reseating import pass_over
from activities.storage.slots import slot_number
from tests.activities.storage.closing import close, family_of, far_ahead, seats_now, sit
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import DAY, EARLY, a_slot, counted, one, people, seats_id
from workflows.case.facts import Actor, Role

SET_DAY = text("""
    UPDATE paspor.slot SET day = :day, starts_at = :start, ends_at = :start + interval '1 hour' WHERE id = :slot""")
CITIZEN = Actor(id="applicant-1", roles=(Role.APPLICANT,))
MOVES = "SELECT max(moves) FROM paspor.booking"


@pytest.fixture(autouse=True)
def _far_ahead(office: Engine) -> None:
    far_ahead(office)


def enact(office: Engine, since: date, refusals: int) -> None:
    value = {"refusals": refusals, "notice_days": 1, "horizon_days": 500}
    with office.begin() as conn:
        rules.enact(conn, "reseating", since, value, "test", "sanur")


def refuse(office: Engine, number: str, key: str) -> Moved:
    with office.begin() as conn:
        return moving.refuse(conn, number, key, "applicant-1", "applicant")


def moved_away(office: Engine, seats: int = 1, days: int = 5, count: int = 1) -> tuple[list[str], list[str]]:
    """People who were moved off the Monday; their numbers, and the slots of the days after it."""
    with office.begin() as conn:
        was, numbers = a_slot(conn, count), people(conn, count)
        for place, number in enumerate(numbers):
            sit(conn, number, was, place)
        if count > 1:
            family_of(conn, numbers)
        later = [a_slot(conn, seats, days=ahead) for ahead in range(1, days + 1)]
    close(office, DAY)
    pass_over(office)
    return numbers, later


def slot_of(office: Engine, number: str) -> str:
    return seats_id(seats_now(office)[number][0])


def test_two_refusals_each_the_next_nearest_and_then_the_seat_stays(office: Engine) -> None:
    (number,), later = moved_away(office)
    assert slot_of(office, number) == later[0]
    for nth in (1, 2):
        answer = refuse(office, number, f"no-{nth}")
        assert (answer.code, slot_of(office, number)) == ("ok", later[nth])
        message = answer.message
        assert message is not None
        assert (message.cause, message.reason, message.by) == ("refused", "water in the cellar", CITIZEN)
        assert (message.appointment.slot_id, message.appointment.revision) == (later[nth], nth + 2)
        # The same key is the same refusal, however often it comes.
        assert refuse(office, number, f"no-{nth}") == answer
    assert refuse(office, number, "no-3").code == "refusals_used"
    assert slot_of(office, number) == later[2]
    assert one(office, MOVES) == 0
    assert counted(office)


async def test_the_ordinary_reschedule_is_still_theirs(office: Engine, committer: SeatCommitter) -> None:
    (number,), later = moved_away(office)
    refuse(office, number, "no-1")
    assert (await committer.take(number, later[4], "move", EARLY)).code == "ok"
    with office.connect() as conn:
        assert moving.standing(conn, number) is None  # they have chosen by themselves since
    assert refuse(office, number, "no-2").code == "not_your_turn"
    assert (await committer.take(number, later[0], "again", EARLY)).code == "reschedule_used"


def test_how_often_is_the_rule_of_the_day(office: Engine) -> None:
    (number,), _ = moved_away(office)
    enact(office, date(2025, 1, 1), refusals=0)
    with office.connect() as conn:
        standing = moving.standing(conn, number)
    assert standing is not None
    assert (standing.most, standing.left, standing.reason) == (0, 0, "water in the cellar")
    assert refuse(office, number, "no").code == "refusals_used"


def test_a_refusal_that_finds_no_other_seat_is_none(office: Engine) -> None:
    (number,), later = moved_away(office, days=1)
    assert refuse(office, number, "no").code == "no_other_seat"
    assert slot_of(office, number) == later[0]
    assert one(office, "SELECT refusals FROM paspor.reseating") == 0


def test_a_family_refuses_together(office: Engine) -> None:
    numbers, later = moved_away(office, seats=3, count=3)
    assert {slot_of(office, number) for number in numbers} == {later[0]}
    assert refuse(office, numbers[1], "no").code == "ok"
    assert {slot_of(office, number) for number in numbers} == {later[1]}
    assert one(office, "SELECT min(refusals) FROM paspor.reseating") == 1
    assert one(office, "SELECT count(*) FROM paspor.outbox WHERE body #>> '{about,cause}' = 'refused'") == 3


def test_on_the_eve_it_is_the_last_moment(office: Engine) -> None:
    """Until the day before, as a reschedule: on the day itself the seat stays."""
    (number,), later = moved_away(office)
    today = datetime.now(UTC).date()
    for ahead, code in ((0, "too_late"), (2, "ok")):
        with office.begin() as conn:
            start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=ahead)
            values = {"day": today + timedelta(days=ahead), "start": start, "slot": slot_number(later[0])}
            conn.execute(SET_DAY, values)
        assert refuse(office, number, f"no-{ahead}").code == code


@pytest.mark.parametrize(("ahead", "code"), [(0, "too_late"), (1, "ok")])
async def test_a_reschedule_goes_by_the_offices_clock(
    office: Engine, committer: SeatCommitter, ahead: int, code: str
) -> None:
    """Whatever the date of who asks: at six in the morning in Bali it is still yesterday in UTC."""
    here, now = timezone(timedelta(hours=8)), datetime.now(UTC).replace(microsecond=0)
    with office.begin() as conn:
        was, later, (number,) = a_slot(conn, 1, starts_at=now + timedelta(hours=1)), a_slot(conn, 1), people(conn, 1)
        day = now.astimezone(here).date() + timedelta(days=ahead)
        values = {"day": day, "start": now + timedelta(hours=1, days=ahead), "slot": slot_number(was)}
        conn.execute(SET_DAY, values)
        sit(conn, number, was, 0)
    yesterday = now.astimezone(here).date() - timedelta(days=1)
    assert (await committer.take(number, later, "move", yesterday)).code == code


def for_cause(office: Engine, number: str, slot: str, key: str = "k", at: str = "sanur") -> str:
    with office.begin() as conn:
        return moving.for_cause(
            conn, number, slot, key, office=at, by="sup", role="supervisor", reason="the lift is broken"
        ).code


async def test_the_office_moves_for_a_cause_and_the_own_reschedule_stays(
    office: Engine, committer: SeatCommitter
) -> None:
    with office.begin() as conn:
        was, new, third, (number,) = a_slot(conn, 1), a_slot(conn, 1, days=1), a_slot(conn, 1, days=2), people(conn, 1)
        sit(conn, number, was, 0)
    assert for_cause(office, number, new) == "ok"
    assert for_cause(office, number, new) == "ok"  # the same act
    assert (slot_of(office, number), one(office, MOVES)) == (new, 0)
    assert one(office, "SELECT moved_by || ' ' || role || ': ' || reason FROM paspor.special_move") == (
        "sup supervisor: the lift is broken"
    )
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 1
    assert (await committer.take(number, third, "own", EARLY)).code == "ok"
    assert one(office, MOVES) == 1
    assert for_cause(office, number, new, "k2") == "ok"
    assert counted(office)


def test_what_the_office_may_not(office: Engine) -> None:
    with office.begin() as conn:
        an_office(conn, "ubud")
        was, full, numbers = a_slot(conn, 1), a_slot(conn, 1, days=1), people(conn, 3)
        same_day, closed = a_slot(conn, 1, days=1, lane="same_day"), a_slot(conn, 1, days=2)
        kept = a_slot(conn, 1, days=3)
        conn.execute(text("UPDATE paspor.slot SET kept = 1 WHERE id = :slot"), {"slot": slot_number(kept)})
        past = a_slot(conn, 1, starts_at=datetime.now(UTC) - timedelta(minutes=1))
        sit(conn, numbers[0], was, 0)
        sit(conn, numbers[1], full, 1)
    close(office, DAY + timedelta(days=2))
    assert for_cause(office, numbers[0], full) == "slot_full"
    assert for_cause(office, numbers[0], kept) == "slot_full"  # it is somebody's who waits
    for slot in (same_day, closed, past, was, "nonsense", "sffff"):
        assert for_cause(office, numbers[0], slot) == "slot_gone"
    assert for_cause(office, numbers[2], full) == "not_bookable"
    assert for_cause(office, numbers[0], full, at="ubud") == "not_bookable"
    assert slot_of(office, numbers[0]) == was
    assert one(office, "SELECT count(*) FROM paspor.outbox") == 0
    assert counted(office)


def test_the_office_may_give_priority(office: Engine) -> None:
    with office.begin() as conn:
        was, new, (number,) = a_slot(conn, 1), a_slot(conn, 1, days=1, lane="priority"), people(conn, 1)
        sit(conn, number, was, 0, "held")
    assert for_cause(office, number, new) == "ok"
    assert seats_now(office)[number][:2] == (slot_number(new), "held")
