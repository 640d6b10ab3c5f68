"""Accounts with the treasury: its settlement file by HTTP, ours from the database."""

from datetime import date

from sqlalchemy import Engine
from temporalio import activity

from activities.clients import billing
from activities.failures import told_to_the_engine
from activities.storage import settlement
from workflows.case.notifications import PaymentNotice
from workflows.partners.settlements import DayAccounts, Settlements


class TreasurySettlements(Settlements):
    """Carries out `Settlements`."""

    def __init__(self, client: billing.BillingClient, engine: Engine) -> None:
        self._client, self._engine = client, engine

    @activity.defn(name="settlements.days_due")
    def days_due(self, days_back: int) -> tuple[date, ...]:
        """Days that are over and not even yet."""
        with self._engine.begin() as connection:
            return settlement.days_due(connection, days_back)

    @activity.defn(name="settlements.reconcile")
    @told_to_the_engine
    def reconcile(self, day: date) -> DayAccounts:
        """Fetch a day's file, and hold it against what we know."""
        lines = [
            PaymentNotice(
                bill_code=one.bill_code,
                amount=one.amount,
                paid_at=one.paid_at,
                receipt_no=one.receipt_no,
                channel=one.channel,
            )
            for one in self._client.settlement(day)
        ]
        with self._engine.begin() as connection:
            compared = settlement.compare(connection, day, lines)
        waiting = sum(one.kind == "waiting" for one in compared.differences)
        differing = len(compared.differences) - waiting
        return DayAccounts(day=day, lines=compared.lines, found=compared.found, waiting=waiting, differing=differing)
