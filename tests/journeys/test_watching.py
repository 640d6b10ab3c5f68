"""One installation that is watched: every part serves figures, and one trace goes from a request to what it caused."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.docker.monitoring import known_to_the_sdk, named
from tests.journeys.application import Application, application
from tests.journeys.installation import Installation, installed, wait_until

pytestmark = pytest.mark.journey
MEASURED = {"api", "temporal", "worker-cases", "worker-partners", "worker-printing"}
NOBODYS = "/v1/applications/1179999999999999"


@dataclass(frozen=True, slots=True)
class Collector:
    """A collector of traces, as a process of its own."""

    process: "subprocess.Popen[str]"
    url: str


@dataclass(frozen=True, slots=True)
class Watched:
    """An installation, its collector of traces, and an application that was carried through."""

    installation: Installation
    collector: Collector
    case: Application

    def spans(self) -> list[dict[str, Any]]:
        """All spans that have come."""
        found: list[dict[str, Any]] = httpx2.get(f"{self.collector.url}/spans", trust_env=False).json()
        return found

    def traces(self, name: str) -> list[list[dict[str, Any]]]:
        """The traces in which a span has this name."""
        spans = self.spans()
        chosen = {span["trace"] for span in spans if span["name"] == name}
        return [[span for span in spans if span["trace"] == trace] for trace in sorted(chosen)]

    def page(self, part: str) -> str:
        """What a part tells Prometheus."""
        answer = httpx2.get(self.installation.addresses["metrics"][part], timeout=10.0, trust_env=False)
        assert answer.status_code == 200
        return answer.text

    def value(self, metric: str, **labels: str) -> float | None:
        """One figure of those that the process of the cases finds out."""
        for family in text_string_to_metric_families(self.page("worker-cases")):
            for sample in family.samples:
                if sample.name == metric and labels.items() <= sample.labels.items():
                    return sample.value
        return None


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    """The collector."""
    argv = [sys.executable, "-m", "tests.journeys.collector"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Collector(process, f"http://127.0.0.1:{process.stdout.readline().strip()}")
        process.kill()


@pytest.fixture(scope="module")
def watched(collector: Collector, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The installation."""
    folder = tmp_path_factory.mktemp("watched") / "data"
    with (
        installed(folder, environment={"PASPOR_OTLP_ENDPOINT": collector.url}) as installation,
        application(installation) as case,
    ):
        case.runs()
        yield Watched(installation, collector, case)


def test_every_part_serves_figures_and_says_that_it_is_well(watched: Watched) -> None:
    addresses = watched.installation.addresses["metrics"]
    assert set(addresses) == MEASURED
    for part in MEASURED - {"temporal"}:
        families = {family.name for family in text_string_to_metric_families(watched.page(part))}
        assert {"paspor_build_info", "process_resident_memory_bytes"} <= families
        assert part == "api" or "temporal_worker_task_slots_available" in families
        assert httpx2.get(addresses[part].replace("/metrics", "/healthz"), trust_env=False).status_code == 200
    assert "persistence_requests" in watched.page("temporal")


def test_all_that_dashboard_and_alerts_ask_for_is_told(watched: Watched) -> None:
    wait_until(lambda: watched.value("paspor_queue_pollers", queue="passport"), "a look around")
    told: set[str] = set()
    for part in MEASURED - {"temporal"}:
        for family in text_string_to_metric_families(watched.page(part)):
            suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(family.type, ("",))
            told |= {family.name + suffix for suffix in suffixes}
            assert family.documentation, family.name
    assert {name for name in named() - told if not (name.startswith("temporal_") and known_to_the_sdk(name))} == set()


def test_what_happened_is_counted_from_the_record(watched: Watched) -> None:
    rows = watched.installation.sql("SELECT action, count(*) FROM paspor.case_event GROUP BY action")
    for action, entries in rows:
        wait_until(
            lambda action=action, entries=entries: watched.value("paspor_case_events_total", action=action) == entries,
            f"{action} to be counted",
        )
    assert watched.value("paspor_deadlines_lapsed_total", deadline="payment") == 0


def test_a_printer_that_is_taken_out_of_use_is_seen(watched: Watched) -> None:
    for state, reason, value in (("down", "jam", 0), ("up", "", 1)):
        watched.installation.sql(
            "UPDATE paspor.printer SET state = :state, reason = :reason WHERE id = 'latihan-1'",
            state=state,
            reason=reason,
        )
        wait_until(lambda value=value: watched.value("paspor_printer_up", printer="latihan-1") == value, state)


def test_every_queue_is_served(watched: Watched) -> None:
    queues = ("passport", "national", "biometrics", "printing-latihan", "printing-denpasar")
    for queue in queues:
        assert wait_until(lambda queue=queue: watched.value("paspor_queue_pollers", queue=queue), f"pollers of {queue}")
        assert watched.value("paspor_queue_backlog_age_seconds", queue=queue) is not None


def test_one_trace_goes_from_the_request_over_the_update_to_what_the_step_asks_for(watched: Watched) -> None:
    route = "POST /v1/applications/{number}/decisions/allocation"
    chain = {
        ("paspor-api", route),
        ("paspor-api", "StartWorkflowUpdate:allocate"),
        ("paspor-worker", "HandleUpdate:allocate"),
        ("paspor-worker", "RunActivity:booklets.allocate"),
        ("paspor-worker", "RunActivity:watchlist.check"),
        ("paspor-worker", "RunActivity:ledger.note"),
    }

    def whole() -> list[dict[str, Any]] | None:
        found = watched.traces(route)
        assert len(found) <= 1
        spans = found[0] if found else []
        return spans if chain <= {(span["service"], span["name"]) for span in spans} else None

    spans: list[dict[str, Any]] = wait_until(whole, "the whole trace")
    by_id = {span["span"]: span for span in spans}
    for name in ("booklets.allocate", "watchlist.check"):
        span = next(one for one in spans if one["name"] == f"RunActivity:{name}")
        ancestors = []
        while span["parent"]:
            span = by_id[span["parent"]]
            ancestors.append(span["name"])
        assert ancestors[0] == f"StartActivity:{name}"
        assert ancestors[1:] == ["HandleUpdate:allocate", "StartWorkflowUpdate:allocate", route]


def test_the_trace_of_a_problem_leads_to_its_request_and_log(watched: Watched) -> None:
    with httpx2.Client(base_url=watched.installation.addresses["api"], trust_env=False) as http:
        problem = http.get(f"{NOBODYS}/bill?name=Made", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}).json()
    assert re.fullmatch("[0-9a-f]{32}", problem["trace"])
    assert problem["trace"] != "ab" * 16, "a stranger does not choose"
    (found,) = wait_until(
        lambda: [span for span in watched.spans() if span["trace"] == problem["trace"]], "the request's span"
    )
    assert found["name"] == "GET /v1/applications/{number}/bill"
    assert found["attributes"] == {
        "http.method": "GET",
        "http.route": "/v1/applications/{number}/bill",
        "http.status_code": 401,
    }
    lines = (watched.installation.folder / "logs" / "api.log").read_text().splitlines()
    assert [line for line in lines if f'"trace_id": "{problem["trace"]}"' in line], "no line of the log has the trace"


def test_spans_and_figures_name_nobody(watched: Watched) -> None:
    wait_until(lambda: watched.traces("POST /v1/applications"), "the filing")
    told = {"spans": json.dumps(watched.spans())} | {part: watched.page(part) for part in MEASURED - {"temporal"}}
    person = watched.case.person
    for personal in (person.nik, person.full_name, watched.case.number, watched.case.booklet):
        assert personal
        for where, text in told.items():
            assert personal not in text, where


@pytest.mark.kill
def test_a_collector_that_hangs_hinders_nobody(watched: Watched) -> None:
    events = watched.installation.events
    watched.collector.process.send_signal(signal.SIGSTOP)
    try:
        with application(watched.installation) as another:
            another.runs(until="pay")
        assert watched.installation.stop() < 10
    finally:
        watched.collector.process.send_signal(signal.SIGCONT)
    assert [event for event in events if event["event"] in ("died", "late", "killed")] == []
    watched.installation.start()
