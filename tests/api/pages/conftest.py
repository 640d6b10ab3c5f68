"""Somebody at a browser, on the whole application with a real database, and an issuer with the code flow."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from joserfc import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.api.issuer import ISSUER, Issuer

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ACT = re.compile(r'name="act" value="([^"]+)"')


class CodeIssuer(Issuer):
    """Gives codes for PKCE, and what a test lays over the ID token's claims."""

    def __init__(self) -> None:
        super().__init__()
        self.grants: dict[str, dict[str, Any]] = {}
        self.laid_over: dict[str, Any] = {}
        self.app.post("/token")(self._token)

    async def _configuration(self) -> dict[str, str]:
        found = await super()._configuration()
        return {**found, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token"}

    def grants_code(self, address: str, kind: str = "applicant", sub: str = "applicant-1", **more: Any) -> str:
        """What the issuer sends back for an address that a browser was sent to, when the person agrees."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.grants)}"
        self.grants[code] = {**asked, "person": {"kind": kind, "sub": sub, **more}}
        return code

    async def _token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        grant = self.grants.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = grant and (grant["client_id"], grant["redirect_uri"]) == (form["client_id"], form["redirect_uri"])
        if not grant or not same or challenge != grant["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        person = dict(grant["person"])
        access = self.token(**person)
        claims = jwt.decode(access, self.key, algorithms=["ES256"]).claims
        identity = {**claims, "aud": form["client_id"], "nonce": grant["nonce"], "name": "Pemohon Satu"}
        told = {"alg": "ES256", "kid": self.key.kid}
        return JSONResponse(
            {"access_token": access, "id_token": jwt.encode(told, {**identity, **self.laid_over}, self.key)}
        )


class Browser:
    """Keeps cookies, follows nothing by itself, and sends forms with what hid in them."""

    def __init__(self, http: httpx2.AsyncClient, issuer: CodeIssuer) -> None:
        self.http, self.issuer, self.page = http, issuer, ""

    async def opens(self, path: str, **headers: str) -> httpx2.Response:
        answer = await self.http.get(path, headers={"accept": "text/html", **headers})
        if "text/html" in answer.headers.get("content-type", ""):
            self.page = answer.text
        return answer

    async def sends(self, path: str, files: Any = None, **fields: str) -> httpx2.Response:
        """Send a form to a path, with the hidden fields of the page that is open."""
        found = {"csrf": CSRF.search(self.page), "act": ACT.search(self.page)}
        hidden = {name: unescape(match[1]) for name, match in found.items() if match}
        data = {name.replace("__", "-"): value for name, value in {**hidden, **fields}.items()}
        answer = await self.http.post(path, data=data, files=files, headers={"accept": "text/html"})
        if "text/html" in answer.headers.get("content-type", ""):
            self.page = answer.text
        return answer

    async def signs_in(self, then: str = "/applications", **who: Any) -> httpx2.Response:
        """The whole way to the issuer and back."""
        begun = await self.opens(f"/sign-in?next={then}")
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        code = self.issuer.grants_code(begun.headers["location"], **who)
        return await self.opens(f"/sign-in/callback?code={code}&state={asked['state'][0]}")


@pytest.fixture
def issuer() -> CodeIssuer:
    return CodeIssuer()


@pytest.fixture
def browser(http: httpx2.AsyncClient, issuer: CodeIssuer) -> Browser:
    return Browser(http, issuer)


SignedIn = Callable[..., Awaitable[Browser]]


@pytest.fixture
async def signed_in(app: FastAPI, http: httpx2.AsyncClient, issuer: CodeIssuer) -> AsyncIterator[SignedIn]:
    """Somebody new at a browser of their own, signed in."""
    opened: list[httpx2.AsyncClient] = []

    async def one(**who: Any) -> Browser:
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        opened.append(httpx2.AsyncClient(transport=transport, base_url="http://test"))
        browser = Browser(opened[-1], issuer)
        answer = await browser.signs_in(**who)
        assert answer.status_code == 303, answer.text
        return browser

    yield one
    for client in opened:
        await client.aclose()
