"""Rules and working days, out of our own database."""

from datetime import date

from sqlalchemy import Engine
from temporalio import activity
from temporalio.exceptions import ApplicationError

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
        """The newest rule of each name whose date has come; raises, to be asked again, where one is not in force."""
        with self._engine.begin() as conn:
            found = rules.in_force(conn, query)
        if lacking := found.lacking(*query.names, needs=query.needs):
            where = f"at {query.office}" if query.office else "in the nation"
            said = f"not in force on {query.on.isoformat()} {where}: {', '.join(lacking)}"
            raise ApplicationError(said, type="rule_missing")
        return found

    @activity.defn(name="rulebook.working_day")
    def working_day(self, query: WorkingDays) -> date:
        """The date that many working days later, by the calendar as it stands now."""
        with self._engine.begin() as conn:
            return rules.working_day(conn, query)
