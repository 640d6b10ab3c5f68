"""A closed day on a whole installation: people are moved in seconds, told once by mail, and may refuse at a browser."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
BOTH = pytest.mark.parametrize(("width", "language", "who"), [("wide", "en-GB", 71), ("narrow", "id-ID", 72)])
REASON = "Pemeliharaan jaringan listrik di gedung kantor"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def a_morning(town: Town) -> str:
    """An office with three slots of two seats each morning."""
    seats = {"regular": 2, "priority": 1, "same_day": 1}
    return town.office("tutup", opening={"hours": [["08:00", "09:30"]], "slot_minutes": 30, "seats": seats})


def the_day() -> date:
    return (datetime.now(UTC) + timedelta(hours=8, days=3)).date()


def day_of(case: Case) -> date:
    return datetime.fromisoformat(case.shown()["appointment"]["starts_at"]).date()


def books_the_day(case: Case) -> None:
    done(case.takes(next(slot["id"] for slot in case.slots(days=3) if slot["starts_at"].startswith(f"{the_day()}"))))


def mails(town: Town, case: Case, words: str) -> Counter[str]:
    """Mails to the applicant that say these words, by their id."""
    found = done(town.standins["mail"].http.get("messages", params={"to": case.citizen.claims()["email"]}))["items"]
    return Counter(mail["message_id"] for mail in found if case.number in mail["subject"] and words in mail["body"])


def people_of_the_day(town: Town, office: str, first: str = "") -> list[Case]:
    """Two who have paid and one who has not."""
    cases = [town.files(town.person(first) if first and not place else None, office) for place in range(3)]
    for place, case in enumerate(cases):
        books_the_day(case)
        if place < 2:
            case.pays()
    return cases


def test_everybody_is_moved_told_once_and_the_unpaid_still_pay(town: Town) -> None:
    office = a_morning(town)
    cases = people_of_the_day(town, office)
    supervisor, form = town.person("supervisor", office), {"date": f"{the_day()}", "reason": REASON}
    answer = supervisor.asks("POST", f"/v1/offices/{office}/closures", form)
    assert (answer.status_code, answer.json()["people"]) == (202, 3)
    for case in cases:
        case.waits_until(lambda now: now["appointment"]["starts_at"][:10] > f"{the_day()}", "another day", 20.0)
        case.waits_until(lambda now: any(one["what"] == "seat.reseated" for one in now["timeline"]), "the note", 20.0)
        assert day_of(case) == the_day() + timedelta(days=1)
    assert [case.shown()["appointment"]["state"] for case in cases] == ["confirmed", "confirmed", "held"]
    cases[2].pays()
    for case in cases:
        wait_until(lambda case=case: mails(town, case, REASON), "the mail", 20.0)
    (progress,) = supervisor.reads(f"/v1/offices/{office}/closures")["items"]
    assert (progress["people"], progress["moved"], progress["waiting"]) == (3, 3, 0)
    for case in cases:
        assert sorted(mails(town, case, REASON).values()) == [1], "one mail each"
        assert sum(one["what"] == "seat.reseated" for one in case.shown()["timeline"]) == 1
    why = {"reason": "the wrong day"}
    refused(supervisor.asks("POST", f"/v1/offices/{office}/closures/{the_day()}/reopening", why), 409, "people_moved")


@pytest.mark.pages
@pytest.mark.timeout(400)
@needs_chromium
@BOTH
def test_the_day_is_closed_and_refused_at_a_browser(
    town: Town, browser: Browser, width: str, language: str, who: int
) -> None:
    office = a_morning(town)
    mine, *_ = people_of_the_day(town, office, f"applicant-{who}")
    desk = Visitor(browser, town.api, width=width, language=language)
    desk.opens("/desk/closures")
    desk.signs_in(f"supervisor@{office}")
    desk.looks("desk-closures")
    desk.page.locator("form:has(#date) button").click()
    desk.looks("desk-closures-wrong")
    desk.writes(date=f"{the_day()}", reason=REASON)
    desk.page.locator("form:has(#date) button").click()
    desk.looks("desk-closing")
    desk.page.locator("button.danger").click()
    assert desk.is_at(f"/desk/closures/{the_day()}")
    mine.waits_until(lambda now: now["appointment"]["starts_at"][:10] > f"{the_day()}", "another day", 20.0)
    desk.opens(f"/desk/closures/{the_day()}")
    desk.looks("desk-closure-done")
    desk.opens("/desk/closures")
    desk.looks("desk-closures-one")

    person = Visitor(browser, town.api, width=width, language=language)
    person.opens(f"/applications/{mine.number}")
    person.signs_in(f"applicant-{who}")
    person.looks("tracker-reseated")
    for state in ("first", "second"):
        person.opens(f"/applications/{mine.number}/reseating")
        person.looks(f"reseated-{state}")
        person.page.locator("form[novalidate] button").click()
    person.looks("reseated-last")
    assert day_of(mine) > the_day()
    person.leaves()

    desk.opens(f"/desk/reschedule?number={mine.number}")
    desk.looks("desk-reschedule-day")
    desk.page.locator(".days a").last.click()
    desk.page.locator("input[name=slot]").first.check()
    desk.page.locator("form:has([name=slot]) button").click()
    desk.looks("desk-reschedule-wrong")
    desk.page.locator("input[name=slot]").first.check()
    desk.writes(reason="Penerjemah hanya ada pada hari itu")
    desk.page.locator("form:has([name=slot]) button").click()
    desk.looks("desk-reschedule-done")
    desk.leaves()
