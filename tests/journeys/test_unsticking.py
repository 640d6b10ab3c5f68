"""A case is stuck, an operator hears of it from the doctor, does what docs/operations.md says, and it goes on."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.journeys.installation import Installation, wait_until
from tests.journeys.town import Town
from workers.standstill import RULE

pytestmark = pytest.mark.journey
pytest_plugins = ["tests.journeys.fixtures"]

WITHOUT_OURS = {"electronic_5": 650_000, "electronic_10": 950_000, "same_day": 1_000_000}
# The statement of docs/operations.md.
MEND = """
    INSERT INTO paspor.rule (name, office, effective_from, value, source)
    SELECT name, office, current_date, value || '{"ordinary_10": 650000}', 'mended: the row forgot the product'
      FROM paspor.rule WHERE name = 'tariff' AND office = :office ORDER BY effective_from DESC LIMIT 1"""


def cases(installation: Installation) -> list[dict[str, Any]]:
    """What the doctor says of cases."""
    argv = [sys.executable, "-m", "workers.cli", "doctor", "--json", "--data", str(installation.folder)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    findings = json.loads(done.stdout)["findings"]
    return [finding for finding in findings if finding["what"] == "cases"]


def test_a_tariff_row_that_forgot_a_passport(installation: Installation, town: Town) -> None:
    office = town.office("lupa", tariff=WITHOUT_OURS)
    case = town.files(office=office)
    case.books()

    def named() -> dict[str, Any] | None:
        return next((one for one in cases(installation) if case.number in one["said"]), None)

    found = wait_until(named, "the finding", 20.0)
    assert (found["well"], found["mend"]) == (False, RULE)
    assert "1 case cannot go on" in found["said"]
    assert f"tariff.ordinary_10 is not in force at {office}" in found["said"]
    assert case.shown()["next_step"]["what"] == "make_bill"

    installation.sql(MEND, office=office)
    assert case.billed()["amount"] == 650_000
    assert named() is None
    case.pays()
