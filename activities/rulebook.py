"""Rules and working days, out of our own database."""

from datetime import date

from sqlalchemy import Engine
from temporalio import activity

from activities.storage import rules
from workflows.case.rules import Rules
from workflows.partners import rulebook
from workflows.partners.rulebook import RulesQuery, WorkingDays


class DatedRulebook(rulebook.Rulebook):
    """Reads only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name="rulebook.in_force")
    def in_force(self, query: RulesQuery) -> Rules:
        """The newest rule of each name whose date has come; an office's own comes before the nation's."""
        with self._engine.begin() as conn:
            return rules.in_force(conn, query)

    @activity.defn(name="rulebook.working_day")
    def working_day(self, query: WorkingDays) -> date:
        """The date that many working days later, by the calendar as it stands now."""
        with self._engine.begin() as conn:
            return rules.working_day(conn, query)
