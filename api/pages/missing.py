"""What a browser sees where there is no page: the problem of the API, as a page."""

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from api import problems
from api.installation import installed
from api.pages import sessions
from api.pages.layout import Page, failed

API = ("/v1/", "/openapi.json", "/healthz", "/readyz", "/metrics")


def for_people(path: str, headers: Headers) -> bool:
    """Whether somebody at a browser asks, who is answered with a page."""
    return "text/html" in headers.get("accept", "") and not path.startswith(API)


async def handle(request: Request, error: Exception) -> Response:
    """The one handler of the application: a page for who asks for HTML outside the API, else a problem document."""
    if not for_people(request.url.path, request.headers):
        return await problems.handle(request, error)
    problem = problems.as_problem(error)
    # Not where the database may be what is missing: who is signed in does not matter to this page.
    request.state.signed = None
    if problem.kind.status < 500:
        request.state.signed = await sessions.find(installed(request), request)
    return failed(Page(request, installed(request)), problem)
