"""Pages: all in the table of access, none without a session, a form only with its session's token, safe headers."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api import audiences
from api.access import PAGES, TABLE, page_row
from api.installation import Installation
from api.pages.routing import PageRoute
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known
from workflows.case.facts import Role

CLOSED = sorted(place for place, row in PAGES.items() if not row.open)
FILLED = {
    "number": NUMBER,
    "id": "5d2f2bb6-9c0b-4a3f-8c4e-000000000001",
    "kind": "id_card",
    "question": "kind",
    "step": "documents",
    "counter": "3",
    "day": "2027-06-14",
    "act": "next",
    "place": "0",
    "receipt_no": "NTPN-1",
    "family": "00000000-0000-4000-8000-000000000000",
}
KINDS = {"auditor": "auditor", "kiosk": "device", "board": "device", "applicant": "applicant"}


def pages_of(method: str, *roles: Role, without: bool = False) -> list[str]:
    """The pages that one of the roles may open, or (`without`) those that none of them may."""
    fitting = [place for place in CLOSED if place[0] == method and without is PAGES[place].roles.isdisjoint(roles)]
    return [path.format(**FILLED) for _, path in fitting]


def listed() -> list[Any]:
    return [route for routes in audiences.PAGES for route in routes.routes]


def test_every_page_has_its_row_and_every_row_its_page() -> None:
    found = {(method, route.path_format) for route in listed() for method in route.methods}
    assert found == PAGES.keys()
    assert all(isinstance(route, PageRoute) for route in listed())


def test_pages_and_contract_do_not_meet(app: FastAPI) -> None:
    assert not PAGES.keys() & TABLE.keys()
    assert not any(path.startswith("/v1") for _, path in PAGES)
    assert "/" not in app.openapi()["paths"]


def test_a_page_without_a_row_lets_nobody_in() -> None:
    assert page_row("GET", "/forgotten").roles == frozenset()
    assert not page_row("GET", "/forgotten").open


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_without_a_session_it_is_the_door(http: httpx2.AsyncClient, method: str, path: str) -> None:
    for cookie in ("", "x" * 43, "x" * 4000):
        answer = await http.request(method, path.format(**FILLED), headers={"cookie": f"paspor={cookie}"})
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=/")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}))
async def test_other_roles_are_refused_and_that_is_noted(signed_in: SignedIn, house: Installation, role: Role) -> None:
    kind = KINDS.get(role.value, "officer")
    browser = await signed_in(kind=kind, sub=role.value, roles=[role.value], office="denpasar")
    pages = pages_of("GET", role, without=True)
    assert pages
    for path in pages:
        assert (await browser.opens(path)).status_code == 403
    with house.database._engine.connect() as connection:
        noted = connection.execute(text("SELECT count(*) FROM paspor.access_log WHERE outcome = 'role_not_allowed'"))
        assert noted.scalar_one() == len(pages)


async def test_another_persons_application_is_not_there(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in(sub="applicant-2")
    for path in [path for path in pages_of("GET", Role.APPLICANT) if NUMBER in path]:
        assert (await browser.opens(path)).status_code == 404, path
    assert NUMBER not in (await browser.opens("/applications")).text


@pytest.mark.parametrize("token", ["", "another"])
async def test_a_form_without_its_sessions_token_does_nothing(case: Known, signed_in: SignedIn, token: str) -> None:
    browser = await signed_in()
    for path in pages_of("POST", Role.APPLICANT):
        answer = await browser.sends(path, csrf=token, sure="yes")
        assert answer.status_code == 400, path
    assert await case.told() == 0


async def test_every_page_is_safe_to_show(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    for path in ("/", "/applications", f"/applications/{NUMBER}", "/nowhere", "/applications/1"):
        answer = await browser.opens(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self' data:;")
        assert "form-action 'self' https://issuer.test;" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
        assert "<script" not in answer.text
        assert " style=" not in answer.text


async def test_an_address_that_is_none_is_a_page_for_people_and_a_problem_for_programs(
    http: httpx2.AsyncClient,
) -> None:
    page = await http.get("/nowhere", headers={"accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    for path, accept in (("/nowhere", "*/*"), ("/v1/nowhere", "text/html")):
        answer = await http.get(path, headers={"accept": accept})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("accept", "chosen", "language"),
    [
        ("", "", "id"),
        ("en-GB,en", "", "en"),
        ("de,fr", "", "id"),
        ("en", "id", "id"),
        ("id", "en", "en"),
        ("", "xx", "id"),
    ],
)
async def test_language_by_choice_and_else_by_the_browser(
    browser: Browser, accept: str, chosen: str, language: str
) -> None:
    if chosen:
        answer = await browser.opens(f"/language/{chosen}?next=/eligibility")
        assert answer.headers["location"] == "/eligibility"
    page = await browser.opens("/", **{"accept-language": accept})
    assert f'<html lang="{language}">' in page.text


def test_the_stylesheet_asks_for_nothing_from_elsewhere() -> None:
    style = (Path(audiences.__file__).parent / "pages/static/paspor.css").read_text()
    assert "url(" not in style
    assert "@import" not in style


async def test_what_an_assistant_looks_at_is_recorded(case: Known, signed_in: SignedIn, house: Installation) -> None:
    case.run("UPDATE paspor.application SET owner = 'assistant'")
    browser = await signed_in(kind="officer", sub="assistant", roles=["assistant"], office="denpasar")
    assert (await browser.opens(f"/applications/{NUMBER}")).status_code == 200
    with house.database._engine.connect() as connection:
        noted = connection.execute(text("SELECT actor, action, outcome, number FROM paspor.access_log")).all()
    assert noted == [("assistant", "GET /applications/{number}", "read", NUMBER)]


async def test_who_was_away_too_long_finds_the_form_again(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/apply/nik", data={"nik": "1"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/apply/nik")
    answer = await http.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
