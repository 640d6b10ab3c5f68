"""Which documents an application needs (imigrasi.go.id; Permenkumham 8/2014 and 19/2024 for children)."""

from dataclasses import dataclass
from datetime import date

from workflows.case.dates import age_on
from workflows.case.facts import Applicant, Filing, Kind, PaperKind
from workflows.case.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document of a case: `missing`, `uploaded`, `returned` or `verified`; `sha256` finds its sealed file."""

    kind: PaperKind
    required: bool
    state: str = "missing"
    sha256: str = ""
    pages: int = 0


def is_minor(applicant: Applicant, validity: Rule, on: date) -> bool:
    """A child in the law's sense: under 17 and not married (Permenkumham 18/2022 art. 2A)."""
    return age_on(applicant.birth_date, on) < validity.number("adult_age") and not applicant.married


def required_papers(filing: Filing, papers: Rule, validity: Rule, on: date) -> tuple[Paper, ...]:
    """The list for this application, on the day for which `papers` was looked up."""
    who = "child" if is_minor(filing.applicant, validity, on) else "adult"
    what = "new" if filing.kind is Kind.NEW else "replacement"
    return tuple(Paper(kind=PaperKind(name), required=True) for name in papers.texts(f"{what}_{who}"))
