"""Filing by pages: a replacement, a child with its guardian, and what is refused at the end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys.answering import answers, for_a_child, new_passport, replacement
from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.test_endings_filing import nik_of
from tests.journeys.town import Town
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]
BOTH = pytest.mark.parametrize(("width", "language"), [("wide", "en-GB"), ("narrow", "id-ID")])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def begins(town: Town, browser: Browser, width: str, language: str, who: str) -> Visitor:
    """Somebody who has begun to fill in."""
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens("/apply")
    visitor.signs_in(who)
    visitor.page.locator("button[value=afresh]").click()
    return visitor


def sends(visitor: Visitor) -> str:
    """Send the form; the number of the application."""
    visitor.page.locator("main button[value=send]").click()
    assert "filed=true" in visitor.page.url, visitor.main()
    return visitor.page.url.partition("?")[0].rpartition("/")[2]


def takes_back(town: Town, number: str, who: str) -> None:
    """Leave nothing open behind."""
    town.person(who).does(f"/v1/applications/{number}/withdrawal")


@BOTH
def test_a_replacement(town: Town, browser: Browser, width: str, language: str) -> None:
    holder = citizen()
    expires_on = (datetime.now(UTC) + timedelta(days=60)).date()
    planted = {"nik": holder.nik, "number": "X1234567", "expires_on": expires_on.isoformat()}
    town.standins["passports"].plants("passports", **planted)
    visitor = begins(town, browser, width, language, "applicant-11")
    answers(visitor, replacement(holder, expires_on), ("reason", "previous"))
    visitor.looks("check-replacement")
    assert "X1234567" in visitor.main()
    number = sends(visitor)
    takes_back(town, number, "applicant-11")
    visitor.leaves()


@BOTH
def test_a_child(town: Town, browser: Browser, width: str, language: str) -> None:
    serial = {"wide": 311, "narrow": 312}[width]
    child = Citizen(nik_of(date(2016, 3, 9), "F", serial), "Ni Putu Kecil", date(2016, 3, 9), "Denpasar", "F")
    visitor = begins(town, browser, width, language, "applicant-12")
    answers(visitor, for_a_child(child, citizen()), ("married", "guardian"))
    visitor.looks("check-child")
    number = sends(visitor)
    visitor.opens(f"/applications/{number}/documents")
    visitor.looks("documents-child")
    assert visitor.page.locator(".task").count() >= 4
    takes_back(town, number, "applicant-12")
    visitor.leaves()


@BOTH
def test_what_the_register_refuses_leads_back_to_the_answer(
    town: Town, browser: Browser, width: str, language: str
) -> None:
    person = citizen()
    birth_date = person.birth_date.isoformat()
    town.standins["population"].plants(
        "people", nik=person.nik, full_name="Orang Lain", birth_date=birth_date, sex=person.sex
    )
    visitor = begins(town, browser, width, language, "applicant-13")
    answers(visitor, new_passport(person))
    visitor.page.locator("main button[value=send]").click()
    visitor.looks("check-refused")
    assert "Orang Lain" not in visitor.page.content()
    assert visitor.page.locator(".summary:focus").count() == 1
    visitor.page.locator(".summary a").first.click()
    visitor.page.locator(".row:target a").click()
    assert visitor.is_at("/apply/nik")
    # The refusal is a record of its own; its page says why, and that nothing was charged.
    number = town.sql("SELECT number FROM paspor.application WHERE owner = 'applicant-13' ORDER BY created_at DESC")[0][
        0
    ]
    visitor.opens(f"/applications/{number}")
    visitor.looks("tracker-not-accepted")
    visitor.leaves()
