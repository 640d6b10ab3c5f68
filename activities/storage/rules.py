"""Dated rules and the calendar, read as they were, are, or will be on a day."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from activities.storage.tables import DatedRule
from workflows.case.rules import Rule, RuleName, Rules
from workflows.partners.rulebook import RulesQuery, WorkingDays

IN_FORCE = text("""
    SELECT DISTINCT ON (name) name, office, effective_from, value FROM paspor.rule
     WHERE name = ANY (:names) AND office IN ('', :office) AND effective_from <= :day
     ORDER BY name, office DESC, effective_from DESC""")
DAYS_OFF = text("""
    SELECT day FROM paspor.calendar_day WHERE day > :first AND day <= :last
    UNION SELECT day FROM paspor.closure WHERE office = :office AND day > :first AND day <= :last""")
SATURDAY = 5


class NoSuchRule(LookupError):
    """No rule of this name is in force on the day."""


def in_force(conn: Connection, query: RulesQuery) -> Rules:
    """The newest rule of each name whose date has come, an office's own before the nation's; none is no error."""
    names = [name.value for name in query.names]
    rows = conn.execute(IN_FORCE, {"names": names, "office": query.office, "day": query.on})
    found = {
        row.name: Rule(
            name=RuleName(row.name), office=row.office, effective_from=row.effective_from, value=dict(row.value)
        )
        for row in rows
    }
    return Rules(rules=tuple(found[name] for name in names if name in found))


def value(conn: Connection, name: str, office: str, on: date) -> Mapping[str, Any]:
    """The value of one rule of the house, such as `lease` or `opening`; raises `NoSuchRule`."""
    row = conn.execute(IN_FORCE, {"names": [name], "office": office, "day": on}).first()
    if row is None:
        raise NoSuchRule(f"no rule {name} is in force on {on.isoformat()}")
    return dict(row.value)


def enact(
    conn: Connection, name: str, effective_from: date, value: Mapping[str, Any], source: str, office: str = ""
) -> None:
    """Enter a rule that applies from a day on; the ones before stay. Raises `IntegrityError` where that day has one."""
    row = {"name": name, "office": office, "effective_from": effective_from, "value": dict(value), "source": source}
    conn.execute(insert(DatedRule), row)


def working_day(conn: Connection, query: WorkingDays) -> date:
    """`days` working days after `after`: weekends, holidays, joint leave and the office's closures do not count."""
    day, left = query.after, query.days
    while left > 0:
        last = day + timedelta(days=2 * left + 14)
        rows = conn.execute(DAYS_OFF, {"first": day, "last": last, "office": query.office})
        off = {row.day for row in rows}
        while left > 0 and day < last:
            day += timedelta(days=1)
            left -= day.weekday() < SATURDAY and day not in off
    return day
