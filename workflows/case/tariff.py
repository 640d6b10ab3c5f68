"""What an application costs (PP 28/2019; PP 45/2024 from 17 December 2024), in rupiah."""

from workflows.case.facts import BillItem, DocumentType, Filing, Service
from workflows.case.rules import Rule


def itemise(filing: Filing, tariff: Rule) -> tuple[BillItem, ...]:
    """The lines of the bill, by the tariff in force on the day it is made."""
    product = product_of(filing)
    chip = "electronic passport" if filing.document_type is DocumentType.ELECTRONIC else "passport"
    items = [BillItem(what=f"{chip}, {filing.validity_years} years", amount=tariff.number(product))]
    if filing.service is Service.SAME_DAY:
        items.append(BillItem(what="same-day service", amount=tariff.number("same_day")))
    return tuple(items)


def product_of(filing: Filing) -> str:
    """How the tariff calls the passport that is applied for."""
    return f"{filing.document_type}_{filing.validity_years}"


def prices_of(filing: Filing) -> tuple[str, ...]:
    """What a tariff must price for this application, as `tariff.electronic_10`."""
    more = ("tariff.same_day",) if filing.service is Service.SAME_DAY else ()
    return (f"tariff.{product_of(filing)}", *more)


def total(items: tuple[BillItem, ...]) -> int:
    """The sum of a bill, in rupiah."""
    return sum(item.amount for item in items)
