"""Cases that the tables show to stand still: a rule that they need is not in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from activities.storage import rules
from workflows.case.rules import RuleName
from workflows.case.tariff import prices
from workflows.partners.rulebook import RulesQuery

OFFICES = text("SELECT id, (clock_timestamp() AT TIME ZONE time_zone)::date AS today FROM paspor.office ORDER BY id")
# Who has a seat and no bill yet needs a price.
UNBILLED = text("""
    SELECT number, document_type, validity_years, service FROM paspor.application
     WHERE office = :office AND ending IS NULL AND coalesce(view -> 'bill', 'null') = 'null' ORDER BY number""")
SYSTEMS_TURN = text("""
    SELECT number, workflow_id, run_id, stage, view #>> '{next_step,what}' AS what, updated_at FROM paspor.application
     WHERE ending IS NULL AND view #>> '{next_step,who}' = 'system' AND updated_at < clock_timestamp() - :longer
     ORDER BY updated_at LIMIT :most""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """Something that is not in force at an office today, and the cases that are known to wait for it."""

    what: str
    office: str
    on: date
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsTurn:
    """A case for which no person is to do anything, and nothing has happened for long."""

    number: str
    workflow_id: str
    run_id: str
    stage: str
    what: str
    updated_at: datetime


def rules_lacking(conn: Connection) -> tuple[Lacking, ...]:
    """What the procedure reads at any office and is not in force there today; tariffs for those who wait for a bill."""
    return tuple(one for row in conn.execute(OFFICES).all() for one in _lacking_at(conn, row.id, row.today))


def systems_turn(conn: Connection, longer: timedelta, most: int) -> tuple[SystemsTurn, ...]:
    """The cases that have waited longest for a system, at most so many."""
    rows = conn.execute(SYSTEMS_TURN, {"longer": longer, "most": most})
    return tuple(SystemsTurn(**row._mapping) for row in rows)


def _lacking_at(conn: Connection, office: str, today: date) -> Iterator[Lacking]:
    # Moving a seat asks no rule of a case: the hold of the seat does, in SQL.
    names = tuple(name for name in RuleName if name is not RuleName.RESCHEDULE)
    found = rules.in_force(conn, RulesQuery(names=names, on=today, office=office))
    for what in found.lacking(*names):
        yield Lacking(what=what, office=office, on=today, numbers=())
    waiting: dict[str, list[str]] = {}
    for row in conn.execute(UNBILLED, {"office": office}):
        for price in prices(row.document_type, row.validity_years, row.service):
            waiting.setdefault(price, []).append(row.number)
    if RuleName.TARIFF in found:
        for what in found.lacking(needs=sorted(waiting)):
            yield Lacking(what=what, office=office, on=today, numbers=tuple(waiting[what]))
