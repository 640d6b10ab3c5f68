"""Rules apply from their day on, offices have their own, and the calendar knows joint leave and closures."""

from datetime import date

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from activities.storage import rules
from activities.storage.tables import Closure
from tests.activities.storage.places import an_office
from workflows.case.rules import RuleName
from workflows.partners.rulebook import RulesQuery, WorkingDays


def tariff(conn: Connection, on: date, product: str) -> int | None:
    rule = rules.in_force(conn, RulesQuery(names=(RuleName.TARIFF,), on=on))[RuleName.TARIFF]
    found = rule.value.get(product)
    assert found is None or isinstance(found, int)
    return found


@pytest.mark.parametrize(
    ("on", "ordinary_10", "electronic_10"),
    [
        (date(2022, 10, 11), None, None),
        (date(2022, 10, 12), 350_000, 650_000),
        (date(2024, 12, 16), 350_000, 650_000),
        (date(2024, 12, 17), 650_000, 950_000),
    ],
)
def test_the_tariff_of_a_day(conn: Connection, on: date, ordinary_10: int | None, electronic_10: int | None) -> None:
    assert tariff(conn, on, "ordinary_10") == ordinary_10
    assert tariff(conn, on, "electronic_10") == electronic_10


def test_every_rule_of_the_procedure_is_in_force_today(conn: Connection) -> None:
    found = rules.in_force(conn, RulesQuery(names=tuple(RuleName), on=date(2026, 1, 5)))
    assert [rule.name for rule in found.rules] == list(RuleName)


def test_before_its_first_day_there_is_no_rule(conn: Connection) -> None:
    assert rules.in_force(conn, RulesQuery(names=(RuleName.TARIFF,), on=date(2019, 5, 2))).rules == ()


def test_a_rule_with_tomorrows_date_applies_tomorrow(conn: Connection) -> None:
    today, tomorrow = date(2026, 11, 24), date(2026, 11, 25)
    rules.enact(conn, "payment", tomorrow, {"minutes": 60}, "a new circular")
    minutes = [
        rules.in_force(conn, RulesQuery(names=(RuleName.PAYMENT,), on=on))[RuleName.PAYMENT] for on in (today, tomorrow)
    ]
    assert [rule.number("minutes") for rule in minutes] == [120, 60]
    assert minutes[1].reference == "payment@2026-11-25"


def test_an_offices_own_rule_comes_before_a_newer_one_of_the_nation(conn: Connection) -> None:
    office, on = an_office(conn), date(2026, 11, 24)
    rules.enact(conn, "attendance", date(2025, 1, 1), {"early_minutes": 90, "late_minutes": 5}, "head", office)
    rules.enact(conn, "attendance", date(2026, 1, 1), {"early_minutes": 30, "late_minutes": 15}, "circular")
    query = RulesQuery(names=(RuleName.ATTENDANCE,), on=on, office=office)
    own = rules.in_force(conn, query)[RuleName.ATTENDANCE]
    assert (own.number("early_minutes"), own.reference) == (90, "attendance@2025-01-01/sanur")
    elsewhere = rules.in_force(conn, RulesQuery(names=(RuleName.ATTENDANCE,), on=on, office="other"))
    assert elsewhere[RuleName.ATTENDANCE].number("early_minutes") == 30
    before = rules.in_force(conn, RulesQuery(names=(RuleName.ATTENDANCE,), on=date(2024, 12, 31), office=office))
    assert before[RuleName.ATTENDANCE].number("early_minutes") == 45


def test_a_rule_of_an_office_that_does_not_exist_is_refused(conn: Connection) -> None:
    with pytest.raises(IntegrityError, match="rule_for_office_fkey"):
        rules.enact(conn, "payment", date(2026, 1, 1), {"minutes": 1}, "head", "sanru")


def test_a_rule_is_an_object(conn: Connection) -> None:
    with pytest.raises(IntegrityError, match="rule_value_object_check"):
        conn.execute(
            text("INSERT INTO paspor.rule (name, effective_from, value, source) VALUES ('x', now(), '1', 'x')")
        )


@pytest.mark.parametrize(
    ("after", "days", "day"),
    [
        (date(2026, 3, 16), 0, date(2026, 3, 16)),
        (date(2026, 3, 16), 1, date(2026, 3, 17)),
        # Joint leave of Nyepi 18, Nyepi 19, joint leave 20, weekend and Idul Fitri 21-22, joint leave 23-24.
        (date(2026, 3, 16), 2, date(2026, 3, 25)),
        (date(2026, 3, 16), 4, date(2026, 3, 27)),
        (date(2026, 3, 16), 5, date(2026, 3, 30)),
        (date(2025, 8, 15), 1, date(2025, 8, 19)),  # 18 August was added by a decree of that month
        (date(2026, 11, 20), 4, date(2026, 11, 26)),
        (date(2026, 12, 22), 2, date(2026, 12, 28)),
    ],
)
def test_working_days(conn: Connection, after: date, days: int, day: date) -> None:
    assert rules.working_day(conn, WorkingDays(after=after, days=days, office="")) == day


def test_many_working_days_are_a_year(conn: Connection) -> None:
    # 240 working days of 2026, counted by the library that the calendar comes from.
    assert rules.working_day(conn, WorkingDays(after=date(2025, 12, 31), days=240, office="")) == date(2026, 12, 31)


def test_a_closure_moves_the_day_of_its_office_only(conn: Connection) -> None:
    office, other = an_office(conn), an_office(conn, "ubud")
    conn.execute(insert(Closure), {"office": office, "day": date(2026, 11, 25), "reason": "flood"})
    query = {"after": date(2026, 11, 24), "days": 1}
    assert rules.working_day(conn, WorkingDays(**query, office=office)) == date(2026, 11, 26)
    assert rules.working_day(conn, WorkingDays(**query, office=other)) == date(2026, 11, 25)
