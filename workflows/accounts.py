"""Accounts with the treasury, each night: a short workflow that a schedule of the engine starts."""

from dataclasses import dataclass
from datetime import date, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.partners.settlements import DayAccounts, days_due, reconciled

NOT_EVEN = "accounts_not_even"
# What the file has told of goes to its case by the relay, and has its outcome in seconds; after this the day is even.
DELIVERY = timedelta(minutes=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """The days that a run has settled; all of them are even."""

    days: tuple[DayAccounts, ...] = ()


@workflow.defn
class NightlyAccounts:
    """Holds the settlement file of each day that is not settled yet against what we know of payments."""

    @workflow.run
    async def run(self) -> Accounts:
        """One round; fails with `accounts_not_even`, after all days have had their turn, where one needs a person."""
        days = await days_due()
        found = await _each(days)
        if any(one.waiting for one in found.values()):
            await workflow.sleep(DELIVERY, summary="payments that were found go to their cases")
            found |= await _each(tuple(day for day, one in found.items() if one.waiting))
        uneven = [day.isoformat() for day in days if day not in found or not found[day].even]
        if uneven:
            raise ApplicationError("the accounts are not even", uneven, type=NOT_EVEN, non_retryable=True)
        return Accounts(days=tuple(found.values()))


async def _each(days: tuple[date, ...]) -> dict[date, DayAccounts]:
    """Each day on its own: one of which the treasury is silent leaves the others done."""
    found: dict[date, DayAccounts] = {}
    for day in days:
        try:
            found[day] = await reconciled(day)
        except ActivityError:
            workflow.logger.warning("no accounts for %s", day.isoformat())
    return found
