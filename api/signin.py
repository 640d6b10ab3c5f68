"""Who is calling: OIDC bearer tokens of the one configured issuer, checked against its published keys."""

import asyncio
import base64
import json
import time
from typing import Any

import httpx2
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from activities.storage.issuers import Published
from api.issuer_memory import IssuerMemory
from api.problems import Problem
from api.tokens import CheckedTokens
from workflows.case.facts import Actor, Role

# RFC 8725 3.1: the algorithms are ours to choose, never the token's.
ALGORITHMS = ["ES256", "RS256", "Ed25519", "EdDSA"]
LEEWAY_SECONDS = 30
KEYS_LIVE_SECONDS = 300.0
ASK_AGAIN_SECONDS = 5.0
MOST_TOKEN_BYTES = 8192
DEVICES = {Role.KIOSK, Role.BOARD}
NOT_HEARD = (httpx2.HTTPError, ValueError, KeyError, TypeError, JoseError)
OFFICERS = set(Role) - DEVICES - {Role.APPLICANT, Role.AUDITOR, Role.SYSTEM}

log = structlog.get_logger(__name__)


class IssuerKeys:
    """The issuer's key set, found by discovery; looked up again when it is old or a token names another key.

    While the issuer is away, keys that are known stay in use and nobody waits for it: those who are signed in go on.
    `memory` knows what other processes have heard, and this one before it was started anew.
    """

    def __init__(self, issuer: str, http: httpx2.AsyncClient, memory: IssuerMemory | None = None) -> None:
        self.issuer, self._http, self._memory = issuer, http, memory
        self._keys: KeySet | None = None
        self._published: dict[str, Any] = {}
        self._asked_at = self._heard_at = float("-inf")
        self._lock = asyncio.Lock()
        self._behind: asyncio.Task[None] | None = None

    async def for_key(self, key_id: str | None) -> KeySet:
        """Keys among which `key_id` should be. Raises `sign_in_away` when none are known and the issuer is away."""
        if not self._knows(key_id):
            async with self._lock:
                if not self._knows(key_id) and self._may_ask():
                    await self._ask()
        elif time.monotonic() - self._heard_at > KEYS_LIVE_SECONDS and self._may_ask():
            self._ask_behind()
        if self._keys is None:
            raise Problem("sign_in_away", retry_after=5)
        return self._keys

    async def endpoint(self, name: str) -> str:
        """An endpoint that the issuer publishes, such as `token_endpoint`; raises `sign_in_away` without it."""
        await self.for_key(None)
        found = self._published.get(name)
        if not isinstance(found, str):
            raise Problem("sign_in_away", retry_after=5)
        return found

    async def redeem(self, form: dict[str, str]) -> dict[str, Any]:
        """What the token endpoint gives for a code; raises `sign_in_away`, or `not_signed_in` where it says no."""
        endpoint = await self.endpoint("token_endpoint")
        try:
            answer = await self._http.post(endpoint, data=form)
            if answer.status_code >= 500:
                raise Problem("sign_in_away", retry_after=5)
            tokens = answer.raise_for_status().json()
        except httpx2.HTTPStatusError as error:
            raise Problem("not_signed_in") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise Problem("sign_in_away", retry_after=5) from error
        if not isinstance(tokens, dict):
            raise Problem("not_signed_in")
        return tokens

    def _knows(self, key_id: str | None) -> bool:
        keys = self._keys.keys if self._keys else []
        return bool(keys) and (key_id is None or any(key.kid == key_id for key in keys))

    def _may_ask(self) -> bool:
        return time.monotonic() - self._asked_at > ASK_AGAIN_SECONDS

    def _ask_behind(self) -> None:
        """Ask without anybody waiting for the answer, one question at a time."""
        if self._behind is None or self._behind.done():
            self._behind = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        try:
            found = (await self._http.get(f"{self.issuer}/.well-known/openid-configuration")).raise_for_status().json()
            if found["issuer"] != self.issuer:
                raise ValueError("another issuer answers there")
            published = (await self._http.get(found["jwks_uri"])).raise_for_status().json()
            self._take(Published(configuration=found, keys=published))
        except NOT_HEARD as error:
            log.warning("the issuer's keys could not be read", exc_info=error)
            if self._keys is None and self._memory and (kept := await self._memory.recall()):
                self._take(kept)
            return
        finally:
            # When the answer came, not when we asked: an issuer that hangs is not waited for all the time.
            self._asked_at = time.monotonic()
        self._heard_at = self._asked_at
        if self._memory:
            await self._memory.keep(Published(configuration=found, keys=published))

    def _take(self, published: Published) -> None:
        given: Any = published.keys
        self._keys, self._published = KeySet.import_key_set(given), published.configuration


class SignIn:
    """Turns a bearer token into the person or device that it stands for."""

    def __init__(self, keys: IssuerKeys, audience: str) -> None:
        self.issuer = keys
        self._audience, self._checked = audience, CheckedTokens(ALGORITHMS)

    async def actor(self, authorization: str) -> Actor:
        """Who a valid `Authorization` header stands for; raises `not_signed_in` for any other."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Problem("not_signed_in")
        return actor_of(await self.claims(token, self._audience))

    async def claims(self, token: str, audience: str) -> dict[str, Any]:
        """The claims of a valid token for `audience`; raises `not_signed_in` for any other."""
        if not 0 < len(token) <= MOST_TOKEN_BYTES:
            raise Problem("not_signed_in")
        wanted = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer.issuer},
            aud={"essential": True, "value": audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            keys = await self.issuer.for_key(_key_id(token))
            claims = self._checked.claims(token, keys)
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Problem("not_signed_in") from error
        return claims


def actor_of(claims: dict[str, Any]) -> Actor:
    """The actor that the claims describe. Roles that the `kind` cannot hold are dropped."""
    kind, subject, office = claims.get("kind"), claims.get("sub"), claims.get("office") or ""
    given = claims.get("roles") or ()
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not isinstance(office, str):
        raise Problem("not_signed_in")
    named = {role for role in Role if role.value in given} if isinstance(given, list | tuple) else set()
    roles = {
        "applicant": {Role.APPLICANT},
        "auditor": {Role.AUDITOR},
        "officer": named & OFFICERS if office else set(),
        "device": named & DEVICES if office else set(),
    }.get(str(kind), set())
    if not roles:
        raise Problem("not_signed_in")
    at = office if kind in ("officer", "device") else ""
    return Actor(id=subject, roles=tuple(sorted(roles)), office=at)


def _key_id(token: str) -> str | None:
    found = _header(token).get("kid")
    return found if isinstance(found, str) else None


def _header(token: str) -> dict[str, Any]:
    first = token.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    if not isinstance(header, dict):
        raise ValueError("no header")
    return header
