"""The local issuer signs in demonstration people, and only them, as a real issuer would."""

import base64
import hashlib
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

LIMIT = 15.0
BACK = "http://127.0.0.1:8000/signed-in"
VERIFIER = "a-verifier-that-is-long-enough-for-the-rule-of-43-signs"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "web",
    "redirect_uri": BACK,
    "state": 's"1',
    "nonce": "n-1",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


@contextmanager
def running(store, port):
    command = [sys.executable, "-m", "workers.local.issuer", "--port", str(port), "--store", str(store)]
    process = subprocess.Popen(command)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        end = time.monotonic() + LIMIT
        while not _healthy(client):
            assert process.poll() is None, "the issuer ended"
            assert time.monotonic() < end, "the issuer did not start"
            time.sleep(0.02)
        yield client
    process.kill()
    process.wait()


def _healthy(client):
    try:
        return client.get("/healthz").is_success
    except httpx2.TransportError:
        return False


@pytest.fixture(scope="module")
def address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="module")
def issuer(store, address):
    with running(store, address) as client:
        yield client


def password(issuer, name):
    return issuer.post("/token", data={"grant_type": "password", "username": name})


def opened(issuer, token):
    keys = KeySet.import_key_set(issuer.get("/jwks.json").json())
    return jwt.decode(token, keys, algorithms=["ES256"])


@pytest.mark.parametrize(
    ("name", "subject", "kind", "roles", "office"),
    [
        ("applicant-7", "applicant-7", "applicant", [], None),
        ("applicant-7@latihan", "applicant-7", "applicant", [], None),
        ("examiner", "examiner@denpasar", "officer", ["examiner"], "denpasar"),
        ("examiner@denpasar", "examiner@denpasar", "officer", ["examiner"], "denpasar"),
        ("adjudicator-2@latihan", "adjudicator-2@latihan", "officer", ["adjudicator"], "latihan"),
        ("printer@latihan", "printer@latihan", "officer", ["printer"], "latihan"),
        ("auditor", "auditor", "auditor", [], None),
        ("kiosk", "kiosk@denpasar", "device", ["kiosk"], "denpasar"),
        ("board@latihan", "board@latihan", "device", ["board"], "latihan"),
    ],
)
def test_a_name_becomes_a_token(issuer, name, subject, kind, roles, office):
    answer = password(issuer, name).json()
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 8 * 3600)
    token = opened(issuer, answer["access_token"])
    claims = token.claims
    assert token.header["typ"] == "at+jwt"
    assert (claims["sub"], claims["kind"], claims["roles"], claims.get("office")) == (subject, kind, roles, office)
    assert (claims["aud"], claims["iss"]) == ("paspor", str(issuer.base_url).rstrip("/"))
    assert claims["exp"] - claims["iat"] == 8 * 3600
    assert claims["name"]
    assert claims["jti"]


@pytest.mark.parametrize(
    "name", ["", "nobody", "applicant", "applicant-x", "head-2", "examiner@", "examiner@a@b", "a b"]
)
def test_nobody_else_is_signed_in(issuer, name):
    answer = password(issuer, name)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


def test_discovery_names_the_endpoints(issuer):
    known = issuer.get("/.well-known/openid-configuration").json()
    base = str(issuer.base_url).rstrip("/")
    assert known["issuer"] == base
    assert (known["token_endpoint"], known["jwks_uri"]) == (f"{base}/token", f"{base}/jwks.json")
    assert "d" not in issuer.get("/jwks.json").json()["keys"][0], "the private key stays inside"


def chosen(issuer, **other):
    page = issuer.get("/authorize", params=ASKED)
    hidden = {
        name: value.replace("&quot;", '"') for name, value in re.findall(r'name="(\w+)" value="([^"]*)">', page.text)
    }
    answer = issuer.post("/authorize", data={**hidden, "who": "examiner@latihan", **other})
    back = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert back["state"] == ASKED["state"]
    return back["code"]


def redeemed(issuer, code, **other):
    form = {"grant_type": "authorization_code", "code": code, "client_id": "web", "redirect_uri": BACK}
    return issuer.post("/token", data={**form, "code_verifier": VERIFIER, **other})


def test_a_browser_signs_in_by_a_button_once(issuer):
    code = chosen(issuer)
    answer = redeemed(issuer, code)
    identity = opened(issuer, answer.json()["id_token"]).claims
    assert (identity["aud"], identity["nonce"], identity["sub"]) == ("web", "n-1", "examiner@latihan")
    assert opened(issuer, answer.json()["access_token"]).claims["sub"] == "examiner@latihan"
    assert redeemed(issuer, code).status_code == 400


@pytest.mark.parametrize("other", [{"code_verifier": "wrong"}, {"client_id": "other"}, {"redirect_uri": BACK + "2"}])
def test_a_code_is_good_only_for_who_asked(issuer, other):
    assert redeemed(issuer, chosen(issuer), **other).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    "other", [{"redirect_uri": "https://example.org/"}, {"code_challenge": ""}, {"code_challenge_method": "plain"}]
)
def test_the_page_refuses_what_is_unsafe(issuer, other):
    assert issuer.get("/authorize", params={**ASKED, **other}).status_code == 400


def test_a_token_stays_good_over_a_kill(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with running(tmp_path, port) as first:
        token = password(first, "head").json()["access_token"]
    with running(tmp_path, port) as second:
        assert opened(second, token).claims["sub"] == "head@denpasar"
    assert (tmp_path / "issuer-key.json").stat().st_mode & 0o077 == 0
