"""The machine that tries orders: each step is one thing that people, systems or the clock may do next."""

from collections import Counter
from datetime import timedelta
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine, text

from activities.storage import slots
from tests.orders.treasury import PRICE
from tests.orders.world import World
from workflows.case.facts import Ending, Role

WHO = st.integers(0, 1)
AMOUNTS = st.sampled_from([PRICE, PRICE, PRICE, PRICE - 1, PRICE + 50_000])
CAUSES = text("SELECT cause, count(*) AS many FROM paspor.payment_case GROUP BY cause")
UNEVEN = text("SELECT differences FROM paspor.settlement_day WHERE NOT even")


class Orders(RuleBasedStateMachine):
    """One order. `teardown` lets all of it come to rest, and then each receipt has exactly one outcome."""

    engine: Engine
    forgetful = False
    tried = 0
    causes: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        type(self).tried += 1
        self.world = World(self.engine, self.forgetful)
        self.clerks, self.treasury = self.world.clerks, self.world.treasury
        self.seen: dict[str, str] = {}

    # What people do

    @initialize(slots=st.tuples(WHO, WHO), of=st.sampled_from([(0, 1), (1, 0), (0,), ()]))
    def begin(self, slots: tuple[int, int], of: tuple[int, ...]) -> None:
        """Most orders begin with a bill or two; who finds the seat taken has none."""
        for who in of:
            self.book(who, slots[who])

    @rule(who=WHO, slot=WHO)
    def book(self, who: int, slot: int) -> None:
        """Hold a seat, move the hold, or choose another one after it was lost."""
        clerk, number = self.clerks[who], self.world.slots[slot]
        if clerk.file.ending is None and clerk.file.bookable and number is not None:
            clerk.book(number)

    @rule(who=WHO, amount=AMOUNTS, words=st.integers(0, 2), foreign=st.integers(0, 15))
    def pay(self, who: int, amount: int, words: int, foreign: int) -> None:
        """Pay in full, short or over; for the first time or again; of which is told once, twice or never.

        Seldom by a code that is none of ours: of that the treasury always tells.
        """
        clerk = self.clerks[who]
        clerk.now += timedelta(minutes=7)
        if foreign == 0:
            self.treasury.pay("820261124999999", amount, clerk.now, words or 1)
        elif clerk.bill is not None:
            self.treasury.pay(clerk.bill.code, amount, clerk.now, words)

    @rule(who=WHO, amount=AMOUNTS, words=st.integers(0, 2))
    def pay_late(self, who: int, amount: int, words: int) -> None:
        """Pay a bill that is past its due time, whatever has become of it since."""
        clerk = self.clerks[who]
        if clerk.bill is not None:
            clerk.now = max(clerk.now, clerk.bill.due_at + timedelta(minutes=1))
            self.treasury.pay(clerk.bill.code, amount, clerk.now, words)

    @rule(who=WHO, head=st.booleans())
    def leave(self, who: int, head: bool) -> None:
        """The applicant withdraws, or the head cancels."""
        if self.clerks[who].file.ending is None:
            self.clerks[who].end(*((Ending.CANCELLED, Role.HEAD) if head else (Ending.WITHDRAWN, Role.APPLICANT)))

    # What the clock does

    @precondition(lambda self: any(clerk.awaits_payment for clerk in self.clerks))
    @rule(who=WHO)
    def due(self, who: int) -> None:
        """The bill is due."""
        self.clerks[who].due()

    @precondition(lambda self: any(clerk.file.choose_by for clerk in self.clerks))
    @rule(who=WHO)
    def choice_over(self, who: int) -> None:
        """The time to choose another seat is over."""
        self.clerks[who].give_up_choosing()

    @precondition(lambda self: any(clerk.awaits_payment for clerk in self.clerks))
    @rule()
    def holds_lapse(self) -> None:
        """Holds are past their end, and freed."""
        self.world.holds_lapse()

    @precondition(lambda self: all(clerk.awaits_payment for clerk in self.clerks))
    @rule(who=WHO)
    def seat_goes_to_another(self, who: int) -> None:
        """A hold lapses while its bill is open, and the other person is quicker."""
        lost = self.clerks[who].file.appointment
        self.world.holds_lapse()
        if lost and (slot := slots.slot_number(lost.slot_id)) is not None:
            self.clerks[1 - who].book(slot)

    @precondition(lambda self: any(clerk.file.ending for clerk in self.clerks))
    @rule(who=WHO)
    def close(self, who: int) -> None:
        """The engine closes a case that has ended."""
        self.clerks[who].closed = self.clerks[who].file.ending is not None

    @precondition(lambda self: self.treasury.receipts)
    @rule()
    def day_passes(self) -> None:
        """Payments of bills that nobody knows have waited long enough."""
        self.world.day_passes()

    # What systems do

    @precondition(lambda self: self.treasury.words)
    @rule(last=st.booleans(), keep=st.booleans())
    def word_comes(self, last: bool, keep: bool) -> None:
        """A notification comes, out of turn and twice as well."""
        self.world.word_comes(last=last, keep=keep)

    @precondition(lambda self: self.treasury.receipts)
    @rule(dies=st.booleans())
    def relay(self, dies: bool) -> None:
        """The relay looks, and dies before it has said so."""
        self.world.relay(dies=dies)

    @rule(who=WHO)
    def restart(self, who: int) -> None:
        """A worker dies when it has written and not said so: the next entry is written again."""
        self.clerks[who].again = True

    @rule(down=st.booleans())
    def treasury_is_away(self, down: bool) -> None:
        """The treasury does not answer, or does again."""
        self.treasury.down = down

    @precondition(lambda self: self.treasury.receipts)
    @rule()
    def settle(self) -> None:
        """The settlement files come."""
        self.world.settle()

    # What must be true

    @invariant()
    def an_outcome_stays(self) -> None:
        """A receipt has one outcome, and none is taken back; no paid bill stands as lapsed."""
        found: dict[str, str] = {}
        for receipt, outcome in self.world.outcomes():
            assert receipt not in found, f"two outcomes of {receipt}"
            found[receipt] = outcome
        for receipt, outcome in self.seen.items():
            assert found.get(receipt) == outcome, f"another outcome of {receipt}"
        self.seen = {receipt: outcome for receipt, outcome in found.items() if outcome}
        for clerk in self.clerks:
            assert clerk.bill is None or not (clerk.bill.receipt_no and clerk.bill.state == "lapsed")

    def teardown(self) -> None:
        """Each receipt of the treasury has its outcome, each day is even, and seats are as many as bookings."""
        try:
            self.world.come_to_rest()
            self.an_outcome_stays()
            assert set(self.seen) == set(self.treasury.receipts), "a receipt without an outcome"
            assert self.world.conn.execute(UNEVEN).all() == []
            assert slots.miscounted(self.world.conn) == ()
            self.causes.update({row.cause: row.many for row in self.world.conn.execute(CAUSES)})
        finally:
            self.world.close()
