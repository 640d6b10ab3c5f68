"""Traces: nothing of them where nobody asked, and nothing personal in them where somebody did."""

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, StatusCode

from workers.runtime.settings import Settings
from workers.runtime.spans import AtOurDoor, Cleared
from workers.runtime.tracing import plugins, trace_id, traced

NIK, NAME, NUMBER = "5171015708900001", "Ni Made Contoh", "1171000000000001"
HEAVY = (
    "opentelemetry.sdk",
    "opentelemetry.exporter",
    "opentelemetry.instrumentation",
    "temporalio.contrib.opentelemetry",
)
# What a worker and the API do before they serve, with no endpoint set.
UNTRACED = """
import json, sys
import api.app, workers.process, workers.relay, workers.roster, workers.runtime.connection, workers.runtime.logs
from workers.runtime.tracing import plugins, trace_id, traced
from workers.runtime.settings import Settings
with traced(Settings.model_construct(otlp_endpoint=""), "paspor-api") as tracing:
    print(json.dumps([tracing, plugins(), trace_id(), sorted(sys.modules)]))
"""


class Kept(SpanExporter):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS


def goes_wrong(provider: TracerProvider) -> None:
    about = {"http.target": f"/v1/applications/{NUMBER}?name={NAME}", "http.route": "/v1/applications/{number}"}
    with provider.get_tracer("t").start_as_current_span(f"GET /v1/applications/{NUMBER}", attributes=about) as span:
        span.add_event("log", {"message": NAME})
        span.set_status(Status(StatusCode.ERROR, f"ValueError: {NIK}"))
        raise ValueError(f"{NIK} of {NAME}")


def test_nothing_of_it_is_imported_where_no_endpoint_is_set() -> None:
    done = subprocess.run([sys.executable, "-c", UNTRACED], capture_output=True, text=True, timeout=60, check=True)
    tracing, made, trace, modules = json.loads(done.stdout)
    assert (tracing, made, trace) == (False, [], "")
    assert [name for name in modules if name.startswith(HEAVY)] == []


def test_a_span_keeps_what_happened_and_loses_what_was_said() -> None:
    kept = Kept()
    provider = TracerProvider(resource=Resource({"service.name": "paspor"}), shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(Cleared(kept)))
    with pytest.raises(ValueError, match=NIK):
        goes_wrong(provider)
    provider.shutdown()
    (sent,) = kept.spans
    assert sent.name == "GET /v1/applications/{number}"
    assert sent.attributes == {"http.route": "/v1/applications/{number}"}
    assert [(event.name, dict(event.attributes or {})) for event in sent.events] == [
        ("exception", {"exception.type": "ValueError"})
    ]
    assert (sent.status.status_code, sent.status.description) == (StatusCode.ERROR, None)
    assert (sent.start_time or 0) <= (sent.end_time or 0)
    for personal in (NIK, NAME, NUMBER):
        assert personal not in sent.to_json()


def test_the_headers_of_strangers_go_no_further() -> None:
    stranger = {"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01", "baggage": f"name={NAME}"}
    assert AtOurDoor().extract(stranger) == {}
    carried: dict[str, str] = {}
    AtOurDoor().inject(carried)
    assert carried == {}


@pytest.mark.parametrize("endpoint", ["collector:4318", "ftp://collector", "http:// collector"])
def test_an_endpoint_is_an_address_of_http(endpoint: str) -> None:
    with pytest.raises(ValueError, match="otlp_endpoint"):
        Settings(otlp_endpoint=endpoint)  # type: ignore[call-arg] # the rest comes from the environment, or is missing too


def test_a_process_that_is_not_traced_says_so() -> None:
    with traced(Settings.model_construct(otlp_endpoint=""), "paspor-worker") as tracing:
        assert not tracing
        assert plugins() == []
        assert trace_id() == ""
