"""The public pages of offices: hours from the rule, what limits them, seats left, and when the next ones open."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text

from activities.storage import printers, releasing, seed
from activities.storage.tables import ServiceRate
from api.pages.texts import text as said
from tests.activities.storage.working import working
from tests.api.pages.conftest import Browser

BALI = timedelta(hours=8)
WEEKLY = {"kind": "weekly", "weekday": 4, "time": "14:00", "utc_offset": 7, "take_back": True}
STAGED: dict[str, Any] = {
    "kind": "staged",
    "time": "08:00",
    "stages": [{"months_before": 2, "percent": 40}, {"months_before": 3, "percent": 60}],
}


def plain(html: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).strip()


async def test_without_offices_it_says_so(browser: Browser) -> None:
    page = await browser.opens("/offices")
    assert page.status_code == 200
    assert "Belum ada kantor." in page.text
    assert (await browser.opens("/offices/nowhere")).status_code == 404


@pytest.mark.parametrize("language", ["id", "en"])
async def test_hours_limit_and_seats_of_an_office(browser: Browser, engine: Engine, language: str) -> None:
    with engine.begin() as conn:
        seed.practice(conn, "http://127.0.0.1:1")
    spoken = {"accept-language": language}
    listed = plain((await browser.opens("/offices", **spoken)).text)
    assert "Kantor Imigrasi Kelas I TPI Denpasar" in listed
    html = (await browser.opens("/offices/denpasar", **spoken)).text
    page = plain(html)
    for expected in {
        "id": ("Senin sampai Jumat 07.30–12.00, 13.00–16.00", "Sabtu sampai Minggu tutup", "Waktu setempat (WITA)"),
        "en": ("Monday to Friday 07:30–12:00, 13:00–16:00", "Saturday to Sunday closed", "own time (WITA)"),
    }[language]:
        assert expected in page
    assert said("office.limit.printer", language) + ": 150" in page
    assert "240" in page  # the plan
    assert said("office.means.stated", language, rate=20) in page
    assert said("office.release.rolling", language, days=30) in page
    assert html.count('class="plot-least"') == 1
    assert ' style="' not in html


async def test_a_limit_that_leaves_the_plan_alone_is_said_as_such(browser: Browser, engine: Engine) -> None:
    with engine.begin() as conn:
        office = working(conn)
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    assert "The office plans 320 seats" in page
    assert "the least is booths for interview and photo, 320 people" in page
    with engine.begin() as conn:
        printers.add(conn, "sanur-1", office, "ipp://127.0.0.1/1")
        printers.set_state(conn, "sanur-1", "down", "laser", "supervisor")
        releasing.settle(conn, [office])
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    assert "Printing of passports: 0 people" in page


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (WEEKLY, "The seats of a week open on Friday of the week before, at 14:00 WIB."),
        ({**WEEKLY, "kind": "monthly"}, "on the last working day of the month before, at 14:00 WIB."),
        (STAGED, "Seats open in steps, at 08:00 WITA: 60 % 3 months ahead, 40 % 2 months ahead."),
        ({"kind": "draw"}, "Seats are given out by a draw"),
    ],
)
async def test_how_seats_are_released_is_the_rule_in_words(
    browser: Browser, engine: Engine, release: dict[str, Any], expected: str
) -> None:
    with engine.begin() as conn:
        office = working(conn, release=release, saturday={"hours": [["09:00", "11:30"]], "seats": {"regular": 3}})
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    assert expected in page
    assert "Saturday 09:00–11:30" in page
    assert ("by draw" in page) is (release["kind"] == "draw")


async def test_the_next_seats_are_said_with_their_moment(browser: Browser, engine: Engine) -> None:
    with engine.begin() as conn:
        office = working(conn, release=WEEKLY)
        at = datetime.now(UTC) + timedelta(hours=30)
        conn.execute(text("UPDATE paspor.seat_release SET at = :at, done_at = NULL"), {"at": at})
        conn.execute(text("UPDATE paspor.slot SET seats = 0"))
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    assert f"{at + BALI:%H:%M} WITA" in page
    listed = plain((await browser.opens("/offices", **{"accept-language": "en"})).text)
    assert "No seats in the next 14 days The next seats open" in listed


async def test_an_office_without_rules_is_shown_as_it_is(browser: Browser, engine: Engine) -> None:
    with engine.begin() as conn:
        office = working(conn)
        conn.execute(text("DELETE FROM paspor.rule WHERE office = 'sanur'"))
        conn.execute(text("DELETE FROM paspor.slot"))
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    for expected in ("Opening hours are not set yet.", "There are no figures", "No day of service"):
        assert expected in page


async def test_what_is_measured_is_said_so(browser: Browser, engine: Engine) -> None:
    with engine.begin() as conn:
        office = working(conn)
        rate = {"office": office, "resource": "booths", "per_hour": 7.25, "measurements": 9}
        conn.execute(insert(ServiceRate), rate)
        releasing.settle(conn, [office])
    page = plain((await browser.opens(f"/offices/{office}", **{"accept-language": "en"})).text)
    assert "7.2 (measured 9 times)" in page
    assert "Booths for interview and photo: 232 people" in page
