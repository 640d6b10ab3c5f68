"""Who may do what: the table is complete, and every route keeps to it, whoever comes."""

from collections.abc import Callable
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api import audiences
from api.access import TABLE, Row, row_of
from api.cases import Place
from api.installation import Installation
from api.lookup import Case, may_open, may_see
from api.routing import GuardedRoute
from tests.api.issuer import Issuer
from workflows.case.facts import Actor, Role

Signed = Callable[..., dict[str, str]]
ROLES = sorted(set(Role) - {Role.SYSTEM})
FILLED = {
    "number": "4111111111111111",
    "office": "denpasar",
    "counter": "3",
    "day": "2027-06-14",
    "kind": "id_card",
    "printer": "denpasar-1",
    "receipt_no": "NTPN0000000001",
    "family": str(uuid4()),
    "id": str(uuid4()),
}


def operations(app: FastAPI) -> set[tuple[str, str]]:
    paths = app.openapi()["paths"].items()
    return {(method.upper(), path) for path, methods in paths for method in methods}


def test_every_route_has_its_row_and_every_row_its_route(app: FastAPI) -> None:
    assert operations(app) == TABLE.keys()


def test_no_route_is_hidden_or_unguarded(app: FastAPI) -> None:
    listed = [route for audience in audiences.ALL for route in audience.routes]
    assert all(isinstance(route, GuardedRoute) and route.include_in_schema for route in listed)
    assert [path for route in app.routes if (path := getattr(route, "path", ""))] == ["/openapi.json"]


def test_every_operation_describes_its_problems(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            refused = operation["responses"]["default"]["content"]
            assert refused == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            assert ("security" in operation) is not TABLE[method.upper(), path].open


READS = {("POST", "/codec/decode")}  # whose question is too long for an address


def test_what_changes_something_needs_a_key(app: FastAPI) -> None:
    posts = {place for place, row in TABLE.items() if place[0] == "POST" and not row.open} - READS
    assert {place for place, row in TABLE.items() if row.keyed} == posts


def test_open_routes_are_the_ones_of_the_contract() -> None:
    assert {path for (_, path), row in TABLE.items() if row.open} == {
        "/healthz",
        "/readyz",
        "/version",
        "/metrics",
        "/v1/offices",
        "/v1/offices/{office}/availability",
        "/v1/offices/{office}/draws",
        "/v1/draws/{draw}",
        "/v1/offices/{office}/queue",
        "/v1/offices/{office}/queue/events",
        "/v1/status",
        "/v1/notices",
        "/v1/offices/{office}/quota",
        "/v1/payments/notifications",
        "/v1/biometrics/results",
    }


def test_auditors_change_nothing() -> None:
    may = {place for place, row in TABLE.items() if Role.AUDITOR in row.roles}
    assert {method for method, _ in may - READS} == {"GET"}


def test_a_route_without_a_row_lets_nobody_in() -> None:
    assert row_of("GET", "/v1/forgotten") == Row(frozenset())


async def ask(http: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]) -> httpx2.Response:
    if path.endswith("/events"):
        headers = {**headers, "last-event-id": "0"}
    return await http.request(method, path.format(**FILLED), headers=headers)


CLOSED = sorted((method, path) for (method, path), row in TABLE.items() if not row.open)


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_without_a_good_token_it_is_401(http: httpx2.AsyncClient, issuer: Issuer, method: str, path: str) -> None:
    for headers in ({}, {"authorization": "Bearer x.y.z"}, {"authorization": f"Bearer {issuer.token(exp=1)}"}):
        answer = await ask(http, method, path, headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), CLOSED)
async def test_each_role_gets_in_where_its_row_says_and_nowhere_else(
    http: httpx2.AsyncClient, house: Installation, signed: Signed, method: str, path: str
) -> None:
    allowed = row_of(method, path).roles
    for role in ROLES:
        roles = () if role is Role.APPLICANT else (role.value,)
        answer = await ask(http, method, path, signed(*roles, key=uuid4().hex))
        assert (answer.status_code == 403) == (role not in allowed), (role, answer.text)
        assert answer.status_code != 500, (role, answer.text)
    with house.database._engine.connect() as connection:
        noted = connection.execute(text("SELECT count(*) FROM paspor.access_log WHERE outcome = 'role_not_allowed'"))
        assert noted.scalar_one() == len(set(ROLES) - allowed)


@pytest.mark.parametrize(("method", "path"), [place for place in CLOSED if "{office}" in place[1]])
async def test_officers_of_another_office_stay_out(
    http: httpx2.AsyncClient, signed: Signed, method: str, path: str
) -> None:
    role = next(iter(row_of(method, path).roles))
    answer = await ask(http, method, path, signed(role.value, office="sanur", key=uuid4().hex))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


async def test_strangers_hear_nothing_of_their_mistakes(http: httpx2.AsyncClient) -> None:
    for content in (b"{", b"[" * 100_000, b'{"applicant": {}}'):
        answer = await http.post("/v1/applications", content=content, headers={"content-type": "application/json"})
        assert answer.status_code == 401


CASE = Case("4111111111111111", Place("passport-x", "run"), "applicant-1", "denpasar")
UNBOOKED = Case("4111111111111111", Place("passport-x", "run"), "applicant-1", "")


@pytest.mark.parametrize(
    ("actor", "case", "seen"),
    [
        (Actor(id="applicant-1", roles=(Role.APPLICANT,)), CASE, True),
        (Actor(id="applicant-2", roles=(Role.APPLICANT,)), CASE, False),
        (Actor(id="e", roles=(Role.EXAMINER,), office="denpasar"), CASE, True),
        (Actor(id="e", roles=(Role.EXAMINER,), office="sanur"), CASE, False),
        (Actor(id="e", roles=(Role.EXAMINER,), office="denpasar"), UNBOOKED, False),
        (Actor(id="h", roles=(Role.HEAD,), office="sanur"), CASE, False),
        (Actor(id="h", roles=(Role.HEAD,), office="sanur"), UNBOOKED, True),
        (Actor(id="a", roles=(Role.ASSISTANT,), office="denpasar"), UNBOOKED, False),
        (Actor(id="a", roles=(Role.AUDITOR,)), CASE, True),
        (Actor(id="k", roles=(Role.KIOSK,), office="denpasar"), CASE, True),
        (Actor(id="k", roles=(Role.KIOSK,), office="sanur"), CASE, False),
    ],
)
def test_whose_case_it_is(actor: Actor, case: Case, seen: bool) -> None:
    assert may_see(actor, case) is seen


@pytest.mark.parametrize(
    ("actor", "case", "opened"),
    [
        (Actor(id="applicant-1", roles=(Role.APPLICANT,)), CASE, True),
        (Actor(id="applicant-1", roles=(Role.ASSISTANT,), office="sanur"), CASE, True),
        (Actor(id="a", roles=(Role.ASSISTANT,), office="denpasar"), CASE, False),
        (Actor(id="e", roles=(Role.EXAMINER,), office="denpasar"), CASE, False),
        (Actor(id="h", roles=(Role.HEAD,), office="denpasar"), CASE, True),
        (Actor(id="s", roles=(Role.EXAMINER, Role.SUPERVISOR), office="denpasar"), CASE, True),
        (Actor(id="h", roles=(Role.HEAD,), office="sanur"), CASE, False),
        (Actor(id="h", roles=(Role.HEAD,), office="sanur"), UNBOOKED, False),
    ],
)
def test_who_needs_no_lease(actor: Actor, case: Case, opened: bool) -> None:
    assert may_open(actor, case) is opened
