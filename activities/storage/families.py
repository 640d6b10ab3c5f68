"""Families: the act in which several people are filed for, and their seats, together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from activities.storage import rules
from activities.storage.slots import slot_number
from activities.storage.tables import Application, Family
from activities.storage.taking import Taken, taken_of

TAKE = text("""
    SELECT t.number, t.code, t.booking_id, t.revision, t.state, t.slot_id, paspor.public_slot(s.id) AS public_id,
           s.office, s.lane, s.starts_at, s.ends_at, o.utc_offset
      FROM paspor.take_family_seats(:family, :slot, :key, :day) t
      LEFT JOIN paspor.slot s ON s.id = t.slot_id LEFT JOIN paspor.office o ON o.id = s.office
     ORDER BY t.ord""")
# The nearest slots in which all of them have room.
NEAREST = text("""
    SELECT paspor.public_slot(s.id)
      FROM paspor.slot w JOIN paspor.slot s ON s.office = w.office AND s.lane = w.lane AND s.id <> w.id
     WHERE w.id = :slot AND s.seats - s.taken - s.kept >= :members AND s.starts_at > clock_timestamp()
       AND s.day BETWEEN w.day - 31 AND w.day + 31
       AND NOT EXISTS (SELECT 1 FROM paspor.closure c WHERE c.office = s.office AND c.day = s.day)
     ORDER BY abs(extract(epoch FROM s.starts_at - w.starts_at)), s.id LIMIT :most""")
LEFT_OVER = text("""
    SELECT a.number, a.workflow_id, a.run_id, a.owner, a.family
      FROM paspor.family f JOIN paspor.application a ON a.family = f.id
     WHERE f.state = 'refused' AND a.ending IS NULL ORDER BY a.number LIMIT :most""")
ALTERNATIVES = 5
NO_SLOT = -1
# Why the others end when one was refused: a code that pages translate.
ENDED_WITH_FAMILY = "family_refused"
LAPSED: Mapping[str, Any] = {"code": "family_lapsed", "errors": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What became of the act: `filing` while it goes on, `stands`, or `refused` with what was said."""

    state: str
    refusal: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyTaken:
    """The answer to a family's request: a seat for each (`seats`, by number), or the code and whom it is about."""

    code: str
    number: str = ""
    seats: tuple[tuple[str, Taken], ...] = ()
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """A live application of a family that was refused: it is to end too."""

    number: str
    workflow_id: str
    run_id: str
    owner: str
    family: UUID


def ending_id(family: UUID, number: str) -> str:
    """The id under which a member is told to end, whoever tells it."""
    return f"family/{family}/{number}/end"


def begin(conn: Connection, family: UUID, owner: str, numbers: Sequence[str]) -> Act:
    """Write down that these are filed together, before the first of them is; what has become of it when it was."""
    row = {"id": family, "owner": owner, "numbers": list(numbers)}
    conn.execute(insert(Family).values(row).on_conflict_do_nothing())
    return act_of(conn, family)


def act_of(conn: Connection, family: UUID) -> Act:
    """How the act stands."""
    found = conn.execute(select(Family.state, Family.refusal).where(Family.id == family)).one()
    return Act(state=found.state, refusal=found.refusal)


def stand(conn: Connection, family: UUID) -> Act:
    """All members stand. Changes nothing where the act was refused before."""
    return _decide(conn, family, state="stands")


def refuse(conn: Connection, family: UUID, refusal: Mapping[str, Any]) -> Act:
    """One member was refused, so that none is left. What was decided first counts."""
    return _decide(conn, family, state="refused", refusal=dict(refusal))


def _decide(conn: Connection, family: UUID, **values: object) -> Act:
    now = func.clock_timestamp()
    conn.execute(update(Family).where(Family.id == family, Family.state == "filing").values(decided_at=now, **values))
    return act_of(conn, family)


def left_over(conn: Connection, limit: int) -> tuple[LeftOver, ...]:
    """Members that still live of families that were refused; an act that nobody brought to its end is refused first."""
    on = datetime.now(UTC).date()
    minutes = int(rules.value(conn, "family", "", on)["filing_minutes"])
    late = Family.created_at < func.clock_timestamp() - func.make_interval(0, 0, 0, 0, 0, minutes)
    now = func.clock_timestamp()
    lapsed = update(Family).where(Family.state == "filing", late)
    conn.execute(lapsed.values(state="refused", refusal=dict(LAPSED), decided_at=now))
    return tuple(LeftOver(**row._mapping) for row in conn.execute(LEFT_OVER, {"most": limit}))


def take_seats(conn: Connection, family: UUID, slot_id: str, key: str, on_day: date) -> FamilyTaken:
    """Seats for all living members or for none; the code `again` means that another transaction was in the way."""
    number = slot_number(slot_id)
    slot = NO_SLOT if number is None else number
    rows = conn.execute(TAKE, {"family": family, "slot": slot, "key": key, "day": on_day}).all()
    if all(row.code == "ok" for row in rows):
        return FamilyTaken(code="ok", seats=tuple((row.number, taken_of(row)) for row in rows))
    refused = next(row for row in rows if row.code != "ok")
    alternatives = _alternatives(conn, family, slot) if refused.code in ("slot_full", "slot_gone") else ()
    return FamilyTaken(code=refused.code, number=refused.number or "", alternatives=alternatives)


def _alternatives(conn: Connection, family: UUID, slot: int) -> tuple[str, ...]:
    living = select(func.count()).where(Application.family == family, Application.ending.is_(None))
    about = {"slot": slot, "members": conn.execute(living).scalar_one(), "most": ALTERNATIVES}
    return tuple(cast(str, found) for found in conn.execute(NEAREST, about).scalars())
