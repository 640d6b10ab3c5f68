"""An OpenID issuer for tests: real keys and real tokens, served over an in-process transport."""

import time
from typing import Any

import httpx2
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

ISSUER = "https://issuer.test"
AUDIENCE = "paspor"


class Issuer:
    """Publishes its keys and signs what it is told to."""

    def __init__(self) -> None:
        self.key: Any = ECKey.generate_key("P-256", {"kid": "one"})
        self.published = [self.key]
        self.up, self.asked, self.claims_to_be = True, 0, ISSUER
        self.app = FastAPI()
        self.app.get("/.well-known/openid-configuration")(self._configuration)
        self.app.get("/keys")(self._keys)

    def http(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app))

    def rotate(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "two"})
        self.published.append(self.key)

    def token(self, kind: str = "applicant", sub: str = "applicant-1", **more: Any) -> str:
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 600, "sub": sub, "kind": kind, **more}
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = "RS256" if isinstance(self.key, RSAKey) else "ES256"
        return jwt.encode({"alg": algorithm, "kid": self.key.kid}, claims, self.key)

    def officer(self, *roles: str, office: str = "denpasar", sub: str = "officer-1") -> str:
        return self.token("officer", sub, roles=list(roles), office=office)

    async def discovers(self) -> None:
        """What happens before it answers; a test may have it hang."""
        if not self.up:
            raise httpx2.ConnectError("down")

    async def _configuration(self) -> dict[str, str]:
        self.asked += 1
        await self.discovers()
        return {"issuer": self.claims_to_be, "jwks_uri": f"{ISSUER}/keys"}

    async def _keys(self) -> dict[str, Any]:
        return dict(KeySet(self.published).as_dict(private=False))
