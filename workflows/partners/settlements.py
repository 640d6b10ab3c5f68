"""Accounts with the treasury: each day's settlement file against what we know of payments."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from temporalio import activity

from workflows import options

# A day that could not be made even is asked for again each night, for so many days.
DAYS_BACK = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAccounts:
    """How a day stands: lines of the file, payments found by it alone, those on their way to a case, and differences.

    `waiting` are receipts without an outcome yet, which mend themselves; `differing` need a person.
    """

    day: date
    lines: int
    found: int
    waiting: int
    differing: int

    @property
    def even(self) -> bool:
        """Whether file and books agree."""
        return not (self.waiting or self.differing)


class Settlements(ABC):
    """Carried out over HTTP and in our own database; each may be done twice, and by two at once."""

    @activity.defn(name="settlements.days_due")
    @abstractmethod
    def days_due(self, days_back: int) -> tuple[date, ...]:
        """Days, by Jakarta's clock, that are over and not even yet; the oldest first."""

    @activity.defn(name="settlements.reconcile")
    @abstractmethod
    def reconcile(self, day: date) -> DayAccounts:
        """Fetch a day's file and hold it against what we know; payments that nobody told us of go to their cases."""


async def days_due() -> tuple[date, ...]:
    """What is left to be settled."""
    return await options.ask(Settlements.days_due, DAYS_BACK, options.UPKEEP, options.NATIONAL, "days not settled yet")


async def reconciled(day: date) -> DayAccounts:
    """Settle accounts for a day; silence of the treasury is tried again, and then by the next run."""
    summary = f"settlement file of {day.isoformat()}"
    return await options.ask(Settlements.reconcile, day, options.UPKEEP, options.NATIONAL, summary)
