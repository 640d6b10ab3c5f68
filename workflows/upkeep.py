"""What recurs, as short workflows that the engine's schedules start (workers/runtime/schedules.py).

Each piece stands alone: one that fails leaves the others done, and then fails the run, so that whoever looks at the
schedule sees it. The next run comes all the same, and does what is left.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.partners.upkeep import (
    Forgotten,
    RecordCount,
    old_forgotten,
    record_counted,
    slots_made,
    slots_miscounted,
)

MISCOUNTED, NOT_WHOLE = "seats_miscounted", "record_not_whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What an hourly run did."""

    new_slots: int
    forgotten: Forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a nightly run counted; nothing in it was wrong."""

    record: RecordCount


@workflow.defn
class HourlyUpkeep:
    """Opens the days ahead, and lets go of what has ended: an hour is how long an address is known after its time."""

    @workflow.run
    async def run(self) -> Hour:
        """One round."""
        new_slots, forgotten = await _each(slots_made, old_forgotten)
        return Hour(new_slots=new_slots, forgotten=forgotten)


@workflow.defn
class NightlyUpkeep:
    """Counts again what others rely on: the seats, and the record of what happened. It mends nothing."""

    @workflow.run
    async def run(self) -> Night:
        """One round; fails with `seats_miscounted` or `record_not_whole` where somebody wrote past the procedure."""
        slots, record = await _each(slots_miscounted, record_counted)
        if record.broken_cases or record.broken_seals:
            # The record comes before the seats: a slot can be counted again, what was erased cannot.
            raise ApplicationError("the record does not hold", record, type=NOT_WHOLE, non_retryable=True)
        if slots:
            raise ApplicationError("slots do not count what they hold", slots, type=MISCOUNTED, non_retryable=True)
        return Night(record=record)


async def _each(*pieces: Callable[[], Awaitable[Any]]) -> list[Any]:
    """What they say, one after the other, whether the one before has failed or not; then the first failure."""
    said, failed = [], []
    for piece in pieces:
        try:
            said.append(await piece())
        except ActivityError as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return said
