"""The one other origin from which a browser may call us: the engine's UI, which asks `/codec/` to open payloads.

Its preflights are answered here, and every answer under `/codec/`, a refusal too, says that this origin may read it.
Whoever names another origin is refused before anything is looked at.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.installation import Installation, installed
from api.problems import Problem, answer

PLACE = "/codec/"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    # `Authorization-Extras` comes with a token that the UI passes on; nobody here reads it.
    "Access-Control-Allow-Headers": "authorization, authorization-extras, content-type, x-namespace",
    "Access-Control-Max-Age": "600",
}


class EngineUi:
    """ASGI middleware in front of `/codec/`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what comes from the engine's UI, or from no browser at all."""
        if scope["type"] != "http" or not scope["path"].startswith(PLACE):
            await self.app(scope, receive, send)
            return
        request, headers = Request(scope), Headers(scope=scope)
        if "origin" not in headers:
            await self.app(scope, receive, send)
        elif not from_the_ui(installed(request), request):
            await answer(Problem("origin_not_allowed"), headers)(scope, receive, send)
        else:
            inner = Response(status_code=204, headers=PREFLIGHT) if scope["method"] == "OPTIONS" else self.app
            await inner(scope, receive, _readable(send, headers["origin"]))


def from_the_ui(house: Installation, request: Request) -> bool:
    """Whether a browser says that the configured UI of the engine asks; false where none is configured."""
    ui = urlsplit(house.settings.temporal_ui_url)
    return bool(ui.netloc) and request.headers.get("origin") == f"{ui.scheme}://{ui.netloc}"


def _readable(send: Send, origin: str) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Access-Control-Allow-Origin"] = origin
            # The session of the person at the browser, where the UI is told to send it along.
            headers["Access-Control-Allow-Credentials"] = "true"
            headers.add_vary_header("Origin")
        await send(message)

    return told
