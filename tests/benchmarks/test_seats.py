"""The bench of seats runs, and writes down what it says. Its figures are of no worth here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.seats import BY
from tests.benchmarks.sheets import marks

LIMIT = 600  # a minute on a machine that has nothing else to do


@pytest.mark.journey
@pytest.mark.timeout(LIMIT + 20)
def test_a_quick_run(tmp_path: Path) -> None:
    out, document = tmp_path / "figures.json", tmp_path / "seats.md"
    document.write_text("\n".join(["before", *marks(BY), "after\n"]))
    command = [sys.executable, "-m", "tests.benchmarks.seats", "--quick", "--out", str(out), "--write", str(document)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(out.read_text())
    rush = found["api"]["rush"]
    assert (rush["sold"], rush["people_with_seats"], rush["told_yes_in_vain"]) == (rush["seats"], rush["seats"], 0)
    assert rush["invariants_broken"] == []
    assert {one["at_once"] for one in found["direct"]} == {one["at_once"] for one in found["api"]["bookings"]}
    assert "hold_many" in document.read_text()
