"""How long a passport is valid (Permenkumham 18/2022 art. 2A)."""

from datetime import date

from workflows.case.dates import add_months
from workflows.case.facts import Filing
from workflows.case.papers import is_minor
from workflows.case.rules import Rule


def expiry(filing: Filing, validity: Rule, issued_on: date) -> date:
    """The last day of validity: the years asked for, at most what the rule allows this person on the day of issue."""
    minor = is_minor(filing.applicant, validity, issued_on)
    most = validity.number("minor_years") if minor else validity.number("adult_years")
    return add_months(issued_on, 12 * min(filing.validity_years, most))
