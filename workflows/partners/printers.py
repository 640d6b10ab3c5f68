"""Personalisation: the data page of one booklet on one of the office's printers (IPP)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from temporalio import activity

from workflows import options
from workflows.case.facts import DocumentType, Sex


class PrintState(StrEnum):
    """What is known of a print attempt. `unknown` is asked of a person, and never printed again by itself."""

    PRINTED = "printed"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """All that the data page shows. `key` is the attempt, and the job's name at the printer."""

    key: str
    office: str
    number: str
    passport_number: str
    document_type: DocumentType
    full_name: str
    birth_date: date
    birth_place: str
    sex: Sex
    issued_on: date
    expires_on: date
    portrait: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReport:
    """The printer's word, as far as it could be had."""

    state: PrintState
    printer: str = ""
    note: str = ""


class Printers(ABC):
    """Carried out over IPP, on the queue of the office's printers, one booklet at a time."""

    @activity.defn(name="printers.personalise")
    @abstractmethod
    def personalise(self, order: PrintOrder) -> PrintReport:
        """Print, once by the key: a job of that name is looked for before one is submitted."""


async def personalised(order: PrintOrder) -> PrintReport:
    """Have the booklet printed, however long the office's printers are busy."""
    queue = options.printing_at(order.office)
    return await options.ask(Printers.personalise, order, options.PRINT, queue, "personalise the booklet")
