"""A seat, and its bill: the seat is held while the bill is open, and confirmed when it is paid."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from workflows.admission import for_seat
from workflows.case.facts import Bill, Ending, Stage, Turn
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause, pays
from workflows.case.rules import RuleName
from workflows.case.tariff import itemise, prices_of, total
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.holds import ask_or_hold
from workflows.partners.bills import BillOrder, BillRequest, bill_made, bill_voided, payment_found
from workflows.partners.notices import NoticeKind
from workflows.partners.seats import SeatRequest, seat_confirmed
from workflows.seating import seat_changed

# An answer that took longer comes from a billing system that was away. The rule `payment` may say another time: a
# house whose payment minutes are few wants a shorter one.
PROMPT_MINUTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A bill, when it was ordered, until when an answer is prompt, and by which tariff."""

    bill: Bill
    prompt_until: datetime
    rule: str


async def book_and_pay(case: Casework) -> None:
    """From the choice of a seat to a paid bill, within the time that the bill allows."""
    case.desk.seat.open(for_seat(case.file.filing.owner, lambda: case.file.office))
    await _first_seat(case)
    await _bill(case)
    await _payment(case)
    await _confirmation(case)


async def _first_seat(case: Casework) -> None:
    booking = (await case.look_up(RuleName.BOOKING))[RuleName.BOOKING]
    until = case.now() + timedelta(days=booking.number("days"))
    if not await case.desk.wait(case.desk.seat, until=until, summary="choose an appointment"):
        raise CaseEnds(Ending.LAPSED_UNPAID, "no appointment was chosen in time", rule=booking.reference)
    await _seat_held(case)


async def _seat_held(case: Casework) -> None:
    delivery = case.desk.seat.take()
    assert delivery is not None
    first = case.file.appointment is None
    case.file.appointment = delivery.message.appointment
    case.file.bookable = True
    if first:
        case.stand(Stage.BOOKED, Turn.SYSTEM, "make_bill")
        case.show_operators()
    await seat_changed(case, delivery, "seat.held" if first else "seat.moved")
    case.desk.seat.reopen()


async def _bill(case: Casework) -> None:
    """Have the bill made. One that was long in coming is voided unseen: its time ran while nobody could pay it."""
    for again in count():
        key = f"bill/{again}" if again else "bill"
        made = await ask_or_hold(case, "bill", partial(_made, case, key))
        if case.now() < made.prompt_until or await _paid_unseen(case, made.bill, key):
            break
    case.file.bill = made.bill
    case.stand(Stage.BOOKED, Turn.APPLICANT, "pay", made.bill.due_at)
    await case.note(case.entry("bill.made", rule=made.rule, details={"amount": str(total(made.bill.items))}))


async def _made(case: Casework, key: str) -> Made:
    """A bill by the tariff of today, due in the rule's minutes from now, or when the billing system says."""
    needs = prices_of(case.file.filing)
    rules = await case.desk.unless_left(case.look_up(RuleName.TARIFF, RuleName.PAYMENT, needs=needs))
    ordered_at = case.now()
    tariff, payment = rules[RuleName.TARIFF], rules[RuleName.PAYMENT]
    case.file.payment_rule = payment.reference
    order = BillOrder(
        key=case.key(key),
        number=case.file.number,
        items=itemise(case.file.filing, tariff),
        due_at=ordered_at + timedelta(minutes=payment.number("minutes")),
    )
    case.bill_order = order
    prompt_until = ordered_at + timedelta(minutes=payment.number("prompt_minutes", PROMPT_MINUTES))
    return Made(bill=await case.desk.unless_left(bill_made(order)), prompt_until=prompt_until, rule=tariff.reference)


async def _paid_unseen(case: Casework, bill: Bill, key: str) -> bool:
    """Void the bill, unless somebody has paid it after all."""
    request = BillRequest(key=case.key(f"{key}/late"), number=case.file.number, code=bill.code)
    payment = await ask_or_hold(case, "bill", lambda: bill_voided(request))
    if payment:
        case.desk.payments.lay(payment)
    return payment is not None


async def _payment(case: Casework) -> None:
    bill = case.file.bill
    assert bill is not None
    while True:
        in_time = await case.desk.wait(case.desk.payments, case.desk.seat, until=bill.due_at, summary="pay the bill")
        if case.desk.seat.filled:
            await _seat_held(case)
        notice = _next_payment(case, bill)
        if notice is None and not in_time:
            notice = await _at_the_last_moment(case, bill)
        if notice:
            _paid(case, bill, notice)
            return


def _next_payment(case: Casework, bill: Bill) -> PaymentNotice | None:
    """The first payment that is for this bill and in full; others are entered beside it, each with its outcome."""
    while delivery := case.desk.payments.take():
        notice = delivery.message
        if pays(notice, bill):
            return notice
        case.file.stray_payments.append(notice)
    return None


async def _at_the_last_moment(case: Casework, bill: Bill) -> PaymentNotice | None:
    """The bill is due and nobody told us of a payment: ask, since a lost notification is no unpaid bill."""
    request = BillRequest(key=case.key("bill/void"), number=case.file.number, code=bill.code)
    notice = await ask_or_hold(case, "bill", lambda: payment_found(request))
    notice = notice or await ask_or_hold(case, "bill", lambda: bill_voided(request))
    if notice is None:
        case.file.bill = replace(bill, state="lapsed")
        raise CaseEnds(Ending.LAPSED_UNPAID, "the bill was not paid in time", rule=case.file.payment_rule)
    if not pays(notice, bill):
        case.file.bill = replace(bill, state="lapsed")
        case.file.stray_payments.append(notice)
        raise CaseEnds(Ending.LAPSED_UNPAID, "the bill was not paid in full", rule=case.file.payment_rule)
    return notice


def _paid(case: Casework, bill: Bill, notice: PaymentNotice) -> None:
    case.file.receipts.append(notice.receipt_no)
    case.file.paid_by = notice
    case.file.bill = replace(bill, state="paid", receipt_no=notice.receipt_no)
    case.stand(Stage.PAID, Turn.SYSTEM, "confirm_seat")


async def _confirmation(case: Casework) -> None:
    """Confirm the seat; who has paid and lost it chooses another, and is never told that the bill lapsed."""
    cause = Cause.PAID
    while not await _seat_is_ours(case):
        cause = Cause.CHOSEN
        await _another_seat(case)
    case.file.choose_by = None
    appointment = case.file.appointment
    assert appointment is not None
    case.stand(Stage.PAID, Turn.APPLICANT, "attend", appointment.starts_at)
    case.show_operators()
    entry = case.entry("bill.paid", outcome="paid", details={"receipt": case.file.receipt})
    await case.note(entry, case.file.settled(cause))
    case.send(NoticeKind.CONFIRMED, starts_at=case.local_text(appointment.starts_at), office=appointment.office)


async def _another_seat(case: Casework) -> None:
    """Who has paid chooses anew within the time that booking has: a time that is said at once, to the person too."""
    booking = (await case.look_up(RuleName.BOOKING))[RuleName.BOOKING]
    until = case.now() + timedelta(days=booking.number("days"))
    case.file.choose_by = until
    case.stand(Stage.PAID, Turn.APPLICANT, "choose_another_appointment", until)
    entry = case.entry("seat.lost", outcome="choose_another", rule=booking.reference)
    await case.note(entry, case.file.settled(Cause.SEAT_LOST))
    case.send(NoticeKind.SEAT_LOST, until=case.local_text(until))
    if not await case.desk.wait(case.desk.seat, until=until, summary="choose another appointment"):
        raise CaseEnds(Ending.CANCELLED, "no other appointment was chosen in time", rule=booking.reference)
    await _seat_held(case)


async def _seat_is_ours(case: Casework) -> bool:
    appointment = case.file.appointment
    assert appointment is not None
    request = SeatRequest(
        key=case.key(f"confirm/{appointment.booking}"), number=case.file.number, booking=appointment.booking
    )
    confirmed = await seat_confirmed(request)
    if confirmed:
        case.file.confirm_seat()
    return confirmed
