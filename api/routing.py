"""The route class of every endpoint: who is calling comes first, then the form of the request, then its key."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api import access, idempotency, trail
from api.bodies import check_depth
from api.installation import caller, installed
from api.problems import Problem
from workflows.case.facts import Actor

# How a route that answers with an application writes it: what the contract marks with `?` is left out when not set.
SHOWN: Any = {"response_model_exclude_unset": True}

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def made_of(*media: str) -> Any:
    """How a route that answers with other than JSON says so."""
    return {"response_class": Response, "responses": {200: {"content": {kind: {} for kind in media}}}}


class GuardedRoute(APIRoute):
    """A route that nobody passes without a row in the table of access."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, behind ours. It runs before the body is parsed, so that strangers hear 401 and no more."""
        handler = _traced(super().get_route_handler())
        path = self.path_format

        async def guarded(request: Request) -> Response:
            row = access.row_of(request.method, path)
            request.state.caller = await self.admitted(request, row)
            if row.limit:
                await installed(request).limits.check(request, row.limit, request.state.caller)
            if request.headers.get("content-type", "").lower().startswith("application/json"):
                check_depth(await request.body())
            if row.keyed:
                return await idempotency.once(request, path, handler)
            return await handler(request)

        return guarded

    async def admitted(self, request: Request, row: access.Row) -> Actor:
        """Who is calling, by their token; raises `not_signed_in` or `role_not_allowed`."""
        return await access.admit(request, row)


def _traced(handler: Handler) -> Handler:
    async def traced(request: Request) -> Response:
        try:
            return await handler(request)
        except Problem as problem:
            if problem.code in trail.TRACED:
                # A refusal leaves no event in the case's own history.
                await trail.refused(installed(request), caller(request), request, problem.code)
            raise

    return traced


def router(audience: str) -> APIRouter:
    """A router whose routes are guarded. Paths are written out in full, as in the contract and the table of access."""
    return APIRouter(tags=[audience], route_class=GuardedRoute)
