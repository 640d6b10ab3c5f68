"""A half-filled application is its person's: it outlives the session, the browser, the process and a failed filing."""

from dataclasses import replace

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from temporalio.client import Client

from api.app import make_app
from api.cases import Cases
from api.installation import Installation
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.pages.test_filing import ANSWERS, NIK, fills_in


async def begins(browser: Browser) -> None:
    await browser.opens("/apply")
    await browser.sends("/apply", how="afresh")
    for name, fields in ANSWERS[:3]:
        await browser.sends(f"/apply/{name}", **fields)


async def goes_on(browser: Browser) -> str:
    """Where the person is led who goes on."""
    await browser.opens("/apply")
    return (await browser.sends("/apply", how="go_on")).headers["location"]


async def test_it_is_there_after_signing_out_and_at_another_browser(signed_in: SignedIn) -> None:
    here, there = await signed_in(), await signed_in()
    await begins(here)
    await here.sends("/sign-out")
    for browser in (there, await signed_in()):
        assert await goes_on(browser) == "/apply/birth"
    assert NIK in (await there.opens("/apply/nik")).text
    await there.sends("/apply/birth", **ANSWERS[3][1])
    await here.signs_in()
    assert await goes_on(here) == "/apply/sex"


async def test_it_is_there_after_the_session_has_lapsed_and_the_process_was_another(
    signed_in: SignedIn, house: Installation
) -> None:
    browser = await signed_in()
    await begins(browser)
    with house.database._engine.begin() as connection:
        connection.execute(text("UPDATE paspor.session SET seen_at = seen_at - interval '2 hours'"))
    another = make_app()
    another.state.installation = house
    browser.http._transport.app = another  # type: ignore[attr-defined]
    lapsed = await browser.sends("/apply/birth", **ANSWERS[3][1])
    assert lapsed.headers["location"] == "/sign-in?next=/apply/birth"
    await browser.signs_in()
    assert await goes_on(browser) in ("/apply/birth", "/apply/sex")


async def test_nobody_elses_is_found(signed_in: SignedIn) -> None:
    await begins(await signed_in())
    other = await signed_in(sub="applicant-2")
    assert await goes_on(other) == "/apply/kind"
    for path in ("/", "/applications", "/apply", "/apply/nik"):
        assert NIK not in (await other.opens(path)).text


async def test_two_windows_add_to_each_other(signed_in: SignedIn) -> None:
    one, two = await signed_in(), await signed_in()
    await begins(one)
    await two.opens("/apply/birth")
    await one.opens("/apply/name")
    await two.sends("/apply/birth", **ANSWERS[3][1])
    await one.sends("/apply/name", full_name="Ni Made Peraga")
    await one.opens("/apply/name")
    assert "Ni Made Peraga" in (await two.opens("/apply/name")).text
    assert await goes_on(one) == "/apply/sex"


async def test_the_start_page_offers_to_go_on_and_it_can_be_thrown_away(signed_in: SignedIn) -> None:
    browser = await signed_in()
    assert "Lanjutkan permohonan Anda" not in (await browser.opens("/")).text
    await begins(browser)
    for path in ("/", "/applications"):
        shown = (await browser.opens(path)).text
        assert 'href="/apply"' in shown
        assert "Tersimpan sampai" in shown
    assert "Lanjutkan permohonan Anda" in (await browser.opens("/")).text
    await browser.opens("/apply")
    assert (await browser.sends("/apply", how="throw_away")).headers["location"] == "/applications"
    assert "Tersimpan sampai" not in (await browser.opens("/")).text
    assert await goes_on(browser) == "/apply/kind"


async def test_a_filing_that_failed_keeps_it_and_one_that_succeeded_does_not(
    signed_in: SignedIn, app: FastAPI, house: Installation, client: Client
) -> None:
    browser = await signed_in()
    # A person of its own: one engine serves all tests, and holds one live application a person.
    await fills_in(browser, nik={"nik": "5171014107900099"})
    await browser.opens("/apply/check")
    assert (await browser.sends("/apply/check")).status_code == 503, "the engine is away"
    await browser.sends("/sign-out")
    await browser.signs_in()
    assert await goes_on(browser) == "/apply/check"
    app.state.installation = replace(house, cases=Cases(client))
    await browser.opens("/apply/check")
    assert (await browser.sends("/apply/check")).headers["location"].endswith("?filed=true")
    assert await goes_on(browser) == "/apply/kind"


@pytest.mark.parametrize("who", [{"kind": "auditor", "sub": "auditor"}, {}])
async def test_who_has_none_sees_none(signed_in: SignedIn, who: dict[str, str]) -> None:
    browser = await signed_in(then="/", **who)
    assert "Tersimpan sampai" not in (await browser.opens("/")).text
