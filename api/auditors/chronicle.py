"""The story of a case: from the engine's history while it is retained, from the ledger after that. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from api.auditors.sentences import sentence
from api.happenings import Happening
from workflows.case.record import Entry

ENTRY = TypeAdapter(Entry)
RECORDS = ("ledger.open_case", "ledger.note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the story: who did what, at which office, with which outcome, why, and on which rule.

    `stage` is where the case stood after it; empty for what is no entry of the record.
    """

    at: datetime
    actor: str
    role: str
    office: str
    action: str
    outcome: str
    reason: str
    rule: str
    sentence: str
    event_id: int | None
    stage: str = ""

    def shown(self) -> dict[str, Any]:
        """As the contract shows it."""
        return {**asdict(self), "at": self.at.isoformat()}


def from_engine(found: Iterable[Happening], language: str) -> list[Line]:
    """Every record that the engine kept, and what systems and deadlines did beside it."""
    lines = [line for happening in found if (line := _line(happening, language))]
    return lines


def from_ledger(entries: Iterable[Entry], language: str) -> list[Line]:
    """The same story from our own record; it has no ids of the engine's events."""
    return [line_of(entry, None, language) for entry in entries]


def line_of(entry: Entry, event_id: int | None, language: str) -> Line:
    """A record's line."""
    facts = {**entry.details, "outcome": entry.outcome, "reason": entry.reason}
    return Line(
        at=entry.at,
        actor=entry.actor,
        role=entry.role.value,
        office=entry.office,
        action=entry.action,
        outcome=entry.outcome,
        reason=entry.reason,
        rule=entry.rule,
        sentence=sentence(entry.action, facts, language),
        event_id=event_id,
        stage=entry.stage.value,
    )


def _line(happening: Happening, language: str) -> Line | None:
    if happening.kind == "answered" and happening.name in RECORDS:
        entry = ENTRY.validate_python(happening.body) if happening.body else None
        return line_of(entry, happening.event_id, language) if entry else None
    if happening.kind == "pushed":
        return _system(happening, f"pushed.{happening.name}", happening.name, language)
    if happening.kind in ("due", "failed"):
        return _system(happening, happening.kind, happening.name, language)
    return None


def _system(happening: Happening, action: str, outcome: str, language: str) -> Line:
    return Line(
        at=happening.at,
        actor="system",
        role="system",
        office="",
        action=action,
        outcome=outcome,
        reason="",
        rule="",
        sentence=sentence(action, {"outcome": outcome}, language),
        event_id=happening.event_id,
    )
