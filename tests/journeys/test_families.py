"""Families, over HTTP: one act for several people, all of whom stand or none, seated together or not at all."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.applying import form
from tests.journeys.careful import Careful
from tests.journeys.installation import Installation, wait_until
from tests.journeys.people import Person, done, refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
FAMILIES = "/v1/families"
MEMBERS = "SELECT ending FROM paspor.application WHERE family = :family ORDER BY number"
BOOKINGS = """
    SELECT b.slot_id, b.state FROM paspor.booking b JOIN paspor.application a ON a.number = b.number
     WHERE a.family = :family"""


def forms(size: int, **changes: Any) -> list[dict[str, Any]]:
    return [form(citizen(), **changes) for _ in range(size)]


def filed(owner: Person, size: int) -> dict[str, Any]:
    found: dict[str, Any] = owner.does(FAMILIES, {"applications": forms(size)})
    return found


def slots(town: Town, least: int) -> list[dict[str, Any]]:
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    span = {"from": today.isoformat(), "to": (today + timedelta(days=1)).isoformat()}
    days = town.nobody.reads("/v1/offices/latihan/availability", **span, lane="regular")["days"]
    return [slot for day in days for slot in day["slots"] if slot["left"] >= least]


def test_all_stand_in_the_order_of_the_act_and_each_has_a_case_of_its_own(town: Town) -> None:
    owner, asked, key = town.applicant(), forms(3), str(uuid.uuid4())
    answer = owner.asks("POST", FAMILIES, {"applications": asked}, key=key)
    found = done(answer)
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{FAMILIES}/{found['family']}"
    assert found["state"] == "stands"
    assert [one["stage"] for one in found["applications"]] == ["filed"] * 3
    numbers = [one["number"] for one in found["applications"]]
    assert len(set(numbers)) == 3
    niks = [owner.reads(f"/v1/applications/{number}/applicant")["nik"] for number in numbers]
    assert niks == [one["applicant"]["nik"] for one in asked]
    again = owner.asks("POST", FAMILIES, {"applications": asked}, key=key)
    assert (again.json(), again.headers["idempotent-replayed"]) == (found, "true")
    assert owner.reads(f"{FAMILIES}/{found['family']}") == found
    refused(town.applicant().asks("GET", f"{FAMILIES}/{found['family']}"), 404, "not_found")


def test_one_who_is_refused_leaves_nobody(town: Town) -> None:
    owner, asked = town.applicant(), forms(3)
    owner.does("/v1/applications", asked[2])
    key = str(uuid.uuid4())
    problem = refused(owner.asks("POST", FAMILIES, {"applications": asked}, key=key), 409, "live_application_exists")
    assert [one["pointer"] for one in problem["errors"]] == ["/applications/2/applicant/nik"]
    for one in asked[:2]:  # they are free to be filed for again, as soon as their cases have closed
        wait_until(lambda one=one: owner.asks("POST", "/v1/applications", one).status_code == 201, "a new filing")


def test_a_claim_that_does_not_match_names_the_member(town: Town) -> None:
    owner, asked = town.applicant(), forms(2)
    known = {"nik": asked[1]["applicant"]["nik"], "birth_date": asked[1]["applicant"]["birth_date"]}
    town.standins["population"].plants("people", **known, full_name="Orang Lain")
    problem = refused(owner.asks("POST", FAMILIES, {"applications": asked}), 422, "nik_mismatch")
    assert [one["pointer"] for one in problem["errors"]] == ["/applications/1/applicant"]


@pytest.mark.parametrize("what", ["six", "nobody", "twice", "a wrong field"])
def test_what_can_never_be_right_writes_nothing(town: Town, nothing: Any, what: str) -> None:
    asked = forms({"six": 6, "nobody": 0}.get(what, 2))
    pointer = "/applications"
    if what == "twice":
        asked[1], pointer = asked[0], "/applications/1/applicant/nik"
    if what == "a wrong field":
        asked[1]["applicant"]["nik"], pointer = "123", "/applications/1/applicant/nik"
    problem = refused(nothing.applicant.asks("POST", FAMILIES, {"applications": asked}), 422, "invalid_input")
    assert pointer in [one["pointer"] for one in problem["errors"]]


def test_they_sit_together_and_each_has_a_bill(town: Town) -> None:
    owner = town.applicant()
    family = filed(owner, 3)
    first, other = slots(town, 3)[4:6]
    alone = f"/v1/applications/{family['applications'][0]['number']}/appointment"
    problem = refused(owner.asks("PUT", alone, {"slot_id": first["id"]}), 409, "family_together")
    assert problem["family"] == family["family"]
    path = f"{FAMILIES}/{family['family']}/appointment"
    seated = owner.does(path, {"slot_id": first["id"]}, verb="PUT")
    assert {one["appointment"]["slot_id"] for one in seated["applications"]} == {first["id"]}
    assert [one["stage"] for one in seated["applications"]] == ["booked"] * 3
    moved = owner.does(path, {"slot_id": other["id"]}, verb="PUT")
    assert {one["appointment"]["slot_id"] for one in moved["applications"]} == {other["id"]}
    codes = set()
    for one in seated["applications"]:
        bill = f"/v1/applications/{one['number']}/bill"
        wait_until(lambda bill=bill: owner.asks("GET", bill).is_success, "a bill of their own")
        codes.add(owner.reads(bill)["code"])
    assert len(codes) == 3
    refused(town.applicant().asks("PUT", path, {"slot_id": first["id"]}), 404, "not_found")


@pytest.mark.kill
def test_a_family_that_is_filed_while_the_api_dies_stands_whole(town: Town, installation: Installation) -> None:
    owner = Careful(installation, "applicant-7301")

    @contextmanager
    def meanwhile() -> Iterator[None]:
        with installation.killing("api") as kill:
            yield
            wait_until(lambda: installation.sql("SELECT 1 FROM paspor.family WHERE owner LIKE '%7301'"), "the act")
            kill()

    try:
        found = owner.does("POST", FAMILIES, meanwhile, json={"applications": forms(4)})
    finally:
        owner.close()
    assert found["state"] == "stands"
    assert [row.ending for row in installation.sql(MEMBERS, family=found["family"])] == [None] * 4


@pytest.mark.kill
def test_a_family_that_nobody_files_to_the_end_is_ended_by_the_relay(town: Town, installation: Installation) -> None:
    owner = Careful(installation, "applicant-7302")
    act = "SELECT id, state FROM paspor.family WHERE owner LIKE '%7302'"

    @contextmanager
    def meanwhile() -> Iterator[None]:
        yield
        wait_until(lambda: installation.sql(act), "the act")
        wait_until(lambda: installation.sql(MEMBERS, family=installation.sql(act)[0].id), "a member")
        kill()

    with installation.killing("api") as kill, installation.frozen("passports"):
        owner.is_not_answered("POST", FAMILIES, meanwhile, json={"applications": forms(3)})
    owner.close()
    (family,) = installation.sql(act)
    assert family.state == "filing"
    installation.sql("UPDATE paspor.family SET created_at = created_at - interval '16 minutes'")
    wait_until(
        lambda: {row.ending for row in installation.sql(MEMBERS, family=family.id)} == {"withdrawn"}, "nobody left", 60
    )
