"""The issuer is a process that is stopped: who is signed in goes on, after a restart of ours too; status stays open."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine
from temporalio.client import Client

from activities.keyring import load_keys
from activities.storage import ledger
from tests.activities.storage.cases import noted, opening
from tests.activities.storage.places import an_office
from tests.api.running import NUMBER
from tests.api.test_process import environment, free_port, until_ready

HTML = {"accept": "text/html"}


class Two:
    """An issuer and an API, each a process."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.folder, self.issuer_port, self.port = folder, free_port(), free_port()
        self.idp, self.api = f"http://127.0.0.1:{self.issuer_port}", f"http://127.0.0.1:{self.port}"
        self.env = {**env, "PASPOR_OIDC_ISSUER": self.idp, "PASPOR_PUBLIC_URL": self.api}
        self.started: dict[str, asyncio.subprocess.Process] = {}

    async def starts_issuer(self) -> None:
        store = ("--store", str(self.folder / "issuer"))
        await self._starts("issuer", "workers.local.issuer", "--port", str(self.issuer_port), *store)

    async def starts_api(self) -> None:
        await self._starts("api", "uvicorn", "api.app:app", "--port", str(self.port), "--no-proxy-headers")

    async def _starts(self, name: str, *command: str) -> None:
        quiet = asyncio.subprocess.DEVNULL
        self.started[name] = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, env=self.env, stderr=quiet, stdout=quiet
        )

    async def stops(self, name: str) -> None:
        self.started[name].kill()
        await self.started[name].wait()


@pytest.fixture
async def two(engine: Engine, database_url: str, client: Client, tmp_path: Path) -> AsyncIterator[Two]:
    (tmp_path / "issuer").mkdir()
    running = Two(environment(database_url, client, tmp_path), tmp_path)
    with engine.begin() as conn:
        an_office(conn, "denpasar")
        assert ledger.open_case(conn, opening(NUMBER), load_keys(tmp_path / "keys.json").columns)
        noted(conn, NUMBER, 2, office="denpasar")
    await running.starts_issuer()
    await running.starts_api()
    yield running
    for one in running.started.values():
        if one.returncode is None:
            one.kill()
            await one.wait()


async def until_up(http: httpx2.AsyncClient, address: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await http.get(address)).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)


async def signs_in(browser: httpx2.AsyncClient) -> None:
    """By the pages of the local issuer, as a person would."""
    asked = (await browser.get("/sign-in?next=/applications", headers=HTML)).headers["location"]
    door = await browser.get(asked, headers=HTML)
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', door.text))
    chosen = await browser.post(asked.partition("?")[0], data={**hidden, "who": "applicant-1"})
    back = await browser.get(chosen.headers["location"], headers=HTML)
    assert back.status_code == 303, back.text


async def works(bearer: httpx2.AsyncClient, browser: httpx2.AsyncClient) -> None:
    """Routes and pages of somebody who is signed in, and what needs no sign-in."""
    assert (await bearer.get(f"/v1/applications/{NUMBER}")).status_code == 200
    for page in ("/applications", f"/applications/{NUMBER}", f"/applications/{NUMBER}/appointment", "/apply", "/"):
        assert (await browser.get(page, headers=HTML)).status_code == 200, page
    known = {"number": NUMBER, "birth_date": "1990-08-17"}
    assert (await browser.post("/v1/status", json=known)).json()["stage"] == "filed"
    born = {"birth_date-day": "17", "birth_date-month": "8", "birth_date-year": "1990"}
    assert NUMBER[:4] in (await browser.post("/status", data={"number": NUMBER, **born}, headers=HTML)).text


async def test_who_is_signed_in_goes_on_without_the_issuer(two: Two) -> None:
    async with AsyncExitStack() as stack:
        browser = await stack.enter_async_context(httpx2.AsyncClient(base_url=two.api, trust_env=False))
        await until_ready(browser)
        await until_up(browser, two.idp + "/healthz")
        form = {"grant_type": "password", "username": "applicant-1"}
        token = (await browser.post(two.idp + "/token", data=form)).json()["access_token"]
        bearer = await stack.enter_async_context(
            httpx2.AsyncClient(base_url=two.api, trust_env=False, headers={"authorization": f"Bearer {token}"})
        )
        await signs_in(browser)
        await works(bearer, browser)

        await two.stops("issuer")
        await works(bearer, browser)
        away = await browser.get("/sign-in", headers=HTML)
        # Where the endpoint is known already, the browser is sent there and finds out by itself.
        assert away.status_code in (303, 503)

        await two.stops("api")
        await two.starts_api()
        await until_ready(browser)
        await works(bearer, browser)
