"""Rules as dated data, and the calendar of working days."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from temporalio import activity

from workflows import options
from workflows.case.rules import RuleName, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesQuery:
    """Which rules, for which office (empty: the nation's), on which of its days.

    `needs` are fields that the case cannot do without, beside those that every case reads: `tariff.electronic_10`.
    """

    names: tuple[RuleName, ...]
    on: date
    office: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """`days` working days after `after`, at an office (its closures count as days off)."""

    after: date
    days: int
    office: str


class Rulebook(ABC):
    """Carried out in our own database."""

    @activity.defn(name="rulebook.in_force")
    @abstractmethod
    def in_force(self, query: RulesQuery) -> Rules:
        """The newest rule of each name whose date has come; an office's own comes before the nation's.

        Fails, to be asked again, while one of them is not in force or lacks what a case must read.
        """

    @activity.defn(name="rulebook.working_day")
    @abstractmethod
    def working_day(self, query: WorkingDays) -> date:
        """The date that many working days later; holidays and joint leave do not count. Zero days: the same day."""


async def rules_in_force(*names: RuleName, on: date, office: str = "", needs: tuple[str, ...] = ()) -> Rules:
    """Look rules up, so that the version used stands in the history; waits for one that nobody has entered yet."""
    query = RulesQuery(names=names, on=on, office=office, needs=needs)
    return await options.ask_beside(Rulebook.in_force, query, options.RULES)


async def working_day_after(after: date, days: int, office: str) -> date:
    """Count working days by the calendar as it stands now."""
    query = WorkingDays(after=after, days=days, office=office)
    return await options.ask_beside(Rulebook.working_day, query, options.TRANSACTION)
