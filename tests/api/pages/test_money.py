"""Payments for who paid, who decides and who audits: one outcome, never "expired" beside a paid bill."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from activities.storage import bills, payments, settlement
from tests.activities.storage.cases import noted
from tests.api.pages.conftest import SignedIn
from tests.api.running import CASE, NUMBER, Known
from workflows.case.facts import Bill, BillItem, Ending, Stage
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause, receipt_of

Signed = Callable[..., dict[str, str]]
DUE = datetime(2026, 11, 24, 3, tzinfo=UTC)
BILL = Bill(
    code="820261124000001",
    amount=350_000,
    items=(BillItem(what="passport", amount=350_000),),
    due_at=DUE,
    state="lapsed",
)
PAID = PaymentNotice(bill_code=BILL.code, amount=350_000, paid_at=DUE + timedelta(minutes=5), receipt_no="NTPN1")
MONEY = "/v1/payments/cases"


def lapsed(case: Known, cause: Cause, amount: int = 350_000) -> None:
    """The case has ended unpaid, and then a payment was heard of."""
    told = PaymentNotice(bill_code=BILL.code, amount=amount, paid_at=PAID.paid_at, receipt_no="NTPN1")
    with case.engine.begin() as conn:
        bills.remember(conn, NUMBER, BILL)
        noted(conn, NUMBER, 9, office="denpasar", bill=BILL, stage=Stage.ENDED, ending=Ending.LAPSED_UNPAID)
        payments.enter(conn, receipt_of(told, cause), NUMBER, "denpasar", date(2026, 11, 24))


async def test_nobody_reads_that_a_bill_lapsed_that_was_paid(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    lapsed(case, Cause.LATE)
    shown = (await http.get(CASE, headers=signed())).json()
    assert shown["bill"]["state"] == "paid"
    (paid,) = shown["payments"]
    assert (paid["outcome"], paid["cause"], paid["state"]) == ("forfeiture", "late", "open")
    assert (await http.get(CASE + "/bill", headers=signed())).json()["state"] == "paid"


async def test_a_bill_that_was_paid_short_is_not_paid_and_the_money_is_shown(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    lapsed(case, Cause.SHORT, amount=100_000)
    shown = (await http.get(CASE, headers=signed())).json()
    assert (shown["bill"]["state"], shown["payments"][0]["outcome"]) == ("lapsed", "refund")


@pytest.mark.parametrize("cause", [Cause.LATE, Cause.IN_TIME, Cause.SHORT])
@pytest.mark.parametrize("language", ["id", "en"])
async def test_the_page_says_what_becomes_of_the_money_and_not_expired(
    case: Known, signed_in: SignedIn, cause: Cause, language: str
) -> None:
    lapsed(case, cause, 100_000 if cause is Cause.SHORT else 350_000)
    browser = await signed_in()
    for path in (f"/applications/{NUMBER}", f"/applications/{NUMBER}/bill"):
        page = (await browser.opens(path, **{"accept-language": language})).text
        assert "NTPN1" in page
        for word in ("kedaluwarsa", "tanpa pembayaran", "tidak dibayar pada waktunya", "lapsed", "unpaid"):
            assert word not in page, f"{path} says {word}"


Decides = Callable[..., Awaitable[httpx2.Response]]


@pytest.fixture
def decides(http: httpx2.AsyncClient, signed: Signed) -> Decides:
    async def one(who: str, outcome: str, key: str, reason: str = "the bank's own mistake") -> httpx2.Response:
        headers = signed(who, key=key)
        body = {"outcome": outcome, "reason": reason}
        return await http.post(f"{MONEY}/NTPN1/decision", json=body, headers=headers)

    return one


async def test_against_the_rule_a_second_officer_decides(
    case: Known, http: httpx2.AsyncClient, signed: Signed, decides: Decides
) -> None:
    lapsed(case, Cause.LATE)
    head = signed("head")
    (waiting,) = (await http.get(MONEY, headers=head)).json()["items"]
    assert (waiting["receipt_no"], waiting["by_rule"], waiting["outcome"]) == ("NTPN1", "forfeiture", None)
    proposed = (await decides("head", "refund", "k1")).json()
    assert (proposed["state"], proposed["proposed_by"]) == ("open", "head")
    again = await decides("head", "refund", "k2")
    assert (again.status_code, again.json()["code"]) == (409, "same_officer")
    settled = (await decides("supervisor", "refund", "k3")).json()
    assert (settled["state"], settled["outcome"], settled["decided_by"]) == ("settled", "refund", "supervisor")
    late = await decides("head", "forfeiture", "k4")
    assert (late.status_code, late.json()["code"]) == (409, "not_your_turn")
    assert (await http.get(MONEY, headers=head)).json()["items"] == []
    auditor = signed("auditor")
    found = (await http.get("/v1/audit/exceptions?kind=refund_case", headers=auditor)).json()["items"]
    assert [(one["number"], one["who"]) for one in found] == [(NUMBER, "supervisor")]


async def test_a_decision_needs_a_reason_an_outcome_and_a_case(case: Known, decides: Decides) -> None:
    missing = await decides("head", "refund", "k1")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    lapsed(case, Cause.TWICE)
    for outcome, reason in (("same_seat", "x"), ("refund", " ")):
        assert (await decides("head", outcome, f"k-{outcome}", reason)).status_code == 422


async def test_at_the_desk(case: Known, signed_in: SignedIn) -> None:
    lapsed(case, Cause.LATE)
    browser = await signed_in(kind="officer", sub="head", roles=["head"], office="denpasar", then="")
    assert "/desk/payments" in (await browser.opens("/desk")).text
    assert "NTPN1" in (await browser.opens("/desk/payments")).text
    await browser.opens("/desk/payments/NTPN1")
    empty = await browser.sends("/desk/payments/NTPN1", outcome="", reason="")
    assert empty.status_code == 422
    done = await browser.sends("/desk/payments/NTPN1", outcome="refund", reason="the bank was down")
    assert done.status_code == 303
    assert "the bank was down" in (await browser.opens("/desk/payments/NTPN1")).text
    refused = await browser.sends("/desk/payments/NTPN1", outcome="refund", reason="again")
    assert refused.status_code == 422
    second = await signed_in(kind="officer", sub="supervisor", roles=["supervisor"], office="denpasar", then="")
    await second.opens("/desk/payments/NTPN1")
    assert (await second.sends("/desk/payments/NTPN1", outcome="refund", reason="agreed")).status_code == 303
    assert "supervisor" in (await second.opens("/desk/payments?state=settled")).text


async def test_auditors_see_the_treasurys_days(
    case: Known, http: httpx2.AsyncClient, signed: Signed, signed_in: SignedIn
) -> None:
    lapsed(case, Cause.LATE)
    with case.engine.begin() as conn:
        settlement.compare(conn, date(2026, 11, 23), [])
        settlement.compare(conn, date(2026, 11, 24), [])
    auditor = signed("auditor")
    days = (await http.get("/v1/audit/settlements", headers=auditor)).json()["items"]
    assert [(one["day"], one["even"]) for one in days] == [("2026-11-24", False), ("2026-11-23", True)]
    assert days[0]["differences"] == [
        {"kind": "lacking", "receipt_no": "NTPN1", "bill_code": BILL.code, "ours": 350_000, "theirs": None}
    ]
    assert (await http.get("/v1/audit/settlements?from=2026-11-24&to=2026-11-23", headers=auditor)).status_code == 422
    browser = await signed_in(kind="auditor", sub="auditor", then="")
    page = (await browser.opens("/audit/settlements")).text
    assert "NTPN1" in page
    assert "Tidak cocok" in page
