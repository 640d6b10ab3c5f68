"""What an application costs (PP 28/2019; PP 45/2024 from 17 December 2024), in rupiah."""

from workflows.case.facts import BillItem, DocumentType, Filing, Service
from workflows.case.rules import Rule


def itemise(filing: Filing, tariff: Rule) -> tuple[BillItem, ...]:
    """The lines of the bill, by the tariff in force on the day it is made."""
    product = _product(filing.document_type, filing.validity_years)
    chip = "electronic passport" if filing.document_type is DocumentType.ELECTRONIC else "passport"
    items = [BillItem(what=f"{chip}, {filing.validity_years} years", amount=tariff.number(product))]
    if filing.service is Service.SAME_DAY:
        items.append(BillItem(what="same-day service", amount=tariff.number("same_day")))
    return tuple(items)


def prices_of(filing: Filing) -> tuple[str, ...]:
    """What a tariff must price for this application, as `tariff.electronic_10`."""
    return prices(filing.document_type, filing.validity_years, filing.service)


def prices(document_type: str, validity_years: int, service: str) -> tuple[str, ...]:
    """What a tariff must price for such a passport."""
    more = ("tariff.same_day",) if service == Service.SAME_DAY else ()
    return (f"tariff.{_product(document_type, validity_years)}", *more)


def _product(document_type: str, validity_years: int) -> str:
    return f"{document_type}_{validity_years}"


def total(items: tuple[BillItem, ...]) -> int:
    """The sum of a bill, in rupiah."""
    return sum(item.amount for item in items)
