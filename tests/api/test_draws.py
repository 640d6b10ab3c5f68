"""Draws over HTTP: a supervisor commits, people enter, everybody counts it again."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from activities.storage import draws
from api.installation import Installation
from tests.activities.storage.cases import a_case
from tests.activities.storage.drawing import A_WHILE, time_passes
from tests.api.running import CASE, NUMBER, OFFICE, Known, bookable
from workflows.case import lots

Signed = Callable[..., dict[str, str]]
START = datetime.now(UTC).replace(hour=4, minute=0, second=0, microsecond=0) + timedelta(days=20)
DAY = START.date().isoformat()


def a_day(case: Known, planned: int = 1) -> None:
    """A day at the office that is released by draw."""
    with case.engine.begin() as connection:
        connection.execute(
            text("""INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats, planned) VALUES
                    ('denpasar', 'regular', :day, :start, :end, 0, :planned)"""),
            {"day": DAY, "start": START, "end": START + timedelta(minutes=30), "planned": planned},
        )
        connection.execute(
            text("""INSERT INTO paspor.seat_release (office, day, lane, stage, share)
                    VALUES ('denpasar', :day, 'regular', 1, 100)"""),
            {"day": DAY},
        )


def form(**changes: Any) -> dict[str, Any]:
    closes = (datetime.now(UTC) + timedelta(minutes=50)).isoformat()
    return {"first_day": DAY, "last_day": DAY, "closes_at": closes, **changes}


async def opened(http: httpx2.AsyncClient, signed: Signed, key: str = "d", **changes: Any) -> httpx2.Response:
    return await http.post(OFFICE + "/draws", json=form(**changes), headers=signed("supervisor", key=key))


def carried_out(case: Known, house: Installation, by: timedelta = A_WHILE) -> None:
    """The window closes, and the relay's errand is run."""
    with case.engine.begin() as connection:
        time_passes(connection, by)
    with case.engine.begin() as connection:
        for draw in draws.due(connection):
            draws.carry_out(connection, house.keys.columns, draw)


async def test_from_the_commitment_to_the_seat(
    case: Known, http: httpx2.AsyncClient, signed: Signed, house: Installation
) -> None:
    bookable(case)
    a_day(case)
    made = await opened(http, signed)
    assert made.status_code == 201, made.text
    draw = made.json()
    assert (draw["state"], draw["seats"], draw["count"], draw["seed"]) == ("open", 1, 0, None)
    entered = await http.post(CASE + "/draw", json={"draw": draw["id"]}, headers=signed(key="e"))
    assert entered.status_code == 201, entered.text
    entry = entered.json()
    assert entry["id"] == lots.entry_id(NUMBER, entry["salt"])
    shown = (await http.get(f"/v1/draws/{draw['id']}")).json()
    assert (shown["count"], shown["entries"], shown["seed"], shown["list_hash"]) == (1, [], None, None)
    assert shown["seed_hash"] == draw["seed_hash"]
    carried_out(case, house)
    shown = (await http.get(f"/v1/draws/{draw['id']}")).json()
    assert list(lots.differences(shown)) == []
    assert [(one["id"], one["rank"], one["outcome"], one["day"]) for one in shown["entries"]] == [
        (entry["id"], 1, "won", DAY)
    ]
    assert NUMBER not in str(shown)
    own = (await http.get(CASE + "/draw", headers=signed())).json()["items"][0]
    assert (own["outcome"], own["rank"], own["lots"]) == ("won", 1, 1)
    taken = await http.put(CASE + "/appointment", json={"slot_id": own["offer"]["slot_id"]}, headers=signed(key="take"))
    assert taken.status_code == 200, taken.text
    assert case.one("SELECT state FROM paspor.booking") == "held"
    listed = (await http.get(OFFICE + "/draws")).json()["items"]
    assert [one["id"] for one in listed] == [draw["id"]]


async def test_the_same_key_opens_one_draw(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    a_day(case)
    asked = form()
    answers = [
        await http.post(OFFICE + "/draws", json=asked, headers=signed("supervisor", key="same")) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[1].headers["idempotent-replayed"] == "true"
    other = await opened(http, signed, "other")
    assert (other.status_code, other.json()["code"]) == (409, "draw_exists")
    assert case.one("SELECT count(*) FROM paspor.draw") == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"closes_at": "2020-01-01T00:00:00+08:00"}, "/closes_at"),
        ({"opens_at": "2020-01-01T00:00:00+08:00"}, "/closes_at"),
        ({"last_day": "2020-01-01"}, "/last_day"),
        ({"first_day": "2020-01-01"}, "/last_day"),
        ({"first_day": "tomorrow"}, "/first_day"),
        ({"lane": "vip"}, "/lane"),
        ({"closes_at": None}, "/closes_at"),
        ({"closes_at": 5}, "/closes_at"),
    ],
)
async def test_what_cannot_be_a_draw(
    case: Known, http: httpx2.AsyncClient, signed: Signed, changes: dict[str, Any], pointer: str
) -> None:
    a_day(case)
    answer = await opened(http, signed, **changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert case.one("SELECT count(*) FROM paspor.draw") == 0


async def test_days_without_seats_are_not_drawn(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    answer = await opened(http, signed)
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_draw")


async def test_who_may_not(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    a_day(case)
    for headers in (signed(key="a"), signed("examiner", key="b"), signed("supervisor", office="sanur", key="c")):
        assert (await http.post(OFFICE + "/draws", json=form(), headers=headers)).status_code == 403
    draw = (await opened(http, signed)).json()["id"]
    stranger = signed(sub="applicant-2", key="d")
    assert (await http.post(CASE + "/draw", json={"draw": draw}, headers=stranger)).status_code == 404
    assert (await http.get(CASE + "/draw", headers=signed(sub="applicant-2"))).status_code == 404
    assert case.one("SELECT count(*) FROM paspor.draw_entry") == 0


async def test_what_stands_against_an_entry(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    a_day(case)
    draw = (await opened(http, signed)).json()["id"]
    said = []
    for place, body in enumerate(
        ({"draw": draw}, {"draw": "6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11"}, {"draw": draw, "from": "2020-01-01"}, {})
    ):
        answer = await http.post(CASE + "/draw", json=body, headers=signed(key=f"k{place}"))
        said.append((answer.status_code, answer.json()["code"]))
    assert said == [(409, "not_your_turn"), (404, "not_found"), (422, "invalid_input"), (422, "invalid_input")]
    bookable(case)
    with case.engine.begin() as connection:
        time_passes(connection)
    late = await http.post(CASE + "/draw", json={"draw": draw}, headers=signed(key="late"))
    assert (late.status_code, late.json()["code"]) == (409, "draw_closed")


async def test_who_leaves_and_comes_again_has_the_same_id(
    case: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    bookable(case)
    a_day(case)
    draw = (await opened(http, signed)).json()["id"]
    first = (await http.post(CASE + "/draw", json={"draw": draw}, headers=signed(key="1"))).json()
    left = await http.delete(CASE + f"/draw?draw={draw}", headers=signed())
    assert [one["outcome"] for one in left.json()["items"]] == ["left"]
    again = (await http.post(CASE + "/draw", json={"draw": draw, "to": DAY}, headers=signed(key="2"))).json()
    assert (again["id"], again["salt"], again["outcome"]) == (first["id"], first["salt"], None)


async def test_a_family_enters_in_one_act(case: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    bookable(case)
    a_day(case, 2)
    family = "6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11"
    with case.engine.begin() as connection:
        a_case(connection, "4000000000000002", bookable=True)
    case.run(f"UPDATE paspor.application SET family = '{family}'")
    draw = (await opened(http, signed)).json()["id"]
    assert (await http.post(CASE + "/draw", json={"draw": draw}, headers=signed(key="1"))).status_code == 201
    assert case.one("SELECT count(*) FROM paspor.draw_entry") == 2


async def test_a_draw_that_is_none(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/v1/draws/6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11")).status_code == 404
    assert (await http.get("/v1/draws/1")).status_code == 404
    assert (await http.get("/v1/offices/nowhere/draws")).status_code == 404
