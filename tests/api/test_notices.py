"""Notices: opened by who is in charge, read by everybody on every page within seconds; it is recorded who did it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from activities.storage import notices
from api import noticeboard
from api.installation import Installation
from tests.activities.storage.places import an_office
from tests.api.pages.conftest import SignedIn, browser, issuer, signed_in  # noqa: F401 - fixtures
from tests.api.running import OFFICE

Signed = Callable[..., dict[str, str]]
TEXT = {"id": "Tagihan terlambat", "en": "Bills are late"}
REPAIRED = "2026-11-30T09:00:00+08:00"


@pytest.fixture(autouse=True)
def office(engine: Engine) -> Engine:
    with engine.begin() as conn:
        an_office(conn, "denpasar")
    return engine


async def opens(http: httpx2.AsyncClient, signed: Signed, **more: Any) -> httpx2.Response:
    headers = signed("supervisor", key="k" + str(len(str(more))))
    return await http.post(f"{OFFICE}/notices", json={"text": TEXT, **more}, headers=headers)


async def shown(http: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await http.get("/v1/notices")).json()["items"]
    return found


async def test_it_is_read_at_once_by_everybody_and_ends_when_it_is_closed(
    http: httpx2.AsyncClient, signed: Signed, office: Engine
) -> None:
    made = await opens(http, signed, repair_expected_at=REPAIRED)
    assert made.status_code == 201
    assert await shown(http) == [made.json()]
    assert made.json()["text"] == TEXT
    assert made.json()["repair_expected_at"] == REPAIRED
    for path, language, said in (
        ("/", "id", "Tagihan terlambat"),
        ("/eligibility", "en", "Bills are late"),
        ("/status", "en", "repaired by 30 November 2026, 09:00 WITA"),
        ("/nowhere", "id", "Tagihan terlambat"),
    ):
        page = await http.get(path, headers={"accept": "text/html", "accept-language": language})
        assert said in page.text, path
    closing = f"{OFFICE}/notices/{made.json()['id']}"
    assert (await http.delete(closing, headers=signed("head"))).status_code == 204
    assert (await http.delete(closing, headers=signed("supervisor"))).status_code == 204
    assert await shown(http) == []
    with office.connect() as conn:
        row = conn.execute(text("SELECT opened_by, closed_by FROM paspor.notice")).one()
    assert tuple(row) == ("supervisor", "head"), "who closed it first"


async def test_from_and_until_are_kept(http: httpx2.AsyncClient, signed: Signed, office: Engine) -> None:
    now = datetime.now(UTC)
    later = (now + timedelta(hours=1)).isoformat()
    assert (await opens(http, signed, **{"from": later})).status_code == 201
    assert (await opens(http, signed, until=later, repair_expected_at=later)).status_code == 201
    assert [datetime.fromisoformat(one["until"]) for one in await shown(http)] == [datetime.fromisoformat(later)]
    with office.connect() as conn:
        rows = notices.still_open(conn)
    assert len(rows) == 2
    assert [one.shown(now + timedelta(minutes=90)) for one in rows].count(True) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": {"id": "x", "en": ""}},
        {"text": {"id": "x"}},
        {"until": "2020-01-01T00:00:00+08:00"},
        {"from": "2030-01-02T00:00:00Z", "until": "2030-01-01T00:00:00Z"},
        {"until": 1700000000},
    ],
)
async def test_what_is_wrong_opens_nothing(http: httpx2.AsyncClient, signed: Signed, wrong: dict[str, Any]) -> None:
    assert (await opens(http, signed, **wrong)).status_code == 422
    assert await shown(http) == []


async def test_nobody_closes_another_offices(http: httpx2.AsyncClient, signed: Signed, office: Engine) -> None:
    with office.begin() as conn:
        an_office(conn, "singaraja")
    made = (await opens(http, signed)).json()
    theirs = f"/v1/offices/singaraja/notices/{made['id']}"
    assert (await http.delete(theirs, headers=signed("supervisor", office="singaraja"))).status_code == 404
    assert len(await shown(http)) == 1


async def test_a_hundred_pages_cost_one_look_and_another_process_hears_it_within_seconds(
    http: httpx2.AsyncClient, signed: Signed, house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []
    read = house.database.read

    async def counted(work: Any, *args: Any) -> Any:
        if work is notices.still_open:
            looks.append(work)
        return await read(work, *args)

    monkeypatch.setattr(house.database, "read", counted)
    for _ in range(100):
        await http.get("/v1/notices")
    assert len(looks) == 1
    other = noticeboard.Noticeboard(house.database)
    await other.look()
    await opens(http, signed)
    await other.look()
    assert other.shown() == [], "not asked again yet"
    monkeypatch.setattr(noticeboard, "LOOK_EVERY_SECONDS", 0.0)
    await other.look()
    assert len(other.shown()) == 1


async def test_a_supervisor_opens_and_closes_it_at_the_desk(signed_in: SignedIn) -> None:  # noqa: F811
    somebody = await signed_in(kind="officer", sub="supervisor", roles=["supervisor"], office="denpasar")
    assert "/desk/notices" in (await somebody.opens("/desk")).text
    await somebody.opens("/desk/notices")
    wrong = await somebody.sends("/desk/notices", text_id=" ", text_en="Bills are late", until="2020-01-01T10:00")
    assert wrong.status_code == 422
    assert 'href="#text_id"' in wrong.text
    assert "Bills are late" in wrong.text, "what was typed stays"
    wrong = await somebody.sends("/desk/notices", text_id="a", text_en="b", until="2020-01-01T10:00", repair="soon")
    assert 'href="#repair"' in wrong.text
    done = await somebody.sends(
        "/desk/notices", text_id="Printer rusak", text_en="No printer", repair="2030-01-01T10:00"
    )
    assert done.headers["location"] == "/desk/notices"
    page = (await somebody.opens("/desk/notices")).text
    assert "1 Januari 2030, 10.00 WITA" in page
    assert "Dibuka" in page
    action = page.partition('action="/desk/notices/')[2].partition('"')[0]
    await somebody.sends(f"/desk/notices/{action}")
    page = (await somebody.opens("/desk/notices")).text
    assert 'class="notice"' not in page
    assert "ditutup" in page
