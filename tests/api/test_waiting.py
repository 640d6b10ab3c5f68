"""The waiting list by the API: HTTP, the real tables, a case of few words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from activities.storage import waiting
from tests.activities.storage.cases import a_case
from tests.activities.storage.queueing_up import gives_back, lapse, looks, takes
from tests.api.running import CASE, NUMBER, SOON, Known, a_slot, bookable
from workflows.case.facts import Lane

Signed = Callable[..., dict[str, str]]
WAITING = CASE + "/waiting"
DAY = (SOON + timedelta(hours=8)).date()
HOLDER, OTHER = "4000000000000002", "4000000000000003"


def wish(**changes: str) -> dict[str, str]:
    return {"office": "denpasar", "lane": "regular", "from": DAY.isoformat(), "to": DAY.isoformat(), **changes}


async def joins(http: httpx2.AsyncClient, signed: Signed, key: str = "k", **changes: str) -> httpx2.Response:
    return await http.post(WAITING, json=wish(**changes), headers=signed(key=key) | {"accept-language": "en"})


def sold_out(case: Known) -> str:
    """The one seat of the day is another's, and somebody waits for it already; its slot."""
    bookable(case)
    slot = a_slot(case.engine)
    case.run(f"UPDATE paspor.slot SET day = '{DAY}'")
    with case.engine.begin() as conn:
        for number in (HOLDER, OTHER):
            a_case(conn, number, bookable=True)
    assert takes(case.engine, HOLDER, slot) == "ok"
    with case.engine.begin() as conn:
        wanted = waiting.Wish(office="denpasar", lane=Lane.REGULAR, first=DAY, last=DAY)
        assert waiting.join(conn, OTHER, wanted, "other") == "ok"
    return slot


async def test_joining_says_the_place_in_one_sentence(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    sold_out(case)
    first = await joins(http, signed)
    assert first.status_code == 201
    body = first.json()
    assert (body["position"], body["people_before"], body["state"]) == (2, 1, "waiting")
    assert body["ahead_explained"] == (
        "One person joined before you for these days; seats that come back go to them first."
    )
    assert (body["from"], body["to"], body["office"], body["lane"]) == (
        DAY.isoformat(), DAY.isoformat(), "denpasar", "regular"
    )  # fmt: skip
    assert "offer" not in body
    again = await joins(http, signed)
    assert (again.json(), again.headers["idempotent-replayed"]) == (body, "true")
    case.forget_requests()
    assert (await joins(http, signed)).json()["position"] == 2
    assert case.one("SELECT count(*) FROM paspor.waiting") == 2


async def test_an_offer_is_shown_taken_by_its_slot_and_told_to_the_case(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    slot = sold_out(case)
    await joins(http, signed)
    gives_back(case.engine, HOLDER)
    looks(case.engine)
    assert "offer" not in (await http.get(WAITING, headers=signed())).json()
    lapse(case.engine, OTHER)
    looks(case.engine)
    seen = (await http.get(WAITING, headers=signed())).json()
    assert (seen["state"], seen["offer"]["slot_id"], seen["offer"]["first_slot_id"]) == ("offered", slot, slot)
    assert seen["offer"]["until"].endswith("+08:00")
    taken = await http.put(CASE + "/appointment", json={"slot_id": slot}, headers=signed())
    assert taken.status_code == 200, taken.text
    assert await case.told() == 1
    ended = (await http.get(WAITING, headers=signed())).json()
    assert ended["state"] == "taken"
    assert "position" not in ended


async def test_an_offer_is_refused_once_by_its_key(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    sold_out(case)
    await joins(http, signed)
    gives_back(case.engine, HOLDER)
    case.run(f"UPDATE paspor.waiting SET joined_at = joined_at + interval '1 day' WHERE number = '{OTHER}'")
    looks(case.engine)
    for _ in range(2):
        refused = await http.delete(WAITING + "/offer", headers=signed(key="no"))
        assert (refused.status_code, refused.json()["state"], refused.json()["refusals"]) == (200, "waiting", 1)
    looks(case.engine)
    assert case.one(f"SELECT state FROM paspor.waiting WHERE number = '{OTHER}'") == "offered"
    none = await http.delete(WAITING + "/offer", headers=signed(key="none"))
    assert (none.status_code, none.json()["code"]) == (409, "no_offer")
    steps = (await http.get(WAITING, headers=signed())).json()["steps"]
    assert [(one["what"], one.get("why")) for one in steps] == [
        ("skipped", "had_this_offer"), ("refused", None), ("offered", None), ("joined", None)
    ]  # fmt: skip


async def test_leaving(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    sold_out(case)
    assert (await http.get(WAITING, headers=signed())).json()["code"] == "not_found"
    assert (await http.delete(WAITING, headers=signed())).status_code == 404
    await joins(http, signed)
    for _ in range(2):
        assert (await http.delete(WAITING, headers=signed())).status_code == 204
    assert (await http.get(WAITING, headers=signed())).json()["state"] == "left"


async def test_a_free_seat_is_offered_to_who_joins_where_nobody_waits(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    bookable(case)
    slot = a_slot(case.engine)
    case.run(f"UPDATE paspor.slot SET day = '{DAY}'")
    answer = await joins(http, signed)
    assert (answer.status_code, answer.json()["offer"]["slot_id"]) == (201, slot)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"office": "nowhere"}, "/office"),
        ({"office": "Nowhere!"}, "/office"),
        ({"lane": "priority"}, "/lane"),
        ({"lane": "express"}, "/lane"),
        ({"from": "soon"}, "/from"),
        ({"to": (DAY - timedelta(days=1)).isoformat()}, "/to"),
        ({"from": "2020-01-01", "to": "2020-01-02"}, "/to"),
        ({"to": (DAY + timedelta(days=99)).isoformat()}, "/to"),
    ],
)
async def test_what_cannot_be_waited_for_is_refused_by_its_field(
    case: Known, http: httpx2.AsyncClient, signed: Signed, changes: dict[str, str], pointer: str
) -> None:
    bookable(case)
    answer = await joins(http, signed, **changes)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert case.one("SELECT count(*) FROM paspor.waiting") == 0


async def test_who_has_a_seat_or_waits_for_other_days_is_told(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    assert (await joins(http, signed, "early")).json()["code"] == "not_your_turn"
    sold_out(case)
    await joins(http, signed)
    other = await joins(http, signed, "k2", to=(DAY + timedelta(days=1)).isoformat())
    assert (other.status_code, other.json()["code"]) == (409, "already_waiting")
    await http.delete(WAITING, headers=signed())
    free = a_slot(case.engine, starts_at=SOON + timedelta(hours=1))
    assert takes(case.engine, NUMBER, free) == "ok"
    assert (await joins(http, signed, "k3")).json()["code"] == "already_has_seat"


async def test_it_is_nobody_elses(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    bookable(case)
    stranger = signed(sub="applicant-2", key="x")
    calls: list[tuple[str, str, Any]] = [("GET", WAITING, None), ("POST", WAITING, wish()), ("DELETE", WAITING, None)]
    calls.append(("DELETE", WAITING + "/offer", None))
    for method, path, body in calls:
        answer = await http.request(method, path, json=body, headers=stranger)
        assert answer.status_code == 404, path


async def test_auditors_read_each_skip_with_its_reason(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    sold_out(case)
    await joins(http, signed)
    gives_back(case.engine, HOLDER)
    looks(case.engine)
    lapse(case.engine, OTHER)
    looks(case.engine)
    found = await http.get("/v1/audit/waiting?office=denpasar", headers=signed("auditor"))
    rows = [(one["number"], one["what"], one["why"]) for one in found.json()["items"]]
    assert rows[:3] == [
        (NUMBER, "offered", ""), (OTHER, "skipped", "had_this_offer"), (OTHER, "lapsed", "")
    ]  # fmt: skip
    mine = await http.get(f"/v1/audit/waiting?application={NUMBER}&limit=1", headers=signed("auditor"))
    assert mine.json()["next"]
    more = await http.get(
        f"/v1/audit/waiting?application={NUMBER}&cursor={mine.json()['next']}", headers=signed("auditor")
    )
    assert [one["what"] for one in more.json()["items"]] == ["joined"]
    assert (await http.get("/v1/audit/exceptions", headers=signed("auditor"))).json()["items"] == []
    with case.engine.connect() as conn:
        looked = conn.execute(text("SELECT count(*) FROM paspor.access_log WHERE action = 'GET /v1/audit/waiting'"))
        assert looked.scalar() == 3
