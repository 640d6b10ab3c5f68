"""Dated rules, for people who ask before they apply."""

from datetime import date

from sqlalchemy import Connection, select

from activities.storage import rules
from activities.storage.tables import DatedRule
from workflows.case.rules import RuleName, Rules
from workflows.partners.rulebook import RulesQuery


def rules_in_force(conn: Connection, names: tuple[RuleName, ...], on: date, office: str = "") -> Rules:
    """The newest rule of each name whose date has come; an office's own comes before the nation's."""
    return rules.in_force(conn, RulesQuery(names=names, on=on, office=office))


def rule_sources(conn: Connection) -> dict[str, str]:
    """Where each rule comes from, by the reference under which the record cites it (`Rule.reference`)."""
    rows = conn.execute(select(DatedRule.name, DatedRule.office, DatedRule.effective_from, DatedRule.source))
    return {
        f"{row.name}@{row.effective_from.isoformat()}" + (f"/{row.office}" if row.office else ""): row.source
        for row in rows
    }


def days_off(conn: Connection, office: str, first: date, last: date) -> frozenset[date]:
    """Holidays, joint leave and closures of the office after `first` up to `last`; weekends are not among them."""
    return frozenset(conn.execute(rules.DAYS_OFF, {"first": first, "last": last, "office": office}).scalars())
