"""Sign-in by code flow: what belongs together gets in, and nothing else does."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from starlette.requests import HTTPConnection

from activities.storage import sessions as rows
from api.installation import Installation
from api.pages import sessions
from api.pages.layout import within
from api.signin import IssuerKeys, SignIn
from tests.api.issuer import AUDIENCE, ISSUER
from tests.api.pages.conftest import Browser, CodeIssuer, SignedIn
from workflows.case.facts import Actor, Role


async def test_a_person_signs_in_and_goes_on_where_they_wanted(browser: Browser) -> None:
    begun = await browser.opens("/sign-in?next=/apply")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert (begun.status_code, asked["response_type"], asked["code_challenge_method"]) == (303, ["code"], ["S256"])
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/callback"]
    code = browser.issuer.grants_code(begun.headers["location"])
    back = await browser.opens(f"/sign-in/callback?code={code}&state={asked['state'][0]}")
    assert (back.status_code, back.headers["location"]) == (303, "/apply")
    cookie = next(value for value in back.headers.get_list("set-cookie") if value.startswith("paspor="))
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Secure" not in cookie
    assert "Pemohon Satu" in (await browser.opens("/")).text


@pytest.mark.parametrize("kind", ["applicant", "officer"])
async def test_who_signs_in_at_a_browser_is_the_actor_of_the_token(
    http: httpx2.AsyncClient, browser: Browser, house: Installation, kind: str
) -> None:
    who = {"kind": kind, "sub": "somebody"} | (
        {"roles": ["assistant"], "office": "denpasar"} if kind == "officer" else {}
    )
    await browser.signs_in(**who)
    scope = {"type": "http", "headers": [(b"cookie", f"paspor={http.cookies['paspor']}".encode())], "path": "/"}
    found = await sessions.find(house, HTTPConnection(scope))
    role, office = (Role.ASSISTANT, "denpasar") if kind == "officer" else (Role.APPLICANT, "")
    assert found is not None
    assert found.actor == Actor(id="somebody", roles=(role,), office=office)


async def test_a_state_that_is_not_ours_opens_nothing(browser: Browser) -> None:
    begun = await browser.opens("/sign-in")
    code = browser.issuer.grants_code(begun.headers["location"])
    answer = await browser.opens(f"/sign-in/callback?code={code}&state=another")
    assert answer.status_code == 400
    assert "paspor" not in browser.http.cookies


async def test_a_browser_that_has_not_begun_cannot_come_back(browser: Browser) -> None:
    begun = await browser.opens("/sign-in")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    code = browser.issuer.grants_code(begun.headers["location"])
    browser.http.cookies.clear()
    assert (await browser.opens(f"/sign-in/callback?code={code}&state={state}")).status_code == 400


async def test_a_code_is_good_once(browser: Browser) -> None:
    begun = await browser.opens("/sign-in")
    state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]
    kept = browser.http.cookies["paspor_sign_in"]
    code = browser.issuer.grants_code(begun.headers["location"])
    assert (await browser.opens(f"/sign-in/callback?code={code}&state={state}")).status_code == 303
    browser.http.cookies.set("paspor_sign_in", kept, path="/sign-in")
    assert (await browser.opens(f"/sign-in/callback?code={code}&state={state}")).status_code == 400


@pytest.mark.parametrize(
    "laid_over", [{"nonce": "another"}, {"sub": "somebody-else"}, {"aud": "another"}, {"exp": 1}, {"iss": "https://x"}]
)
async def test_an_id_token_has_to_fit(browser: Browser, laid_over: dict[str, object]) -> None:
    browser.issuer.laid_over = laid_over
    assert (await browser.signs_in()).status_code == 400
    assert "paspor" not in browser.http.cookies


async def test_signing_in_again_ends_the_session_before(browser: Browser) -> None:
    await browser.signs_in()
    before = browser.http.cookies["paspor"]
    await browser.signs_in()
    assert browser.http.cookies["paspor"] != before
    browser.http.cookies.clear()
    browser.http.cookies.set("paspor", before)
    assert (await browser.opens("/applications")).headers["location"].startswith("/sign-in")


async def test_with_https_the_cookie_is_locked_to_this_host(
    app: FastAPI, house: Installation, browser: Browser
) -> None:
    app.state.installation = replace(
        house, settings=house.settings.model_copy(update={"public_url": "https://paspor.test"})
    )
    back = await browser.signs_in()
    # The begun sign-in was marked Secure, so this plain client does not bring it back.
    assert back.status_code == 400
    begun = await browser.opens("/sign-in")
    assert "Secure" in begun.headers["set-cookie"]
    assert sessions.cookie_name(app.state.installation) == "__Host-paspor"


async def test_sign_out_ends_the_session(signed_in: SignedIn, house: Installation) -> None:
    browser = await signed_in()
    await browser.opens("/applications")
    kept = browser.http.cookies["paspor"]
    assert (await browser.sends("/sign-out")).headers["location"] == "/"
    browser.http.cookies.set("paspor", kept)
    assert (await browser.opens("/applications")).status_code == 303


@pytest.mark.parametrize(
    ("where", "then"),
    [
        ("/apply", "/apply"),
        ("/applications?x=1", "/applications?x=1"),
        ("//evil.test", "/"),
        ("https://evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere(where: str, then: str) -> None:
    assert within(where) == then


async def test_a_session_ends_by_silence_and_by_time(signed_in: SignedIn, house: Installation) -> None:
    for column, limit in (("seen_at", rows.SILENCE), ("expires_at", rows.LONGEST)):
        browser = await signed_in()
        assert (await browser.opens("/applications")).status_code == 200
        back = int(limit.total_seconds()) + 1
        with house.database._engine.begin() as connection:
            connection.exec_driver_sql("UPDATE paspor.session SET created_at = created_at - interval '1 day'")
            connection.exec_driver_sql(f"UPDATE paspor.session SET {column} = {column} - interval '{back} seconds'")
        assert (await browser.opens("/applications")).status_code == 303
        with house.database._engine.begin() as connection:
            assert rows.forget_old(connection) == 1


async def test_an_issuer_that_is_away_is_said_and_asked_again_later(
    app: FastAPI, house: Installation, http: httpx2.AsyncClient
) -> None:
    away = CodeIssuer()
    away.up = False
    async with away.http() as to_issuer:
        keys = IssuerKeys(ISSUER, to_issuer)
        app.state.installation = replace(house, sign_in=SignIn(keys, AUDIENCE))
        answer = await http.get("/sign-in")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert "text/html" in answer.headers["content-type"]
