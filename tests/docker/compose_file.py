"""The compose file as Docker would read it, with the variables of an env file filled in, and the tools of the image."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

DOCKER = Path(__file__).parents[2] / "docker"
TOOLS = DOCKER / "tools"
LIMIT = 60.0  # seconds
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")
ENTRYPOINT = ["paspor"]  # of the Dockerfile
CLOSED_WHERE_UNSET = "?"


def variables(name: str) -> dict[str, str]:
    """The settings in `docker/<name>`."""
    lines = [line for line in (DOCKER / name).read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def read(given: Mapping[str, str]) -> Any:
    """The whole file; raises `KeyError` for a variable that it cannot do without."""

    def value(found: re.Match[str]) -> str:
        if given.get(found["name"]):
            return given[found["name"]]
        if found["kind"] == CLOSED_WHERE_UNSET:
            raise KeyError(found["name"])
        return found["rest"] or ""

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: filled(one) for key, one in node.items()}
        if isinstance(node, list):
            return [filled(one) for one in node]
        return VARIABLE.sub(value, node) if isinstance(node, str) else node

    return filled(yaml.safe_load((DOCKER / "compose.yaml").read_text()))


def argv(service: Mapping[str, Any]) -> list[str]:
    """What a container of our image runs."""
    return [*service.get("entrypoint", ENTRYPOINT), *service.get("command", [])]


def tool(name: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, str(TOOLS / name), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, timeout=LIMIT, env={**os.environ, **environment})


def make_secrets(folder: Path) -> list[str]:
    made = tool("make_secrets.py", str(folder), "--owner", str(os.geteuid()))
    assert made.returncode == 0, made.stderr
    return sorted(path.name for path in folder.iterdir())
