"""Closing a day, what its people are given and refuse, and moves for a cause: HTTP, the real tables, a small case."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from activities.storage.reseating import pass_over
from tests.api.running import CASE, NUMBER, OFFICE, SOON, Known, a_slot, bookable

Signed = Callable[..., dict[str, str]]
DAY = (SOON + timedelta(hours=8)).date()
CLOSURE = {"date": DAY.isoformat(), "reason": "water in the cellar"}
SIT = text("""
    INSERT INTO paspor.booking (slot_id, number, person_key, state, key)
    SELECT s.id, a.number, a.person_key, 'confirmed', 'seat' FROM paspor.application a, paspor.slot s
     WHERE paspor.public_slot(s.id) = :slot""")


def slot_on(case: Known, ahead: int, capacity: int = 1) -> str:
    """A slot some days after the closed one, by the office's date."""
    slot = a_slot(case.engine, capacity, starts_at=SOON + timedelta(days=ahead))
    case.run(f"UPDATE paspor.slot SET day = '{DAY + timedelta(days=ahead)}' WHERE paspor.public_slot(id) = '{slot}'")
    return slot


@pytest.fixture
def seated(case: Known) -> list[str]:
    """The person has paid for a seat of the day; the slots of it and of the days after it."""
    bookable(case)
    slots = [slot_on(case, ahead) for ahead in range(5)]
    with case.engine.begin() as connection:
        connection.execute(SIT, {"slot": slots[0]})
        connection.execute(
            text("UPDATE paspor.slot SET taken = 1 WHERE paspor.public_slot(id) = :slot"), {"slot": slots[0]}
        )
    return slots


async def close(http: httpx2.AsyncClient, signed: Signed, key: str = "close") -> httpx2.Response:
    return await http.post(f"{OFFICE}/closures", json=CLOSURE, headers=signed("supervisor", key=key))


async def seat_of(http: httpx2.AsyncClient, signed: Signed) -> str:
    shown: dict[str, Any] = (await http.get(CASE, headers=signed())).json()
    return str(shown["appointment"]["slot_id"])


async def test_a_day_with_people_is_closed_and_they_are_moved(
    case: Known, http: httpx2.AsyncClient, signed: Signed, seated: list[str]
) -> None:
    answer = await close(http, signed)
    counts = {"people": 1, "moved": 0, "waiting": 1, "unplaced": 0}
    assert (answer.status_code, answer.json()) == (202, {"office": "denpasar", **CLOSURE, **counts})
    pass_over(case.engine)
    listed = (await http.get(f"{OFFICE}/closures", headers=signed("supervisor"))).json()["items"]
    assert listed == [{"office": "denpasar", **CLOSURE, **counts, "moved": 1, "waiting": 0}]
    progress = (await http.get(f"{OFFICE}/closures/{DAY}", headers=signed("head"))).json()
    (person,) = progress["moves"]
    assert (person["application"], person["state"], person["refusals"]) == (NUMBER, "moved", 0)
    assert await seat_of(http, signed) == seated[1]
    mine = (await http.get(f"{CASE}/reseating", headers=signed())).json()
    assert (mine["closed"], mine["reason"], mine["refusals_left"]) == (DAY.isoformat(), CLOSURE["reason"], 2)
    assert datetime.fromisoformat(mine["now_at"]) - datetime.fromisoformat(mine["was_at"]) == timedelta(days=1)


async def test_a_day_with_nobody_is_simply_closed(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    for key in ("a", "b"):
        answer = await close(http, signed, key)
        assert (answer.status_code, answer.json()["people"]) == (200, 0)


async def test_two_refusals_and_no_more(
    case: Known, http: httpx2.AsyncClient, signed: Signed, seated: list[str]
) -> None:
    await close(http, signed)
    early = await http.post(f"{CASE}/reseating/refusal", headers=signed(key="early"))
    assert (early.status_code, early.json()["code"]) == (409, "not_your_turn")
    pass_over(case.engine)
    for nth in (1, 2):
        for _ in range(2):  # asked again, it is the same refusal
            answer = await http.post(f"{CASE}/reseating/refusal", headers=signed(key=f"no-{nth}"))
            assert (answer.status_code, answer.json()["appointment"]["slot_id"]) == (200, seated[nth + 1])
            case.forget_requests()
    used = await http.post(f"{CASE}/reseating/refusal", headers=signed(key="no-3"))
    assert (used.status_code, used.json()["code"]) == (409, "refusals_used")
    assert await seat_of(http, signed) == seated[3]
    assert await case.told() == 2  # the pass's own message is the relay's to tell
    assert (await http.get(f"{CASE}/reseating", headers=signed())).json()["refusals_left"] == 0
    # The ordinary reschedule is still theirs.
    moved = await http.put(f"{CASE}/appointment", json={"slot_id": seated[4]}, headers=signed(key="own"))
    assert moved.status_code == 200
    assert (await http.get(f"{CASE}/reseating", headers=signed())).status_code == 404


async def test_a_mistake_is_taken_back_until_somebody_was_moved(
    case: Known, http: httpx2.AsyncClient, signed: Signed, seated: list[str]
) -> None:
    reopening, why = f"{OFFICE}/closures/{DAY}/reopening", {"reason": "wrong month"}
    none = await http.post(reopening, json=why, headers=signed("supervisor", key="0"))
    assert none.status_code == 404
    await close(http, signed)
    opened = await http.post(reopening, json=why, headers=signed("supervisor", key="1"))
    assert (opened.status_code, opened.json()) == (200, {"office": "denpasar", "date": DAY.isoformat()})
    assert pass_over(case.engine).moved == 0
    assert await seat_of(http, signed) == seated[0]
    await close(http, signed, "again")
    pass_over(case.engine)
    late = await http.post(reopening, json=why, headers=signed("supervisor", key="2"))
    assert (late.status_code, late.json()["code"]) == (409, "people_moved")


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"date": "2020-01-01", "reason": "long ago"}, "/date"),
        ({"date": "soon", "reason": "x"}, "/date"),
        ({"date": DAY.isoformat()}, "/reason"),
        ({"date": DAY.isoformat(), "reason": " "}, "/reason"),
    ],
)
async def test_what_can_be_no_closure_writes_nothing(
    case: Known, http: httpx2.AsyncClient, signed: Signed, form: dict[str, str], pointer: str
) -> None:
    answer = await http.post(f"{OFFICE}/closures", json=form, headers=signed("supervisor", key="k"))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert case.one("SELECT count(*) FROM paspor.closure") == 0


async def test_today_can_still_be_closed(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    today: date = (datetime.now(UTC) + timedelta(hours=8)).date()
    form = {"date": today.isoformat(), "reason": "no power"}
    answer = await http.post(f"{OFFICE}/closures", json=form, headers=signed("supervisor", key="k"))
    assert answer.status_code == 200


@pytest.mark.parametrize("role", ["supervisor", "head"])
async def test_the_office_moves_for_a_cause(
    case: Known, http: httpx2.AsyncClient, signed: Signed, seated: list[str], role: str
) -> None:
    form = {"slot_id": seated[2], "reason": "the interpreter comes on that day"}
    for _ in range(2):
        answer = await http.post(f"{CASE}/reschedule", json=form, headers=signed(role, key="k"))
        assert (answer.status_code, answer.json()["appointment"]["slot_id"]) == (200, seated[2])
        case.forget_requests()
    assert await case.told() == 1
    assert case.one("SELECT role || ': ' || reason FROM paspor.special_move") == f"{role}: {form['reason']}"
    assert case.one("SELECT moves FROM paspor.booking") == 0


async def test_a_move_for_a_cause_that_cannot_be(
    case: Known, http: httpx2.AsyncClient, signed: Signed, seated: list[str]
) -> None:
    async def asked(key: str, role: str = "supervisor", **form: str) -> tuple[int, str]:
        about = {"slot_id": seated[2], "reason": "a cause", **form}
        answer = await http.post(f"{CASE}/reschedule", json=about, headers=signed(role, key=key))
        return answer.status_code, answer.json()["code"]

    case.run(f"UPDATE paspor.slot SET taken = seats WHERE paspor.public_slot(id) = '{seated[2]}'")
    assert await asked("a") == (409, "slot_full")
    assert await asked("b", slot_id="sffff") == (409, "slot_gone")
    assert await asked("c", reason=" ") == (422, "invalid_input")
    assert await asked("d", "examiner") == (403, "role_not_allowed")
    case.run("UPDATE paspor.booking SET state = 'used'")
    assert await asked("e", slot_id=seated[3]) == (409, "not_your_turn")
