"""A stand-in is no part of the system: it imports nothing of ours and starts with little."""

import json
import subprocess
import sys

NAMES = ("population", "passports", "watchlist", "billing", "abis", "capture", "printer", "mail")
OURS = ("api", "activities", "workflows", "workers")
ALLOWED = ("workers", "workers.local", "workers.local.standins")


def test_a_stand_in_imports_nothing_of_ours_and_little_else():
    imports = "; ".join(f"import workers.local.standins.{name}" for name in NAMES)
    program = f"{imports}; import sys, json; print(json.dumps(sorted(sys.modules)))"
    modules = json.loads(subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout)
    ours = [name for name in modules if name.split(".")[0] in OURS]
    strangers = [name for name in ours if name not in ALLOWED and not name.startswith("workers.local.standins.")]
    assert strangers == []
    heavy = {"fastapi", "pydantic", "sqlalchemy", "temporalio", "httpx2", "cryptography"} & set(modules)
    assert heavy == set()
