"""A family by pages: one person after the other, one check, one time for all; on both screens and in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.answering import answers, contact, new_passport
from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.test_pages_filing import BOTH, begins, takes_back
from tests.journeys.town import Town
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def adds(visitor: Visitor, person: Citizen, photographed: tuple[str, ...] = ()) -> None:
    """Another person, who is reached as the first one is."""
    visitor.page.locator("main button[value=add]").click()
    answers(visitor, [page for page in new_passport(person) if page[0] != contact(person)[0]], photographed)


@BOTH
def test_a_family_is_filed_for_and_chooses_one_time(town: Town, browser: Browser, width: str, language: str) -> None:
    who = f"applicant-{'61' if width == 'wide' else '62'}"
    visitor = begins(town, browser, width, language, who)
    answers(visitor, new_passport(citizen()))
    adds(visitor, citizen())
    adds(visitor, citizen(), photographed=("kind",))
    visitor.looks("check-family")
    visitor.page.locator("main button[value=send]").click()
    assert "/families/" in visitor.page.url
    assert "filed=true" in visitor.page.url
    visitor.looks("family-filed")
    family = visitor.page.url.partition("?")[0].rpartition("/")[2]
    visitor.opens("/applications")
    visitor.looks("applications-family")
    numbers = [one["number"] for one in town.person(who).reads(f"/v1/families/{family}")["applications"]]
    visitor.opens(f"/applications/{numbers[0]}/appointment")
    assert visitor.is_at(f"/families/{family}/appointment")
    visitor.looks("family-offices")
    visitor.opens(f"/families/{family}/appointment?office=latihan")
    visitor.looks("family-days")
    visitor.page.locator(".day a").nth(1).click()
    visitor.page.locator("input[name=slot]").nth(3).check()
    visitor.looks("family-times")
    visitor.page.locator("main form button").click()
    assert visitor.is_at(f"/families/{family}")
    visitor.looks("family-booked")
    seats = [one["appointment"] for one in town.person(who).reads(f"/v1/families/{family}")["applications"]]
    assert len({seat["slot_id"] for seat in seats}) == 1
    visitor.opens(f"/applications/{numbers[0]}")
    visitor.looks("tracker-family")
    for number in numbers:
        takes_back(town, number, who)
    visitor.leaves()


@BOTH
def test_who_is_refused_is_named_and_nobody_is_left(town: Town, browser: Browser, width: str, language: str) -> None:
    first, second = citizen(), citizen()
    birth_date = first.birth_date.isoformat()
    town.standins["population"].plants(
        "people", nik=first.nik, full_name="Orang Lain", birth_date=birth_date, sex=first.sex
    )
    visitor = begins(town, browser, width, language, "applicant-63")
    answers(visitor, new_passport(first))
    adds(visitor, second)
    visitor.page.locator("main button[value=send]").click()
    visitor.looks("check-family-refused")
    assert visitor.page.locator(".summary:focus").count() == 1
    assert first.full_name in visitor.page.locator(".summary a").first.inner_text()
    visitor.page.locator(".summary a").first.click()
    assert visitor.page.locator(".case:target").count() == 1
    visitor.leaves()
