"""Draws by pages: a supervisor opens one, an applicant enters and takes what was drawn, everybody reads the result."""

from datetime import UTC, datetime, timedelta

import pytest

from api.installation import Installation
from tests.activities.storage.cases import a_case
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known, bookable
from tests.api.test_draws import DAY, a_day, carried_out

MINE = f"/applications/{NUMBER}/draw"
CLOSES = {"closes_on": (datetime.now(UTC) + timedelta(days=1)).date().isoformat(), "closes_at": "10:00"}
LONG = timedelta(days=2)
FORM = {"lane": "regular", "first_day": DAY, "last_day": DAY, **CLOSES}


async def supervisor(signed_in: SignedIn) -> Browser:
    browser = await signed_in(kind="officer", sub="supervisor", roles=["supervisor"], office="denpasar")
    await browser.opens("/desk/draws")
    return browser


async def opened(signed_in: SignedIn) -> str:
    """The path of a draw's public page."""
    answer = await (await supervisor(signed_in)).sends("/desk/draws", **FORM)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def test_from_the_desk_to_the_seat(
    case: Known, signed_in: SignedIn, browser: Browser, house: Installation
) -> None:
    bookable(case)
    a_day(case)
    public = await opened(signed_in)
    page = (await browser.opens(public)).text
    seed_hash = case.one("SELECT seed_hash FROM paspor.draw")
    assert str(seed_hash) in page
    assert "Angka rahasia, daftar nomor undian dan urutannya diumumkan di sini" in page
    applicant = await signed_in()
    assert "Daftar undian" in (await applicant.opens(MINE)).text
    draw = public.rpartition("/")[2]
    assert (await applicant.sends(MINE, do="enter", draw=draw)).headers["location"] == MINE
    own = (await applicant.opens(MINE)).text
    entry = str(case.one("SELECT id FROM paspor.draw_entry"))
    assert "Anda terdaftar" in own
    assert entry in own
    assert "daftarnya belum diumumkan" in (await browser.opens(f"{public}?id={entry}")).text
    for _ in range(2):  # as often as one likes, until the window closes
        await applicant.sends(MINE, do="leave", draw=draw)
        assert "Daftar undian" in (await applicant.opens(MINE)).text
        await applicant.sends(MINE, do="enter", draw=draw)
        await applicant.opens(MINE)
    carried_out(case, house, LONG)
    own = (await applicant.opens(MINE)).text
    assert "Anda mendapat kursi" in own
    result = (await browser.opens(f"{public}?id={entry}")).text
    assert "Urutan 1 dari 1" in result
    assert str(case.one("SELECT seed FROM paspor.draw")) in result
    assert NUMBER not in result
    slot = str(case.one("SELECT paspor.public_slot(slot_id) FROM paspor.booking"))
    taken = await applicant.sends(MINE, do="take", draw=draw, slot=slot)
    assert (taken.status_code, taken.headers["location"]) == (303, f"/applications/{NUMBER}/bill")
    assert case.one("SELECT state FROM paspor.booking") == "held"
    assert "Seat offered" in (await browser.opens(public, **{"accept-language": "en"})).text


async def test_who_is_not_drawn_reads_why(case: Known, signed_in: SignedIn, house: Installation) -> None:
    bookable(case)
    a_day(case)
    draw = (await opened(signed_in)).rpartition("/")[2]
    applicant = await signed_in()
    await applicant.opens(MINE)
    await applicant.sends(MINE, do="enter", draw=draw)
    case.run("UPDATE paspor.slot SET planned = 0")
    carried_out(case, house, LONG)
    page = (await applicant.opens(MINE)).text
    assert "Belum ada kursi untuk urutan ini" in page
    await applicant.sends(MINE, do="leave", draw=draw)
    assert "Keluar dari undian" in (await applicant.opens(MINE)).text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_on": ""}, "closes_at"),
        ({"closes_on": "2020-01-01"}, "closes_at"),
        ({"closes_at": "25:99"}, "closes_at"),
        ({"first_day": ""}, "first_day"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"lane": ""}, "lane"),
        ({"first_day": "2030-01-01", "last_day": "2030-01-01"}, "first_day"),
    ],
)
async def test_what_cannot_be_opened_says_which_field(
    case: Known, signed_in: SignedIn, changes: dict[str, str], field: str
) -> None:
    a_day(case)
    answer = await (await supervisor(signed_in)).sends("/desk/draws", **{**FORM, **changes})
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert case.one("SELECT count(*) FROM paspor.draw") == 0


async def test_without_days_to_draw_there_is_no_form(case: Known, signed_in: SignedIn) -> None:
    browser = await supervisor(signed_in)
    assert "Tidak ada hari yang kursinya menunggu undian" in browser.page
    assert (await browser.sends("/desk/draws", **FORM)).status_code == 422


async def test_what_stands_against_entering_is_said(case: Known, signed_in: SignedIn) -> None:
    a_day(case)
    draw = (await opened(signed_in)).rpartition("/")[2]
    applicant = await signed_in()
    await applicant.opens(MINE)
    early = await applicant.sends(MINE, do="enter", draw=draw)
    assert (early.status_code, "Ini tidak dapat dilakukan" in early.text) == (422, True)
    bookable(case)
    wrong = {"draw": draw, "from": "2030-01-02", "to": "2030-01-01"}
    for fields in (wrong, {"draw": "x"}, {}):
        answer = await applicant.sends(MINE, do="enter", **fields)
        assert (answer.status_code, 'href="#draws"' in answer.text) == (422, True)
    assert case.one("SELECT count(*) FROM paspor.draw_entry") == 0


async def test_lists_and_addresses(case: Known, signed_in: SignedIn, browser: Browser) -> None:
    assert "Belum ada undian" in (await browser.opens("/draws")).text
    a_day(case)
    public = await opened(signed_in)
    assert public in (await browser.opens("/draws")).text
    assert (await browser.opens("/draws/6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11")).status_code == 404
    assert (await browser.opens("/draws/x")).status_code == 404
    for odd in ("'", "%3Cscript%3E", "x" * 3000):
        assert "<script" not in (await browser.opens(f"{public}?id={odd}")).text


async def test_a_family_takes_its_seats_in_one_act(case: Known, signed_in: SignedIn, house: Installation) -> None:
    bookable(case)
    a_day(case, 2)
    family = "6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11"
    with case.engine.begin() as connection:
        a_case(connection, "4000000000000002", bookable=True)
    case.run(f"UPDATE paspor.application SET family = '{family}'")
    draw = (await opened(signed_in)).rpartition("/")[2]
    applicant = await signed_in()
    await applicant.opens(MINE)
    await applicant.sends(MINE, do="enter", draw=draw)
    carried_out(case, house, LONG)
    assert case.one("SELECT count(*) FROM paspor.booking WHERE state = 'offered'") == 2
    assert "Anda mendapat kursi" in (await applicant.opens(MINE)).text
