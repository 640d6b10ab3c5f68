"""What the figures were measured on."""

import importlib.metadata
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine, text
from temporalio.api.workflowservice.v1 import GetSystemInfoRequest

from tests.benchmarks.world import World

ROOT = Path(__file__).parents[2]


async def described(world: World) -> dict[str, Any]:
    """Machine, versions, commit."""
    system = await world.client.workflow_service.get_system_info(GetSystemInfoRequest())
    return {
        **here(world.engine),
        "temporalio": importlib.metadata.version("temporalio"),
        "temporal_server": system.server_version,
    }


def here(engine: Engine) -> dict[str, Any]:
    """The same without the engine of workflows."""
    with engine.begin() as connection:
        postgres = connection.execute(text("SHOW server_version")).scalar_one()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": postgres,
        "load_at_start": [round(load, 2) for load in os.getloadavg()],
    }


def _commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
