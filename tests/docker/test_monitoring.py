"""Prometheus, Grafana and the alerts: they fit each other, the compose file, the documents and what is counted."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from activities.storage.watch import QUESTIONS
from tests.docker.compose_file import read, variables
from tests.docker.monitoring import DASHBOARD, FOLDER, known_to_the_sdk, named, questions, rules
from workers.runtime.settings import Settings

SERVICES = read(variables("live.env.example"))["services"]
OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
SCRAPES = {job["job_name"]: job for job in yaml.safe_load((FOLDER / "prometheus.yaml").read_text())["scrape_configs"]}


def test_every_question_is_about_something() -> None:
    assert len(list(questions())) > 40
    assert {name for name in named() if name.startswith("temporal_") and not known_to_the_sdk(name)} == set()


def test_a_metric_that_nobody_counts_would_be_seen() -> None:
    assert known_to_the_sdk("temporal_sticky_cache_miss_total")
    assert known_to_the_sdk("temporal_workflow_task_schedule_to_start_latency_seconds_bucket")
    assert not known_to_the_sdk("temporal_sticky_cache_lost_total")


def test_every_gauge_of_ours_is_looked_at() -> None:
    assert {question.name for question in QUESTIONS} - named() == {"paspor_seal_age_seconds"}


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_is_wrong_and_the_documents_what_to_do(rule: dict[str, dict[str, str]]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert f"`{rule['alert']}`" in OPERATIONS


def test_the_documents_speak_of_no_other_alert() -> None:
    assert set(re.findall(r"`(Paspor[A-Z]\w+)`", OPERATIONS)) == {rule["alert"] for rule in rules()}


def test_prometheus_asks_every_service_that_serves_figures() -> None:
    (workers,) = SCRAPES["paspor-worker"]["dns_sd_configs"]
    measured = {name for name, one in SERVICES.items() if one.get("environment", {}).get("PASPOR_METRICS_ADDRESS")}
    assert set(workers["names"]) == measured
    for name in measured:
        assert SERVICES[name]["environment"]["PASPOR_METRICS_ADDRESS"] == f"0.0.0.0:{workers['port']}"
    targets = [job["static_configs"][0]["targets"] for name, job in SCRAPES.items() if name != "paspor-worker"]
    assert targets == [["api:8000"], ["temporal:9090"]]
    assert SERVICES["temporal"]["environment"]["PROMETHEUS_ENDPOINT"].endswith(":9090")
    assert {"metrics_address", "otlp_endpoint"} <= set(Settings.model_fields)


def test_grafana_finds_its_dashboard_and_nobody_signs_in_to_it() -> None:
    grafana = SERVICES["grafana"]
    assert "./monitoring/grafana/dashboards:/etc/grafana/dashboards:ro" in grafana["volumes"]
    assert grafana["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"].endswith(DASHBOARD.name)
    assert grafana["environment"]["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] == "true"
    assert grafana["environment"]["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
    sources = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    assert {one["uid"] for one in sources} == {
        target["datasource"]["uid"]
        for panel in json.loads(DASHBOARD.read_text())["panels"]
        for target in panel.get("targets", [])
    }


def test_panels_stand_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not taken & cells, panel["title"]
        taken |= cells


@pytest.mark.parametrize("arguments", [("check", "config", "prometheus.yaml"), ("test", "rules", "alerts_test.yaml")])
def test_prometheus_itself_agrees(arguments: tuple[str, ...]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: rules are not tried by Prometheus itself")
    done = subprocess.run([promtool, *arguments], cwd=FOLDER, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
