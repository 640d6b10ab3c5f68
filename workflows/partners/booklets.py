"""Blank booklets: controlled stock, each serial bound to at most one print attempt."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from temporalio import activity

from workflows import options


class BookletFate(StrEnum):
    """What became of an allocated booklet."""

    USED = "used"
    SPOILED = "spoiled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Bind a blank from the office's stock to one attempt of a case."""

    key: str
    number: str
    attempt: int
    booklet: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Record what became of a booklet."""

    key: str
    number: str
    booklet: str
    fate: BookletFate
    reason: str = ""


class Booklets(ABC):
    """Carried out in our own database."""

    @activity.defn(name="booklets.allocate")
    @abstractmethod
    def allocate(self, allocation: Allocation) -> bool:
        """Bind the serial; False when it is not in this office's stock, or bound already."""

    @activity.defn(name="booklets.settle")
    @abstractmethod
    def settle(self, settlement: Settlement) -> None:
        """Enter the booklet's fate, once."""


async def booklet_allocated(allocation: Allocation) -> bool:
    """Bind the booklet that the officer took."""
    return await options.ask_beside(Booklets.allocate, allocation, options.TRANSACTION)


async def booklet_settled(settlement: Settlement) -> None:
    """Enter what became of the booklet."""
    await options.ask_beside(Booklets.settle, settlement, options.TRANSACTION)
