"""The record: every event of a case, the view that people read, and the tasks that officers see."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from temporalio import activity

from workflows import options
from workflows.case.facts import Filing
from workflows.case.payments import Receipt
from workflows.case.record import CaseView, Entry, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A case begins: the filing (stored sealed), its first entry and view.

    A person's next case has the same workflow id: `run_id` tells them apart, so that no message reaches the wrong one.
    """

    filing: Filing
    workflow_id: str
    run_id: str
    entry: Entry
    view: CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One event with the view after it and all tasks that are open after it; tasks not listed are closed by it.

    `receipts` are payments whose outcome the event is, or changes.
    """

    entry: Entry
    view: CaseView
    tasks: tuple[Task, ...] = ()
    run_id: str = ""
    receipts: tuple[Receipt, ...] = ()


class Ledger(ABC):
    """Carried out in our own database, idempotent by the entry's key."""

    @activity.defn(name="ledger.open_case")
    @abstractmethod
    def open_case(self, opening: Opening) -> Entry | None:
        """Write the row that leads from the public number to the case; None when the person has a live one."""

    @activity.defn(name="ledger.note")
    @abstractmethod
    def note(self, note: Note) -> Entry:
        """Append the entry and bring view and tasks up to date, in one transaction. Answers with the entry."""


async def case_opened(opening: Opening) -> Entry | None:
    """Open the record of a case."""
    return await options.ask_beside(Ledger.open_case, opening, options.TRANSACTION)


async def noted(note: Note) -> Entry:
    """Write one event down; a read after this shows it."""
    return await options.ask_beside(Ledger.note, note, options.TRANSACTION)
