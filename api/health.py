"""Is this process alive, can it serve, which version is it, and what has it done."""

import asyncio
from datetime import timedelta
from importlib.metadata import version

from fastapi import Response
from sqlalchemy import Connection, text
from temporalio.service import RPCError

from api.installation import House
from api.metrics import MEDIA, render
from api.problems import Problem
from api.routing import made_of, router

LIMIT = timedelta(seconds=2)

routes = router("health")


@routes.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@routes.get("/readyz")
async def ready(house: House) -> dict[str, str]:
    """Database and engine answer within two seconds; else 503."""
    try:
        async with asyncio.timeout(LIMIT.total_seconds()):
            await house.database.run(_ask)
            answers = await house.cases.engine_answers(LIMIT)
    except (TimeoutError, RPCError, RuntimeError) as error:
        raise Problem("engine_slow", retry_after=2) from error
    if not answers:
        raise Problem("engine_slow", retry_after=2)
    return {"status": "ready"}


@routes.get("/version")
async def which() -> dict[str, str]:
    """The version of this installation."""
    return {"version": version("paspor")}


@routes.get("/metrics", **made_of("text/plain"))
async def metrics() -> Response:
    """Requests by route and status, and what this process uses, for Prometheus."""
    return Response(render(), media_type=MEDIA)


def _ask(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))
