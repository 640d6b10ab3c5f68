"""An early ending: what the case still holds is given back, the record says why, and the applicant is told."""

from dataclasses import replace

from temporalio.exceptions import ActivityError

from workflows import options
from workflows.case.facts import Bill, Ending, Stage, Turn
from workflows.case.payments import Receipt, left_without_seat
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.partners.bills import BillRequest, bill_made, bill_voided
from workflows.partners.booklets import BookletFate
from workflows.partners.notices import NoticeKind, notice_sent
from workflows.partners.seats import SeatRequest, seat_released
from workflows.stock import settle


async def end_early(case: Casework, end: CaseEnds) -> None:
    """Give back seat, bill and booklet, then write the ending down. Nothing of this waits for a person."""
    case.file.ending, case.file.ending_reason, case.file.bookable = end.ending, end.reason, False
    await _give_back_seat(case)
    if case.file.passport and case.file.passport.state != "spoiled":
        await settle(case, case.file.passport, BookletFate.CANCELLED, end.ending.value)
    open_bill = _lapsed(case)
    case.file.tasks.clear()
    case.stand(Stage.ENDED, Turn.APPLICANT, "none")
    act = end.asked.message if end.asked and not end.refused else None
    entry = case.entry(
        "application.ended", act=act, role=end.role, outcome=end.ending.value, reason=end.reason, rule=end.rule
    )
    verdict = await case.note(entry, *_seatless(case, end))
    if end.asked and end.refused:
        end.asked.refuse(end.refused)
    elif end.asked:
        end.asked.answer(verdict)
    case.show_operators()
    case.desk.clear()
    if open_bill := open_bill or await _ordered(case):
        await _void(case, open_bill)
    await _tell(case, end)


async def _give_back_seat(case: Casework) -> None:
    appointment = case.file.appointment
    if appointment and case.file.ticket is None:
        key = case.key(f"release/{appointment.booking}")
        await seat_released(SeatRequest(key=key, number=case.file.number, booking=appointment.booking))
        case.file.appointment = replace(appointment, state="released")


def _seatless(case: Casework, end: CaseEnds) -> tuple[Receipt, ...]:
    """The payment of who had paid, had lost the seat, and has no other one now that it ends."""
    return (case.file.settled(left_without_seat(end.role)),) if case.file.choose_by else ()


def _lapsed(case: Casework) -> Bill | None:
    """The bill that was open until now; people read from the ending on that it can not be paid any more."""
    bill = case.file.bill
    if bill is None or bill.state != "open":
        return None
    case.file.bill = replace(bill, state="lapsed")
    return bill


async def _ordered(case: Casework) -> Bill | None:
    """A bill whose making was asked for and not answered before the case ended: ask again by its key, to void it."""
    order = case.bill_order
    if order is None or case.file.bill is not None:
        return None
    try:
        return await bill_made(order, options.WHILE_CLOSING)
    except ActivityError:
        return None


async def _void(case: Casework, bill: Bill) -> None:
    """An open bill must not be paid any more; a payment at the last moment is entered with its outcome."""
    request = BillRequest(key=case.key("bill/void"), number=case.file.number, code=bill.code)
    try:
        paid = await bill_voided(request, options.WHILE_CLOSING)
    except ActivityError:
        paid = None
    if paid:
        case.file.stray_payments.append(paid)


async def _tell(case: Casework, end: CaseEnds) -> None:
    if end.ending is Ending.NOT_ACCEPTED and not case.file.admitted:
        return  # who filed hears it at the form
    # Nobody who has paid reads that nothing was paid in time: what becomes of the money is told with its receipt.
    paid = end.ending is Ending.LAPSED_UNPAID and (case.file.receipts or case.file.stray_payments)
    letter = case.letter(NoticeKind.ENDED, ending="lapsed_with_payment" if paid else end.ending.value)
    try:
        await notice_sent(letter, options.WHILE_CLOSING)
    except ActivityError:
        await case.note(case.entry("notice.failed", outcome=NoticeKind.ENDED.value))
