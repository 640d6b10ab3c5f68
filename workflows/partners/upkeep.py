"""Upkeep of our own database: what it needs from time to time, whatever the cases do."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from temporalio import activity, workflow

from workflows import options

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """How much was removed whose time is over."""

    answers: int
    sessions: int
    drafts: int = 0
    counts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCount:
    """The record of what happened, counted again: how many days of it, and where it does not hold (numbers, days)."""

    days: int
    broken_cases: tuple[str, ...] = ()
    broken_seals: tuple[str, ...] = ()


class Upkeep(ABC):
    """Carried out in our own database; each may be done twice, and by two at once."""

    @activity.defn(name="upkeep.slots_ahead")
    @abstractmethod
    def slots_ahead(self) -> int:
        """Make the slots of the days ahead by each office's dated rule; how many are new."""

    @activity.defn(name="upkeep.forget_old")
    @abstractmethod
    def forget_old(self) -> Forgotten:
        """Remove sessions, answers, drafts and counted requests whose time is over; how many of each."""

    @activity.defn(name="upkeep.miscounted_slots")
    @abstractmethod
    def miscounted_slots(self) -> tuple[str, ...]:
        """Slots whose counter is not the number of their bookings."""

    @activity.defn(name="upkeep.count_record")
    @abstractmethod
    def count_record(self) -> RecordCount:
        """Count the whole record again, day by day: the chains of all cases, and the seals over them."""


async def slots_made() -> int:
    """Open the days ahead."""
    return await _kept(Upkeep.slots_ahead, options.UPKEEP, "Slots ahead, by the opening rules")


async def old_forgotten() -> Forgotten:
    """Let go of what is no longer needed."""
    return await _kept(Upkeep.forget_old, options.UPKEEP, "Sessions, answers, drafts, counts whose time is over")


async def slots_miscounted() -> tuple[str, ...]:
    """Compare counters of seats with bookings."""
    return await _kept(Upkeep.miscounted_slots, options.UPKEEP, "Counters of seats against bookings")


async def record_counted() -> RecordCount:
    """Verify the audit record."""
    return await _kept(Upkeep.count_record, options.LONG_COUNT, "The audit record, counted again")


async def _kept(request: Callable[[Any], R], how: options.Asking, summary: str) -> R:
    done: R = await workflow.execute_activity_method(
        request,
        args=[],
        start_to_close_timeout=how.each,
        schedule_to_close_timeout=how.in_all,
        heartbeat_timeout=how.sign_of_life,
        retry_policy=how.retry,
        summary=summary,
    )
    return done
