"""The exit-ban list (pencegahan; UU 6/2011 art. 97): a hit may appear or lapse while a case is open."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date

from temporalio import activity

from workflows import options


@dataclass(frozen=True, slots=True, kw_only=True)
class BanQuery:
    """Is this person barred from leaving the country?"""

    key: str
    nik: str
    full_name: str
    birth_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """An entry of the list that equals the person's biodata."""

    reference: str
    reason: str = ""


class Watchlist(ABC):
    """Carried out over HTTP."""

    @activity.defn(name="watchlist.check")
    @abstractmethod
    def check(self, query: BanQuery) -> tuple[Ban, ...]:
        """All entries in force that equal the person's biodata."""


async def exit_bans(query: BanQuery, how: options.Asking) -> tuple[Ban, ...]:
    """Ask the list."""
    return await options.ask(Watchlist.check, query, how, options.NATIONAL, "exit-ban check")
