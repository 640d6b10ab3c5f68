"""The benchmark runs, measures what it says, and writes it down. Its figures are of no worth here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.sheets import BENCH, marks

LIMIT = 600  # a minute on a machine that has nothing else to do


@pytest.mark.journey
@pytest.mark.timeout(LIMIT + 20)
def test_a_quick_run(tmp_path: Path) -> None:
    out, document = tmp_path / "out" / "figures.json", tmp_path / "benchmark.md"
    document.write_text("\n".join(["before", *marks(BENCH), "after\n"]))
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--out", str(out), "--write", str(document)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(out.read_text())
    both = found["applications"]
    assert both["history"]["counts"] == both["history"]["bare_counts"]
    assert both["real"]["cpu_ms"]["worker-cases"] > 0 < both["bare"]["cpu_ms"]["bare-cases"]
    assert both["real"]["per_second"] > 0 < found["http"]["per_second"]
    assert [level["opened"] for level in found["open_cases"]] == [0, 20]
    assert found["updates"][0]["real_ms"]["p50"] > 0 < found["updates"][0]["bare_ms"]["p50"]
    written = document.read_text()
    assert written.startswith("before")
    assert written.endswith("after\n")
    assert "applications a second" in written
