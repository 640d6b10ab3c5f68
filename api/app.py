"""The API as one ASGI application: `uvicorn api.app:app --timeout-graceful-shutdown 3`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import httpx2
from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI

from activities.keyring import load_keys
from activities.storage.engine import make_engine
from activities.storage.files import FileStore
from activities.storage.seats import SeatCommitter
from api import audiences, openapi, problems
from api.bodies import BodyLimit
from api.cases import Cases
from api.database import Database
from api.engine_ui import EngineUi
from api.headers import SafeHeaders
from api.histories import Histories
from api.installation import Installation
from api.issuer_memory import IssuerMemory
from api.metrics import Measured
from api.pages import missing
from api.shutdown import set_on_signal
from api.signin import IssuerKeys, SignIn
from api.traces import new_request_id, trace_requests
from workers.runtime.connection import connect
from workers.runtime.logs import set_up_logs
from workers.runtime.settings import Settings, settings
from workers.runtime.tracing import traced

ISSUER_LIMIT_SECONDS = 5.0


@asynccontextmanager
async def lifespan(application: FastAPI) -> AsyncIterator[None]:
    """Open the ways to the outside, and close them again."""
    set_up_logs()
    wanted = settings()
    with traced(wanted, "paspor-api") as tracing:
        if tracing:
            trace_requests(application)
        async with _opened(application, wanted):
            yield


@asynccontextmanager
async def _opened(application: FastAPI, wanted: Settings) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    keys = load_keys(wanted.keys_file)
    client = await connect(wanted, keys)
    database = Database(make_engine(wanted.database_url, wanted.database_pool), wanted.database_pool)
    seats = SeatCommitter(wanted.database_url)
    issuer = wanted.oidc_issuer.rstrip("/")
    async with httpx2.AsyncClient(timeout=ISSUER_LIMIT_SECONDS) as http:
        application.state.installation = Installation(
            settings=wanted,
            keys=keys,
            database=database,
            files=FileStore(wanted.files_dir, keys.files),
            seats=seats,
            cases=Cases(client),
            histories=Histories(client),
            sign_in=SignIn(IssuerKeys(issuer, http, IssuerMemory(database, issuer)), wanted.oidc_audience),
            stopping=stopping,
        )
        try:
            with set_on_signal(stopping):
                yield
        finally:
            stopping.set()
            seats.close()
            database.close()


def make_app() -> FastAPI:
    """The application with all routes; it touches nothing outside until it is started."""
    application = FastAPI(
        title="Paspor",
        version=version("paspor"),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for audience in (*audiences.ALL, *audiences.PAGES):
        application.include_router(audience)
    for error in problems.HANDLED:
        application.add_exception_handler(error, missing.handle)
    # The last one added is the outermost.
    application.add_middleware(BodyLimit, for_people=missing.for_people)
    application.add_middleware(EngineUi)
    application.add_middleware(SafeHeaders)
    application.add_middleware(Measured)
    application.add_middleware(CorrelationIdMiddleware, generator=new_request_id)
    openapi.describe(application)
    return application


app = make_app()
