"""Status by number and birth date: the same answer to every wrong guess, few guesses, no name, and no sign-in."""

from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text

from activities.storage import ledger, rules
from api.installation import Installation
from tests.activities.storage.cases import noted, opening
from tests.activities.storage.places import an_office
from tests.api.pages.conftest import Browser, browser, issuer  # noqa: F401 - fixtures
from tests.api.running import NUMBER, SOON, appointment
from workflows.case.facts import Promise

BORN = "1990-08-17"


@pytest.fixture
def filed(engine: Engine, house: Installation) -> Engine:
    with engine.begin() as conn:
        an_office(conn, "denpasar")
        about = opening(NUMBER)
        assert about.filing.applicant.birth_date == date.fromisoformat(BORN)
        assert ledger.open_case(conn, about, house.keys.columns)
        promised = Promise(collect_on=date(2026, 12, 4), since=SOON, rule="promise@2014-03-20", reason="")
        noted(conn, NUMBER, 2, office="denpasar", appointment=appointment(), promise=promised)
    return engine


async def asks(http: httpx2.AsyncClient, number: str = NUMBER, born: str = BORN) -> httpx2.Response:
    return await http.post("/v1/status", json={"number": number, "birth_date": born})


def guesses(engine: Engine, number: int, address: int = 1000) -> None:
    value: dict[str, Any] = {
        "number": {"most": number, "seconds": 600},
        "address": {"most": address, "seconds": 600},
    }
    with engine.begin() as conn:
        rules.enact(conn, "limits", datetime.now(UTC).date(), {"status": value}, "test")


async def test_it_says_stage_turn_promise_and_visit_and_nothing_else(filed: Engine, http: httpx2.AsyncClient) -> None:
    answer = await asks(http)
    assert answer.status_code == 200
    found = answer.json()
    assert found.keys() == {"stage", "ending", "next_step", "appointment", "promise"}
    assert found["next_step"].keys() == {"who"}
    assert found["promise"] == {"collect_on": "2026-12-04"}
    assert found["appointment"].keys() == {"office", "starts_at"}
    assert datetime.fromisoformat(found["appointment"]["starts_at"]) == SOON
    assert found["appointment"]["starts_at"].endswith("+08:00")
    assert opening(NUMBER).filing.applicant.full_name not in answer.text


async def test_a_wrong_number_and_a_wrong_date_sound_the_same(filed: Engine, http: httpx2.AsyncClient) -> None:
    wrong = [await asks(http, "4999999999999999"), await asks(http, born="1990-08-18")]
    assert [one.status_code for one in wrong] == [404, 404]
    documents = [{**one.json(), "trace": ""} for one in wrong]
    assert documents[0] == documents[1]
    assert NUMBER not in str(documents)
    for bad in ({"number": NUMBER}, {"number": "12", "birth_date": BORN}, {"number": NUMBER, "birth_date": "soon"}):
        assert (await http.post("/v1/status", json=bad)).status_code == 422


async def test_few_tries_for_a_number_and_who_knows_it_may_look_as_often_as_they_like(
    filed: Engine, http: httpx2.AsyncClient
) -> None:
    guesses(filed, 3)
    assert [(await asks(http)).status_code for _ in range(6)] == [200] * 6
    tried = [await asks(http, born=f"1980-01-0{day}") for day in range(1, 6)]
    assert [one.status_code for one in tried] == [404] * 3 + [429] * 2
    assert int(tried[-1].headers["retry-after"]) > 500
    assert (await asks(http)).status_code == 429, "the right date is not told apart once the tries are used"
    assert (await asks(http, "4999999999999999")).status_code == 404, "another number has its own tries"


async def test_few_tries_for_an_address_whatever_the_number(filed: Engine, http: httpx2.AsyncClient) -> None:
    guesses(filed, 100, address=4)
    statuses = [(await asks(http, f"49999999999999{one:02}")).status_code for one in range(6)]
    assert statuses == [404] * 4 + [429] * 2
    with filed.connect() as conn:
        rows = conn.execute(text("SELECT c::text FROM paspor.request_count c")).scalars().all()
    assert not any("4999" in row or "127.0.0.1" in row for row in rows)


async def test_the_page_needs_no_session_and_says_the_same(
    filed: Engine,
    browser: Browser,  # noqa: F811
) -> None:
    assert (await browser.opens("/status")).status_code == 200
    born = {"birth_date__day": "17", "birth_date__month": "8", "birth_date__year": "1990"}
    told = await browser.sends("/status", number="4000 0000 0000 0001", **born)
    assert told.status_code == 200
    assert "4 Desember 2026" in told.text
    assert "WITA" in told.text
    assert "set-cookie" not in told.headers
    for number, year in ((NUMBER, "1991"), ("4999999999999999", "1990")):
        wrong = await browser.sends("/status", number=number, **{**born, "birth_date__year": year})
        assert wrong.status_code == 422
        assert "Tidak ada permohonan dengan nomor dan tanggal lahir ini" in wrong.text
    bad = await browser.sends("/status", number="12", **{**born, "birth_date__day": "x"})
    assert bad.status_code == 422
    assert 'href="#number"' in bad.text
    assert 'href="#birth_date-day"' in bad.text


async def test_a_full_page_of_guesses_is_told_when_to_come_back(
    filed: Engine,
    browser: Browser,  # noqa: F811
) -> None:
    guesses(filed, 1)
    born = {"birth_date__day": "18", "birth_date__month": "8", "birth_date__year": "1990"}
    await browser.opens("/status")
    await browser.sends("/status", number=NUMBER, **born)
    refused = await browser.sends("/status", number=NUMBER, **born)
    assert (refused.status_code, "setelah 10 menit" in refused.text) == (429, True)
