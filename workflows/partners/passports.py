"""The register of passports (SIMKIM): who holds a valid one, and which were issued."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from temporalio import activity

from workflows import options


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingsQuery:
    """Which passports does this person hold?"""

    key: str
    nik: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPassport:
    """A passport in the register."""

    number: str
    expires_on: date
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A passport that was handed over."""

    key: str
    nik: str
    number: str
    issued_on: date
    expires_on: date


class Passports(ABC):
    """Carried out over HTTP."""

    @activity.defn(name="passports.held_by")
    @abstractmethod
    def held_by(self, query: HoldingsQuery) -> tuple[HeldPassport, ...]:
        """All passports of one person."""

    @activity.defn(name="passports.record_issue")
    @abstractmethod
    def record_issue(self, issue: Issue) -> None:
        """Enter a new passport, once by the key."""


async def passports_held(query: HoldingsQuery, how: options.Asking) -> tuple[HeldPassport, ...]:
    """Ask which passports a person holds."""
    return await options.ask(Passports.held_by, query, how, options.NATIONAL, "passports held")


async def issue_recorded(issue: Issue) -> None:
    """Enter the new passport, however long the register is away."""
    await options.ask(Passports.record_issue, issue, options.REGISTER, options.NATIONAL, "record the issue")
