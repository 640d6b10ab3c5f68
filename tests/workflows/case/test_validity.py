"""The last day of validity: by the years asked for, and the age and rule on the day of issue."""

from datetime import date

import pytest

from tests.workflows.case.examples import FATHER, VALIDITY_2014, VALIDITY_2022, filing, person
from workflows.case.facts import Applicant
from workflows.case.rules import Rule
from workflows.case.validity import expiry

CHILD = person(date(2009, 3, 2), guardians=(FATHER,))


@pytest.mark.parametrize(
    ("applicant", "years", "rule", "issued_on", "expires_on"),
    [
        (person(), 10, VALIDITY_2022, date(2026, 3, 2), date(2036, 3, 2)),
        (person(), 5, VALIDITY_2022, date(2026, 3, 2), date(2031, 3, 2)),
        (person(), 10, VALIDITY_2014, date(2022, 10, 11), date(2027, 10, 11)),
        (person(), 5, VALIDITY_2022, date(2028, 2, 29), date(2033, 2, 28)),
        (person(), 10, VALIDITY_2022, date(2028, 2, 29), date(2038, 2, 28)),
        (CHILD, 10, VALIDITY_2022, date(2026, 3, 1), date(2031, 3, 1)),
        (CHILD, 10, VALIDITY_2022, date(2026, 3, 2), date(2036, 3, 2)),
        (CHILD, 5, VALIDITY_2022, date(2026, 3, 1), date(2031, 3, 1)),
        (person(date(2010, 1, 1), married=True), 10, VALIDITY_2022, date(2026, 3, 2), date(2036, 3, 2)),
    ],
    ids=[
        "adult_ten", "adult_five", "capped_by_the_old_rule", "leap_day_five", "leap_day_ten", "child_capped",
        "17_on_the_day_of_issue", "child_five", "married_at_16",
    ],
)  # fmt: skip
def test_expiry(applicant: Applicant, years: int, rule: Rule, issued_on: date, expires_on: date) -> None:
    assert expiry(filing(applicant, validity_years=years), rule, issued_on) == expires_on
