"""Takes traces by OTLP over HTTP, as a collector would, and shows them as JSON; prints its port when it is ready."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Collector(BaseHTTPRequestHandler):
    """POST /v1/traces, GET /spans."""

    spans: list[dict[str, Any]] = []  # noqa: RUF012 - one list for all requests is meant

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/v1/traces" or self.headers["Content-Type"] != "application/x-protobuf":
            self.send_error(404)
            return
        for service in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in service.scope_spans:
                self.spans += [_shown(service, span) for span in scope.spans]
        self._answer("application/x-protobuf", ExportTraceServiceResponse().SerializeToString())

    def do_GET(self) -> None:
        self._answer("application/json", json.dumps(self.spans).encode())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def _shown(service: Any, span: Any) -> dict[str, Any]:
    return {
        "service": _values(service.resource.attributes)["service.name"],
        "name": span.name,
        "trace": span.trace_id.hex(),
        "span": span.span_id.hex(),
        "parent": span.parent_span_id.hex(),
        "attributes": _values(span.attributes),
        "events": [{"name": event.name, **_values(event.attributes)} for event in span.events],
        "status": {"code": span.status.code, "message": span.status.message},
        "resource": _values(service.resource.attributes),
    }


def _values(attributes: Any) -> dict[str, Any]:
    found = {}
    for one in attributes:
        kind = one.value.WhichOneof("value")
        found[one.key] = getattr(one.value, kind) if kind != "array_value" else str(one.value.array_value)
    return found


if __name__ == "__main__":
    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        sys.stdout.write(f"{server.server_address[1]}\n")
        sys.stdout.flush()
        server.serve_forever()
