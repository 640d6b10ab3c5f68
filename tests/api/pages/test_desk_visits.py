"""The front desk, counters and cancellation by pages: the words of each refusal, and nothing without the role."""

import pytest
from sqlalchemy import text

from api.installation import Installation
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known, appointment, bookable
from workflows.case.facts import Ticket

COUNTER = "/desk/counter/3"


async def officer(signed_in: SignedIn, role: str) -> Browser:
    return await signed_in(kind="officer", sub=role, roles=[role], office="denpasar")


async def test_somebody_is_checked_in_by_the_number_and_told_the_ticket(case: Known, signed_in: SignedIn) -> None:
    bookable(case, appointment=appointment())
    browser = await officer(signed_in, "examiner")
    await browser.opens("/desk/check-in")
    form = browser.page
    answer = await browser.sends("/desk/check-in", number="4000 0000 0000 0001")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/desk/check-in?here={NUMBER}")
    bookable(case, 9, appointment=appointment(), ticket=Ticket(number="A-007", state="too_early", ahead=3))
    page = (await browser.opens(answer.headers["location"])).text
    assert "A-007" in page
    assert "Datang lebih awal" in page
    browser.page = form
    assert (await browser.sends("/desk/check-in", number=NUMBER)).status_code == 303
    assert await case.told() == 1
    await browser.opens("/desk/check-in")
    again = await browser.sends("/desk/check-in", number=NUMBER)
    assert (again.status_code, "nomor antrean A-007" in again.text) == (422, True)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "Tulis 16 angka"),
        ("17", "Tulis 16 angka"),
        ("4000000000000009", "Tidak ada permohonan dengan nomor ini"),
        ("<b>", "Tulis 16 angka"),
    ],
)
async def test_a_number_that_is_none_is_said_at_the_field(
    case: Known, signed_in: SignedIn, written: str, said: str
) -> None:
    browser = await officer(signed_in, "supervisor")
    await browser.opens("/desk/check-in")
    answer = await browser.sends("/desk/check-in", number=written)
    assert answer.status_code == 422
    assert said in answer.text
    assert '<a href="#number">' in answer.text
    assert "<b>" not in answer.text
    assert await case.told() == 0


async def test_a_call_leads_to_the_task_and_two_clicks_call_one(waiting: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in, "examiner")
    await browser.opens(COUNTER)
    for _ in range(2):
        assert (await browser.sends(COUNTER + "/next", step="documents")).headers["location"] == COUNTER
    assert waiting.one("SELECT count(*) FROM paspor.queue_call") == 1
    page = (await browser.opens(COUNTER)).text
    assert "A-001" in page
    assert f'href="/desk/applications/{NUMBER}/documents"' in page
    assert (await browser.opens(f"/desk/applications/{NUMBER}/documents")).status_code == 200


async def test_aside_and_called_again(waiting: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in, "examiner")
    await browser.opens(COUNTER)
    await browser.sends(COUNTER + "/next", step="documents")
    assert (await browser.sends(COUNTER + "/park", ticket="A-001", reason="fotokopi")).status_code == 303
    assert waiting.one("SELECT state FROM paspor.ticket") == "parked"
    assert "Ditunda" in (await browser.opens(COUNTER)).text
    assert (await browser.sends(COUNTER + "/recall", ticket="A-001")).status_code == 303
    assert (await browser.sends(COUNTER + "/no-show", ticket="A-001")).status_code == 303
    assert waiting.one("SELECT state FROM paspor.ticket") == "no_show"
    for act, ticket in (("park", "A-001"), ("recall", "A-999"), ("no-show", "x")):
        answer = await browser.sends(f"{COUNTER}/{act}", ticket=ticket)
        assert (answer.status_code, '<a href="#next">' in answer.text) == (422, True)
    nobody = await browser.sends(COUNTER + "/next", step="documents")
    assert nobody.headers["location"] == COUNTER + "?nobody=true"
    assert "Tidak ada yang menunggu panggilan" in (await browser.opens(COUNTER + "?nobody=true")).text


@pytest.mark.parametrize("act", ["next", "explode"])
async def test_a_counter_calls_for_its_own_step_only(waiting: Known, signed_in: SignedIn, act: str) -> None:
    browser = await officer(signed_in, "examiner")
    await browser.opens(COUNTER)
    answer = await browser.sends(f"{COUNTER}/{act}", step="booth")
    assert answer.status_code == (403 if act == "next" else 404)
    assert waiting.one("SELECT count(*) FROM paspor.queue_call") == 0


async def test_a_cancellation_needs_its_number_and_its_reason(
    case: Known, signed_in: SignedIn, house: Installation
) -> None:
    browser = await officer(signed_in, "head")
    assert (await browser.opens("/desk/cancellation")).status_code == 200
    for number in ("", "17", "4000000000000009"):
        answer = await browser.opens(f"/desk/cancellation?number={number}")
        assert (answer.status_code, '<a href="#number">' in answer.text) == (422, True)
    found = await browser.opens("/desk/cancellation?number=4000 0000 0000 0001")
    path = f"/desk/applications/{NUMBER}/cancellation"
    assert found.headers["location"] == path
    await browser.opens(path)
    answer = await browser.sends(path, reason=" ")
    assert (answer.status_code, '<a href="#reason">' in answer.text) == (422, True)
    assert await case.told() == 0
    with house.database._engine.connect() as connection:
        looks = connection.execute(text("SELECT number, action FROM paspor.access_log WHERE outcome = 'read'")).all()
        assert looks == [(NUMBER, "GET /desk/applications/{number}/cancellation")]
