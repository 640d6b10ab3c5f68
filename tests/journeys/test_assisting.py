"""An institution's operator files for citizens: with their consent, under the operator's own name, within limits."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.applying import form
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done, refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
SAID = "Saya setuju paspor saya diajukan oleh panti."
SPOKEN = {"kind": "spoken", "date": "2026-11-20", "statement": SAID}
WRITTEN = {"kind": "written", "date": "2026-11-20", "document": "ab" * 32}


@pytest.mark.parametrize(
    ("consent", "pointer"),
    [
        (None, "/consent"),
        ({}, "/consent/kind"),
        ({"kind": "spoken", "date": "2026-11-20"}, "/consent"),
        ({**SPOKEN, "kind": "dreamt"}, "/consent/kind"),
        ({**WRITTEN, "document": "x"}, "/consent/document"),
        ({**SPOKEN, "date": (datetime.now(UTC) + timedelta(days=3)).date().isoformat()}, "/consent/date"),
    ],
)
def test_without_consent_nobody_files_for_another(town: Town, consent: Any, pointer: str) -> None:
    asked = form(citizen()) | ({} if consent is None else {"consent": consent})
    assistant = town.person("assistant", "latihan")
    problem = refused(assistant.asks("POST", "/v1/applications", asked), 422, "invalid_input")
    assert pointer in [one["pointer"] for one in problem["errors"]]
    family = {"applications": [form(citizen(), consent=SPOKEN), asked]}
    problem = refused(assistant.asks("POST", "/v1/families", family), 422, "invalid_input")
    assert f"/applications/1{pointer}" in [one["pointer"] for one in problem["errors"]]


@pytest.mark.parametrize("consent", [SPOKEN, WRITTEN], ids=["spoken", "written"])
def test_the_record_names_the_operator_the_citizen_and_the_consent(town: Town, consent: dict[str, str]) -> None:
    case = Case(town, town.person("assistant", "latihan"))
    town.cases.append(case)
    filed = case.files(consent=consent)
    assert filed["assistance"] == {"institution": "latihan", "consent": consent["kind"], "given_on": "2026-11-20"}
    history = town.person("auditor").reads(f"/v1/audit/applications/{case.number}/history")["items"]
    first = next(one for one in history if one["action"] == "application.filed")
    assert (first["role"], first["office"]) == ("assistant", "latihan")
    assert "2026-11-20" in first["sentence"]
    (row,) = town.sql(
        "SELECT details, actor FROM paspor.case_event WHERE number = :number AND action = 'application.filed'",
        number=case.number,
    )
    evidence = consent.get("document") or hashlib.sha256(SAID.encode()).hexdigest()
    assert evidence in row.details
    assert SAID not in row.details
    case.books()
    (seat,) = town.sql(
        "SELECT details, role, actor FROM paspor.case_event WHERE number = :number AND action = 'seat.held'",
        number=case.number,
    )
    assert (seat.role, seat.actor) == ("assistant", row.actor)
    assert '"acted_for":"citizen"' in seat.details
    to = case.citizen.claims()["email"]
    mail = town.standins["mail"]
    wait_until(lambda: [one for one in _mails(mail, to) if case.number in str(one) and "latihan" in str(one)], "a mail")


def _mails(standin: Any, to: str) -> list[Any]:
    found: list[Any] = done(standin.http.get("messages", params={"to": to}))["items"]
    return found


def test_who_files_for_themselves_needs_no_consent_and_none_is_noted(town: Town) -> None:
    case = town.files(consent=SPOKEN)
    assert "assistance" not in case.shown()


def test_so_many_a_day_and_no_more_though_all_come_at_once(town: Town) -> None:
    office = town.office("panti", assistance={"operator_filings": 4, "institution_filings": 6})
    operator = town.person("assistant", office)
    with ThreadPoolExecutor(4) as pool:
        asked = [form(citizen(), consent=SPOKEN) for _ in range(6)]
        answers = list(pool.map(lambda one: operator.asks("POST", "/v1/applications", one), asked))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [429] * 2
    late = next(answer for answer in answers if answer.status_code == 429)
    assert late.json()["limit"] == "operator"
    assert 0 < int(late.headers["retry-after"]) <= 24 * 3600
    family = {"applications": [form(citizen(), consent=SPOKEN)]}
    refused(operator.asks("POST", "/v1/families", family), 429, "too_many_requests")
