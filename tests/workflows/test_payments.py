"""Payments come early, late, twice, wrong or not at all; none is lost and nobody pays twice for it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import USUAL, Outside, away_for_long, in_turn
from workflows.case.facts import Ending, Stage
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause
from workflows.partners.bills import BillRequest
from workflows.partners.notices import NoticeKind

BILL = "820261124000001"


async def notice(environment: WorkflowEnvironment, **changes: Any) -> PaymentNotice:
    """A payment of the bill that the billing system makes out here."""
    now = await environment.get_current_time()
    return replace(PaymentNotice(bill_code=BILL, amount=350000, paid_at=now, receipt_no="NTPN-1"), **changes)


def came_to(outside: Outside) -> dict[str, list[Cause]]:
    """What each receipt came to, in the order in which the record says so."""
    found: dict[str, list[Cause]] = {}
    for note in outside.asked["ledger.note"]:
        for receipt in note.receipts:
            found.setdefault(receipt.receipt_no, []).append(receipt.cause)
    return found


def strays(outside: Outside) -> list[tuple[str, str, str]]:
    """Payments that an officer has to settle: bill, amount, receipt."""
    found = [entry.details for entry in outside.entries if entry.action == "payment.stray"]
    return [(one["bill"], one["amount"], one["receipt"]) for one in found]


async def in_booking(start: Start) -> Driven:
    """A bill is open."""
    case = await start()
    await case.file()
    await case.book()
    return case


async def test_paid_before_the_bill_is_known(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """The word of the payment overtakes the answer with the bill: it lies on the desk until the bill is there."""
    gate = outside.gate("bills.create")
    case = await start()
    await case.file()
    await case.take_seat(await case.appointment())
    await case.until(lambda: outside.asked["bills.create"])
    await case.handle.signal("payment", await notice(environment))
    gate.set()
    await case.noted("bill.paid")
    assert outside.view.bill is not None
    assert (outside.view.bill.state, outside.view.bill.receipt_no) == ("paid", "NTPN-1")
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert strays(outside) == []


async def test_told_twice(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """The same receipt again is nothing new."""
    case = await in_booking(start)
    for _ in range(3):
        await case.handle.signal("payment", await notice(environment))
    await case.noted("bill.paid")
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert outside.actions.count("bill.paid") == 1
    assert strays(outside) == []
    assert came_to(outside) == {"NTPN-1": [Cause.PAID]}


async def test_paid_twice(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """Another receipt for the same bill is money that somebody has to account for: entered once."""
    case = await in_booking(start)
    await case.pay()
    for _ in range(2):
        await case.handle.signal("payment", await notice(environment, receipt_no="NTPN-2"))
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert strays(outside) == [(BILL, "350000", "NTPN-2")]
    assert came_to(outside) == {"NTPN000000000001": [Cause.PAID], "NTPN-2": [Cause.TWICE]}


@pytest.mark.parametrize("wrong", [{"amount": 349999}, {"bill_code": "820000000000000"}])
async def test_a_payment_that_is_not_for_this_bill(
    environment: WorkflowEnvironment, start: Start, outside: Outside, wrong: dict[str, object]
) -> None:
    """The bill stays open, and can be paid as it should be."""
    case = await in_booking(start)
    await case.handle.signal("payment", await notice(environment, receipt_no="NTPN-0", **wrong))
    await case.handle.query("view")
    assert outside.view.stage is Stage.BOOKED
    await case.pay()
    assert outside.entry("bill.paid").details == {"receipt": "NTPN000000000001"}
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    expected = {"bill_code": BILL, "amount": 350000, **wrong}
    assert strays(outside) == [(expected["bill_code"], str(expected["amount"]), "NTPN-0")]


async def test_who_paid_too_much_has_paid(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """The seat is theirs; what is over the bill is entered with it, for an officer."""
    case = await in_booking(start)
    await case.handle.signal("payment", await notice(environment, amount=400000))
    await case.noted("bill.paid")
    (receipt,) = [one for note in outside.asked["ledger.note"] for one in note.receipts]
    assert (receipt.cause, receipt.amount, receipt.owed) == (Cause.PAID, 400000, 350000)


async def test_a_lost_notification_is_found_when_the_bill_is_due(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    """Nobody who has paid is told that the bill lapsed."""
    case = await in_booking(start)
    paid = await notice(environment)
    outside.answers["bills.inquire"] = lambda _: paid
    await case.sleep(timedelta(hours=2, minutes=1))
    await case.noted("bill.paid")
    assert outside.asked["bills.void"] == []
    assert outside.view.stage is Stage.PAID
    await case.handle.signal("payment", paid)  # at last
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert strays(outside) == []


async def test_paid_at_the_last_moment(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """Between the question and the voiding: the treasury says that it was paid, and that counts."""
    case = await in_booking(start)
    paid = await notice(environment)
    outside.answers["bills.void"] = lambda _: paid
    await case.sleep(timedelta(hours=2, minutes=1))
    await case.noted("bill.paid")
    assert [type(asked) for asked in outside.asked["bills.inquire"]] == [BillRequest]
    assert outside.view.stage is Stage.PAID


async def test_found_in_part_only(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    case = await in_booking(start)
    part = await notice(environment, amount=100000)
    outside.answers["bills.inquire"] = lambda _: part
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert outside.entry("application.ended").reason == "the bill was not paid in full"
    assert strays(outside) == [(BILL, "100000", "NTPN-1")]
    assert came_to(outside) == {"NTPN-1": [Cause.SHORT]}
    assert [one.facts["ending"] for one in outside.asked["notices.send"]] == ["lapsed_with_payment"]


async def test_a_payment_after_the_case_lapsed(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    """It comes while the last errands run, and is kept for an officer."""
    case = await in_booking(start)
    gate = outside.gate("notices.send")
    assert outside.view.bill is not None
    await case.sleep_until(outside.view.bill.due_at)
    await case.noted("application.ended")
    await case.until(lambda: outside.asked["notices.send"])
    await case.handle.signal("payment", await notice(environment))
    gate.set()
    assert await case.ending() is Ending.LAPSED_UNPAID
    assert strays(outside) == [(BILL, "350000", "NTPN-1")]
    assert came_to(outside) == {"NTPN-1": [Cause.LATE]}


async def test_the_seat_is_lost_after_payment(start: Start, outside: Outside) -> None:
    """Another one is chosen; there is no second bill."""
    outside.answers["seats.confirm"] = in_turn(False, False, True)
    case = await in_booking(start)
    await case.handle.signal("payment", await case.payment())
    await case.noted("seat.lost")
    assert outside.view.next_step.what == "choose_another_appointment"
    assert (outside.view.stage, outside.view.bookable) == (Stage.PAID, True)
    await case.take_seat(await case.appointment(booking="b-2"))
    await case.noted("seat.lost", times=2)
    await case.sleep(timedelta(days=20))
    seat = await case.appointment(booking="b-3")
    await case.take_seat(seat)
    await case.noted("bill.paid")
    assert outside.view.appointment is not None
    assert (outside.view.appointment.booking, outside.view.appointment.state) == ("b-3", "confirmed")
    assert [request.booking for request in outside.asked["seats.confirm"]] == ["b-1", "b-2", "b-3"]
    assert len(outside.asked["bills.create"]) == 1
    assert came_to(outside) == {"NTPN000000000001": [Cause.SEAT_LOST, Cause.SEAT_LOST, Cause.CHOSEN]}
    assert (await case.attend(seat)).stage is Stage.CHECKED_IN


async def test_who_lost_the_seat_is_told_until_when_to_choose(start: Start, outside: Outside) -> None:
    """On the page, by the payment, and by mail: one and the same time."""
    outside.answers["seats.confirm"] = in_turn(False, True)
    case = await in_booking(start)
    await case.handle.signal("payment", await case.payment())
    await case.noted("seat.lost")
    until = outside.view.next_step.by
    assert until is not None
    (receipt,) = outside.asked["ledger.note"][-1].receipts
    assert (receipt.cause, receipt.choose_by) == (Cause.SEAT_LOST, until)
    await case.until(lambda: outside.asked["notices.send"], "the letter")
    letter = outside.asked["notices.send"][0]
    assert (letter.kind, datetime.fromisoformat(letter.facts["until"])) == (
        NoticeKind.SEAT_LOST,
        until.replace(second=0, microsecond=0),
    )
    assert until - outside.entry("seat.lost").at == timedelta(days=30)


async def test_who_gives_up_while_choosing(start: Start, outside: Outside) -> None:
    outside.answers["seats.confirm"] = lambda _: False
    case = await in_booking(start)
    await case.handle.signal("payment", await case.payment())
    await case.until(lambda: outside.asked["notices.send"], "the letter")
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert came_to(outside) == {"NTPN000000000001": [Cause.SEAT_LOST, Cause.GIVEN_UP]}


async def test_no_other_seat_is_chosen_after_the_first_was_lost(start: Start, outside: Outside) -> None:
    """Not for ever: the time that booking has, and then the person can file anew."""
    outside.answers["seats.confirm"] = lambda _: False
    case = await in_booking(start)
    await case.handle.signal("payment", await case.payment())
    await case.noted("seat.lost")
    assert await case.ending() is Ending.CANCELLED
    assert outside.view.bill is not None
    assert outside.view.bill.state == "paid"
    assert came_to(outside) == {"NTPN000000000001": [Cause.SEAT_LOST, Cause.UNCHOSEN]}


async def test_the_hold_is_moved_before_payment(start: Start, outside: Outside) -> None:
    case = await in_booking(start)
    await case.take_seat(await case.appointment(booking="b-2"))
    assert outside.view.stage is Stage.BOOKED
    await case.pay()
    assert [request.booking for request in outside.asked["seats.confirm"]] == ["b-2"]
    assert len(outside.asked["bills.create"]) == 1


async def test_a_withdrawal_races_a_payment(environment: WorkflowEnvironment, start: Start, outside: Outside) -> None:
    """Paid a moment before: what the treasury keeps is entered once, however many tell of it."""
    case = await in_booking(start)
    paid = await notice(environment)
    outside.answers["bills.void"] = lambda _: paid
    gate = outside.gate("notices.send")
    await case.withdraw()
    await case.until(lambda: outside.asked["notices.send"])
    await case.handle.signal("payment", paid)
    gate.set()
    assert await case.ending() is Ending.WITHDRAWN
    assert strays(outside) == [(BILL, "350000", "NTPN-1")]


async def test_a_payment_while_strays_are_entered(
    environment: WorkflowEnvironment, start: Start, outside: Outside
) -> None:
    """The very last moment of a case: nothing that lies on the desk is left there."""
    case = await in_booking(start)
    gate = outside.gate("notices.send", lambda letter: letter.kind.value == "ended")
    await case.withdraw()
    await case.until(lambda: outside.asked["notices.send"])
    for receipt in ("NTPN-1", "NTPN-2", "NTPN-3"):
        await case.handle.signal("payment", await notice(environment, receipt_no=receipt))
    gate.set()
    assert await case.ending() is Ending.WITHDRAWN
    assert [receipt for _, _, receipt in strays(outside)] == ["NTPN-1", "NTPN-2", "NTPN-3"]
    assert set(map(tuple, came_to(outside).values())) == {(Cause.AFTER_ENDING,)}


async def test_the_treasury_is_away_when_the_bill_is_due(start: Start, outside: Outside) -> None:
    """Silence is no proof: the case waits for the treasury's word before it lapses."""
    case = await in_booking(start)
    outside.answers["bills.inquire"] = away_for_long
    await case.sleep(timedelta(hours=30))
    assert outside.view.stage is Stage.BOOKED
    assert "application.ended" not in outside.actions
    paid = await case.payment()
    outside.answers["bills.inquire"] = in_turn(paid, USUAL)
    await case.sleep(timedelta(hours=2))
    await case.noted("bill.paid")
