"""Public pages of offices, and the choice of an appointment, without script; and seats that follow their means."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.installation import wait_until
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]

BOTH = pytest.mark.parametrize(("width", "language"), [("wide", "en-GB"), ("narrow", "id-ID")])
HOURS = {"id": "Jam layanan", "en": "Opening hours"}
RELAY = 90.0  # seconds: its errand runs each minute
MONTHLY = {"kind": "monthly", "time": "09:00", "utc_offset": 7, "take_back": True}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def tomorrow(town: Town, office: str) -> Any:
    day = (datetime.now(UTC) + timedelta(hours=8)).date() + timedelta(days=1)
    span = {"from": day.isoformat(), "to": day.isoformat()}
    return town.nobody.reads(f"/v1/offices/{office}/availability", **span)["days"][0]


@BOTH
def test_everybody_sees_hours_limits_and_seats(town: Town, browser: Browser, width: str, language: str) -> None:
    monthly = town.office("bulanan", release=MONTHLY, opening={"every_day": False, "weekdays": [0, 1, 2, 3, 4]})
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens("/offices")
    visitor.looks("offices-public")
    visitor.page.locator("a[href='/offices/denpasar']").click()
    visitor.page.locator("#hours").wait_for()
    assert HOURS[visitor.language] in visitor.main()
    assert visitor.page.locator(".plot-least").count() == 1
    visitor.looks("office")
    visitor.opens(f"/offices/{monthly}")
    visitor.looks("office-monthly")
    visitor.leaves()


@BOTH
def test_day_and_time_are_chosen_in_groups(town: Town, browser: Browser, width: str, language: str) -> None:
    who = f"applicant-{citizen().nik[-4:]}7"
    case = town.files(by=town.person(who))
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens(f"/applications/{case.number}/appointment")
    visitor.signs_in(who)
    visitor.looks("offices-with-seats")
    visitor.page.locator("a[href='?office=denpasar']").click()
    visitor.page.wait_for_load_state()
    visitor.page.locator(".weeks h2").first.wait_for()
    assert visitor.page.locator(".weeks h2").count() >= 3
    visitor.looks("days-by-week")
    visitor.page.locator(".day a").first.click()
    visitor.page.locator("details.part").first.wait_for()
    visitor.looks("times-by-part")
    visitor.opens(f"/applications/{case.number}/appointment?office=latihan")
    visitor.page.locator(".day a").nth(1).click()
    visitor.page.locator("details.part").first.wait_for()
    assert visitor.page.locator("details.part").count() == 4
    assert visitor.page.locator("details.part[open]").count() == 1
    visitor.page.locator("details.part summary").last.click()
    visitor.page.locator("details.part").last.locator("input[name=slot]").first.check()
    visitor.looks("times-all-day")
    visitor.leaves()


def test_seats_follow_a_printer_down_and_up_again(town: Town) -> None:
    means = {
        "staffed": {"document_desks": 40, "booths": 40, "verifiers": 40},
        "per_hour": {"document_desks": 10, "booths": 10, "verifiers": 10, "printer": 300},
        "measurements": 30,
        "latest": 200,
        "recent_days": 28,
        "booklets": "supplied",
    }
    office = town.office("sarana", capacity=means, release={"kind": "rolling", "take_back": True})
    whole = tomorrow(town, office)
    assert (whole["seats"], whole["limited_by"]) == (96 * 20, "printer")
    supervisor = town.person("supervisor", office)
    supervisor.does(f"/v1/printers/{office}-1/state", {"state": "down", "reason": "laser"})
    wait_until(lambda: tomorrow(town, office)["seats"] == 0, "the seats to go with the printer", RELAY)
    supervisor.does(f"/v1/printers/{office}-1/state", {"state": "up"})
    wait_until(lambda: tomorrow(town, office)["seats"] == 96 * 20, "the seats to come back", RELAY)
