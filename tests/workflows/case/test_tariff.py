"""Bills under both regulations: PP 28/2019, and PP 45/2024 from 17 December 2024. Rupiah."""

import pytest

from tests.workflows.case.examples import PP_28_2019, PP_28_2019_TEN, PP_45_2024, filing
from workflows.case.facts import BillItem, DocumentType, Service
from workflows.case.rules import Rule, RuleUnreadable
from workflows.case.tariff import itemise, total

ORDINARY, ELECTRONIC = DocumentType.ORDINARY, DocumentType.ELECTRONIC


@pytest.mark.parametrize(
    ("tariff", "document_type", "years", "amount"),
    [
        (PP_28_2019, ORDINARY, 5, 350_000),
        (PP_28_2019, ELECTRONIC, 5, 650_000),
        (PP_28_2019_TEN, ORDINARY, 5, 350_000),
        (PP_28_2019_TEN, ORDINARY, 10, 350_000),
        (PP_28_2019_TEN, ELECTRONIC, 5, 650_000),
        (PP_28_2019_TEN, ELECTRONIC, 10, 650_000),
        (PP_45_2024, ORDINARY, 5, 350_000),
        (PP_45_2024, ORDINARY, 10, 650_000),
        (PP_45_2024, ELECTRONIC, 5, 650_000),
        (PP_45_2024, ELECTRONIC, 10, 950_000),
    ],
    ids=lambda value: value.reference if isinstance(value, Rule) else str(value),
)
def test_what_it_costs(tariff: Rule, document_type: DocumentType, years: int, amount: int) -> None:
    asked = filing(document_type=document_type, validity_years=years)
    assert total(itemise(asked, tariff)) == amount
    same_day = filing(document_type=document_type, validity_years=years, service=Service.SAME_DAY)
    assert total(itemise(same_day, tariff)) == amount + 1_000_000


def test_the_lines_of_a_bill() -> None:
    asked = filing(document_type=ELECTRONIC, validity_years=10, service=Service.SAME_DAY)
    assert itemise(asked, PP_45_2024) == (
        BillItem(what="electronic passport, 10 years", amount=950_000),
        BillItem(what="same-day service", amount=1_000_000),
    )
    assert itemise(filing(), PP_45_2024) == (BillItem(what="passport, 5 years", amount=350_000),)


def test_what_has_no_tariff_is_not_billed() -> None:
    with pytest.raises(RuleUnreadable, match="tariff@2019-05-03: ordinary_10 is no whole number"):
        itemise(filing(validity_years=10), PP_28_2019)


def test_an_empty_bill_is_nothing() -> None:
    assert total(()) == 0
