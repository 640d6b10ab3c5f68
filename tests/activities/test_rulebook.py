"""The rulebook as the procedure asks it."""

from datetime import date

from sqlalchemy import Engine
from temporalio.testing import ActivityEnvironment

from activities.rulebook import DatedRulebook
from workflows.case.rules import RuleName
from workflows.partners.rulebook import RulesQuery, WorkingDays


def test_rules_and_days_come_out_of_the_database(engine: Engine) -> None:
    rulebook, run = DatedRulebook(engine), ActivityEnvironment().run
    query = RulesQuery(names=(RuleName.PROMISE, RuleName.TARIFF), on=date(2026, 3, 16))
    found = run(rulebook.in_force, query)
    assert found[RuleName.TARIFF].reference == "tariff@2024-12-17"
    after = WorkingDays(after=date(2026, 3, 16), days=found[RuleName.PROMISE].number("working_days"), office="")
    assert run(rulebook.working_day, after) == date(2026, 3, 27)
