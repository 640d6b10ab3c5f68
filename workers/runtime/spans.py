"""OpenTelemetry set up for us: replay-safe spans, cleared of what could be personal, sent by OTLP over HTTP."""

import re
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from threading import Thread

from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.propagators.textmap import (
    CarrierT,
    Getter,
    Setter,
    TextMapPropagator,
    default_getter,
    default_setter,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status, format_trace_id
from opentelemetry.util.types import AttributeValue
from temporalio.contrib.opentelemetry import OpenTelemetryPlugin, create_tracer_provider
from temporalio.plugin import SimplePlugin

from workers.runtime.spans_of_updates import OfTheUpdate

# What a span may say. Addresses, queries, agents and messages of exceptions could name a person; patterns, codes and
# the engine's ids (a keyed hash, and random numbers) cannot.
SAID = {
    *("http.method", "http.request.method", "http.route", "http.status_code", "http.response.status_code"),
    *("temporalWorkflowID", "temporalRunID", "exception.type"),
}
NUMBER = re.compile(r"[0-9]{4,}")
SEND_LIMIT = 5.0  # seconds for one batch
LAST_LIMIT = 0.5  # seconds for the last one, and once more for giving up


class Spans:
    """The spans of this process. There can be one, since OpenTelemetry's provider is set once."""

    def __init__(self, endpoint: str, service: str) -> None:
        propagate.set_global_textmap(AtOurDoor())
        about = {"service.name": service, "service.version": version("paspor")}
        self._exporter: SpanExporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=SEND_LIMIT)
        self._provider = create_tracer_provider(resource=Resource(about), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(Cleared(self._exporter), schedule_delay_millis=1000))
        trace.set_tracer_provider(self._provider)

    def plugins(self) -> list[SimplePlugin]:
        """For a client and its workers."""
        ours = SimplePlugin("paspor.OfTheUpdate", interceptors=[OfTheUpdate()])
        return [OpenTelemetryPlugin(add_temporal_spans=True), ours]

    def trace_id(self) -> str:
        """The current trace, or nothing."""
        context = trace.get_current_span().get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else ""

    def close(self) -> None:
        """Send what is left, for a moment: a collector that is away must not keep a process from stopping."""
        last = Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(LAST_LIMIT)
        if last.is_alive():
            self._exporter.shutdown()
            last.join(LAST_LIMIT)


class AtOurDoor(TextMapPropagator):
    """A request begins its trace at our door: what strangers put into their headers goes no further."""

    def extract(
        self, carrier: CarrierT, context: Context | None = None, getter: Getter[CarrierT] = default_getter
    ) -> Context:
        """Nothing is taken."""
        return Context() if context is None else context

    def inject(
        self, carrier: CarrierT, context: Context | None = None, setter: Setter[CarrierT] = default_setter
    ) -> None:
        """Nothing is given to other systems."""

    @property
    def fields(self) -> set[str]:
        """The headers that are set: none."""
        return set()


class Cleared(SpanExporter):
    """Passes spans on, with nothing in them but what `SAID` names: the last gate, whoever made the span."""

    def __init__(self, to: SpanExporter) -> None:
        self._to = to

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send cleared copies."""
        return self._to.export([cleared(span) for span in spans])

    def shutdown(self) -> None:
        """Send no more."""
        self._to.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Nothing is kept here."""
        return self._to.force_flush(timeout_millis)


def cleared(span: ReadableSpan) -> ReadableSpan:
    """A copy that says what happened, when, and whether it went well; no texts."""
    events = [Event(event.name, _said(event.attributes), event.timestamp) for event in span.events]
    return ReadableSpan(
        # By its pattern or its type; a path would have digits.
        name=NUMBER.sub("{number}", span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_said(span.attributes),
        events=[event for event in events if event.name == "exception"],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _said(attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
    return {name: value for name, value in (attributes or {}).items() if name in SAID}
