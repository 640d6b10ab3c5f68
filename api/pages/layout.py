"""One page on its way to a person: language, texts, who is signed in, and the headers that keep it safe."""

from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import uuid4

from asgi_correlation_id import correlation_id
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.access import NOBODY_SIGNED_IN, PAGES
from api.installation import House, Installation
from api.language import LANGUAGES, preferred
from api.pages import dates
from api.pages.home import NOWHERE, home
from api.pages.sessions import Signed
from api.pages.texts import has, text
from api.problems import Problem
from api.provided import provided
from workflows.case.facts import Actor

LANGUAGE_COOKIE = "paspor_language"
ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32'"
    " rx='6' fill='%23064e52'/%3E%3Ccircle cx='16' cy='13' r='6' fill='none' stroke='%23f4c95d' stroke-width='2.4'/%3E"
    "%3Cpath d='M9 24h14' stroke='%23fff' stroke-width='2.6'/%3E%3C/svg%3E"
)

templates = Environment(
    loader=PackageLoader("api.pages"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Page:
    """What an endpoint needs to answer a person."""

    def __init__(self, request: Request, house: House) -> None:
        self.request, self.house = request, house
        self.signed: Signed | None = getattr(request.state, "signed", None)
        self.form: Any = getattr(request.state, "form", {})
        self.language = language_of(request)

    @property
    def actor(self) -> Actor:
        """Who is at the browser."""
        return self.signed.actor if self.signed else NOBODY_SIGNED_IN

    @property
    def home(self) -> tuple[str, str]:
        """Where the person begins, and the key of its name."""
        return home(self.signed.actor) if self.signed else NOWHERE

    def t(self, key: str, **values: object) -> str:
        """A text in the person's language."""
        return text(key, self.language, **values)

    def field(self, name: str) -> str:
        """One field of the form that was sent, as text; empty where there is none."""
        found = self.form.get(name)
        return found.strip() if isinstance(found, str) else ""

    def show(self, template: str, status: int = 200, **about: Any) -> Response:
        """The page."""
        about = {"page": self, "t": self.t, "has": has, "dates": dates, "errors": [], "icon": ICON, **about}
        # A form can be sent twice by impatience: both say the same under one key.
        about["act"] = uuid4().hex
        here = opened_at(self.request)
        about["here"] = "/" if here.startswith("/sign-") else here
        about["notices"] = self.house.notices.shown()
        about["practice"] = self.house.settings.environment == "local"
        made = templates.get_template(template).render(about)
        headers = {"Content-Security-Policy": policy(self.house), "Content-Language": self.language}
        return HTMLResponse(made, status, headers)

    def go(self, path: str) -> Response:
        """On to another page, by GET."""
        return RedirectResponse(path, 303)


Shown = Annotated[Page, provided(Page)]


def failed(page: Page, problem: Problem) -> Response:
    """The page that says no."""
    kind = problem.kind
    title = kind.indonesian if page.language == "id" else kind.english
    own = (f"problem.{problem.code}", f"problem.{kind.status}", "problem.help")
    help = page.t(next(key for key in own if has(key)))
    trace = correlation_id.get() if kind.status == 500 else None
    wait = problem.retry_after or (2 if kind.status == 503 else None)
    minutes = -(-wait // 60) if wait and kind.status == 429 else None
    about = {"away": problem.code == "sign_in_away"}
    response = page.show("problem.html", kind.status, title=title, help=help, trace=trace, minutes=minutes, **about)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def opened_at(request: Request) -> str:
    """The address at which the page can be opened: a form that is sent to one of its own stands a level above."""
    path, route = request.url.path, request.scope.get("route")
    pattern = route.path_format if request.method == "POST" and route is not None else ""
    while pattern.count("/") > 1 and ("GET", pattern) not in PAGES:
        path, pattern = path.rpartition("/")[0], pattern.rpartition("/")[0]
    asked = path == request.url.path and request.url.query
    return f"{path}?{asked}" if asked else path


def language_of(request: Request) -> str:
    """What the person has chosen, else what the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in LANGUAGES else preferred(request.headers.get("accept-language", ""))


def policy(house: Installation) -> str:
    """What a page may load and where its forms may go: a form can end at the issuer when the session is over."""
    issuer = urlsplit(house.settings.oidc_issuer)
    return (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
        f"form-action 'self' {issuer.scheme}://{issuer.netloc}; frame-ancestors 'none'"
    )


def within(path: str) -> str:
    """A path of ours, or the start page: nobody is sent elsewhere by a link to us."""
    found = urlsplit(path)
    plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    return path if plain and path.startswith("/") and not found.scheme and not found.netloc else "/"
