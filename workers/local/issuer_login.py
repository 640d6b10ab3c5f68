"""The sign-in page of the local issuer: authorization code with PKCE (S256), a button for each demonstration person."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from workers.local.people import Person, demonstration, person

CODE_LIFETIME = 60.0  # seconds from the button to the token request
CARRIED = ("client_id", "redirect_uri", "state", "nonce", "code_challenge")
OFFICES = ("denpasar", "latihan")
PAGE = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Masuk (latihan) / Sign in (practice)</title></head>
<body><main><h1>Masuk sebagai / Sign in as</h1>
<p>Orang-orang ini rekaan. / These people are invented.</p>
<form method="post">{hidden}{buttons}</form></main></body></html>"""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one code stands for."""

    who: Person
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    until: float


class Login:
    """Hands out codes and takes each back once. They live in memory: a restart asks people to choose again."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    async def page(self, request: Request) -> Response:
        """Show the people to choose from."""
        asked = dict(request.query_params)
        wrong = _wrong(asked)
        if wrong or asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256":
            return PlainTextResponse(wrong or "response_type=code and code_challenge_method=S256 are needed", 400)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(asked[name])}">' for name in CARRIED if name in asked
        )
        names = dict.fromkeys(name for office in OFFICES for name in demonstration(office))
        buttons = "".join(f'<p><button name="who" value="{name}">{name}</button></p>' for name in names)
        return HTMLResponse(PAGE.format(hidden=hidden, buttons=buttons))

    async def chosen(self, request: Request) -> Response:
        """Send the chosen person back to the client with a code."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        who, wrong = person(form.get("who", "")), _wrong(form)
        if who is None or wrong:
            return PlainTextResponse(wrong or "nobody by that name", 400)
        self._grants = {code: grant for code, grant in self._grants.items() if grant.until > time.monotonic()}
        code, until = secrets.token_urlsafe(24), time.monotonic() + CODE_LIFETIME
        self._grants[code] = Grant(
            who, form["client_id"], form["redirect_uri"], form["code_challenge"], form.get("nonce"), until
        )
        back = {"code": code} | ({"state": form["state"]} if "state" in form else {})
        joint = "&" if urlsplit(form["redirect_uri"]).query else "?"
        return RedirectResponse(form["redirect_uri"] + joint + urlencode(back), 303)

    def redeem(self, form: Mapping[str, str]) -> Grant | None:
        """Take a code back; None unless it is fresh and unused, and verifier, client and address are the same."""
        grant = self._grants.pop(form.get("code", ""), None)
        if grant is None or grant.until <= time.monotonic():
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=")
        same = (form.get("client_id"), form.get("redirect_uri")) == (grant.client_id, grant.redirect_uri)
        return grant if same and hmac.compare_digest(proof, grant.challenge.encode()) else None


def _wrong(asked: Mapping[str, str]) -> str | None:
    """Why a request cannot go on, None when it can. A code never leaves this machine."""
    if not all(asked.get(name) for name in ("client_id", "redirect_uri", "code_challenge")):
        return "client_id, redirect_uri and code_challenge are needed"
    target = urlsplit(asked["redirect_uri"])
    if target.scheme != "http" or target.hostname not in ("127.0.0.1", "localhost"):
        return "redirect_uri must be on this machine"
    return None
