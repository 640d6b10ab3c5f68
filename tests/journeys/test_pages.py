"""Applicants' pages in a browser without script: the whole way in both languages, at both widths, by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.answering import CHOICES, answers, new_passport
from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.installation import wait_until
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]

BOTH = pytest.mark.parametrize(("width", "language"), [("wide", "en-GB"), ("narrow", "id-ID")])
WORDS = {
    "id": {
        "begin": "Mulai mengisi",
        "save": "Simpan dan lanjutkan",
        "send": "Kirim permohonan",
        "upload": "Unggah berkas",
        "take": "Pilih jadwal ini",
        "withdraw": "Batalkan permohonan",
        "confirmed": "Terkonfirmasi",
        "title": "Ajukan paspor",
        "sign_out": "Keluar",
    },
    "en": {
        "begin": "Start filling in",
        "save": "Save and continue",
        "send": "Send the application",
        "upload": "Upload the file",
        "take": "Take this time",
        "withdraw": "Withdraw",
        "confirmed": "Confirmed",
        "title": "Apply for a passport",
        "sign_out": "Sign out",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def files(visitor: Visitor, who: str, words: dict[str, str]) -> str:
    """An application from the start page on; its number."""
    visitor.opens("/apply")
    visitor.signs_in(who)
    visitor.looks("apply")
    visitor.page.locator("button[value=afresh]").click()
    pages = new_passport(citizen())
    answers(visitor, pages, [question for question, _ in pages])
    visitor.looks("check")
    visitor.presses(words["send"])
    visitor.looks("filed")
    found = re.search(r"/applications/(\d{16})", visitor.page.url)
    assert found, visitor.main()
    return found[1]


@pytest.mark.parametrize(
    ("language", "width", "who"), [("en-GB", "wide", "applicant-1"), ("id-ID", "narrow", "applicant-2")]
)
def test_the_whole_way_of_an_applicant(town: Town, browser: Browser, language: str, width: str, who: str) -> None:
    visitor = Visitor(browser, town.api, width=width, language=language)
    words = WORDS[visitor.language]
    visitor.opens("/")
    assert visitor.heading() == words["title"]
    visitor.looks("start")
    number = files(visitor, who, words)
    mine = f"/applications/{number}"
    visitor.opens(f"{mine}/documents")
    visitor.looks("documents")
    visitor.page.locator(".task a").first.click()
    visitor.presses(words["upload"])
    visitor.looks("upload-wrong")
    visitor.uploads("id_card")
    visitor.presses(words["upload"])
    assert visitor.is_at(f"{mine}/documents")
    visitor.opens(f"{mine}/appointment")
    visitor.looks("offices")
    visitor.page.locator("a[href='?office=denpasar']").click()
    visitor.looks("days")
    visitor.page.locator(".day a").first.click()
    visitor.presses(words["take"])
    visitor.looks("times-wrong")
    visitor.page.locator("input[name=slot]").first.check()
    visitor.presses(words["take"])
    visitor.looks("bill")
    code = visitor.page.locator(".code").inner_text().replace(" ", "")
    town.standins["billing"].plants("pay", bill_code=code)

    def confirmed() -> bool:
        visitor.opens(mine)
        return words["confirmed"] in visitor.main()

    wait_until(confirmed, "a confirmed appointment", 20.0)
    assert visitor.page.locator(".proof svg").count() == 1
    visitor.looks("tracker")
    visitor.opens(f"{mine}/withdrawal")
    visitor.looks("withdraw")
    visitor.presses(words["withdraw"])
    visitor.looks("withdraw-wrong")
    visitor.page.locator("#sure").check()
    visitor.page.locator("button.danger").click()
    assert visitor.is_at(mine)
    visitor.looks("withdrawn")
    visitor.opens("/applications")
    visitor.looks("applications")
    visitor.presses(words["sign_out"])
    visitor.opens(mine)
    assert not visitor.is_at(mine)
    visitor.leaves()


@BOTH
def test_pages_of_who_only_looks(town: Town, browser: Browser, width: str, language: str) -> None:
    visitor = Visitor(browser, town.api, width=width, language=language)
    for name, path in (
        ("eligibility", "/eligibility"),
        ("eligibility-wrong", "/eligibility?asked=kind"),
        ("eligibility-yes", "/eligibility?kind=new&holds=no&age=child"),
        ("eligibility-no", "/eligibility?kind=replacement&reason=lost"),
    ):
        visitor.opens(path)
        visitor.looks(name)
    visitor.leaves()


@BOTH
def test_an_approved_application_shows_the_one_promised_date(
    town: Town, browser: Browser, width: str, language: str
) -> None:
    case = town.files(by=town.person("applicant-3"))
    case.goes_to("approved")
    promised = case.shown()["promise"]["collect_on"]
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens(f"/applications/{case.number}")
    visitor.signs_in("applicant-3")
    assert visitor.is_at(f"/applications/{case.number}")
    said = visitor.page.locator(".promise .date-big").inner_text()
    assert f" {int(promised[8:])} " in said
    assert said.endswith(promised[:4])
    visitor.looks("tracker-approved")
    visitor.leaves()


def tabs_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until something has the focus."""
    for _ in range(40):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def enters(visitor: Visitor, selector: str) -> None:
    """Press Tab until something has the focus, and Enter there."""
    tabs_to(visitor, selector)
    visitor.page.keyboard.press("Enter")


def types(visitor: Visitor, name: str, value: str) -> None:
    """Answer a field that Tab reaches: type, or go down the choices."""
    tabs_to(visitor, f"main [name='{name}']")
    keys = visitor.page.keyboard
    if name not in CHOICES:
        keys.type(value)
        return
    keys.press("Space")
    for _ in range(8):
        if visitor.page.locator(f"[name='{name}']:checked").get_attribute("value") == value:
            return
        keys.press("ArrowDown")
    raise AssertionError(f"{value} is not reached among {name}")


def test_the_whole_filing_by_keyboard_alone(town: Town, browser: Browser) -> None:
    visitor = Visitor(browser, town.api, language="en-GB")
    page, keys = visitor.page, visitor.page.keyboard
    visitor.opens("/")
    keys.press("Tab")
    assert page.locator(".skip:focus").count() == 1
    keys.press("Enter")
    keys.press("Tab")
    assert page.locator("main a[href='/apply']:focus").count() == 1
    keys.press("Enter")
    page.locator("button[value='applicant-4']").wait_for()
    enters(visitor, "button[value='applicant-4']")
    page.wait_for_url("**/apply")
    enters(visitor, "button[value=afresh]")
    page.wait_for_url("**/apply/kind")
    # What is wrong has the focus, and leads to the field it is about.
    enters(visitor, "main button")
    page.locator(".summary:focus").wait_for()
    enters(visitor, ".summary a")
    page.locator("#kind:focus").wait_for()
    visitor.opens("/apply/kind")
    for question, fields in new_passport(citizen()):
        page.wait_for_url(f"**/apply/{question}*")
        for name, value in fields.items():
            types(visitor, name, value)
        enters(visitor, "main form button")
    page.wait_for_url("**/apply/check")
    enters(visitor, "main button[value=send]")
    page.wait_for_url("**/applications/*?filed=true")
    number = page.url.partition("?")[0].rpartition("/")[2]
    enters(visitor, f"main a[href='/applications/{number}/appointment']")
    page.wait_for_url("**/appointment")
    enters(visitor, f"main a[href='/applications/{number}/withdrawal'], .back a")
    page.wait_for_url(f"**/applications/{number}")
    enters(visitor, f"main a[href='/applications/{number}/withdrawal']")
    tabs_to(visitor, "#sure")
    keys.press("Space")
    enters(visitor, "button.danger")
    page.wait_for_url(f"**/applications/{number}")
    assert "Withdrawn" in visitor.main()
    visitor.leaves()


@pytest.mark.kill
def test_a_half_filled_form_survives_the_death_of_the_api(town: Town, browser: Browser) -> None:
    visitor = Visitor(browser, town.api)
    words = WORDS["id"]
    visitor.opens("/apply")
    visitor.signs_in("applicant-5")
    visitor.page.locator("button[value=afresh]").click()
    visitor.page.locator("input[value=new]").check()
    visitor.presses(words["save"])
    visitor.writes(nik="5171014107900001")
    visitor.presses(words["save"])
    town.installation.kill("api")
    visitor.opens("/apply/nik")
    assert visitor.page.locator("#nik").input_value() == "5171014107900001"
    visitor.opens("/apply/check")
    assert visitor.is_at("/apply/name")
    visitor.leaves()
