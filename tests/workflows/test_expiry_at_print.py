"""How long a passport is valid is judged on the day of print: by the rule and the person's age of that day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside, dated
from tests.workflows.people import adult_filing
from workflows.case.dates import add_months
from workflows.case.facts import DocumentType, Filing
from workflows.case.rules import RuleName

A_MONTH_LATER = timedelta(days=30)


def for_ten_years(today: date, turns_eighteen: timedelta, *, married: bool = False) -> Filing:
    """An application for ten years, by somebody of 17 whose next birthday comes then."""
    asked = adult_filing(document_type=DocumentType.ELECTRONIC, validity_years=10)
    born = add_months(today + turns_eighteen, -12 * 18)
    return replace(asked, applicant=replace(asked.applicant, birth_date=born, married=married))


@pytest.mark.parametrize(
    ("turns_eighteen", "married", "years"),
    [(timedelta(days=20), False, 10), (timedelta(days=60), False, 5), (timedelta(days=60), True, 10)],
    ids=["of_age_by_then", "a_child_still", "a_child_but_married"],
)
async def test_age_counts_on_the_day_of_print(
    environment: WorkflowEnvironment,
    start: Start,
    outside: Outside,
    turns_eighteen: timedelta,
    married: bool,
    years: int,
) -> None:
    """While the case is open, the age from which ten years are given goes up from 17 to 18."""
    today = (await environment.get_current_time()).date()
    case = await start(for_ten_years(today, turns_eighteen, married=married))
    await case.to_approved()
    changed_on = (await case.now()).date() + timedelta(days=2)
    value: dict[str, object] = {"adult_age": 18, "adult_years": 10, "minor_years": 5}
    outside.rules.append(dated(RuleName.VALIDITY, changed_on, value))
    await case.sleep(A_MONTH_LATER)
    await case.allocate()
    await case.noted("booklet.personalised")
    [order] = outside.asked["printers.personalise"]
    assert order.issued_on - today > A_MONTH_LATER
    assert order.expires_on == add_months(order.issued_on, 12 * years)
    assert outside.view.passport is not None
    assert outside.view.passport.expires_on == order.expires_on
