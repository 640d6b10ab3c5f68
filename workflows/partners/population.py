"""The population register (Dukcapil): do these claims match this NIK?"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from temporalio import activity

from workflows import options
from workflows.case.facts import Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsCheck:
    """Who somebody says the person is."""

    key: str
    nik: str
    full_name: str
    birth_date: date
    birth_place: str
    sex: Sex


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsVerdict:
    """`status` is `found`, `not_found` or `inactive`; `mismatches` names the claims that differ."""

    status: str
    mismatches: tuple[str, ...] = ()

    @property
    def matches(self) -> bool:
        """Whether the person is known and every claim is right."""
        return self.status == "found" and not self.mismatches


class Population(ABC):
    """Carried out over HTTP. It verifies, and never tells what it holds."""

    @activity.defn(name="population.verify")
    @abstractmethod
    def verify(self, check: ClaimsCheck) -> ClaimsVerdict:
        """Compare the claims with the register. A register that is away is no mismatch: the request is retried."""


async def claims_verified(check: ClaimsCheck, how: options.Asking) -> ClaimsVerdict:
    """Verify claims by the register."""
    return await options.ask(Population.verify, check, how, options.NATIONAL, "verify the claims")
