"""The waiting list at a browser, in both languages and widths: from a full day to a seat, and out again."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done
from tests.journeys.test_waiting import joins, offer, seat_of, small_office, the_day
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]
BOTH = pytest.mark.parametrize(("width", "language", "who"), [("wide", "en-GB", 61), ("narrow", "id-ID", 62)])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def presses(visitor: Visitor, what: str) -> None:
    """A button of the page by what it does, whatever the language."""
    visitor.page.locator(f"form:has(input[name=do][value={what}]) button").click()


def sold_out(town: Town, who: str) -> tuple[str, Case, Case]:
    """An office whose one seat of the day is another's, who gives it back later; and the person's own application."""
    office = small_office(town)
    holder, before, mine = town.files(office=office), town.files(office=office), town.files(town.person(who), office)
    done(holder.takes(seat_of(holder)))
    joins(before, office)
    return office, holder, mine


@BOTH
def test_from_a_full_day_to_a_seat(town: Town, browser: Browser, width: str, language: str, who: int) -> None:
    office, holder, mine = sold_out(town, f"applicant-{who}")
    page = f"/applications/{mine.number}"
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens(f"{page}/appointment?office={office}")
    visitor.signs_in(f"applicant-{who}")
    visitor.looks("days-with-waiting-list")
    visitor.page.locator(f"a[href$='day={the_day()}']").click()
    visitor.looks("waiting-join")
    assert visitor.page.locator("select[name=from]").input_value() == the_day()
    visitor.page.locator("select[name=to]").select_option(date.fromisoformat(the_day()).isoformat())
    presses(visitor, "join")
    assert visitor.is_at(f"{page}/waiting")
    visitor.looks("waiting-place")
    visitor.opens(page)
    visitor.looks("tracker-waiting")
    holder.owner.does(holder.path("/withdrawal"))
    town.sql("UPDATE paspor.waiting SET joined_at = joined_at + interval '1 day' WHERE office = :office "
             "AND number <> :number", office=office, number=mine.number)  # fmt: skip
    _ends_offers_of_others(town, office, mine)
    wait_until(lambda: offer(mine), "an offer", 15.0)
    visitor.opens(page)
    visitor.looks("tracker-offered")
    visitor.page.locator("section[aria-labelledby=offered] a.button").click()
    visitor.looks("waiting-offered")
    presses(visitor, "take")
    assert visitor.is_at(f"{page}/bill")
    assert mine.shown()["appointment"]["state"] == "held"
    visitor.leaves()


@BOTH
def test_refused_too_often_and_out(town: Town, browser: Browser, width: str, language: str, who: int) -> None:
    office, holder, mine = sold_out(town, f"applicant-{who + 10}")
    page = f"/applications/{mine.number}/waiting"
    joins(mine, office)
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens(page)
    visitor.signs_in(f"applicant-{who + 10}")
    town.sql("UPDATE paspor.waiting SET refusals = 2 WHERE number = :number", number=mine.number)
    holder.owner.does(holder.path("/withdrawal"))
    _ends_offers_of_others(town, office, mine)
    wait_until(lambda: offer(mine), "an offer", 15.0)
    visitor.opens(page)
    visitor.looks("waiting-last-refusal")
    presses(visitor, "refuse")
    visitor.opens(f"{page}?office={office}")
    visitor.looks("waiting-dropped")
    presses(visitor, "join")
    assert visitor.is_at(page)
    presses(visitor, "leave")
    assert visitor.is_at(f"/applications/{mine.number}/appointment")
    visitor.leaves()


def _ends_offers_of_others(town: Town, office: str, mine: Case) -> None:
    """Whoever else is offered the seat does not answer."""

    def offered() -> Any:
        return town.sql(
            "UPDATE paspor.booking b SET hold_until = clock_timestamp() FROM paspor.waiting w "
            "WHERE w.booking_id = b.id AND b.state = 'offered' AND w.office = :office AND w.number <> :number "
            "RETURNING b.id",
            office=office,
            number=mine.number,
        ) or offer(mine)

    wait_until(offered, "an offer to somebody", 15.0)
