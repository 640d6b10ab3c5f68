"""Bills of the treasury's billing system (SIMPONI)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from workflows import options
from workflows.case.facts import Bill, BillItem
from workflows.case.notifications import PaymentNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class BillOrder:
    """A bill to be made out for an application; the answer's due time is what counts."""

    key: str
    number: str
    items: tuple[BillItem, ...]
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRequest:
    """Something asked about a bill that was made."""

    key: str
    number: str
    code: str


class Bills(ABC):
    """Carried out over HTTP, idempotent by the key."""

    @activity.defn(name="bills.create")
    @abstractmethod
    def create(self, order: BillOrder) -> Bill:
        """Have a bill made out, and remember to which application its code leads."""

    @activity.defn(name="bills.inquire")
    @abstractmethod
    def inquire(self, request: BillRequest) -> PaymentNotice | None:
        """Ask whether a bill is paid; the payment, or None."""

    @activity.defn(name="bills.void")
    @abstractmethod
    def void(self, request: BillRequest) -> PaymentNotice | None:
        """Void an open bill. Where it was paid a moment ago, it stays paid: that payment is the answer."""


async def bill_made(order: BillOrder, how: options.Asking = options.REGISTER) -> Bill:
    """Make the bill, however long the billing system is away."""
    return await options.ask(Bills.create, order, how, options.NATIONAL, "make out the bill")


async def payment_found(request: BillRequest) -> PaymentNotice | None:
    """Look for a payment whose notification may be lost: silence is not proof that nobody paid."""
    return await options.ask(Bills.inquire, request, options.REGISTER, options.NATIONAL, "was the bill paid?")


async def bill_voided(request: BillRequest, how: options.Asking = options.REGISTER) -> PaymentNotice | None:
    """Void the bill, unless it was paid at the last moment."""
    return await options.ask(Bills.void, request, how, options.NATIONAL, "void the bill")
