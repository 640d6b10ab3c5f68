"""People, applications and rules for the tables of examples. All people are invented."""

from dataclasses import replace
from datetime import date
from typing import Any

from workflows.case.facts import Applicant, Filing, Guardian, Kind, ReplacementReason, Sex
from workflows.case.rules import Rule, RuleName, Rules

TODAY = date(2026, 3, 2)
FATHER = Guardian(nik="5171010101800001", full_name="I Wayan Contoh", relation="father")

SURCHARGES: dict[str, Any] = {"same_day": 1_000_000, "lost": 1_000_000, "damaged": 500_000}
FIVE_YEARS: dict[str, Any] = {"ordinary_5": 350_000, "electronic_5": 650_000, **SURCHARGES}


def rule(name: RuleName, effective_from: date = date(2022, 1, 27), office: str = "", **value: object) -> Rule:
    """A rule in force."""
    return Rule(name=name, effective_from=effective_from, value=value, office=office)


PP_28_2019 = rule(RuleName.TARIFF, date(2019, 5, 3), **FIVE_YEARS)
# Ten years came at the price of five, until the new tariff.
PP_28_2019_TEN = rule(RuleName.TARIFF, date(2022, 10, 12), **FIVE_YEARS, ordinary_10=350_000, electronic_10=650_000)
PP_45_2024 = rule(RuleName.TARIFF, date(2024, 12, 17), **FIVE_YEARS, ordinary_10=650_000, electronic_10=950_000)

VALIDITY_2014 = rule(RuleName.VALIDITY, date(2014, 3, 20), adult_age=17, adult_years=5, minor_years=5)
VALIDITY_2022 = rule(RuleName.VALIDITY, date(2022, 10, 12), adult_age=17, adult_years=10, minor_years=5)
ELIGIBILITY = rule(
    RuleName.ELIGIBILITY,
    months_left=6,
    walk_in_reasons=["lost", "damaged", "data_change"],
    same_day_reasons=["new", "expired"],
)
COLLECTION = rule(RuleName.COLLECTION, date(2014, 3, 20), months=1)
ATTENDANCE = rule(RuleName.ATTENDANCE, early_minutes=45, late_minutes=15)
RULES = Rules(rules=(PP_45_2024, VALIDITY_2022, ELIGIBILITY, ATTENDANCE, COLLECTION))


def person(birth_date: date = date(1990, 7, 1), **changes: Any) -> Applicant:
    """Somebody who applies; of age, unless born later."""
    applicant = Applicant(
        nik="5171014107900001",
        full_name="Ni Made Contoh",
        birth_date=birth_date,
        birth_place="Denpasar",
        sex=Sex.FEMALE,
        phone="+628110000001",
        email="made@example.invalid",
    )
    return replace(applicant, **changes)


def filing(applicant: Applicant | None = None, **changes: Any) -> Filing:
    """An application for a first passport without a chip, for five years."""
    new = Filing(
        number="1000000000000001",
        key="k",
        person_key="p",
        owner="applicant-1",
        applicant=applicant or person(),
        kind=Kind.NEW,
    )
    return replace(new, **changes)


def replacing(reason: ReplacementReason | None, applicant: Applicant | None = None, **changes: Any) -> Filing:
    """An application for another passport in place of an old one."""
    return filing(applicant, kind=Kind.REPLACEMENT, replacement_reason=reason, **changes)
