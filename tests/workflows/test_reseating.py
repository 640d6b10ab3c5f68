"""A seat that the person did not choose: after a closed day, or by the office for a cause; told once, and lived by."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import Outside
from tests.workflows.people import CITIZEN, OFFICE, officer
from workflows.case.facts import Actor, Appointment, Ending, Role
from workflows.messages import CheckIn, SeatTaken
from workflows.partners.notices import NoticeKind

SYSTEM = Actor(id="system", roles=(Role.SYSTEM,))
HERE = CheckIn(by=officer(Role.EXAMINER))


def moved(seat: Appointment, days: int, by: Actor = SYSTEM, cause: str = "closure", revision: int = 2) -> SeatTaken:
    start = seat.starts_at + timedelta(days=days)
    new = replace(seat, slot_id=f"s-{days}", starts_at=start, ends_at=start + timedelta(minutes=30), revision=revision)
    return SeatTaken(by=by, appointment=new, cause=cause, reason="water in the cellar", was_at=seat.starts_at)


def letters(outside: Outside, kind: NoticeKind) -> list[dict[str, str]]:
    return [notice.facts for notice in outside.asked["notices.send"] if notice.kind is kind]


async def told(case: Driven, outside: Outside, times: int) -> None:
    await case.until(lambda: len(letters(outside, NoticeKind.RESEATED)) >= times, "the message")


async def test_check_in_and_no_show_follow_the_new_appointment(start: Start, outside: Outside) -> None:
    case = await start()
    seat = await case.to_paid()
    message = moved(seat, days=4)
    await case.tell("take_seat", message)
    await told(case, outside, 1)
    entry = outside.entry("seat.reseated")
    assert (entry.role, entry.outcome, entry.reason) == (Role.SYSTEM, "closure", "water in the cellar")
    assert set(entry.details) == {"from", "to"}
    (letter,) = letters(outside, NoticeKind.RESEATED)
    assert (letter["reason"], letter["office"]) == ("water in the cellar", OFFICE)
    assert outside.view.appointment is not None
    assert (outside.view.appointment.slot_id, outside.view.appointment.state) == ("s-4", "confirmed")
    assert outside.view.next_step.by == message.appointment.starts_at
    # On the closed day it is the wrong day, and nobody is a no-show by it.
    await case.sleep_until(seat.starts_at)
    assert await case.refused("check_in", HERE) == "wrong_day"
    await case.sleep_until(seat.starts_at + timedelta(days=2))
    await case.attend(message.appointment)
    assert outside.actions.count("applicant.checked_in") == 1


async def test_who_does_not_come_to_the_new_appointment_is_a_no_show_of_that_day(
    start: Start, outside: Outside
) -> None:
    case = await start()
    seat = await case.to_paid()
    message = moved(seat, days=4)
    await case.tell("take_seat", message)
    await told(case, outside, 1)
    assert await case.ending() is Ending.NO_SHOW
    assert timedelta(0) < case.ended_at() - message.appointment.starts_at < timedelta(days=1)


async def test_a_hold_stays_a_hold_and_its_bill_is_paid(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    seat = await case.book()
    await case.tell("take_seat", moved(seat, days=1))
    await told(case, outside, 1)
    assert outside.view.appointment is not None
    assert (outside.view.appointment.slot_id, outside.view.appointment.state) == ("s-1", "held")
    await case.pay()
    assert (outside.view.appointment.slot_id, outside.view.appointment.state) == ("s-1", "confirmed")
    await case.until(lambda: letters(outside, NoticeKind.CONFIRMED), "the confirmation")
    (confirmed,) = letters(outside, NoticeKind.CONFIRMED)
    assert confirmed["starts_at"] == letters(outside, NoticeKind.RESEATED)[0]["starts_at"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.HEAD])
async def test_the_office_moves_for_a_cause_and_the_own_reschedule_is_another(
    start: Start, outside: Outside, role: Role
) -> None:
    case = await start()
    seat = await case.to_paid()
    message = moved(seat, days=1, by=officer(role), cause="office")
    await case.tell("take_seat", message)
    await case.tell(
        "take_seat", SeatTaken(by=CITIZEN, appointment=replace(message.appointment, slot_id="own", revision=3))
    )
    assert [action for action in outside.actions if action.startswith("seat.")][-2:] == [
        "seat.reseated", "seat.rescheduled"
    ]  # fmt: skip
    await told(case, outside, 1)
    assert outside.entry("seat.reseated").role is role
    assert len(letters(outside, NoticeKind.RESEATED)) == 1


@pytest.mark.parametrize(
    ("by", "cause"),
    [
        (officer(Role.SUPERVISOR), ""),
        (officer(Role.EXAMINER), "office"),
        (replace(officer(Role.SUPERVISOR), office="ubud"), "office"),
        (replace(CITIZEN, id="somebody-else"), "refused"),
        (SYSTEM, ""),
    ],
    ids=["without a cause", "an examiner", "another office", "another person", "the system without a cause"],
)
async def test_who_may_not(start: Start, outside: Outside, by: Actor, cause: str) -> None:
    case = await start()
    seat = await case.to_paid()
    assert await case.refused("take_seat", moved(seat, 1, by, cause)) == "role_not_allowed"


async def test_who_refuses_is_told_of_the_next_seat(start: Start, outside: Outside) -> None:
    case = await start()
    seat = await case.to_paid()
    await case.tell("take_seat", moved(seat, days=1))
    await case.tell("take_seat", moved(seat, days=2, by=CITIZEN, cause="refused", revision=3))
    await told(case, outside, 2)
    assert [entry.role for entry in outside.entries if entry.action == "seat.reseated"] == [
        Role.SYSTEM, Role.APPLICANT
    ]  # fmt: skip


async def test_nobody_is_a_no_show_where_the_office_was_closed(start: Start, outside: Outside) -> None:
    """No seat was free until the closed day was over: the case waits for the one that comes."""
    outside.answers["seats.sought"] = lambda known: True
    case = await start()
    seat = await case.to_paid()
    await case.sleep_until(seat.starts_at + timedelta(days=3))
    await case.until(lambda: outside.asked["seats.sought"], "the question")
    assert outside.asked["seats.sought"][0].slot_id == seat.slot_id
    assert await case.refused("check_in", HERE) == "wrong_day"
    message = moved(seat, days=9)
    await case.tell("take_seat", message)
    await case.attend(message.appointment)
    assert "application.ended" not in outside.actions
