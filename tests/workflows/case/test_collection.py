"""Who may collect, and until when."""

from dataclasses import replace
from datetime import date

import pytest

from tests.workflows.case.examples import COLLECTION, filing, rule
from workflows.case.collection import Collector, collect_until, objection_to_collector
from workflows.case.facts import Relation
from workflows.case.rules import RuleName

HOLDER = replace(filing().applicant, nik="5171014107900001")


def collector(relation: Relation, letter: str = "") -> Collector:
    """Somebody at the counter."""
    return Collector(relation=relation, id_kind="id_card", id_number="5171014107900001", letter=letter)


@pytest.mark.parametrize(
    ("relation", "letter", "minor"),
    [
        (Relation.SELF, "", False),
        (Relation.FAMILY, "", False),
        (Relation.GUARDIAN, "", False),
        (Relation.POST, "", False),
        (Relation.ATTORNEY, "L-1", False),
        (Relation.GUARDIAN, "", True),
        (Relation.FAMILY, "", True),
    ],
    ids=["self", "family", "guardian", "post", "attorney_with_letter", "childs_guardian", "childs_family"],
)
def test_who_may_collect(relation: Relation, letter: str, minor: bool) -> None:
    assert objection_to_collector(collector(relation, letter), HOLDER, minor, COLLECTION) is None


@pytest.mark.parametrize(
    ("relation", "letter", "minor", "field_name"),
    [
        (Relation.ATTORNEY, "", False, "/collector/letter"),
        (Relation.ATTORNEY, "", True, "/collector/letter"),
        (Relation.ATTORNEY, "L-1", True, "/collector/relation"),
        (Relation.SELF, "", True, "/collector/relation"),
        (Relation.POST, "", True, "/collector/relation"),
    ],
    ids=["attorney_without_letter", "childs_attorney_without_letter", "childs_attorney", "child_alone", "childs_post"],
)
def test_who_may_not(relation: Relation, letter: str, minor: bool, field_name: str) -> None:
    found = objection_to_collector(collector(relation, letter), HOLDER, minor, COLLECTION)
    assert found is not None
    assert (found.code, found.rule) == ("collector_not_entitled", "collection@2014-03-20")
    assert found.field_name == field_name
    assert "5171014107900001" not in found.why


@pytest.mark.parametrize(
    ("relation", "id_kind", "id_number", "refused"),
    [
        (Relation.SELF, "id_card", "5171014107900001", False),
        (Relation.SELF, "id_card", "5171014107900002", True),
        (Relation.SELF, "id_card", "B1234567", True),
        (Relation.SELF, "driving_licence", "910714000001", False),
        (Relation.FAMILY, "id_card", "5171014107900002", False),
    ],
    ids=["the_holder", "another", "no_nik", "another_document", "a_relative"],
)
def test_the_holder_shows_the_holders_card(relation: Relation, id_kind: str, id_number: str, refused: bool) -> None:
    shown = Collector(relation=relation, id_kind=id_kind, id_number=id_number)
    found = objection_to_collector(shown, HOLDER, False, COLLECTION)
    assert (found is not None) is refused
    if found:
        assert (found.code, found.field_name) == ("collector_not_entitled", "/collector/id_number")
        assert "51710" not in found.why


@pytest.mark.parametrize(
    ("issued_on", "months", "until"),
    [
        (date(2026, 3, 2), 1, date(2026, 4, 2)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 3, 2), 3, date(2026, 6, 2)),
    ],
    ids=["any", "31_january", "31_january_of_leap_year", "over_new_year", "end_of_february", "three_months"],
)
def test_until_when(issued_on: date, months: int, until: date) -> None:
    assert collect_until(issued_on, rule(RuleName.COLLECTION, months=months)) == until
