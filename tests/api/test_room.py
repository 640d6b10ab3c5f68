"""The waiting room at page and API: a page that looks again by itself, a 429 with the place, nothing else behind it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from sqlalchemy import Engine, text

from activities.storage import rules
from api import room
from api.installation import Installation
from tests.api.pages.conftest import Browser, SignedIn, browser, issuer, signed_in  # noqa: F401 - fixtures
from tests.api.running import CASE, NUMBER, Known, a_slot, bookable
from workflows.case.facts import Actor, Role

Signed = Callable[..., dict[str, str]]
CHOOSE = f"/applications/{NUMBER}/appointment"


@pytest.fixture
def full(engine: Engine, case: Known) -> Known:
    """One place, and the case may be booked."""
    bookable(case)
    with engine.begin() as conn:
        value = {"places": 1, "seconds": 60, "again": 15, "patience": 60}
        rules.enact(conn, "waiting_room", datetime.now(UTC).date(), value, "test")
    return case


async def inside(house: Installation, who: str) -> int:
    """Somebody asks; 0 is inside, else the place in the line."""
    waits = await house.room.enter(Actor(id=who, roles=(Role.APPLICANT,)), NUMBER)
    return waits.position if waits else 0


async def test_the_page_says_where_one_stands_and_looks_again_by_itself(
    full: Known,
    house: Installation,
    signed_in: SignedIn,  # noqa: F811
) -> None:
    assert [await inside(house, "other-1"), await inside(house, "other-2")] == [0, 1]
    somebody = await signed_in()
    page = await somebody.opens(CHOOSE)
    assert (page.status_code, page.headers["refresh"]) == (200, "15")
    for said in ("Urutan Anda: 2", "belum dapat diperkirakan", "setiap 15 detik", "selama Anda memilih; 1 menit"):
        assert said in page.text
    for open_to_all in (
        "/",
        f"/applications/{NUMBER}",
        "/applications",
        "/status",
        "/apply",
        f"/applications/{NUMBER}/bill",
    ):
        assert "refresh" not in (await somebody.opens(open_to_all)).headers, open_to_all
    await somebody.opens(CHOOSE)
    assert (await somebody.sends("/waiting-room/leave")).status_code == 303
    assert await inside(house, "other-3") == 2
    await house.room.leave(Actor(id="other-1", roles=(Role.APPLICANT,)))
    assert [await inside(house, "other-3"), await inside(house, "other-2")] == [1, 0]


async def test_the_api_says_429_with_the_place_and_who_is_inside_keeps_on(
    full: Known, house: Installation, http: httpx2.AsyncClient, signed: Signed
) -> None:
    slot = a_slot(full.engine)
    await inside(house, "other-1")
    full.run("INSERT INTO paspor.room_pace VALUES (clock_timestamp(), 40)")
    for _ in range(2):
        waits = await http.put(f"{CASE}/appointment", json={"slot_id": slot}, headers=signed())
        assert (waits.status_code, waits.headers["retry-after"]) == (429, "15")
        told = waits.json()
        assert (told["code"], told["position"]) == ("waiting_room", 1)
        assert 0 <= told["estimate"]["from_minutes"] < told["estimate"]["to_minutes"]
        assert told["estimate"]["measured"] is True
    assert full.one("SELECT count(*) FROM paspor.booking") == 0
    await house.room.leave(Actor(id="other-1", roles=(Role.APPLICANT,)))
    gone = await http.put(f"{CASE}/appointment", json={"slot_id": "s999999"}, headers=signed())
    assert gone.json()["code"] == "slot_gone"
    assert await inside(house, "other-1") == 1, "who was refused is still inside"
    taken = await http.put(f"{CASE}/appointment", json={"slot_id": slot}, headers=signed())
    assert taken.status_code == 200
    assert await inside(house, "other-1") == 0, "who is done is not"


async def test_operators_and_who_is_offered_a_seat_do_not_wait(
    full: Known, house: Installation, http: httpx2.AsyncClient, signed: Signed
) -> None:
    await inside(house, "other-1")
    assert await house.room.enter(Actor(id="assistant", roles=(Role.ASSISTANT,), office="denpasar"), NUMBER) is None
    assert await inside(house, "applicant-1") == 1
    slot = a_slot(full.engine)
    until = datetime.now(UTC) + timedelta(hours=1)
    with full.engine.begin() as conn:
        offer = text("SELECT paspor.offer_seat(:number, :slot, :until, 'offer')")
        assert conn.execute(offer, {"number": NUMBER, "slot": int(slot[1:], 16), "until": until}).scalar()
    same = signed()
    taken = await http.put(f"{CASE}/appointment", json={"slot_id": slot}, headers=same)
    assert taken.status_code == 200
    again = await http.put(f"{CASE}/appointment", json={"slot_id": slot}, headers=same)
    assert again.status_code == 200, "who has the seat hears so, however many wait by now"


async def test_a_form_that_comes_too_early_leads_to_the_line(
    full: Known,
    house: Installation,
    signed_in: SignedIn,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "PACE_SECONDS", 0.0)
    somebody = await signed_in()
    slot = a_slot(full.engine)
    await somebody.opens(f"{CHOOSE}?office=denpasar")
    await house.room.leave(Actor(id="applicant-1", roles=(Role.APPLICANT,)))
    await inside(house, "other-1")
    answer = await somebody.sends(CHOOSE, slot=slot, office="denpasar")
    assert answer.headers["location"] == CHOOSE
    full.run("INSERT INTO paspor.room_pace VALUES (clock_timestamp(), 40)")
    page = (await somebody.opens(CHOOSE)).text
    assert "Urutan Anda: 1" in page
    assert "Kira-kira" in page


async def test_accounts_are_not_named(full: Known, house: Installation) -> None:
    await inside(house, "applicant-1")
    assert "applicant" not in str(full.one("SELECT r::text FROM paspor.room_place r"))
