"""Seats and papers: HTTP, the real tables, a case of few words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine

from activities.storage import seed
from api.installation import TELLING_AT_ONCE, Installation
from tests.api.running import CASE, NUMBER, OFFICE, SOON, Known, a_slot, bookable, picture
from workflows.case.facts import Turn
from workflows.case.record import NextStep

Signed = Callable[..., dict[str, str]]


async def take(http: httpx2.AsyncClient, signed: Signed, slot: str, key: str = "") -> httpx2.Response:
    return await http.put(CASE + "/appointment", json={"slot_id": slot}, headers=signed(key=key))


async def test_a_seat_is_held_and_the_case_told_once(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    bookable(case)
    slot = a_slot(case.engine)
    for _ in range(2):
        answer = await take(http, signed, slot, "k")
        assert (answer.status_code, answer.json()["number"]) == (200, NUMBER)
    assert await case.told() == 1
    assert case.one("SELECT count(*) FROM paspor.outbox WHERE sent_at IS NULL") == 0
    assert case.one("SELECT taken FROM paspor.slot") == 1


async def test_a_full_slot_offers_others(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    bookable(case)
    full, free = a_slot(case.engine), a_slot(case.engine, starts_at=SOON + timedelta(hours=1))
    case.run("UPDATE paspor.slot SET taken = seats WHERE starts_at < (SELECT max(starts_at) FROM paspor.slot)")
    answer = await take(http, signed, full)
    assert (answer.status_code, answer.json()["code"], answer.json()["alternatives"]) == (409, "slot_full", [free])
    assert await case.told() == 0


@pytest.mark.parametrize("slot", ["s999999", "1", "s' OR 1=1", "x" * 128])
async def test_a_slot_that_is_none_is_gone(case: Known, http: httpx2.AsyncClient, signed: Signed, slot: str) -> None:
    bookable(case)
    answer = await take(http, signed, slot.replace(" ", "_"))
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_gone")


async def test_who_may_not_book_yet_waits(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    answer = await take(http, signed, a_slot(case.engine))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_your_turn")


async def test_a_seat_that_the_case_could_not_be_told_of_is_shown_and_told_later(
    case: Known, http: httpx2.AsyncClient, signed: Signed, app: FastAPI, house: Installation
) -> None:
    """PostgreSQL has decided: an engine that is away takes nobody's seat, and hides it from nobody."""
    bookable(case, next_step=NextStep(who=Turn.APPLICANT, what="choose_appointment"))
    slot, engine_is_there = a_slot(case.engine), app.state.installation
    before = await http.get(CASE, headers=signed())
    app.state.installation = house
    answer = await take(http, signed, slot, "k")
    assert (answer.status_code, answer.json()["appointment"]["slot_id"], answer.json()["stage"]) == (
        200,
        slot,
        "booked",
    )
    assert answer.json()["next_step"] == {"who": "system", "what": "make_bill"}
    assert case.one("SELECT count(*) FROM paspor.outbox WHERE sent_at IS NULL") == 1
    shown = await http.get(CASE, headers={**signed(), "if-none-match": before.headers["etag"]})
    assert (shown.status_code, shown.json()["appointment"]["slot_id"]) == (200, slot)
    app.state.installation = engine_is_there
    assert (await take(http, signed, slot, "k")).status_code == 200
    assert (await case.told(), case.one("SELECT taken FROM paspor.slot")) == (1, 1)


async def test_in_a_rush_nobody_waits_for_their_case(
    case: Known, http: httpx2.AsyncClient, signed: Signed, app: FastAPI
) -> None:
    """As many as are told at once are being told: the next winner is answered, and the relay's row is there."""
    bookable(case)
    slot, house = a_slot(case.engine), app.state.installation
    for _ in range(TELLING_AT_ONCE):
        await house.telling.acquire()
    answer = await take(http, signed, slot, "k")
    assert (answer.status_code, answer.json()["appointment"]["slot_id"]) == (200, slot)
    assert (await case.told(), case.one("SELECT count(*) FROM paspor.outbox WHERE sent_at IS NULL")) == (0, 1)


async def test_a_seat_that_is_given_back_is_shown_no_more(
    case: Known, http: httpx2.AsyncClient, signed: Signed, app: FastAPI, house: Installation
) -> None:
    bookable(case)
    app.state.installation = house
    assert (await take(http, signed, a_slot(case.engine), "k")).json()["appointment"]
    case.run("SELECT paspor.free_seat(id, 'released', false) FROM paspor.booking")
    assert "appointment" not in (await http.get(CASE, headers=signed())).json()


async def test_availability_shows_what_is_left(case: Known, http: httpx2.AsyncClient) -> None:
    slot, local = a_slot(case.engine, 5), SOON + timedelta(hours=8)
    day = local.date().isoformat()
    case.run(f"UPDATE paspor.slot SET day = '{day}'")
    answer = await http.get(f"{OFFICE}/availability?from={day}&to={day}")
    assert answer.status_code == 200
    (shown,) = answer.json()["days"]
    assert [one["id"] for one in shown["slots"]] == [slot]
    assert shown["slots"][0]["starts_at"].endswith("+08:00")
    assert (shown["date"], shown["seats"], shown["left"]) == (day, 5, 5)
    assert answer.json()["limited_by"] in ("booths", "printer", "booklets")
    offices = (await http.get("/v1/offices")).json()["items"]
    assert [one.keys() >= {"id", "name", "time_zone", "lanes"} for one in offices] == [True]


async def test_an_upload_is_stored_sealed_and_told(
    case: Known, http: httpx2.AsyncClient, signed: Signed, house: Installation
) -> None:
    files = {"file": ("../../etc/passwd\u202e", picture("JPEG"), "text/html")}
    answer = await http.put(CASE + "/documents/id_card", files=files, headers=signed())
    assert answer.status_code == 200
    assert (answer.json()["kind"], answer.json()["pages"]) == ("id_card", 1)
    assert house.files.get(answer.json()["sha256"]).startswith(b"\xff\xd8\xff")
    assert await case.told() == 1


async def test_uploads_that_are_refused(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    for content, code in ((b"GIF89a", "unsupported_file"), (b"\xff\xd8\xff" + bytes(11 * 2**20), "file_too_large")):
        answer = await http.put(CASE + "/documents/id_card", files={"file": content}, headers=signed())
        assert answer.json()["code"] == code
    bare = await http.put(CASE + "/documents/id_card", files={"other": b"x"}, headers=signed())
    assert bare.json()["errors"][0]["pointer"] == "/file"
    assert await case.told() == 0


async def test_seeded_offices_can_be_booked(engine: Engine, http: httpx2.AsyncClient, signed: Signed) -> None:
    with engine.begin() as connection:
        seed.practice(connection, "http://127.0.0.1:1")
    today = datetime.now(UTC) + timedelta(hours=8)
    first, last = today.date().isoformat(), (today + timedelta(days=1)).date().isoformat()
    found = (await http.get(f"/v1/offices/latihan/availability?from={first}&to={last}&lane=same_day")).json()
    assert [day["left"] > 0 for day in found["days"]][-1]
