"""Accounts with the real stand-in of the treasury, by HTTP, and our own tables."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine, text
from temporalio.exceptions import ApplicationError

from activities.clients.billing import BillingClient
from activities.clients.errors import Unknown
from activities.settlements import TreasurySettlements
from activities.storage import bills, payments
from tests.activities.storage.cases import a_case, noted
from tests.activities.storage.places import an_office
from tests.running_standin import RunningStandin
from workflows.case.facts import Bill, BillItem
from workflows.case.notifications import PaymentNotice
from workflows.case.payments import Cause, receipt_of

N = "1000000000000001"
CAPITAL = timezone(timedelta(hours=7))
SECRET = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyBvZiBhY2NvdW50cw=="


@pytest.fixture(scope="module")
def treasury(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStandin]:
    store: Path = tmp_path_factory.mktemp("treasury")
    heard = {"PASPOR_API_URL": "http://127.0.0.1:9", "PASPOR_WEBHOOK_SECRET": SECRET}
    standin = RunningStandin("billing", store, "--store", str(store), **heard)
    yield standin
    standin.stop()


@pytest.fixture
def client(treasury: RunningStandin) -> Iterator[BillingClient]:
    with BillingClient(f"http://127.0.0.1:{treasury.port}") as found:
        yield found


def plant(treasury: RunningStandin, **asked: object) -> PaymentNotice:
    """Pay as a citizen would, of which nobody is told."""
    url = f"http://127.0.0.1:{treasury.port}/standins/billing/pay"
    answer = httpx2.post(url, json={"notify": "never", **asked}, trust_env=False)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return PaymentNotice(**{**told, "paid_at": datetime.fromisoformat(told["paid_at"])})


def test_the_file_of_a_day_brings_what_nobody_told(
    treasury: RunningStandin, client: BillingClient, engine: Engine
) -> None:
    with engine.begin() as conn:
        an_office(conn)
        a_case(conn, N)
    due = datetime.now(UTC) + timedelta(hours=2)
    made = client.create(f"{N}/bill", [("passport", 350_000)], due, N)
    bill = Bill(code=made.code, amount=350_000, items=(BillItem(what="passport", amount=350_000),), due_at=due)
    with engine.begin() as conn:
        bills.remember(conn, N, bill)
        noted(conn, N, 2, office="sanur", bill=bill)
    first = plant(treasury, bill_code=made.code)
    again = plant(treasury, bill_code=made.code, anyway=True)
    day = first.paid_at.astimezone(CAPITAL).date()
    with engine.begin() as conn:
        payments.enter(conn, receipt_of(first, Cause.PAID, 350_000), N, "sanur", day)

    accounts = TreasurySettlements(client, engine)
    for _ in range(2):
        found = accounts.reconcile(day)
        assert (found.lines, found.found, found.waiting, found.differing, found.even) == (2, 1, 1, 0, False)
    with engine.begin() as conn:
        heard = conn.execute(text("SELECT body ->> 'receipt_no' FROM paspor.inbox")).scalars().all()
        assert heard == [again.receipt_no]
        payments.enter(conn, receipt_of(again, Cause.TWICE), N, "sanur", day)
    assert accounts.reconcile(day).even
    assert accounts.days_due(31) == ()
    assert accounts.reconcile(day - timedelta(days=1)).lines == 0


def test_a_treasury_that_is_down_is_asked_again(
    treasury: RunningStandin, client: BillingClient, engine: Engine
) -> None:
    base = f"http://127.0.0.1:{treasury.port}/standins/billing/faults"
    httpx2.post(base, json={"kind": "down"}, trust_env=False)
    try:
        with pytest.raises(Unknown):
            client.settlement(datetime.now(UTC).date())
        with pytest.raises(ApplicationError) as failed:
            TreasurySettlements(client, engine).reconcile(datetime.now(UTC).date())
        assert (failed.value.type, failed.value.non_retryable) == ("unknown", False)
    finally:
        httpx2.delete(base, trust_env=False)
