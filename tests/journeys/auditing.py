"""What auditors ask of a case."""

from typing import Any

from tests.journeys.case import Case
from tests.journeys.town import Town


def lines(town: Town, case: Case, language: str = "en") -> list[dict[str, Any]]:
    """The case's history as sentences."""
    path = f"/v1/audit/applications/{case.number}/history"
    answer = town.person("auditor").asks("GET", path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def engines(town: Town, case: Case) -> dict[str, Any]:
    """The case's history as the engine's own JSON."""
    path = f"/v1/audit/applications/{case.number}/history"
    found: dict[str, Any] = town.person("auditor").reads(path, form="engine")
    return found


def workflow_of(town: Town, case: Case) -> Any:
    """Where the engine has the case."""
    return town.sql("SELECT workflow_id, run_id FROM paspor.application WHERE number = :n", n=case.number)[0]
