"""Rules as dated data: how they are read, cited, and put in place of each other."""

from datetime import date

import pytest

from tests.workflows.case.examples import ELIGIBILITY, PP_28_2019, PP_45_2024, VALIDITY_2022, rule
from workflows.case.rules import Rule, RuleName, Rules, RuleUnreadable

READ = rule(
    RuleName.SUSPENSION,
    date(2014, 3, 20),
    days=30,
    none=0,
    less=-1,
    default_action="refuse",
    empty="",
    reasons=["lost", "damaged"],
    pair=("new", "expired"),
    nothing=[],
    half=0.5,
    whole=5.0,
    yes=True,
    mixed=["lost", 1],
    unset=None,
)


@pytest.mark.parametrize(
    ("asked", "reference"),
    [
        (PP_45_2024, "tariff@2024-12-17"),
        (rule(RuleName.ATTENDANCE, date(2024, 1, 1), office="latihan"), "attendance@2024-01-01/latihan"),
    ],
    ids=["the_nations", "an_offices_own"],
)
def test_reference(asked: Rule, reference: str) -> None:
    assert asked.reference == reference


@pytest.mark.parametrize(("name", "value"), [("days", 30), ("none", 0), ("less", -1)])
def test_number(name: str, value: int) -> None:
    assert READ.number(name) == value


@pytest.mark.parametrize("name", ["default_action", "half", "whole", "yes", "unset", "reasons", "absent"])
def test_no_number(name: str) -> None:
    with pytest.raises(RuleUnreadable, match=f"suspension@2014-03-20: {name} is no whole number"):
        READ.number(name)


@pytest.mark.parametrize(("name", "value"), [("default_action", "refuse"), ("empty", "")])
def test_text(name: str, value: str) -> None:
    assert READ.text(name) == value


@pytest.mark.parametrize("name", ["days", "yes", "unset", "reasons", "absent"])
def test_no_text(name: str) -> None:
    with pytest.raises(RuleUnreadable, match=f"suspension@2014-03-20: {name} is no text"):
        READ.text(name)


@pytest.mark.parametrize(
    ("name", "value"), [("reasons", ("lost", "damaged")), ("pair", ("new", "expired")), ("nothing", ())]
)
def test_texts(name: str, value: tuple[str, ...]) -> None:
    assert READ.texts(name) == value


@pytest.mark.parametrize("name", ["default_action", "days", "mixed", "unset", "absent"])
def test_no_texts(name: str) -> None:
    with pytest.raises(RuleUnreadable, match=f"suspension@2014-03-20: {name} is no list of texts"):
        READ.texts(name)


def test_a_rule_is_found_by_its_name() -> None:
    rules = Rules(rules=(PP_45_2024, VALIDITY_2022))
    assert rules[RuleName.VALIDITY] is VALIDITY_2022
    assert RuleName.TARIFF in rules
    assert RuleName.PROMISE not in rules
    with pytest.raises(RuleUnreadable, match="no rule promise is in force"):
        rules[RuleName.PROMISE]
    with pytest.raises(RuleUnreadable, match="no rule tariff is in force"):
        Rules()[RuleName.TARIFF]


def test_a_newer_rule_takes_the_place_of_the_older() -> None:
    before = Rules(rules=(PP_28_2019, VALIDITY_2022))
    after = before.merged([PP_45_2024, ELIGIBILITY])
    assert after.rules == (PP_45_2024, VALIDITY_2022, ELIGIBILITY)
    assert before.rules == (PP_28_2019, VALIDITY_2022)
    assert before.merged([]) == before


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("days", True),
        ("default_action", True),
        ("half", False),
        ("yes", False),
        ("empty", False),
        ("unheard_of", False),
    ],
)
def test_a_field_is_readable_in_the_form_in_which_it_is_read(name: str, readable: bool) -> None:
    assert READ.readable(name) is readable


def test_a_list_is_readable_where_a_list_is_read() -> None:
    found = rule(RuleName.ELIGIBILITY, date(2014, 3, 20), walk_in_reasons=["lost"], same_day_reasons="lost")
    assert (found.readable("walk_in_reasons"), found.readable("same_day_reasons")) == (True, False)
