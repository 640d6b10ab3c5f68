"""One case without the engine: what the steps of the workflow do with it, on the real rule and the real tables.

It keeps the steps' order (workflows/steps/booking.py, money.py, closing.py), which tests/workflows/test_payments.py
shows of the workflow itself.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection

from activities.storage import bills, ledger, seats
from activities.storage.taking import take
from tests.activities.storage.cases import a_case, filing
from tests.orders.treasury import Treasury
from workflows.case.casefile import CaseFile
from workflows.case.facts import Bill, Ending, Role, Stage, Turn
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Billed, Cause, Receipt, cause_of, left_without_seat, pays, receipt_of
from workflows.case.record import Entry, NextStep
from workflows.partners.ledger import Note
from workflows.partners.seats import SeatRequest

DAY = date(2027, 6, 1)


@dataclass(frozen=True)
class Wanted:
    """A request for a seat."""

    number: str
    slot: int
    key: str
    on_day: date = DAY


class Clerk:
    """Does what the case does. `again` makes the next entry twice, as a worker does that dies before it has said so."""

    def __init__(self, conn: Connection, treasury: Treasury, number: str, person: int, now: datetime) -> None:
        a_case(conn, number, person, bookable=True)
        self.conn, self.treasury, self.now, self.again = conn, treasury, now, False
        self.file = CaseFile(filing=filing(number, person), version=1, bookable=True)
        self.desk: list[PaymentNotice] = []
        self.closed = False

    @property
    def bill(self) -> Bill | None:
        """The bill, as the case file has it."""
        return self.file.bill

    @property
    def awaits_payment(self) -> bool:
        """Whether a bill is open."""
        return self.file.ending is None and self.bill is not None and self.bill.state == "open"

    def book(self, slot: int) -> None:
        """Take a seat: the first, another before payment, or another after the first was lost."""
        (taken,) = take(self.conn, [Wanted(self.file.number, slot, uuid4().hex)])
        if taken.appointment is None:
            return
        self.file.appointment = taken.appointment
        self._note("seat.held")
        if self.bill is None:
            self._make_bill()
        elif self.file.choose_by:
            self._confirm(Cause.CHOSEN)

    def hear(self, notice: PaymentNotice) -> None:
        """A payment lies on the desk: the step that waits for it takes it, or it is entered beside."""
        self.desk.append(notice)
        while self.desk and (self.bill or self.file.ending):
            found = self.desk.pop(0)
            if self.awaits_payment and self.bill and pays(found, self.bill):
                self._paid(found)
            else:
                self._beside(found)

    def due(self) -> None:
        """The bill is due: asked for, voided, and lapsed when nobody paid in full; an away treasury is waited for."""
        if not self.awaits_payment or self.treasury.down or self.bill is None:
            return
        self.now = max(self.now, self.bill.due_at)
        found = self.treasury.inquire(self.bill.code) or self.treasury.void(self.bill.code)
        if found is not None and pays(found, self.bill):
            self._paid(found)
            return
        self.end(Ending.LAPSED_UNPAID, Role.SYSTEM)
        if found is not None:
            self._beside(found)

    def give_up_choosing(self) -> None:
        """The time in which another seat could be chosen is over."""
        if self.file.choose_by and self.file.ending is None:
            self.end(Ending.CANCELLED, Role.SYSTEM)

    def end(self, ending: Ending, by: Role) -> None:
        """End early: give the seat back, write it down, void what is open; money that was quicker is entered."""
        was_open = self.awaits_payment
        self.file.ending, self.file.bookable = ending, False
        if self.file.appointment:
            seats.release(self.conn, self._request("release"))
            self.file.appointment = replace(self.file.appointment, state="released")
        if self.bill and was_open:
            self.file.bill = replace(self.bill, state="lapsed")
        seatless = (self.file.settled(left_without_seat(by)),) if self.file.choose_by else ()
        self.file.stage = Stage.ENDED
        self._note("application.ended", *seatless)
        if self.bill and was_open and not self.treasury.down and (found := self.treasury.void(self.bill.code)):
            self._beside(found)

    def _make_bill(self) -> None:
        made = self.treasury.bill(self.now + timedelta(hours=2))
        bills.remember(self.conn, self.file.number, made)
        self.file.bill = made
        self._note("bill.made")
        if self.desk:  # the word of a payment has overtaken the bill
            self.hear(self.desk.pop(0))

    def _paid(self, notice: PaymentNotice) -> None:
        assert self.bill is not None
        self.file.receipts.append(notice.receipt_no)
        self.file.paid_by = notice
        self.file.bill = replace(self.bill, state="paid", receipt_no=notice.receipt_no)
        self._confirm(Cause.PAID)

    def _confirm(self, cause: Cause) -> None:
        if seats.confirm(self.conn, self._request("confirm")):
            self.file.choose_by = None
            self.file.confirm_seat()
            self._note("bill.paid", self.file.settled(cause))
            self.file.bookable = False  # no reschedules here
            return
        self.file.choose_by = self.now + timedelta(days=30)
        self._note("seat.lost", self.file.settled(Cause.SEAT_LOST))

    def _beside(self, notice: PaymentNotice) -> None:
        if notice.receipt_no not in self.file.receipts:
            self.file.receipts.append(notice.receipt_no)
            cause = cause_of(notice, Billed.of(self.bill), self.file.ending)
            self._note("payment.stray", receipt_of(notice, cause))

    def _request(self, what: str) -> SeatRequest:
        assert self.file.appointment is not None
        booking = self.file.appointment.booking
        return SeatRequest(key=f"{self.file.number}/{what}/{booking}", number=self.file.number, booking=booking)

    def _note(self, action: str, *receipts: Receipt) -> None:
        self.file.version += 1
        key = f"{self.file.number}/{self.file.version}"
        self.file.next_step = NextStep(who=Turn.APPLICANT, what="none")
        entry = Entry(key=key, at=self.now, action=action, stage=self.file.stage)
        note = Note(entry=entry, view=self.file.view(), receipts=receipts)
        for _ in range(2 if self.again else 1):
            ledger.note(self.conn, note)
        self.again = False
