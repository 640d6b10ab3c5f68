"""Receipts in the tables: each has one outcome, whoever writes; a decision is made once, against the rule by two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from activities.storage import bills, inbox, ledger, payments, reads
from activities.storage.rules import enact
from tests.activities.storage.cases import AT, a_case, ended, entry, noted, view
from tests.activities.storage.places import an_office
from workflows.case.facts import Bill, Ending, Stage
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause, Fate, Receipt, receipt_of
from workflows.partners.ledger import Note

N, DAY = "1000000000000001", date(2026, 11, 24)
BILL = Bill(code="820261124000001", amount=350_000, items=(), due_at=AT + timedelta(hours=2))
NOTICE = PaymentNotice(bill_code=BILL.code, amount=350_000, paid_at=AT + timedelta(hours=1), receipt_no="NTPN1")


@pytest.fixture
def case(conn: Connection) -> Connection:
    an_office(conn)
    a_case(conn, N)
    bills.remember(conn, N, BILL)
    noted(conn, N, 2, office="sanur", bill=BILL)
    return conn


def row(conn: Connection, receipt: str = "NTPN1") -> tuple[str, str, str, int, str | None]:
    found = conn.execute(
        text("SELECT outcome, cause, state, excess, says FROM paspor.payment_case WHERE receipt_no = :receipt"),
        {"receipt": receipt},
    ).one()
    return tuple(found)


def enter(conn: Connection, cause: Cause, amount: int = 350_000, receipt: str = "NTPN1") -> bool:
    choose_by = AT + timedelta(days=30) if cause is Cause.SEAT_LOST else None
    told = Receipt(
        receipt_no=receipt,
        bill_code=BILL.code,
        amount=amount,
        paid_at=AT,
        cause=cause,
        owed=350_000,
        choose_by=choose_by,
    )
    return payments.enter(conn, told, N, "sanur", DAY)


def test_the_first_outcome_stays(case: Connection) -> None:
    assert enter(case, Cause.PAID)
    assert not enter(case, Cause.TWICE)
    assert not enter(case, Cause.SEAT_LOST)
    assert row(case) == ("same_seat", "paid", "settled", 0, None)


@pytest.mark.parametrize(
    ("then", "outcome", "state"),
    [
        (Cause.CHOSEN, "another_seat", "settled"),
        (Cause.UNCHOSEN, "forfeiture", "open"),
        (Cause.GIVEN_UP, "forfeiture", "open"),
        (Cause.CANCELLED, "forfeiture", "open"),
    ],
)
def test_a_lost_seat_is_followed_by_one_outcome(case: Connection, then: Cause, outcome: str, state: str) -> None:
    assert enter(case, Cause.SEAT_LOST)
    assert row(case)[:3] == ("another_seat", "seat_lost", "choosing")
    assert enter(case, Cause.SEAT_LOST)  # the chosen one was lost too: the time to choose begins anew
    assert enter(case, then)
    assert not enter(case, Cause.CHOSEN)
    assert row(case)[:3] == (outcome, then.value, state)


def test_what_is_over_the_bill_waits_for_an_officer(case: Connection) -> None:
    enter(case, Cause.PAID, amount=400_000)
    assert row(case) == ("same_seat", "paid", "open", 50_000, "refund")
    assert payments.decide(case, "NTPN1", "sanur", Fate.REFUND, "typed a zero too many", "head") == "settled"
    assert row(case) == ("same_seat", "paid", "settled", 50_000, "refund")


def test_an_office_may_have_a_rule_of_its_own(case: Connection) -> None:
    enact(case, "receipt", date(2026, 1, 1), {"late": "refund"}, "test", "sanur")
    enter(case, Cause.LATE)
    assert row(case)[0] == "refund"
    assert reads.payments_of(case, N)[0].rule == "receipt@2026-01-01/sanur"


def test_an_outcome_is_entered_with_the_record_or_not_at_all(case: Connection) -> None:
    note = Note(
        entry=entry(N, 3, "bill.paid"),
        view=view(N, 3, office="sanur", bill=BILL),
        receipts=(receipt_of(NOTICE, Cause.PAID, 350_000),),
    )
    ledger.note(case, note)
    ledger.note(case, note)
    assert row(case)[:3] == ("same_seat", "paid", "settled")


@pytest.mark.parametrize(
    ("ending", "paid_at", "cause"),
    [
        (Ending.LAPSED_UNPAID, NOTICE.paid_at, "in_time"),
        (Ending.LAPSED_UNPAID, BILL.due_at + timedelta(seconds=1), "late"),
        (Ending.WITHDRAWN, NOTICE.paid_at, "after_ending"),
    ],
)
def test_a_payment_for_a_case_that_is_closed(case: Connection, ending: Ending, paid_at: datetime, cause: str) -> None:
    noted(case, N, 3, office="sanur", bill=BILL, stage=Stage.ENDED, ending=ending)
    told = {"bill_code": BILL.code, "amount": 350_000, "paid_at": paid_at.isoformat(), "receipt_no": "NTPN1"}
    for message in ("m1", "m2"):
        inbox.receive(case, "billing", message, told)
        inbox.left_over(case, inbox.undelivered(case, 1)[0].id, "the case had ended")
    assert row(case)[1] == cause
    assert [one.number for one in reads.payments_of(case, N)] == [N]


def test_a_case_that_an_operator_ended_takes_no_money(case: Connection) -> None:
    """The engine has closed it, and it could not say so: the payment is an officer's all the same."""
    told = {"bill_code": BILL.code, "amount": 350_000, "paid_at": AT.isoformat(), "receipt_no": "NTPN1"}
    inbox.receive(case, "billing", "m1", told)
    inbox.left_over(case, inbox.undelivered(case, 1)[0].id, "the case had ended")
    assert row(case)[1] == "after_ending"


def test_a_payment_of_no_bill_is_given_to_an_officer_after_a_day(case: Connection) -> None:
    told = {"bill_code": "820261124999999", "amount": 1, "paid_at": AT.isoformat(), "receipt_no": "NTPN1"}
    inbox.receive(case, "billing", "m1", told)
    assert payments.of_unknown_bills(case, 10) == ()
    case.execute(text("UPDATE paspor.inbox SET received_at = received_at - interval '25 hours'"))
    (message,) = payments.of_unknown_bills(case, 10)
    inbox.left_over(case, message, "no bill of ours has this code")
    assert row(case)[:3] == ("refund", "other_bill", "open")
    for office in ("sanur", "kuta"):
        assert [one.receipt_no for one in reads.payment_cases(case, office).items] == ["NTPN1"]


def test_as_the_rule_says_one_officer_decides(case: Connection) -> None:
    enter(case, Cause.LATE)
    assert payments.decide(case, "NTPN1", "kuta", Fate.FORFEITURE, "late", "head") == "not_found"
    assert (
        payments.decide(case, "NTPN1", "sanur", Fate.FORFEITURE, "late; 5171015708900001 says so", "head") == "settled"
    )
    assert payments.decide(case, "NTPN1", "sanur", Fate.FORFEITURE, "late", "head") == "decided_already"
    (found,) = reads.payment_cases(case, "sanur", "settled").items
    assert (found.decided_by, found.reason) == ("head", "late; [NIK] says so")


def test_against_the_rule_two_officers_decide(case: Connection) -> None:
    enter(case, Cause.LATE)

    def refund(officer: str) -> str:
        return payments.decide(case, "NTPN1", "sanur", Fate.REFUND, "the bank was down", officer)

    assert [refund("head"), refund("head"), refund("supervisor"), refund("head")] == [
        "proposed",
        "same_officer",
        "settled",
        "decided_already",
    ]
    assert row(case)[:3] == ("refund", "late", "settled")


def test_a_seat_is_nothing_to_decide_on(case: Connection) -> None:
    enter(case, Cause.PAID)
    assert payments.decide(case, "NTPN1", "sanur", Fate.REFUND, "asked for", "head") == "not_found"


WRONG = [
    "UPDATE paspor.payment_case SET outcome = 'refund', cause = 'twice', says = 'refund'",
    "UPDATE paspor.payment_case SET amount = 1",
    "UPDATE paspor.payment_case SET number = NULL",
    "DELETE FROM paspor.payment_case",
    "TRUNCATE paspor.payment_case",
    "INSERT INTO paspor.payment_case SELECT * FROM paspor.payment_case",
]


@pytest.mark.parametrize("statement", WRONG)
def test_no_statement_gives_a_receipt_another_outcome(case: Connection, statement: str) -> None:
    enter(case, Cause.PAID)
    with pytest.raises(DBAPIError), case.begin_nested():
        case.execute(text(statement))


HALF = [
    "decided = 'refund', decided_by = 'head', decided_at = clock_timestamp(), outcome = 'refund'",  # alone
    "decided = 'forfeiture', decided_by = 'head', decided_at = NULL",
    "outcome = 'same_seat'",
    "outcome = 'refund'",
]


@pytest.mark.parametrize("change", HALF)
def test_no_half_decision(case: Connection, change: str) -> None:
    enter(case, Cause.LATE)
    with pytest.raises(IntegrityError), case.begin_nested():
        case.execute(text(f"UPDATE paspor.payment_case SET {change}"))


def test_a_payment_is_not_laid_aside_without_an_outcome(case: Connection) -> None:
    told = {"bill_code": BILL.code, "amount": 350_000, "paid_at": AT.isoformat(), "receipt_no": "NTPN1"}
    inbox.receive(case, "billing", "m1", told)
    aside = "UPDATE paspor.inbox SET left_over_at = clock_timestamp(), left_over = 'lost'"
    with pytest.raises(IntegrityError), case.begin_nested():
        case.execute(text(aside))
    enter(case, Cause.TWICE)
    case.execute(text(aside))


def test_a_payment_that_was_delivered_long_ago_and_has_no_outcome_is_named(case: Connection) -> None:
    told = {"bill_code": BILL.code, "amount": 350_000, "paid_at": AT.isoformat(), "receipt_no": "NTPN1"}
    inbox.receive(case, "billing", "m1", told)
    inbox.delivered(case, inbox.undelivered(case, 1)[0].id)
    assert payments.without_outcome(case, timedelta(hours=1)) == ()
    case.execute(text("UPDATE paspor.inbox SET delivered_at = delivered_at - interval '2 hours'"))
    assert payments.without_outcome(case, timedelta(hours=1)) == ("NTPN1",)
    enter(case, Cause.PAID)
    assert payments.without_outcome(case, timedelta(hours=1)) == ()


def test_of_many_at_once_one_outcome_is_entered(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_case(conn, N)
    causes = [Cause.PAID, Cause.TWICE, Cause.LATE, Cause.SHORT] * 3

    def one(cause: Cause) -> bool:
        with engine.begin() as conn:
            return enter(conn, cause)

    with ThreadPoolExecutor(4) as pool:
        entered = list(pool.map(one, causes))
    assert entered.count(True) == 1
    with engine.connect() as conn:
        assert row(conn)[1] == causes[entered.index(True)].value


def test_of_two_decisions_at_once_one_is_made(engine: Engine) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_case(conn, N)
        noted(conn, N, 2, office="sanur")
        enter(conn, Cause.LATE)

    def one(officer: str) -> str:
        with engine.begin() as conn:
            return payments.decide(conn, "NTPN1", "sanur", Fate.FORFEITURE, "late", officer)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(one, ["head", "supervisor"])) == ["decided_already", "settled"]


def test_lists_go_on_from_page_to_page(case: Connection) -> None:
    for place in range(3):
        enter(case, Cause.TWICE, receipt=f"NTPN{place}")
    first = reads.payment_cases(case, "sanur", limit=2)
    rest = reads.payment_cases(case, "sanur", limit=2, cursor=first.next or "")
    assert [one.receipt_no for one in (*first.items, *rest.items)] == ["NTPN0", "NTPN1", "NTPN2"]
    assert reads.payment_cases(case, "kuta").items == ()
    assert ended(case, N, 9)
    assert datetime.now(UTC) > first.items[0].recorded_at
