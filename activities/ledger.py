"""The record of cases, in our own database."""

from sqlalchemy import Engine
from temporalio import activity

from activities.keyring import KeyRing
from activities.storage import ledger
from workflows.case.record import Entry
from workflows.partners.ledger import Ledger, Note, Opening


class CaseLedger(Ledger):
    """Carries out `Ledger`: one transaction a request. `columns` seals what is personal."""

    def __init__(self, engine: Engine, columns: KeyRing) -> None:
        self._engine, self._columns = engine, columns

    @activity.defn(name="ledger.open_case")
    def open_case(self, opening: Opening) -> Entry | None:
        """Write the row that leads from the public number to the case; None when the person has a live one."""
        with self._engine.begin() as conn:
            return ledger.open_case(conn, opening, self._columns)

    @activity.defn(name="ledger.note")
    def note(self, note: Note) -> Entry:
        """Append the entry and bring view and tasks up to date. Answers with the entry as it is stored."""
        with self._engine.begin() as conn:
            return ledger.note(conn, note)
