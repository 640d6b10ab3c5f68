"""Officers' pages in a browser without script: one application from check-in to handover, and the pages that say no."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.journeys.browsing import chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.officers import officer
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]

WIDE: dict[str, Any] = {"width": "wide", "language": "id-ID"}
NARROW: dict[str, Any] = {"width": "narrow", "language": "en-GB"}
SCREENS = [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def blank() -> bytes:
    """A finger of which nothing is to be seen."""
    made = io.BytesIO()
    Image.new("L", (300, 400), 250).save(made, "PNG")
    return made.getvalue()


def arrives(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    with officer(browser, case, "examiner", **screen) as here:
        here.looks("desk")
        here.opens("/desk/check-in")
        here.presses(here.words["check_in"])
        here.looks("desk-check-in-wrong")
        here.writes(number=case.number)
        here.presses(here.words["check_in"])
        assert here.page.locator(".ticket-number").count() == 1, here.main()
        here.looks("desk-check-in")
        here.writes(number=case.number)
        here.presses(here.words["check_in"])
        assert here.page.locator(".summary a").count() == 1


def is_examined(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    with officer(browser, case, "examiner", **screen) as here:
        here.takes("documents", "desk-choose")
        here.looks("desk-documents")
        here.fails("documents", "desk-documents-wrong")
        here.opens("/desk")
        here.looks("desk-holding")
        here.opens(here.at("documents"))
        here.picks("outcome", "complete")
        here.sends("documents")
        here.looks("desk-done")


def visits_the_booth(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    with officer(browser, case, "interviewer", **screen) as here:
        here.takes("interview")
        here.looks("desk-interview")
        here.picks("outcome", "suspend")
        here.fails("interview", "desk-interview-wrong")
        here.picks("outcome", "pass")
        here.sends("interview")
        here.page.locator(".doors a").first.click()
        assert here.is_at(here.at("enrolment")), here.main()
        here.looks("desk-enrolment")
        here.captures(finger_6=blank())
        here.fails("enrolment", "desk-enrolment-wrong", "capture")
        assert here.page.locator("a[href='#finger_6']").count() == 1
        here.captures()
        here.sends("enrolment", "capture")


def is_adjudicated(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    for name in ("adjudicator", "adjudicator-2"):
        with officer(browser, case, name, **screen) as here:
            here.takes("adjudication")
            if name == "adjudicator":
                here.looks("desk-adjudication")
                assert here.page.locator(".face img").count() == 2
            here.picks("outcome", "no_match")
            here.writes(reason="telinga dan rahang berbeda")
            here.sends("adjudication")


def is_made(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    with officer(browser, case, "printer", **screen) as here:
        here.takes("allocation")
        here.fails("allocation", "desk-allocation-wrong")
        assert case.citizen.full_name not in here.page.content()
        case.booklet = case.blank()
        here.page.locator("#booklet").select_option(case.booklet)
        here.looks("desk-allocation")
        here.sends("allocation")
    with officer(browser, case, "inspector", **screen) as here:
        here.takes("quality")
        here.looks("desk-quality")
        assert here.page.locator(".portrait img").count() == 1
        here.picks("outcome", "pass")
        here.writes(booklet_number="C9999999")
        here.fails("quality", "desk-quality-wrong")
        here.writes(booklet_number=case.booklet)
        here.sends("quality")


def is_handed_over(browser: Browser, case: Case, screen: dict[str, Any]) -> None:
    with officer(browser, case, "handover", **screen) as here:
        here.takes("handover")
        here.fails("handover", "desk-handover-wrong", "hand")
        here.picks("relation", "self")
        here.page.locator("#id_kind").select_option("id_card")
        here.writes(id_number=case.citizen.nik, booklet_number=case.booklet)
        here.looks("desk-handover")
        here.sends("handover", "hand")


@pytest.mark.timeout(600)  # eight officers sign in, and every page is held against axe
@pytest.mark.parametrize("screen", SCREENS)
def test_a_whole_application_by_pages_alone(town: Town, browser: Browser, screen: dict[str, Any]) -> None:
    earlier = town.case_at("approved")
    (named,) = town.sql("SELECT reference_id FROM paspor.search WHERE number = :n", n=earlier.number)
    case = town.files()
    case.goes_to("paid")
    case.uploads()
    town.standins["abis"].plants("expectations", number=case.number, candidates=[named.reference_id])
    arrives(browser, case, screen)
    is_examined(browser, case, screen)
    visits_the_booth(browser, case, screen)
    is_adjudicated(browser, case, screen)
    case.comes_to("approved")
    is_made(browser, case, screen)
    case.comes_to("ready")
    is_handed_over(browser, case, screen)
    assert case.shown()["ending"] == "collected"


@pytest.mark.timeout(400)
@pytest.mark.parametrize("screen", SCREENS)
def test_the_counter_the_head_and_pages_that_say_no(town: Town, browser: Browser, screen: dict[str, Any]) -> None:
    case = town.case_at("checked_in", office=town.office("loket"))
    with officer(browser, case, "examiner", **screen) as here:
        here.opens("/desk/counter")
        here.looks("desk-counters")
        here.opens("/desk/counter/3")
        here.looks("desk-counter-free")
        here.presses(here.words["call"])
        here.looks("desk-counter")
        with officer(browser, case, "examiner-2", **screen) as colleague:
            colleague.opens(colleague.at("documents"))
            colleague.looks("desk-held")
        here.opens(here.at("documents"))
        here.picks("outcome", "complete")
        town.sql("UPDATE paspor.task SET lease_until = now() - interval '1 second' WHERE number = :n", n=case.number)
        here.presses(here.words["send"])
        assert here.heading() == here.words["gone"]
        here.looks("desk-stale")
    case.is_examined()
    lease = case.lease("interview")
    case.decides("interview", lease=lease, outcome="suspend", reason="menunggu surat dari sekolah")
    with officer(browser, case, "head", **screen) as here:
        here.looks("desk-head")
        here.takes("resume")
        here.looks("desk-resume")
        here.opens("/desk/cancellation")
        here.presses(here.words["find"])
        here.looks("desk-find-wrong")
        here.writes(number=case.number)
        here.presses(here.words["find"])
        here.presses(here.words["cancel"])
        here.looks("desk-cancel-wrong")
        here.writes(reason="atas permintaan pengadilan")
        here.presses(here.words["cancel"])
        here.looks("desk-cancelled")
    assert case.shown()["ending"] == "cancelled"


def test_examined_by_keyboard_alone(town: Town, browser: Browser) -> None:
    case = town.case_at("checked_in", office=town.office("papan"))
    with officer(browser, case, "examiner", language="en-GB") as here:
        keys, page = here.page.keyboard, here.page
        here.tabs_to(".tile button")
        keys.press("Enter")
        page.locator("input[name=outcome]").first.wait_for()
        here.tabs_to("#send")
        keys.press("Enter")
        page.locator(".summary:focus").wait_for()
        here.tabs_to(".summary a")
        keys.press("Enter")
        page.locator("#outcome:focus").wait_for()
        keys.press("Space")
        here.tabs_to("#send")
        keys.press("Enter")
        page.wait_for_url("**/documents/done*")  # a browser carries the fragment of the error along
        assert here.heading() == "Recorded"
    assert case.comes_to("documents_examined")["stage"] == "documents_examined"
