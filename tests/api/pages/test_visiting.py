"""Documents, seats, bill and withdrawal by pages: the real tables, a case of few words."""

from datetime import timedelta

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.running import NUMBER, SOON, Known, a_slot, appointment, bookable, picture
from workflows.case.facts import Stage

MINE = f"/applications/{NUMBER}"
DAY = (SOON + timedelta(hours=8)).date().isoformat()


async def test_a_seat_is_taken_once_however_often_the_form_is_sent(case: Known, signed_in: SignedIn) -> None:
    bookable(case)
    slot, browser = a_slot(case.engine), await signed_in()
    times = await browser.opens(f"{MINE}/appointment?office=denpasar&day={DAY}")
    assert f'value="{slot}"' in times.text
    form = browser.page
    for _ in range(2):
        browser.page = form
        answer = await browser.sends(f"{MINE}/appointment", slot=slot, office="denpasar", day=DAY)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{MINE}/bill")
    assert await case.told() == 1
    assert case.one("SELECT taken FROM paspor.slot") == 1


async def test_a_seat_that_somebody_else_took_is_said_and_others_are_shown(case: Known, signed_in: SignedIn) -> None:
    bookable(case)
    full, free = a_slot(case.engine), a_slot(case.engine, starts_at=SOON + timedelta(hours=1))
    browser = await signed_in()
    await browser.opens(f"{MINE}/appointment?office=denpasar&day={DAY}")
    case.run("UPDATE paspor.slot SET taken = seats WHERE starts_at < (SELECT max(starts_at) FROM paspor.slot)")
    answer = await browser.sends(f"{MINE}/appointment", slot=full, office="denpasar", day=DAY)
    assert answer.status_code == 422
    assert "Kuota jam ini baru saja habis" in answer.text
    if f'value="{free}"' in answer.text:  # unless the hour later is on the office's next day
        assert f'value="{full}"' not in answer.text
        assert "Jam yang sudah penuh" in answer.text


@pytest.mark.parametrize("slot", ["", "s999999", "s' OR 1=1", "x" * 200, "\u00e9"])
async def test_a_slot_that_is_none_is_refused_in_words(case: Known, signed_in: SignedIn, slot: str) -> None:
    bookable(case)
    browser = await signed_in()
    await browser.opens(f"{MINE}/appointment?office=denpasar&day={DAY}")
    answer = await browser.sends(f"{MINE}/appointment", slot=slot, office="denpasar", day=DAY)
    assert answer.status_code == 422
    assert '<a href="#slot">' in answer.text
    assert await case.told() == 0


@pytest.mark.parametrize(
    "query", ["", "?office=nowhere", "?office=denpasar", "?office=denpasar&day=x", "?day=2026-01-01"]
)
async def test_office_then_day(case: Known, signed_in: SignedIn, query: str) -> None:
    bookable(case)
    a_slot(case.engine)
    page = (await (await signed_in()).opens(f"{MINE}/appointment{query}")).text
    assert ("Di kantor mana?" in page) == ("office=denpasar" not in query)
    assert ("Pilih hari" in page) == ("office=denpasar" in query)


async def test_a_document_is_kept_as_the_api_keeps_it(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    assert (await browser.opens(f"{MINE}/documents/id_card")).status_code == 200
    file = {"file": ("ktp.png", picture("PNG"), "image/png")}
    answer = await browser.sends(f"{MINE}/documents/id_card", files=file)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{MINE}/documents?kept=id_card")
    assert await case.told() == 1


@pytest.mark.parametrize("content", [None, b"GIF89a", b"<html>"])
async def test_no_file_or_a_wrong_one_is_said_at_the_field(
    case: Known, signed_in: SignedIn, content: bytes | None
) -> None:
    browser = await signed_in()
    await browser.opens(f"{MINE}/documents/id_card")
    files = {"file": ("x.png", content, "image/png")} if content else None
    answer = await browser.sends(f"{MINE}/documents/id_card", files=files)
    assert answer.status_code == 422
    assert '<a href="#file">' in answer.text
    assert await case.told() == 0


async def test_a_document_of_no_kind_is_not_there(case: Known, signed_in: SignedIn) -> None:
    assert (await (await signed_in()).opens(f"{MINE}/documents/diary")).status_code == 404


async def test_withdrawal_needs_the_box_and_is_said_once(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    await browser.opens(f"{MINE}/withdrawal")
    assert (await browser.sends(f"{MINE}/withdrawal")).status_code == 422
    assert await case.told() == 0
    form = browser.page
    for _ in range(2):
        browser.page = form
        assert (await browser.sends(f"{MINE}/withdrawal", sure="yes")).headers["location"] == MINE
    assert await case.told() == 1


async def test_the_tracker_shows_whose_turn_it_is_and_the_proof(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    bookable(case, appointment=appointment(), stage=Stage.PAID)
    page = (await browser.opens(MINE)).text
    assert 'aria-current="step"' in page
    assert "<svg xmlns" in page
    assert "WITA" in page
    assert NUMBER in (await browser.opens("/applications")).text


async def test_a_bill_that_does_not_come_is_said_to_be_on_its_way(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    assert "Belum ada tagihan" in (await browser.opens(f"{MINE}/bill")).text
    bookable(case, appointment=appointment())
    assert "Tagihan sedang dibuat" in (await browser.opens(f"{MINE}/bill")).text
