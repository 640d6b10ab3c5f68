import asyncio
import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from api import signin, tokens
from api.installation import Installation
from api.issuer_memory import IssuerMemory
from api.problems import Problem
from api.signin import IssuerKeys, SignIn
from tests.api.issuer import AUDIENCE, ISSUER, Issuer
from workflows.case.facts import Actor, Role


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def sign_in(issuer: Issuer) -> AsyncIterator[SignIn]:
    async with issuer.http() as http:
        yield SignIn(IssuerKeys(ISSUER, http), AUDIENCE)


async def refusal(sign_in: SignIn, authorization: str) -> str:
    with pytest.raises(Problem) as refused:
        await sign_in.actor(authorization)
    return refused.value.code


async def test_an_applicant_signs_in(issuer: Issuer, sign_in: SignIn) -> None:
    found = await sign_in.actor(f"Bearer {issuer.token()}")
    assert found == Actor(id="applicant-1", roles=(Role.APPLICANT,))


async def test_an_officer_has_the_roles_and_the_office_of_the_token(issuer: Issuer, sign_in: SignIn) -> None:
    found = await sign_in.actor(f"bearer {issuer.officer('examiner', 'head', 'unheard_of')}")
    assert found == Actor(id="officer-1", roles=(Role.EXAMINER, Role.HEAD), office="denpasar")


async def test_a_device_is_at_one_office(issuer: Issuer, sign_in: SignIn) -> None:
    found = await sign_in.actor(f"Bearer {issuer.token('device', 'kiosk', roles=['kiosk'], office='latihan')}")
    assert found == Actor(id="kiosk", roles=(Role.KIOSK,), office="latihan")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) - 60},
        {"exp": None},
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://elsewhere.test"},
        {"iss": None},
        {"sub": None},
        {"sub": 7},
        {"sub": ""},
        {"nbf": int(time.time()) + 600},
        {"kind": "root"},
        {"kind": None},
        {"kind": "officer", "roles": ["examiner"]},
        {"kind": "officer", "roles": [], "office": "denpasar"},
        {"kind": "officer", "roles": ["applicant", "kiosk", "auditor", "system"], "office": "denpasar"},
        {"kind": "device", "roles": ["head"], "office": "denpasar"},
        {"kind": "officer", "roles": "examiner", "office": "denpasar"},
        {"kind": "officer", "roles": ["examiner"], "office": ["denpasar"]},
    ],
)
async def test_tokens_that_say_the_wrong_thing(issuer: Issuer, sign_in: SignIn, claims: dict[str, Any]) -> None:
    assert await refusal(sign_in, f"Bearer {issuer.token(**claims)}") == "not_signed_in"


async def test_an_applicant_cannot_bring_roles(issuer: Issuer, sign_in: SignIn) -> None:
    found = await sign_in.actor(f"Bearer {issuer.token(roles=['head'], office='denpasar')}")
    assert found == Actor(id="applicant-1", roles=(Role.APPLICANT,))


def unsigned(issuer: Issuer, algorithm: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "one"}).encode()).decode().rstrip("=")
    return f"{header}.{issuer.token().split('.')[1]}."


def signed_by_another(issuer: Issuer) -> str:
    mine = ECKey.generate_key("P-256", {"kid": "one"})
    return jwt.encode({"alg": "ES256", "kid": "one"}, json.loads(payload(issuer)), mine)


def signed_by_the_public_key_as_secret(issuer: Issuer) -> str:
    signed = unsigned(issuer, "HS256").rstrip(".")
    mac = hmac.digest(issuer.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def payload(issuer: Issuer) -> bytes:
    part = issuer.token().split(".")[1]
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


async def test_forged_tokens(issuer: Issuer, sign_in: SignIn) -> None:
    good = issuer.token()
    head, body, signature = good.split(".")
    for forged in (
        unsigned(issuer, "none"),
        unsigned(issuer, "ES256"),
        signed_by_another(issuer),
        signed_by_the_public_key_as_secret(issuer),
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{issuer.officer('head').split('.')[1]}.{signature}",
        "a.b.c",
        "....",
        "é",
        "x" * 100_000,
    ):
        assert await refusal(sign_in, f"Bearer {forged}") == "not_signed_in"
    assert (await sign_in.actor(f"Bearer {good}")).id == "applicant-1"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Token x"])
async def test_other_headers(sign_in: SignIn, header: str) -> None:
    assert await refusal(sign_in, header) == "not_signed_in"


async def test_a_new_key_is_looked_up_once(issuer: Issuer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signin, "ASK_AGAIN_SECONDS", 0.0)
    await sign_in.actor(f"Bearer {issuer.token()}")
    issuer.rotate()
    await sign_in.actor(f"Bearer {issuer.token()}")
    await sign_in.actor(f"Bearer {issuer.token()}")
    assert issuer.asked == 2


async def test_unknown_keys_do_not_make_us_ask_all_the_time(issuer: Issuer, sign_in: SignIn) -> None:
    await sign_in.actor(f"Bearer {issuer.token()}")
    unknown = ECKey.generate_key("P-256", {"kid": "never seen"})
    token = jwt.encode({"alg": "ES256", "kid": "never seen"}, json.loads(payload(issuer)), unknown)
    for _ in range(5):
        assert await refusal(sign_in, f"Bearer {token}") == "not_signed_in"
    assert issuer.asked == 1


async def test_an_issuer_that_is_away_is_503_and_known_keys_go_on(
    issuer: Issuer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.up = False
    assert await refusal(sign_in, f"Bearer {issuer.token()}") == "sign_in_away"
    issuer.up = True
    monkeypatch.setattr(signin, "ASK_AGAIN_SECONDS", 0.0)
    await sign_in.actor(f"Bearer {issuer.token()}")
    issuer.up = False
    monkeypatch.setattr(signin, "KEYS_LIVE_SECONDS", 0.0)
    assert (await sign_in.actor(f"Bearer {issuer.token()}")).id == "applicant-1"


async def test_discovery_of_another_issuer_is_not_believed(issuer: Issuer, sign_in: SignIn) -> None:
    issuer.claims_to_be = "https://elsewhere.test"
    assert await refusal(sign_in, f"Bearer {issuer.token()}") == "sign_in_away"


async def test_nobody_waits_for_an_issuer_that_hangs_while_their_key_is_known(
    issuer: Issuer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await sign_in.actor(f"Bearer {issuer.token()}")
    hanging, let_go = asyncio.Event(), asyncio.Event()

    async def hangs() -> dict[str, str]:
        hanging.set()
        await let_go.wait()
        raise httpx2.ConnectError("down")

    monkeypatch.setattr(issuer, "discovers", hangs)
    monkeypatch.setattr(signin, "KEYS_LIVE_SECONDS", 0.0)
    monkeypatch.setattr(signin, "ASK_AGAIN_SECONDS", 0.0)
    async with asyncio.timeout(5):
        for _ in range(3):
            assert (await sign_in.actor(f"Bearer {issuer.token()}")).id == "applicant-1"
        await hanging.wait()
        assert (await sign_in.actor(f"Bearer {issuer.token()}")).id == "applicant-1"
    let_go.set()


async def test_unknown_keys_wait_once_for_an_issuer_that_is_away(issuer: Issuer, sign_in: SignIn) -> None:
    issuer.up = False
    for _ in range(4):
        assert await refusal(sign_in, f"Bearer {issuer.token()}") == "sign_in_away"
    assert issuer.asked == 1


async def test_a_new_process_knows_the_keys_that_another_has_heard(house: Installation, issuer: Issuer) -> None:
    async with issuer.http() as http:
        memory = IssuerMemory(house.database, ISSUER)
        token = f"Bearer {issuer.token()}"
        await SignIn(IssuerKeys(ISSUER, http, memory), AUDIENCE).actor(token)
        issuer.up = False
        assert (await SignIn(IssuerKeys(ISSUER, http, memory), AUDIENCE).actor(token)).id == "applicant-1"
        assert await refusal(SignIn(IssuerKeys(ISSUER, http), AUDIENCE), token) == "sign_in_away"
        with house.database._engine.begin() as conn:
            conn.exec_driver_sql("UPDATE paspor.issuer_keys SET asked_at = asked_at - interval '4 days'")
        assert await refusal(SignIn(IssuerKeys(ISSUER, http, memory), AUDIENCE), token) == "sign_in_away"


async def test_a_signature_is_checked_once_and_the_claims_each_time(
    issuer: Issuer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = f"Bearer {issuer.token()}"
    first = await sign_in.actor(token)
    monkeypatch.setattr(tokens.jwt, "decode", None)  # whoever checks again finds nobody
    assert await sign_in.actor(token) == first
    assert await refusal(sign_in, f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}") == "not_signed_in"
    monkeypatch.setattr(time, "time", lambda: 1e11)
    assert await refusal(sign_in, token) == "not_signed_in"


async def test_a_key_that_is_withdrawn_takes_its_tokens_along(
    issuer: Issuer, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = f"Bearer {issuer.token()}"
    await sign_in.actor(old)
    monkeypatch.setattr(signin, "ASK_AGAIN_SECONDS", 0.0)
    issuer.rotate()
    issuer.published = issuer.published[-1:]
    await sign_in.actor(f"Bearer {issuer.token()}")  # of the new key: the keys are read anew
    assert await refusal(sign_in, old) == "not_signed_in"
