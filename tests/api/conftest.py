"""The whole application on a real database, with real tokens; the engine is away unless a test brings one."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.keyring import KeyRing, Keys
from activities.storage import ledger
from activities.storage.files import FileStore
from activities.storage.seats import SeatCommitter
from api.app import make_app
from api.cases import Cases
from api.database import Database
from api.histories import Histories
from api.installation import Installation
from api.signin import IssuerKeys, SignIn
from tests.activities.storage.cases import a_task, noted, opening
from tests.activities.storage.places import an_office
from tests.api.issuer import AUDIENCE, ISSUER, Issuer
from tests.api.running import NUMBER, Known, admitted
from tests.api.small_case import SmallCase
from tests.fixtures.database import database_url, engine, postgres, session_engine  # noqa: F401 - fixtures
from workers.local.temporal import binary
from workers.runtime.codec import data_converter
from workers.runtime.settings import Settings
from workflows import options, search
from workflows.case.record import TaskStep

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="session")
def keys() -> Keys:
    def ring() -> KeyRing:
        return KeyRing("k1", {"k1": bytes(32)})

    return Keys(
        payloads=ring(),
        columns=ring(),
        files=ring(),
        pepper=b"pepper of the tests",
        proof=b"p" * 32,
        webhook_secrets={"billing": ["whsec_" + "b2xk" * 8, "whsec_" + "bmV3" * 8], "abis": ["whsec_" + "YWJp" * 8]},
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def client(keys: Keys) -> AsyncIterator[Client]:
    async with (
        await WorkflowEnvironment.start_local(
            dev_server_existing_path=str(binary()),
            data_converter=data_converter(keys.payloads),
            search_attributes=search.ALL,
            dev_server_log_level="error",
        ) as temporal,
        Worker(temporal.client, task_queue=options.CASES, workflows=[SmallCase]),
    ):
        yield temporal.client


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def house(
    engine: Engine,  # noqa: F811
    database_url: str,  # noqa: F811
    keys: Keys,
    issuer: Issuer,
    tmp_path: Path,
) -> AsyncIterator[Installation]:
    settings = Settings(
        database_url=database_url,
        keys_file=tmp_path / "keys.json",
        files_dir=tmp_path,
        oidc_issuer=ISSUER,
        population_url=NOWHERE,
        passports_url=NOWHERE,
        watchlist_url=NOWHERE,
        billing_url=NOWHERE,
        abis_url=NOWHERE,
        capture_url=NOWHERE,
    )
    away = await Client.connect("127.0.0.1:1", lazy=True, data_converter=data_converter(keys.payloads))
    seats, database = SeatCommitter(database_url), Database(engine, 4)
    async with issuer.http() as http:
        yield Installation(
            settings=settings,
            keys=keys,
            database=database,
            files=FileStore(tmp_path, keys.files),
            seats=seats,
            cases=Cases(away),
            histories=Histories(away),
            sign_in=SignIn(IssuerKeys(ISSUER, http), AUDIENCE),
        )
    seats.close()
    database.close()


@pytest.fixture(scope="session")
def app() -> FastAPI:
    return make_app()


@pytest.fixture
async def http(app: FastAPI, house: Installation) -> AsyncIterator[httpx2.AsyncClient]:
    app.state.installation = house
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.fixture
def signed(issuer: Issuer) -> Callable[..., dict[str, str]]:
    """Headers of an officer with these roles, or of an applicant when none is named."""

    def headers(*roles: str, office: str = "denpasar", sub: str = "", key: str = "") -> dict[str, str]:
        if roles == ("auditor",):
            token = issuer.token("auditor", sub or "auditor")
        elif set(roles) & {"kiosk", "board"}:
            token = issuer.token("device", sub or roles[0], roles=list(roles), office=office)
        elif roles:
            token = issuer.officer(*roles, office=office, sub=sub or roles[0])
        else:
            token = issuer.token(sub=sub or "applicant-1")
        return {"authorization": f"Bearer {token}", **({"idempotency-key": key} if key else {})}

    return headers


@pytest.fixture
async def case(
    engine: Engine,  # noqa: F811
    client: Client,
    app: FastAPI,
    http: httpx2.AsyncClient,
    house: Installation,
) -> Known:
    app.state.installation = replace(house, cases=Cases(client))
    about = opening(NUMBER)
    started = await client.start_workflow(
        "PassportApplication", about.filing, id=f"passport-{uuid4().hex}", task_queue=options.CASES
    )
    about = replace(about, workflow_id=started.id, run_id=started.result_run_id or "")
    with engine.begin() as connection:
        an_office(connection, "denpasar")
        assert ledger.open_case(connection, about, house.keys.columns)
        noted(connection, NUMBER, 2, a_task(NUMBER, TaskStep.DOCUMENTS, "denpasar"), office="denpasar")
    return Known(client.get_workflow_handle(started.id), engine)


@pytest.fixture
def waiting(case: Known) -> Known:
    """The case, with a ticket of today and a task at each counter."""
    admitted(case)
    return case
