"""Auditors at a browser without script: search, the way of a case, looks, exceptions, the record; by keyboard."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.people import done
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]

WORDS = {
    "id": {
        "find": "Cari permohonan",
        "apply": "Terapkan",
        "verified": "Catatan terverifikasi",
        "run": "Hitung ulang sekarang",
        "holds": "Catatan utuh",
        "engine": "riwayat mesin alur kerja itu sendiri",
        "both": "mesin dan buku besar sama",
        "csv": "Unduh sebagai CSV",
        "json": "Unduh sebagai JSON",
        "who": "Siapa yang melihat permohonan ini",
        "exported": "mengekspor riwayat",
        "chosen": "Dipilih di luar urutan",
        "nothing": "Tidak ada yang cocok",
    },
    "en": {
        "find": "Find applications",
        "apply": "Apply",
        "verified": "Record verified",
        "run": "Count again now",
        "holds": "The record holds",
        "engine": "the workflow engine's own history",
        "both": "engine and ledger agree",
        "csv": "Download as CSV",
        "json": "Download as JSON",
        "who": "Who looked at this application",
        "exported": "exported the history",
        "chosen": "Chosen out of turn",
        "nothing": "Nothing matches",
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def downloaded(visitor: Visitor, name: str) -> str:
    """The file behind a link, as the browser saves it."""
    with visitor.page.expect_download() as found:
        visitor.presses(name)
    return Path(found.value.path()).read_text()


def tabs_to(visitor: Visitor, selector: str, presses: str = "Enter") -> None:
    """Press Tab until something has the focus, and a key there."""
    for _ in range(60):
        visitor.page.keyboard.press("Tab")
        if visitor.page.locator(f"{selector}:focus").count():
            if presses:
                visitor.page.keyboard.press(presses)
            return
    raise AssertionError(f"{selector} is not reached by Tab")


@pytest.fixture(scope="module")
def collected(whole_town: Town) -> Case:
    """A case that went the whole way, and another one whose first booklet failed the inspection."""
    spoiled = whole_town.case_at("printed")
    spoiled.decides("quality", outcome="fail", booklet_number=spoiled.booklet, defect="smudged portrait")
    return whole_town.case_at("collected")


@pytest.mark.parametrize(("language", "width"), [("id-ID", "wide"), ("en-GB", "narrow")])
def test_the_whole_way_of_an_auditor(town: Town, collected: Case, browser: Browser, language: str, width: str) -> None:
    case = collected
    visitor = Visitor(browser, town.api, width=width, language=language)
    words = WORDS[visitor.language]
    visitor.opens("/sign-in")
    visitor.signs_in("auditor")
    assert visitor.is_at("/audit")
    assert visitor.heading() == words["find"]
    visitor.looks("audit-cases")
    visitor.writes(number=case.number[:12])
    visitor.page.locator("#office").select_option("latihan")
    visitor.presses(words["apply"])
    assert "office=latihan&stage=&ending=" in visitor.page.url
    visitor.page.locator("tbody a").first.wait_for()
    visitor.looks("audit-cases-found")
    visitor.opens("/audit?number=9999999999999999&overdue=true")
    assert words["nothing"] in visitor.main()
    visitor.looks("audit-cases-none")
    visitor.opens("/audit?from=2026-02-01&to=2026-01-01&officer=a+b")
    visitor.looks("audit-cases-wrong")

    visitor.opens(f"/audit?number={case.number}")
    visitor.page.locator("tbody a").click()
    assert visitor.is_at(f"/audit/applications/{case.number}")
    for said in ("verified", "engine", "both"):
        assert words[said] in visitor.main()
    visitor.looks("audit-history")
    everything = visitor.page.locator(".event").count()
    visitor.page.locator("#actor").select_option("examiner@latihan")
    visitor.presses(words["apply"])
    assert 0 < visitor.page.locator(".event").count() < everything
    visitor.looks("audit-history-narrowed")
    story = json.loads(downloaded(visitor, words["json"]))
    table = list(csv.DictReader(io.StringIO(downloaded(visitor, words["csv"]))))
    assert len(table) == len(story["items"]) == everything
    assert story["proof"]["holds"]
    assert [row["sentence"] for row in table] == [one["sentence"] for one in story["items"]]
    visitor.presses(words["who"])
    assert visitor.is_at("/audit/reads")
    assert words["exported"] in visitor.main()
    visitor.looks("audit-reads")

    visitor.opens("/audit/exceptions?office=latihan")
    assert words["chosen"] in visitor.main()
    visitor.opens("/audit/exceptions?office=latihan&kind=spoiled_booklet")
    assert "smudged portrait" in visitor.main()
    assert "inspector@latihan" in visitor.main()
    visitor.opens("/audit/exceptions?office=latihan")
    visitor.looks("audit-exceptions")
    visitor.opens("/audit/verification")
    visitor.looks("audit-verification-before")
    visitor.presses(words["run"])
    assert words["holds"] in visitor.main()
    visitor.looks("audit-verification")
    visitor.page.locator("footer a[href='/performance']").click()
    assert visitor.is_at("/performance")
    visitor.looks("performance")
    visitor.leaves()


def test_pages_say_what_the_api_says(town: Town, browser: Browser) -> None:
    case = town.case_at("checked_in")
    visitor = Visitor(browser, town.api, language="en-GB")
    visitor.opens(f"/audit/applications/{case.number}")
    visitor.signs_in("auditor")
    path = f"/v1/audit/applications/{case.number}/history"
    told = done(town.person("auditor").asks("GET", path, headers={"Accept-Language": "en"}))
    assert told["source"] == "engine"
    said = [line.lower() for line in visitor.page.locator(".event-said").all_inner_texts()]
    assert said == [one["sentence"].lower() for one in told["items"]]
    looked = town.person("auditor").reads("/v1/audit/reads", application=case.number)["items"]
    assert "GET /audit/applications/{number}" in [one["action"] for one in looked]
    visitor.leaves()


def test_by_keyboard_alone(town: Town, browser: Browser) -> None:
    case = town.case_at("paid")
    visitor = Visitor(browser, town.api, language="en-GB")
    page = visitor.page
    visitor.opens("/audit")
    tabs_to(visitor, "button[value='auditor']")
    page.wait_for_url("**/audit")
    page.keyboard.press("Tab")
    assert page.locator(".skip:focus").count() == 1
    page.keyboard.press("Enter")
    tabs_to(visitor, "#number", presses="")
    page.keyboard.type(case.number)
    tabs_to(visitor, ".filters button")
    page.wait_for_url("**/audit?number=*")
    tabs_to(visitor, "tbody a")
    page.wait_for_url(f"**/audit/applications/{case.number}")
    tabs_to(visitor, ".badge summary")
    assert page.locator(".badge details[open]").count() == 1
    visitor.leaves()
