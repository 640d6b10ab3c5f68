"""Dated rules, for people who ask before they apply."""

from datetime import date

from sqlalchemy import Connection

from activities.storage import rules
from workflows.case.rules import RuleName, Rules
from workflows.partners.rulebook import RulesQuery


def rules_in_force(conn: Connection, names: tuple[RuleName, ...], on: date, office: str = "") -> Rules:
    """The newest rule of each name whose date has come; an office's own comes before the nation's."""
    return rules.in_force(conn, RulesQuery(names=names, on=on, office=office))
