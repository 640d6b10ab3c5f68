"""Walk-ins over HTTP: a quota by a supervisor, a seat of today or a place on the next list, and what everybody sees."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from activities.storage import walk_ins
from tests.api.running import NUMBER, OFFICE, Known, bookable

Signed = Callable[..., dict[str, str]]
COME = {"number": NUMBER, "lane": "priority", "ground": "elderly"}


@pytest.fixture
def ready(case: Known) -> Known:
    bookable(case)
    return case


def day_of(case: Known) -> str:
    with case.engine.connect() as conn:
        return walk_ins.today(conn, "denpasar").isoformat()


async def states(http: httpx2.AsyncClient, signed: Signed, case: Known, places: int) -> httpx2.Response:
    body = {"date": day_of(case), "walk_ins": places, "reason": "Sistem tagihan terganggu"}
    return await http.put(f"{OFFICE}/quota", json=body, headers=signed("supervisor"))


async def comes(http: httpx2.AsyncClient, signed: Signed, key: str = "k", **more: Any) -> httpx2.Response:
    return await http.post(f"{OFFICE}/walk-ins", json={**COME, **more}, headers=signed("examiner", key=key))


async def test_a_place_of_the_stated_quota_and_what_everybody_sees(
    http: httpx2.AsyncClient, signed: Signed, ready: Known
) -> None:
    assert (await comes(http, signed, "too-early")).json()["code"] == "no_quota"
    stated = await states(http, signed, ready, 2)
    assert (stated.status_code, stated.json()["left"]) == (200, 2)
    seated = await comes(http, signed)
    assert (seated.status_code, seated.json()["state"], seated.json()["place"]) == (201, "seated", 1)
    assert seated.json()["appointment"]["slot_id"].startswith("s")
    again = await comes(http, signed)
    assert (again.json(), again.headers["idempotent-replayed"]) == (seated.json(), "true")
    assert (await comes(http, signed, "another")).json()["code"] == "already_has_seat"
    quota = (await http.get(f"{OFFICE}/quota")).json()
    assert (quota["walk_ins"], quota["taken"], quota["left"]) == (2, 1, 1)
    page = await http.get("/walk-ins", headers={"accept": "text/html"})
    assert "1 dari 2 tersisa" in page.text
    listed = (await http.get(f"{OFFICE}/walk-ins", headers=signed("examiner"))).json()["items"]
    assert [(one["number"], one["ground"], one["state"]) for one in listed] == [(NUMBER, "elderly", "seated")]
    assert "elderly" not in page.text


async def test_over_the_quota_is_noted_for_the_next_day(http: httpx2.AsyncClient, signed: Signed, ready: Known) -> None:
    await states(http, signed, ready, 0)
    noted = await comes(http, signed)
    assert (noted.status_code, noted.json()["state"], noted.json()["place"]) == (202, "noted", 1)
    assert noted.json()["date"] > day_of(ready)
    assert "appointment" not in noted.json()
    listed = await http.get(f"{OFFICE}/walk-ins?date={noted.json()['date']}", headers=signed("supervisor"))
    assert [one["state"] for one in listed.json()["items"]] == ["noted"]


@pytest.mark.parametrize(
    "wrong", [{"date": "2020-01-01"}, {"walk_ins": -1}, {"walk_ins": "5"}, {"walk_ins": 5000}, {"reason": " "}]
)
async def test_what_cannot_be_stated(
    http: httpx2.AsyncClient, signed: Signed, ready: Known, wrong: dict[str, Any]
) -> None:
    body = {"date": day_of(ready), "walk_ins": 5, "reason": "x", **wrong}
    answer = await http.put(f"{OFFICE}/quota", json=body, headers=signed("supervisor"))
    assert answer.status_code == (409 if "date" in wrong else 422)
    assert (await http.get(f"{OFFICE}/quota")).json()["walk_ins"] == 0


@pytest.mark.parametrize("wrong", [{"lane": "regular"}, {"number": "12"}, {"ground": ""}])
async def test_what_no_walk_in_is(
    http: httpx2.AsyncClient, signed: Signed, ready: Known, wrong: dict[str, Any]
) -> None:
    await states(http, signed, ready, 5)
    assert (await comes(http, signed, **wrong)).status_code == 422
    assert (await comes(http, signed, "k2", number="4999999999999999")).json()["code"] == "not_your_turn"
