"""The tracker from the choice of a time to the passport in the hand, and wherever it stops; each state is looked at."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.people import done
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]
SCREENS = {"wide": "en-GB", "narrow": "id-ID"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


class Watchers:
    """One person at two screens, in both languages, who looks at the same page of the same application."""

    def __init__(self, town: Town, browser: Browser, who: str) -> None:
        self.screens = [Visitor(browser, town.api, width=width, language=SCREENS[width]) for width in SCREENS]
        for screen in self.screens:
            screen.opens("/applications")
            screen.signs_in(who)

    def look(self, path: str, name: str) -> Visitor:
        """Both open a page, and look; the wide one is handed back."""
        for screen in self.screens:
            screen.opens(path)
            assert screen.is_at(path.partition("?")[0]), screen.page.url
            screen.looks(name)
        return self.screens[0]

    def leave(self) -> None:
        """Close both."""
        for screen in self.screens:
            screen.leaves()


def in_days(case: Case, days: int) -> dict[str, Any]:
    """A seat that many days from now."""
    day = (datetime.now(UTC) + timedelta(hours=8, days=days)).date().isoformat()
    return next(slot for slot in case.slots(days=days) if slot["starts_at"].startswith(day))


def test_from_the_time_to_the_reschedule(town: Town, browser: Browser) -> None:
    case = town.files(by=town.person("applicant-41"))
    mine, watchers = f"/applications/{case.number}", Watchers(town, browser, "applicant-41")
    wide = watchers.look(mine, "tracker-choose")
    done(case.takes(in_days(case, 2)["id"]))
    case.billed()
    watchers.look(mine, "tracker-booked")
    watchers.look(f"{mine}/bill", "bill-open")
    assert sheets(wide) == 1
    case.pays()
    watchers.look(f"{mine}/bill", "bill-paid")
    watchers.look(f"{mine}/proof", "proof")
    assert sheets(wide) == 1
    other = in_days(case, 3)
    choose = f"{mine}/appointment?office={case.office}&day={other['starts_at'][:10]}"
    watchers.look(choose, "times-reschedule")
    slot = f"input[value='{other['id']}']"
    wide.opens(choose)
    wide.page.locator(slot).check()
    wide.page.locator("main form button").click()
    assert wide.is_at(mine)
    case.waits_until(lambda now: now["appointment"]["slot_id"] == other["id"], "the moved appointment")
    watchers.look(mine, "tracker-rescheduled")
    # Once is all; the page says so where the time was chosen.
    for screen in watchers.screens:
        screen.opens(f"{mine}/appointment?office={case.office}&day={other['starts_at'][:10]}")
        screen.page.locator("input[name=slot]:visible").last.check()
        screen.page.locator("main form button").click()
        assert screen.page.locator(".summary:focus").count() == 1
        screen.looks("times-reschedule-used")
    watchers.leave()


def test_from_the_visit_to_the_hand(town: Town, browser: Browser) -> None:
    case = town.files(by=town.person("applicant-42"))
    mine, watchers = f"/applications/{case.number}", Watchers(town, browser, "applicant-42")
    case.goes_to("checked_in")
    watchers.look(mine, "tracker-at-the-office")
    case.decides("documents", outcome="return", missing=["family_card"], reason="fotokopi terpotong")
    watchers.look(mine, "tracker-incomplete")
    wide = watchers.look(f"{mine}/documents", "documents-returned")
    watchers.look(f"{mine}/documents/family_card", "upload-returned")
    wide.uploads("family_card")
    wide.page.locator("main form button").click()
    watchers.look(f"{mine}/documents", "documents-completed")
    wide.page.locator("main form button").click()
    assert wide.is_at(mine)
    watchers.look(mine, "tracker-completed")
    case.is_examined()
    case.decides("interview", outcome="suspend", reason="tujuan belum jelas")
    wide = watchers.look(mine, "tracker-suspended")
    assert wide.page.locator(".card.now strong").count() == 1  # by when it is decided
    case.decides("resume", outcome="resume", reason="surat sudah dilihat")
    case.is_enrolled()
    case.goes_to("ready")
    wide = watchers.look(mine, "tracker-ready")
    assert wide.page.locator(".promise .date-big").count() == 1
    case.is_collected()
    watchers.look(mine, "tracker-collected")
    case.officer("head").reads(case.path("/applicant"))
    town.person("auditor").reads(f"/v1/audit/applications/{case.number}/history")
    wide = watchers.look(f"{mine}/data", "my-data")
    assert wide.page.locator(".looks tbody tr").count() == 2
    with wide.page.expect_download() as download:
        wide.page.locator("a[download]").click()
    assert case.citizen.nik in download.value.path().read_text()
    watchers.leave()


def test_wherever_it_stops(town: Town, browser: Browser) -> None:
    watchers = Watchers(town, browser, "applicant-43")
    refused = town.files(by=town.person("applicant-43"))
    refused.goes_to("checked_in")
    refused.decides("documents", outcome="refuse", reason="kartu keluarga tidak asli")
    watchers.look(f"/applications/{refused.number}", "tracker-refused")
    cancelled = town.files(by=town.person("applicant-43"))
    cancelled.goes_to("booked")
    cancelled.officer("head").does(cancelled.path("/cancellation"), {"reason": "diperoleh dengan dokumen palsu"})
    watchers.look(f"/applications/{cancelled.number}", "tracker-cancelled")
    with town.standins["population"].failing("down"):
        waiting = town.files(by=town.person("applicant-43"))
        watchers.look(f"/applications/{waiting.number}", "tracker-register-away")
    watchers.look("/applications", "applications-many")
    watchers.leave()


def test_the_most_crowded_pages_at_twice_the_size(town: Town, browser: Browser) -> None:
    case = town.files(by=town.person("applicant-44"))
    mine = f"/applications/{case.number}"
    visitor = Visitor(browser, town.api, width="zoomed")
    visitor.opens(mine)
    visitor.signs_in("applicant-44")
    done(case.takes(in_days(case, 1)["id"]))
    case.billed()
    choosing = f"{mine}/appointment?office={case.office}"
    day = in_days(case, 1)["starts_at"][:10]
    for name, path in (
        ("start", "/"),
        ("offices", f"{mine}/appointment"),
        ("days", choosing),
        ("times", f"{choosing}&day={day}"),
        ("bill", f"{mine}/bill"),
        ("documents", f"{mine}/documents"),
    ):
        visitor.opens(path)
        visitor.looks(name)
    case.pays()
    for name, path in (("tracker", mine), ("proof", f"{mine}/proof"), ("my-data", f"{mine}/data")):
        visitor.opens(path)
        assert visitor.is_at(path)
        visitor.looks(name)
    visitor.leaves()


def sheets(visitor: Visitor) -> int:
    """How many sheets of A4 come when the page is printed."""
    with pikepdf.open(io.BytesIO(visitor.page.pdf(format="A4"))) as printed:
        return len(printed.pages)
