"""The public page of figures: nothing where nothing was counted, and no figure of a handful of people."""

import asyncio
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, text

from activities.storage.reads import Measured
from tests.api.pages.conftest import Browser

LIMIT = 8.0  # seconds, less than a statement waits for a lock


@pytest.fixture(autouse=True)
def afresh(app: FastAPI) -> Iterator[None]:
    """Nothing is kept from another test."""
    app.state.performance = None
    yield
    app.state.performance = None


async def test_without_cases_it_says_so(browser: Browser) -> None:
    page = await browser.opens("/performance", **{"accept-language": "en"})
    assert page.status_code == 200
    assert page.text.count("There are no figures yet.") == 4
    assert '<svg class="line' not in page.text


async def test_a_handful_is_not_shown(browser: Browser, app: FastAPI) -> None:
    def measured(office: str, cases: int, mean: float) -> Measured:
        return Measured(office=office, cases=cases, mean=mean, half=12.4, most=35.6)

    rows = (measured("", 104, 0.956), measured("denpasar", 100, 0.94), measured("kuta", 4, 0.5))
    app.state.performance = (float("inf"), {"promises": rows, "bookings": (), "days": (), "waits": rows})
    page = await browser.opens("/performance", **{"accept-language": "en"})
    for said in ("96 %", "94 %", "too few to say", "12 minutes", "36 minutes", "104"):
        assert said in page.text
    assert "50 %" not in page.text
    assert " style=" not in page.text


async def test_one_counts_and_the_others_see_the_old_figures_meanwhile(
    browser: Browser, app: FastAPI, engine: Engine
) -> None:
    rows = (Measured(office="", cases=104, mean=0.956, half=12.4, most=35.6),)
    app.state.performance = (float("-inf"), {"promises": rows, "bookings": (), "days": (), "waits": ()})
    with engine.begin() as conn:
        conn.execute(text("LOCK TABLE paspor.ticket"))
        waiting = {asyncio.create_task(browser.opens("/performance", **{"accept-language": "en"})) for _ in range(8)}
        shown = []
        while len(waiting) > 1:
            done, waiting = await asyncio.wait(waiting, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
            assert done, f"{len(waiting)} wait for one count"
            shown += [one.result().text for one in done]
    assert ["96 %" in text for text in shown] == [True] * 7
    (last,) = waiting
    assert "There are no figures yet." in (await last).text
