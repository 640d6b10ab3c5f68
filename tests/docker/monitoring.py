"""What the dashboard and the alerts ask Prometheus for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import temporalio.bridge
import yaml

from tests.docker.compose_file import DOCKER

FOLDER = DOCKER / "monitoring"
DASHBOARD = FOLDER / "grafana" / "dashboards" / "paspor.json"
METRIC = re.compile(r"\b(?:paspor|temporal|process)_[a-z_]+\b")
SUFFIX = re.compile(r"_(?:seconds)?(?:_?(?:total|bucket|sum|count))?$")


def rules() -> list[dict[str, Any]]:
    """All alerts."""
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def questions() -> Iterator[tuple[str, str]]:
    """Each expression, and who asks it."""
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def named() -> set[str]:
    """Every metric that somebody asks for."""
    return {name for _, expression in questions() for name in METRIC.findall(expression)}


def known_to_the_sdk(name: str) -> bool:
    """Whether the SDK's core counts this at all; it shows a metric from the first time on that there is something."""
    (core,) = Path(temporalio.bridge.__file__).parent.glob("temporal_sdk_bridge*.so")
    stem = SUFFIX.sub("", name.removeprefix("temporal_"))
    return stem.encode() in core.read_bytes()
