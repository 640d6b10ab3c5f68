"""Coming in and going out, the language, and the stylesheet."""

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.language import LANGUAGES
from api.pages import oidc, sessions
from api.pages.home import STARTS, home
from api.pages.layout import LANGUAGE_COOKIE, Shown, failed, within
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
YEAR = 365 * 24 * 3600
# One stylesheet for the browser, one file a room of the house.
SHEETS = ("paspor.css", "audit.css", "desk.css", "draws.css", "office.css")
STYLE = b"\n".join(files("api.pages").joinpath("static", sheet).read_bytes() for sheet in SHEETS)


@routes.get("/static/paspor.css")
async def style() -> Response:
    """The one stylesheet."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})


@routes.get("/language/{language}")
async def choose_language(language: str, page: Shown, next: str = "/") -> Response:
    """Remember the language, and go on where the person was."""
    response = page.go(within(next))
    if language in LANGUAGES:
        secure = sessions.secure(page.house)
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, httponly=True, samesite="lax", secure=secure)
    return response


@routes.get("/sign-in")
async def sign_in(page: Shown, next: str = "") -> Response:
    """Send the person to the issuer."""
    begun = await oidc.begin(page.house, within(next) if next else "")
    response = RedirectResponse(begun.address, 303)
    response.set_cookie(
        oidc.COOKIE,
        begun.cookie,
        max_age=oidc.LIVES_SECONDS,
        path=oidc.PATH,
        httponly=True,
        samesite="lax",
        secure=sessions.secure(page.house),
    )
    return response


@routes.get("/sign-in/callback")
async def signed_in(page: Shown, request: Request) -> Response:
    """The person comes back from the issuer; the session gets a new id."""
    try:
        back = await oidc.complete(page.house, request)
    except Problem as problem:
        # Not the door again: who came back without a good answer would go round in circles.
        return page.show("sign_in_failed.html", 400) if problem.code == "not_signed_in" else failed(page, problem)
    if page.signed:
        await sessions.end(page.house, page.signed)
    secret = await sessions.begin(page.house, back.actor, back.name)
    # Who knocked at the start page of another role is led to their own.
    response = page.go(home(back.actor)[0] if not back.then or back.then in STARTS else back.then)
    sessions.give_cookie(page.house, response, secret)
    response.delete_cookie(oidc.COOKIE, path=oidc.PATH, httponly=True, secure=sessions.secure(page.house))
    return response


@routes.post("/sign-out")
async def sign_out(page: Shown) -> Response:
    """End the session here; the issuer's own is the issuer's."""
    if page.signed:
        await sessions.end(page.house, page.signed)
    response = page.go("/")
    sessions.take_cookie(page.house, response)
    return response
