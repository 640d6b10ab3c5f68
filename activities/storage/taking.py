"""Requests for seats and their answers, a batch at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Connection, Row, text

from workflows.case.facts import Appointment, Lane

TAKE = text("""
    SELECT t.ord, t.code, t.booking_id, t.revision, t.state, t.slot_id, paspor.public_slot(s.id) AS public_id,
           s.office, s.lane, s.starts_at, s.ends_at, o.utc_offset
      FROM paspor.take_seats(:numbers, CAST(:slots AS bigint[]), :keys, CAST(:days AS date[])) t
      LEFT JOIN paspor.slot s ON s.id = t.slot_id LEFT JOIN paspor.office o ON o.id = s.office""")


class Overloaded(Exception):
    """More people ask for seats than can be answered soon: ask again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The answer to a request for a seat. `alternatives` are the nearest open slots, after `slot_full`."""

    code: str
    appointment: Appointment | None = None
    revision: int = 0
    alternatives: tuple[str, ...] = ()


class Asked(Protocol):
    """A request for a seat: by which case, which slot, under which key, and the day whose rules apply."""

    @property
    def number(self) -> str: ...
    @property
    def slot(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def on_day(self) -> date: ...


def take(conn: Connection, batch: Sequence[Asked]) -> list[Taken]:
    """Answer a batch in one call. The code `again` means that another transaction was in the way."""
    values = {
        "numbers": [asked.number for asked in batch],
        "slots": [asked.slot for asked in batch],
        "keys": [asked.key for asked in batch],
        "days": [asked.on_day for asked in batch],
    }
    return [taken_of(row) for row in sorted(conn.execute(TAKE, values), key=lambda row: row.ord)]


def taken_of(row: Row[tuple[object, ...]]) -> Taken:
    """The answer in a row that names its slot and office."""
    if row.code != "ok":
        return Taken(code=row.code)
    appointment = Appointment(
        booking=str(row.booking_id),
        slot_id=row.public_id,
        office=row.office,
        lane=Lane(row.lane),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        utc_offset=row.utc_offset,
        state=row.state,
        revision=row.revision,
    )
    return Taken(code="ok", appointment=appointment, revision=row.revision)
