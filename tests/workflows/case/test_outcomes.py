"""What becomes of a payment: one outcome, whatever the order in which it and everything else came."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workflows.case.facts import Bill, Ending, Role
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import (
    Billed,
    Cause,
    Fate,
    by_rule,
    cause_of,
    excess_of,
    fate_of,
    left_without_seat,
    pays,
    receipt_of,
)

DUE = datetime(2026, 11, 24, 3, tzinfo=UTC)
BILL = Bill(code="820261124000001", amount=350_000, items=(), due_at=DUE)
OPEN, PAID = Billed.of(BILL), Billed.of(replace(BILL, state="paid", receipt_no="NTPN-0"))
NOTICE = PaymentNotice(bill_code=BILL.code, amount=350_000, paid_at=DUE - timedelta(minutes=1), receipt_no="NTPN-1")
LATE = replace(NOTICE, paid_at=DUE + timedelta(seconds=1))
RULE = {"twice": "refund", "late": "forfeiture", "unchosen": "forfeiture", "excess": "forfeiture", "short": "nonsense"}


@pytest.mark.parametrize(
    ("notice", "bill", "ending", "cause"),
    [
        (NOTICE, OPEN, None, Cause.PAID),
        (LATE, OPEN, None, Cause.PAID),  # the due time is a field of the bill, and no lock
        (replace(NOTICE, amount=350_001), OPEN, None, Cause.PAID),
        (replace(NOTICE, amount=349_999), OPEN, None, Cause.SHORT),
        (replace(NOTICE, amount=349_999), PAID, None, Cause.SHORT),
        (replace(NOTICE, bill_code="820261124000002"), OPEN, None, Cause.OTHER_BILL),
        (NOTICE, None, None, Cause.OTHER_BILL),
        (NOTICE, None, Ending.WITHDRAWN, Cause.AFTER_ENDING),
        (NOTICE, PAID, None, Cause.TWICE),
        (NOTICE, PAID, Ending.COLLECTED, Cause.TWICE),
        (NOTICE, OPEN, Ending.LAPSED_UNPAID, Cause.IN_TIME),
        (replace(NOTICE, paid_at=DUE), OPEN, Ending.LAPSED_UNPAID, Cause.IN_TIME),
        (LATE, OPEN, Ending.LAPSED_UNPAID, Cause.LATE),
        (NOTICE, OPEN, Ending.WITHDRAWN, Cause.AFTER_ENDING),
        (LATE, OPEN, Ending.CANCELLED, Cause.AFTER_ENDING),
    ],
)
def test_why(notice: PaymentNotice, bill: Billed | None, ending: Ending | None, cause: Cause) -> None:
    assert cause_of(notice, bill, ending) is cause


def test_who_pays_at_least_the_bill_has_paid_it() -> None:
    amounts = (349_999, 350_000, 350_001)
    assert [pays(replace(NOTICE, amount=one), BILL) for one in amounts] == [False, True, True]


@pytest.mark.parametrize(
    ("cause", "fate"),
    [
        (Cause.PAID, Fate.SAME_SEAT),
        (Cause.SEAT_LOST, Fate.ANOTHER_SEAT),
        (Cause.CHOSEN, Fate.ANOTHER_SEAT),
        (Cause.TWICE, Fate.REFUND),
        (Cause.LATE, Fate.FORFEITURE),
        (Cause.UNCHOSEN, Fate.FORFEITURE),
        (Cause.SHORT, Fate.REFUND),  # a rule that cannot be read keeps nobody's money
        (Cause.OTHER_BILL, Fate.REFUND),  # nor does one that says nothing
    ],
)
def test_what_it_comes_to(cause: Cause, fate: Fate) -> None:
    assert fate_of(cause, RULE) is fate


def test_a_rule_from_a_day_on_changes_what_is_kept() -> None:
    assert fate_of(Cause.LATE, {**RULE, "late": "refund"}) is Fate.REFUND
    assert by_rule("excess", RULE) is Fate.FORFEITURE


@pytest.mark.parametrize(
    ("by", "cause"),
    [(Role.APPLICANT, Cause.GIVEN_UP), (Role.HEAD, Cause.CANCELLED), (Role.SYSTEM, Cause.UNCHOSEN)],
)
def test_why_who_has_paid_has_no_seat(by: Role, cause: Cause) -> None:
    assert left_without_seat(by) is cause


def test_only_a_payment_that_bought_a_seat_has_an_excess() -> None:
    over = replace(NOTICE, amount=400_000)
    found = [excess_of(receipt_of(over, cause, 350_000)) for cause in (Cause.PAID, Cause.CHOSEN, Cause.TWICE)]
    assert found == [50_000, 50_000, 0]
    assert excess_of(receipt_of(NOTICE, Cause.SEAT_LOST, 350_000, DUE)) == 0


def test_no_bill_is_nothing_to_judge_by() -> None:
    assert Billed.of(None) is None
