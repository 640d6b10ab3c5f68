"""Screens that officers seldom see: a printer that forgot its job, and two adjudicators who differ."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import chromium, needs_chromium
from tests.journeys.installation import wait_until
from tests.journeys.officers import officer
from tests.journeys.people import done
from tests.journeys.test_pages_officers import SCREENS
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("screen", SCREENS)
def test_whether_it_is_printed_is_said_by_who_looks(town: Town, browser: Browser, screen: dict[str, str]) -> None:
    case, printer = town.case_at("approved"), town.standins["printer"]
    with printer.failing("stall"):
        case.is_allocated()
        submitted = "SELECT 1 FROM paspor.print_attempt WHERE key LIKE :about AND job_id IS NOT NULL"
        wait_until(lambda: town.sql(submitted, about=f"{case.number}/%"), "the job", 30.0)
        done(printer.http.delete("jobs", params={"printer": "latihan-1"}))
        case.task("print_question")
    with officer(browser, case, "printer", **screen) as here:
        here.takes("print_question")
        assert case.citizen.full_name not in here.page.content()
        here.looks("desk-print-question")
        here.fails("print_question", "desk-print-question-wrong")
        here.picks("outcome", "printed")
        here.writes(booklet="X2999999")
        here.fails("print_question", "desk-print-question-other-booklet")
        here.writes(booklet=case.booklet)
        here.sends("print_question")
    case.is_printed()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("screen", SCREENS)
def test_where_adjudicators_differ_the_head_decides(town: Town, browser: Browser, screen: dict[str, str]) -> None:
    case = town.files()
    town.standins["abis"].plants("expectations", number=case.number, candidates=["a410"])
    case.goes_to("enrolled")
    case.comes_to("adjudication")
    case.decides("adjudication", outcome="no_match", reason="telinga berbeda")
    case.decides("adjudication", "adjudicator-2", outcome="unsure", reason="gambar kabur")
    with officer(browser, case, "adjudicator", **screen) as here:
        here.opens(here.at("adjudication"))
        assert case.citizen.full_name not in here.page.content()
    with officer(browser, case, "head", **screen) as here:
        here.takes("adjudication")
        here.looks("desk-adjudication-head")
        assert here.page.locator("input[name=outcome]").count() == 2  # who decides last is not unsure
        here.fails("adjudication", "desk-adjudication-head-wrong")
        here.picks("outcome", "no_match")
        here.writes(reason="dilihat sendiri di kantor")
        here.sends("adjudication")
        here.looks("desk-adjudication-head-done")
    case.comes_to("approved")
