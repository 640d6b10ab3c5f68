"""The OpenID issuer of a one-machine installation: signs in demonstration people by name alone, and nobody else.

`python -m workers.local.issuer --port P --store DIR`. It exists so that the API checks tokens here exactly as it
does those of a real issuer; a production setting refuses to start with it.
"""

import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workers.local.issuer_login import Login
from workers.local.people import Person, person
from workers.local.standins.server import place_from_arguments, serve

AUDIENCE = "paspor"
LIFETIME = 8 * 3600  # seconds: a working day
KEY_FILE = "issuer-key.json"
NO_STORE = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs the tokens of one issuer."""

    issuer: str
    key: ECKey

    def access(self, who: Person) -> dict[str, Any]:
        """The answer of the token endpoint: an access token for `who`, in the form of RFC 9068."""
        claims = {"aud": AUDIENCE, "jti": secrets.token_hex(16), **self._times(), **who.claims()}
        return {"access_token": self._sign(claims, "at+jwt"), "token_type": "Bearer", "expires_in": LIFETIME}

    def identity(self, who: Person, client_id: str, nonce: str | None) -> str:
        """The ID token for the client that signed `who` in."""
        asked = {} if nonce is None else {"nonce": nonce}
        return self._sign({"aud": client_id, **self._times(), **who.claims(), **asked}, "JWT")

    def _times(self) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self.issuer, "iat": now, "exp": now + LIFETIME}

    def _sign(self, claims: dict[str, Any], kind: str) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid, "typ": kind}, claims, self.key)


def load_key(folder: Path) -> ECKey:
    """The signing key of this installation, made at the first start: tokens stay good over a restart."""
    file = folder / KEY_FILE
    if not file.exists():
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": secrets.token_hex(8)})
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(key.as_dict(private=True), out)
        draft.rename(file)  # a kill in between leaves no half key
    return ECKey.import_key(json.loads(file.read_text()))


def app(tokens: Tokens) -> Starlette:
    """The issuer's endpoints."""
    login = Login()

    async def discovery(request: Request) -> Response:
        return JSONResponse(_metadata(tokens.issuer))

    async def keys(request: Request) -> Response:
        return JSONResponse(KeySet([tokens.key]).as_dict(private=False))

    async def token(request: Request) -> Response:
        form = {**request.query_params, **dict(parse_qsl((await request.body()).decode("utf-8", "replace")))}
        if form.get("grant_type") == "password":
            who = person(form.get("username", ""))
            return _no("invalid_grant") if who is None else JSONResponse(tokens.access(who), headers=NO_STORE)
        if form.get("grant_type") != "authorization_code":
            return _no("unsupported_grant_type")
        grant = login.redeem(form)
        if grant is None:
            return _no("invalid_grant")
        identity = tokens.identity(grant.who, grant.client_id, grant.nonce)
        return JSONResponse({**tokens.access(grant.who), "id_token": identity}, headers=NO_STORE)

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok", "name": "issuer"})

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", discovery),
            Route("/jwks.json", keys),
            Route("/token", token, methods=["POST"]),
            Route("/authorize", login.page),
            Route("/authorize", login.chosen, methods=["POST"]),
            Route("/healthz", healthz),
        ]
    )


def _metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks.json",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "password"],
        "code_challenge_methods_supported": ["S256"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": ["openid", "profile"],
        "claims_supported": ["sub", "name", "kind", "roles", "office"],
    }


def _no(error: str) -> Response:
    return JSONResponse({"error": error}, 400, headers=NO_STORE)


def main() -> None:
    """Serve the issuer; its name is the address that it listens on."""
    place = place_from_arguments("OpenID issuer of a one-machine installation.")
    tokens = Tokens(f"http://127.0.0.1:{place.port}", load_key(place.store))
    serve(app(tokens), place.port)


if __name__ == "__main__":
    main()
