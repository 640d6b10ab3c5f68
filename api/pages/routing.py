"""The route class of every page: who is at the browser, may they, is the form theirs; and a no is a page."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import access, trail
from api.installation import installed
from api.pages import sessions
from api.pages.layout import Page, failed, opened_at
from api.problems import Problem, as_problem
from workflows.case.facts import Actor

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class PageRoute(APIRoute):
    """A page that nobody sees without a row in the table of pages."""

    def get_route_handler(self) -> Handler:
        """FastAPI's handler, behind ours."""
        handler = super().get_route_handler()
        path = self.path_format

        async def shown(request: Request) -> Response:
            try:
                await _admit(request, access.page_row(request.method, path))
                return await handler(request)
            except Exception as error:  # what nobody expected is logged, and told to the person without its text
                return await _no(request, as_problem(error))
            finally:
                await request.close()  # what was uploaded

        return shown


def pages() -> APIRouter:
    """A router of pages. They are for people, so they stand in no OpenAPI document."""
    return APIRouter(route_class=PageRoute, include_in_schema=False)


async def _admit(request: Request, row: access.Row) -> None:
    house = installed(request)
    if not row.still:
        await house.notices.look()
    signed = None if row.still else await sessions.find(house, request)
    request.state.signed = signed
    request.state.caller = signed.actor if signed else access.NOBODY_SIGNED_IN
    request.state.form = {}
    if not row.open:
        if signed is None:
            raise Problem("not_signed_in")
        await _check_role(request, row, signed.actor)
    if request.method == "POST":
        if signed is None and not row.unsigned:
            raise Problem("not_signed_in")
        form = await request.form()
        if signed is not None and not row.unsigned:
            sessions.check_form(signed, form.get("csrf"))
        request.state.form = form
    if row.limit:
        await house.limits.check(request, row.limit, request.state.caller)


async def _check_role(request: Request, row: access.Row, actor: Actor) -> None:
    office = request.path_params.get("office", actor.office)
    if not row.roles & set(actor.roles) or office != actor.office:
        await trail.refused(installed(request), actor, request, "role_not_allowed")
        raise Problem("role_not_allowed")


async def _no(request: Request, problem: Problem) -> Response:
    if problem.code == "not_signed_in":
        # The person finds the form again after the door.
        asked = opened_at(request)
        return RedirectResponse("/" if asked == "/sign-out" else f"/sign-in?next={quote(asked)}", 303)
    if problem.code == "body_too_large" and request.headers.get("content-type", "").startswith("multipart/form-data"):
        # The form was not read, so it is shown anew under its own address, where it says what was too large.
        return RedirectResponse(f"{request.url.path}?too_large=true", 303)
    if problem.code in trail.TRACED - {"role_not_allowed"}:
        await trail.refused(installed(request), request.state.caller, request, problem.code)
    return failed(Page(request, installed(request)), problem)
