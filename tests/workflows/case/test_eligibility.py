"""Who may file for what: each reason why not, and the edges of each."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.workflows.case.examples import (
    ELIGIBILITY,
    FATHER,
    PP_28_2019,
    RULES,
    TODAY,
    VALIDITY_2014,
    filing,
    person,
    replacing,
)
from workflows.case.eligibility import objection_to_filing, objection_to_holding, objection_to_previous
from workflows.case.facts import DocumentType, Filing, PreviousPassport, ReplacementReason, Service
from workflows.case.rules import Rules

EXPIRED, PAGES_FULL = ReplacementReason.EXPIRED, ReplacementReason.PAGES_FULL
TEN_YEARS: dict[str, Any] = {"document_type": DocumentType.ELECTRONIC, "validity_years": 10}
SEVENTEEN_TODAY, SEVENTEEN_TOMORROW = date(2009, 3, 2), date(2009, 3, 3)


@pytest.mark.parametrize(
    "asked",
    [
        filing(),
        filing(**TEN_YEARS),
        replacing(EXPIRED),
        replacing(PAGES_FULL),
        filing(service=Service.SAME_DAY),
        replacing(EXPIRED, service=Service.SAME_DAY),
        filing(person(SEVENTEEN_TODAY), **TEN_YEARS),
        filing(person(SEVENTEEN_TODAY)),
        filing(person(SEVENTEEN_TOMORROW, guardians=(FATHER,))),
        filing(person(date(2010, 1, 1), married=True), **TEN_YEARS),
        filing(person(TODAY, guardians=(FATHER,))),
        filing(person(full_name="Suharto")),
    ],
    ids=[
        "new", "new_ten_years", "expired", "pages_full", "new_same_day", "expired_same_day",
        "ten_years_on_17th_birthday", "alone_on_17th_birthday", "guardian_the_day_before",
        "married_at_16_for_ten_years_alone", "newborn", "one_word",
    ],
)  # fmt: skip
def test_what_may_be_filed(asked: Filing) -> None:
    assert objection_to_filing(asked, RULES, TODAY) is None


@pytest.mark.parametrize(
    ("asked", "field_name", "rule"),
    [
        (replacing(ReplacementReason.LOST), "/replacement_reason", "eligibility@2022-01-27"),
        (replacing(ReplacementReason.DAMAGED), "/replacement_reason", "eligibility@2022-01-27"),
        (replacing(ReplacementReason.DATA_CHANGE), "/replacement_reason", "eligibility@2022-01-27"),
        (replacing(None), "/replacement_reason", "eligibility@2022-01-27"),
        (filing(replacement_reason=EXPIRED), "/replacement_reason", "eligibility@2022-01-27"),
        (filing(replacement_reason=ReplacementReason.LOST), "/replacement_reason", "eligibility@2022-01-27"),
        (filing(person(SEVENTEEN_TOMORROW)), "/applicant/guardians", "validity@2022-10-12"),
        (
            filing(person(SEVENTEEN_TOMORROW, guardians=(FATHER,)), **TEN_YEARS),
            "/document/validity_years",
            "validity@2022-10-12",
        ),
        (filing(validity_years=11), "/document/validity_years", "validity@2022-10-12"),
        (filing(validity_years=7), "/document/validity_years", "tariff@2024-12-17"),
        (filing(validity_years=0), "/document/validity_years", "tariff@2024-12-17"),
        (replacing(PAGES_FULL, service=Service.SAME_DAY), "/service", "eligibility@2022-01-27"),
        (filing(person(full_name="Юрий")), "/applicant/full_name", ""),
        (filing(person(full_name="Budi 2")), "/applicant/full_name", ""),
    ],
    ids=[
        "lost", "damaged", "data_change", "no_reason", "new_with_a_reason", "new_with_a_walk_in_reason",
        "child_alone_the_day_before_17", "child_for_ten_years", "eleven_years", "seven_years", "no_years",
        "same_day_pages_full", "name_without_transliteration", "digit_in_name",
    ],
)  # fmt: skip
def test_what_may_not_be_filed(asked: Filing, field_name: str, rule: str) -> None:
    found = objection_to_filing(asked, RULES, TODAY)
    assert found is not None
    assert (found.code, found.field_name, found.rule) == ("not_eligible", field_name, rule)
    assert found.why
    assert asked.applicant.full_name not in found.why


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        (RULES.merged([VALIDITY_2014]), "validity@2014-03-20"),
        (RULES.merged([PP_28_2019]), "tariff@2019-05-03"),
    ],
    ids=["rule_of_2014", "tariff_of_2019"],
)
def test_ten_years_before_their_time(rules: Rules, rule: str) -> None:
    found = objection_to_filing(filing(**TEN_YEARS), rules, date(2022, 10, 11))
    assert found is not None
    assert (found.code, found.field_name, found.rule) == ("not_eligible", "/document/validity_years", rule)
    assert objection_to_filing(filing(), rules, date(2022, 10, 11)) is None


def test_a_service_without_a_price_is_not_on_offer() -> None:
    prices = {name: price for name, price in PP_28_2019.value.items() if name != "same_day"}
    rules = RULES.merged([replace(PP_28_2019, value=prices)])
    found = objection_to_filing(filing(service=Service.SAME_DAY), rules, TODAY)
    assert found is not None
    assert (found.code, found.field_name, found.rule) == ("not_eligible", "/service", "tariff@2019-05-03")
    assert objection_to_filing(filing(), rules, TODAY) is None


def test_walk_in_reasons_are_the_rules() -> None:
    rules = RULES.merged([replace(ELIGIBILITY, value={**ELIGIBILITY.value, "walk_in_reasons": ["pages_full"]})])
    assert objection_to_filing(replacing(ReplacementReason.LOST), rules, TODAY) is None
    assert objection_to_filing(replacing(PAGES_FULL), rules, TODAY) is not None


@pytest.mark.parametrize(
    ("asked", "expiries", "stands_in_the_way"),
    [
        (filing(), (), False),
        (filing(), (date(2026, 3, 3),), True),
        (filing(), (date(2026, 3, 2),), True),
        (filing(), (date(2026, 3, 1),), False),
        (filing(), (date(2020, 1, 1), date(2030, 1, 1)), True),
        (replacing(EXPIRED), (date(2026, 9, 1),), False),
        (replacing(EXPIRED), (date(2026, 9, 2),), True),
        (replacing(EXPIRED), (date(2026, 9, 3),), True),
        (replacing(EXPIRED), (date(2026, 3, 2),), False),
        (replacing(EXPIRED), (date(2025, 1, 1),), False),
        (replacing(EXPIRED), (date(2026, 4, 1), date(2030, 1, 1)), True),
        (replacing(EXPIRED), (), False),
        (replacing(PAGES_FULL), (date(2035, 1, 1),), False),
        (replacing(PAGES_FULL), (), False),
        (replacing(ReplacementReason.LOST), (date(2035, 1, 1),), True),
    ],
    ids=[
        "new_holds_none", "new_one_day_left", "new_on_the_last_day", "new_expired_yesterday", "new_second_one_is_valid",
        "under_six_months", "exactly_six_months", "six_months_and_a_day", "on_the_last_day", "expired_long_ago",
        "second_one_is_valid", "register_knows_none", "pages_full_with_a_valid_one", "pages_full_holds_none",
        "lost_but_valid",
    ],
)  # fmt: skip
def test_a_valid_passport(asked: Filing, expiries: tuple[date, ...], stands_in_the_way: bool) -> None:
    held = tuple((f"X000000{place}", expires_on) for place, expires_on in enumerate(expiries))
    found = objection_to_holding(asked, held, RULES, TODAY)
    assert (found is not None) is stands_in_the_way
    if found:
        assert (found.code, found.rule) == ("already_holds_passport", "eligibility@2022-01-27")
        assert "X000000" not in found.why


@pytest.mark.parametrize(
    ("on", "expires_on", "open_now"),
    [
        (date(2026, 8, 31), date(2027, 2, 27), True),
        (date(2026, 8, 31), date(2027, 2, 28), False),
        (date(2026, 8, 29), date(2027, 2, 27), True),
        (date(2026, 8, 28), date(2027, 2, 28), False),
        (date(2026, 9, 1), date(2027, 2, 28), True),
        (date(2027, 9, 1), date(2028, 2, 29), True),
        (date(2027, 8, 31), date(2028, 2, 29), False),
    ],
    ids=[
        "31_august", "31_august_a_day_more", "29_august", "28_august", "1_september", "1_september_to_leap_day",
        "31_august_to_leap_day",
    ],
)  # fmt: skip
def test_six_months_are_calendar_months(on: date, expires_on: date, open_now: bool) -> None:
    found = objection_to_holding(replacing(EXPIRED), (("X0000001", expires_on),), RULES, on)
    assert (found is None) is open_now


CLAIMED = PreviousPassport(number="B1234567", expires_on=date(2026, 5, 1))
OURS, ANOTHER = ("B1234567", date(2026, 5, 1)), ("C7654321", date(2026, 5, 1))


@pytest.mark.parametrize(
    ("held", "field_name"),
    [
        ((OURS,), ""),
        ((ANOTHER, OURS), ""),
        ((), ""),
        ((ANOTHER,), "/previous_passport/number"),
        ((("B1234567", date(2026, 5, 2)),), "/previous_passport/expires_on"),
    ],
    ids=["it", "it_among_others", "the_register_knows_none", "another", "another_end"],
)
def test_the_passport_to_be_replaced_is_the_registers(held: tuple[tuple[str, date], ...], field_name: str) -> None:
    found = objection_to_previous(replace(replacing(EXPIRED), previous_passport=CLAIMED), held, RULES)
    assert (found.field_name if found else "") == field_name
    if found:
        assert (found.code, found.rule) == ("not_eligible", "eligibility@2022-01-27")
        assert not {"B1234567", "C7654321"} & set(found.why.split())
    assert objection_to_previous(filing(), held, RULES) is None
