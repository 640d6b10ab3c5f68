"""Bills: made out by the treasury's billing system, and remembered here so that a payment finds its application."""

from sqlalchemy import Engine
from temporalio import activity

from activities.clients import billing
from activities.clients.errors import Declined, Unknown
from activities.failures import told_to_the_engine
from activities.storage import bills
from workflows.case.facts import Bill
from workflows.case.notifications import PaymentNotice
from workflows.partners.bills import BillOrder, BillRequest, Bills


class TreasuryBills(Bills):
    """Carries out `Bills`."""

    def __init__(self, client: billing.BillingClient, engine: Engine) -> None:
        self._client, self._engine = client, engine

    @activity.defn(name="bills.create")
    @told_to_the_engine
    def create(self, order: BillOrder) -> Bill:
        """Have a bill made out, and remember to which application its code leads."""
        items = [(item.what, item.amount) for item in order.items]
        made = self._client.create(order.key, items, order.due_at, order.number)
        bill = Bill(code=made.code, amount=made.amount, items=order.items, due_at=made.due_at, state="open")
        with self._engine.begin() as connection:
            bills.remember(connection, order.number, bill)
        return bill

    @activity.defn(name="bills.inquire")
    @told_to_the_engine
    def inquire(self, request: BillRequest) -> PaymentNotice | None:
        """Ask whether a bill is paid."""
        return self._payment(request.code)

    @activity.defn(name="bills.void")
    @told_to_the_engine
    def void(self, request: BillRequest) -> PaymentNotice | None:
        """Void an open bill; where the money was quicker, that payment is the answer."""
        try:
            self._client.void(request.key, request.code)
        except Declined as error:
            if error.code != "bill_paid":
                raise
            payment = self._payment(request.code)
            if payment is None:
                raise Unknown("billing: paid, and not paid") from error
            return payment
        return None

    def _payment(self, code: str) -> PaymentNotice | None:
        bill = self._client.inquire(code)
        if bill.state != "paid" or bill.paid_at is None or not bill.receipt_no:
            return None
        return PaymentNotice(
            bill_code=bill.code,
            amount=bill.amount if bill.paid_amount is None else bill.paid_amount,
            paid_at=bill.paid_at,
            receipt_no=bill.receipt_no,
            channel=bill.channel or "",
        )
