"""Two people after the same two seats, a treasury, a relay, and the real database: the world of an order."""

from datetime import timedelta
from itertools import count

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, text

from activities.storage import inbox, payments, seats, settlement, slots
from tests.activities.storage.cases import AT
from tests.activities.storage.places import an_office
from tests.activities.storage.seating import a_slot
from tests.orders.clerk import Clerk
from tests.orders.treasury import Treasury
from workflows.case.dates import NATION
from workflows.case.notifications import PaymentNotice

NOTICE = TypeAdapter(PaymentNotice)
NUMBERS = count(10**15)
PUT_OFF = "UPDATE paspor.booking SET hold_until = clock_timestamp() - interval '1 s' WHERE state = 'held'"
LONG_AGO = "UPDATE paspor.inbox SET received_at = received_at - interval '2 days'"
OUTCOMES = text("SELECT receipt_no, outcome, state FROM paspor.payment_case")


class World:
    """One transaction, which is rolled back when the order is over. `forgetful` is a relay that enters no outcome."""

    def __init__(self, engine: Engine, forgetful: bool = False) -> None:
        self._connection, self._forgetful = engine.connect(), forgetful
        self._all = self._connection.begin()
        self.conn: Connection = self._connection
        an_office(self.conn)
        self.slots = [slots.slot_number(a_slot(self.conn, 1, days)) for days in (0, 1)]
        self.treasury = Treasury()
        self.clerks = [
            Clerk(self.conn, self.treasury, str(next(NUMBERS)), next(NUMBERS), AT + timedelta(minutes=place))
            for place in (1, 2)
        ]
        self.of = {clerk.file.number: clerk for clerk in self.clerks}

    def holds_lapse(self) -> None:
        """Holds are past their end, and the minute comes that frees them."""
        self.conn.execute(text(PUT_OFF))
        seats.expire_lapsed(self.conn)

    def word_comes(self, *, last: bool, keep: bool) -> None:
        """A notification comes, the oldest or the newest first; kept, it comes once more under the same id."""
        message, notice = self.treasury.words[-1 if last else 0]
        inbox.receive(self.conn, "billing", message, NOTICE.dump_python(notice, mode="json"))
        if not keep:
            self.treasury.words.remove((message, notice))

    def relay(self, *, dies: bool) -> None:
        """Deliver what lies in the inbox; a relay that dies has said so of none, and they come again."""
        for row in inbox.undelivered(self.conn, 50):
            clerk = self.of.get(row.number or "")
            if clerk is None:
                continue
            if clerk.closed:
                self._leave_over(row.id, "the case had ended")
                continue
            clerk.hear(NOTICE.validate_python(row.body))
            if not dies:
                inbox.delivered(self.conn, row.id)

    def day_passes(self) -> None:
        """Payments of bills that nobody knows have waited long enough."""
        self.conn.execute(text(LONG_AGO))
        for message in payments.of_unknown_bills(self.conn, 50):
            self._leave_over(message, "no bill of ours has this code")

    def settle(self) -> None:
        """The settlement file of every day comes, which has all payments, told of or not."""
        paid = list(self.treasury.receipts.values())
        for day in sorted({one.paid_at.astimezone(NATION).date() for one in paid}):
            settlement.compare(self.conn, day, [one for one in paid if one.paid_at.astimezone(NATION).date() == day])

    def outcomes(self) -> list[tuple[str, str]]:
        """Each receipt with its outcome, empty while another seat is being chosen."""
        found = self.conn.execute(OUTCOMES)
        return [(row.receipt_no, "" if row.state == "choosing" else row.outcome) for row in found]

    def come_to_rest(self) -> None:
        """What is under way comes to its end; what the file has told of is delivered, and then each day is even."""
        self.treasury.down = False
        while self.treasury.words:
            self.word_comes(last=False, keep=False)
        for _ in range(2):
            for clerk in self.clerks:
                clerk.due()
                clerk.give_up_choosing()
            self.settle()
            self.relay(dies=False)
            self.day_passes()
        for clerk in self.clerks:
            clerk.give_up_choosing()
        self.settle()

    def close(self) -> None:
        """Nothing has happened."""
        self._all.rollback()
        self._connection.close()

    def _leave_over(self, message: int, why: str) -> None:
        if not self._forgetful:
            inbox.left_over(self.conn, message, why)
            return
        aside = "UPDATE paspor.inbox SET left_over_at = clock_timestamp(), left_over = :why WHERE id = :id"
        self.conn.execute(text(aside), {"why": why, "id": message})
