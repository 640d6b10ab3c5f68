"""What the README tells a reader to type does what it says."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.journeys.installation import Installation

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.journey
def test_one_application_by_hand_as_the_readme_has_it(installation: Installation) -> None:
    (block,) = BLOCK.findall((ROOT / "README.md").read_text())
    done = subprocess.run(
        ["bash", "-c", block],
        cwd=ROOT,
        env={**os.environ, "DATA": str(installation.folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    decided = dict(line.split(": ") for line in lines[:5])
    assert list(decided) == ["documents", "interview", "allocation", "quality", "handover"]
    assert decided["handover"] == "collected"
    assert re.fullmatch(r"\S+ handover@latihan \| passport X\d{7} was handed over \(self\)", lines[-1])
