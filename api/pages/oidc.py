"""Sign-in by OpenID Connect: authorization code with PKCE (RFC 7636, S256), state and nonce, at any issuer.

What has to come back is kept sealed in a short-lived cookie of this browser, so that any of our processes can go on.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from activities.keyring import CannotOpen
from api.installation import Installation
from api.problems import Problem
from api.signin import actor_of
from workflows.case.facts import Actor

COOKIE = "paspor_sign_in"
PATH = "/sign-in"
CALLBACK = "/sign-in/callback"
LIVES_SECONDS = 600
MOST_COOKIE = 4096
CONTEXT = b"sign-in"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the cookie that it has to bring back."""

    address: str
    cookie: str


async def begin(house: Installation, then: str) -> Begun:
    """Begin a sign-in that goes on at `then`; raises `sign_in_away`."""
    endpoint = await house.sign_in.issuer.endpoint("authorization_endpoint")
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    kept = {"state": state, "nonce": nonce, "verifier": verifier, "then": then, "until": time.time() + LIVES_SECONDS}
    asked = {
        "response_type": "code",
        "client_id": house.settings.oidc_client_id,
        "redirect_uri": redirect_uri(house),
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": _text(hashlib.sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in endpoint else "?"
    sealed = house.keys.columns.seal(json.dumps(kept).encode(), CONTEXT)
    return Begun(endpoint + joint + urlencode(asked), _text(sealed))


@dataclass(frozen=True, slots=True)
class Back:
    """Who came back, by which name, and where they wanted to go."""

    actor: Actor
    name: str
    then: str


async def complete(house: Installation, request: Request) -> Back:
    """Take the code back; raises `not_signed_in` unless state, nonce, both tokens and the browser belong together."""
    kept = _kept(house, request.cookies.get(COOKIE, ""))
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    if not code or not secrets.compare_digest(state.encode(), kept["state"].encode()):
        raise Problem("not_signed_in")
    tokens = await house.sign_in.issuer.redeem(
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri(house),
            "client_id": house.settings.oidc_client_id,
            "code_verifier": kept["verifier"],
        }
    )
    who = await house.sign_in.claims(str(tokens.get("id_token", "")), house.settings.oidc_client_id)
    actor = await house.sign_in.actor(f"Bearer {tokens.get('access_token', '')}")
    same_nonce = secrets.compare_digest(str(who.get("nonce", "")).encode(), kept["nonce"].encode())
    if not same_nonce or actor_of(who).id != actor.id:
        raise Problem("not_signed_in")
    name = who.get("name")
    return Back(actor, name[:200] if isinstance(name, str) else "", kept["then"])


def redirect_uri(house: Installation) -> str:
    """Where the issuer sends people back to."""
    return house.settings.public_url.rstrip("/") + CALLBACK


def _kept(house: Installation, cookie: str) -> dict[str, str]:
    try:
        if not 0 < len(cookie) <= MOST_COOKIE:
            raise ValueError("no cookie")
        sealed = base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4))
        kept: dict[str, str] = json.loads(house.keys.columns.open(sealed, CONTEXT))
        if float(kept["until"]) < time.time():
            raise ValueError("too old")
    except (CannotOpen, ValueError, KeyError) as error:
        raise Problem("not_signed_in") from error
    return kept


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
