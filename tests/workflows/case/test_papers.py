"""Which documents an application needs, by age, marriage and kind."""

from datetime import date

import pytest

from tests.workflows.case.examples import TODAY, VALIDITY_2022, filing, person, replacing, rule
from workflows.case.facts import Applicant, Filing, PaperKind, ReplacementReason
from workflows.case.papers import Paper, is_minor, required_papers
from workflows.case.rules import Rule, RuleName, RuleUnreadable

PAPERS = rule(
    RuleName.PAPERS,
    new_adult=["id_card", "family_card", "birth_record"],
    new_child=["parents_ids", "family_card", "birth_record", "parents_consent"],
    replacement_adult=["id_card", "previous_passport"],
    replacement_child=["parents_ids", "previous_passport"],
)
CHILD, ADULT = person(date(2018, 7, 1)), person()


@pytest.mark.parametrize(
    ("applicant", "minor"),
    [
        (person(date(2009, 3, 2)), False),
        (person(date(2009, 3, 3)), True),
        (person(date(2010, 1, 1), married=True), False),
        (person(date(2010, 1, 1)), True),
        (person(TODAY), True),
        (person(date(1930, 1, 1)), False),
    ],
    ids=["17_today", "17_tomorrow", "married_at_16", "16", "newborn", "96"],
)
def test_who_is_a_child(applicant: Applicant, minor: bool) -> None:
    assert is_minor(applicant, VALIDITY_2022, TODAY) is minor


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (filing(ADULT), ("id_card", "family_card", "birth_record")),
        (filing(CHILD), ("parents_ids", "family_card", "birth_record", "parents_consent")),
        (replacing(ReplacementReason.EXPIRED, ADULT), ("id_card", "previous_passport")),
        (replacing(ReplacementReason.PAGES_FULL, CHILD), ("parents_ids", "previous_passport")),
        (filing(person(date(2010, 1, 1), married=True)), ("id_card", "family_card", "birth_record")),
    ],
    ids=["new_adult", "new_child", "replacement_adult", "replacement_child", "married_at_16"],
)
def test_the_list(asked: Filing, kinds: tuple[str, ...]) -> None:
    papers = required_papers(asked, PAPERS, VALIDITY_2022, TODAY)
    assert papers == tuple(Paper(kind=PaperKind(kind), required=True, state="missing") for kind in kinds)


def test_the_list_follows_the_day_of_filing() -> None:
    asked = filing(person(date(2009, 3, 2)))
    first = {on: required_papers(asked, PAPERS, VALIDITY_2022, on)[0].kind for on in (date(2026, 3, 1), TODAY)}
    assert first == {date(2026, 3, 1): PaperKind.PARENTS_IDS, TODAY: PaperKind.ID_CARD}


@pytest.mark.parametrize(
    ("papers", "error"),
    [
        (rule(RuleName.PAPERS, new_child=["id_card"]), RuleUnreadable),
        (rule(RuleName.PAPERS, new_adult=["library_card"]), ValueError),
    ],
    ids=["no_list_for_adults", "a_kind_that_nobody_knows"],
)
def test_a_list_that_cannot_be_read(papers: Rule, error: type[Exception]) -> None:
    with pytest.raises(error):
        required_papers(filing(), papers, VALIDITY_2022, TODAY)
