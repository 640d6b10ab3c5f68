"""Each day of the settlement file is held against what we know, once or ten times over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from activities.storage import bills, inbox, payments, reads, settlement
from tests.activities.storage.cases import AT, a_case, noted
from tests.activities.storage.places import an_office
from workflows.case.facts import Bill
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause, receipt_of

N, DAY = "1000000000000001", date(2026, 11, 24)
BILL = Bill(code="820261124000001", amount=350_000, items=(), due_at=AT + timedelta(hours=2))
KNOWN = PaymentNotice(bill_code=BILL.code, amount=350_000, paid_at=AT, receipt_no="NTPN1", channel="bank")
LOST = replace(KNOWN, receipt_no="NTPN2")


@pytest.fixture
def books(conn: Connection) -> Connection:
    """One payment is known, and has its outcome."""
    an_office(conn)
    a_case(conn, N)
    bills.remember(conn, N, BILL)
    noted(conn, N, 2, office="sanur", bill=BILL)
    payments.enter(conn, receipt_of(KNOWN, Cause.PAID, 350_000), N, "sanur", DAY)
    return conn


def test_a_day_on_which_all_agrees_is_even(books: Connection) -> None:
    for _ in range(2):
        compared = settlement.compare(books, DAY, [KNOWN])
        assert (compared.lines, compared.found, compared.differences) == (1, 0, ())
    (day,) = reads.settlement_days(books).items
    assert (day.day, day.lines, day.total, day.even, day.checks) == (DAY, 1, 350_000, True, 2)


def test_a_day_without_payments_is_even(books: Connection) -> None:
    assert settlement.compare(books, date(2026, 11, 20), []).differences == ()


def test_what_nobody_told_us_of_comes_in_as_a_notification_once(books: Connection) -> None:
    for _ in range(2):
        compared = settlement.compare(books, DAY, [KNOWN, LOST])
        assert (compared.found, [one.kind for one in compared.differences]) == (1, ["waiting"])
    (message,) = inbox.undelivered(books, 10)
    assert (message.number, message.message_id, message.body["receipt_no"]) == (N, "settlement/NTPN2", "NTPN2")
    inbox.left_over(books, message.id, "the case had ended")
    compared = settlement.compare(books, DAY, [KNOWN, LOST])
    assert (compared.found, compared.differences) == (1, ())
    assert reads.settlement_days(books).items[0].even


def test_a_notification_that_is_under_way_is_not_found_again(books: Connection) -> None:
    told = {"bill_code": BILL.code, "amount": 350_000, "paid_at": AT.isoformat(), "receipt_no": "NTPN2"}
    inbox.receive(books, "billing", "m1", told)
    compared = settlement.compare(books, DAY, [KNOWN, LOST])
    assert (compared.found, [one.kind for one in compared.differences]) == (0, ["waiting"])
    assert len(inbox.undelivered(books, 10)) == 1


@pytest.mark.parametrize(
    ("lines", "kind", "ours", "theirs"),
    [
        ([], "lacking", 350_000, None),
        ([replace(KNOWN, amount=349_000)], "amount", 350_000, 349_000),
        ([replace(KNOWN, bill_code="820261124000002")], "bill", 350_000, 350_000),
    ],
)
def test_what_does_not_agree_is_named(
    books: Connection, lines: list[PaymentNotice], kind: str, ours: int, theirs: int | None
) -> None:
    (found,) = settlement.compare(books, DAY, lines).differences
    assert (found.kind, found.receipt_no, found.ours, found.theirs) == (kind, "NTPN1", ours, theirs)
    (day,) = reads.settlement_days(books).items
    assert not day.even
    assert day.differences[0]["kind"] == kind


def test_a_day_is_jakartas(books: Connection) -> None:
    """A payment at 18:00 UTC is one of the next day."""
    late = replace(LOST, paid_at=datetime(2026, 11, 24, 18, tzinfo=UTC))
    payments.enter(books, receipt_of(late, Cause.TWICE), N, "sanur", DAY)
    assert settlement.compare(books, DAY, [KNOWN]).differences == ()
    assert settlement.compare(books, date(2026, 11, 25), [late]).differences == ()


def test_days_are_due_from_the_first_bill_until_they_are_even(books: Connection) -> None:
    books.execute(text("UPDATE paspor.bill SET at = clock_timestamp() - interval '3 days'"))
    days = settlement.days_due(books, 31)
    assert len(days) == 3
    assert settlement.days_due(books, 0) == days[-1:]
    assert settlement.overdue(books, 31)[:2] == days[:2]
    settlement.compare(books, days[0], [])
    settlement.compare(books, days[1], [LOST])
    assert settlement.days_due(books, 31) == days[1:]


def test_before_the_first_bill_nothing_is_due(conn: Connection) -> None:
    assert settlement.days_due(conn, 31) == ()


def test_days_go_on_from_page_to_page(books: Connection) -> None:
    for day in (20, 21, 22):
        settlement.compare(books, date(2026, 11, day), [])
    first = reads.settlement_days(books, limit=2)
    rest = reads.settlement_days(books, limit=2, cursor=first.next or "")
    assert [one.day.day for one in (*first.items, *rest.items)] == [22, 21, 20]
    assert [one.day.day for one in reads.settlement_days(books, date(2026, 11, 21), date(2026, 11, 21)).items] == [21]
