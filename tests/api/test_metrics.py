"""What the API counts: by the pattern of the route, and nothing of who asked."""

from collections.abc import Iterable

from httpx2 import AsyncClient
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from api.metrics import BUCKETS, Requests
from workers.runtime.metrics import our_registry

NUMBER = "1171000000000001"


class Route:
    path_format = "/v1/applications/{number}"


def samples(registry: CollectorRegistry) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in registry.collect()
        for sample in family.samples
    }


def of(found: Iterable[tuple[str, tuple[tuple[str, str], ...]]], name: str) -> list[dict[str, str]]:
    return [dict(labels) for known, labels in found if known == name]


def test_a_request_is_counted_by_pattern_and_status() -> None:
    registry = our_registry()
    requests = Requests(registry)
    for status, seconds in ((200, 0.02), (200, 3.0), (404, 0.001)):
        requests.note({"method": "GET", "route": Route()}, status, seconds)
    found, about = samples(registry), (("method", "GET"), ("route", Route.path_format))
    assert found["paspor_http_requests_total", (*about, ("status", "200"))] == 2
    assert found["paspor_http_requests_total", (*about, ("status", "404"))] == 1
    assert found["paspor_http_request_seconds_count", about] == 3
    limits = {labels["le"] for labels in of(found, "paspor_http_request_seconds_bucket")}
    assert limits == {*(str(bucket) for bucket in BUCKETS), "+Inf"}


def test_what_is_not_known_has_one_name_for_all() -> None:
    registry = our_registry()
    requests = Requests(registry)
    requests.note({"method": "BREW", "path": f"/v1/coffee/{NUMBER}"}, 404, 0.001)
    requests.note({"method": "PROPFIND", "path": "/"}, 404, 0.001)
    assert of(samples(registry), "paspor_http_requests_total") == [
        {"method": "other", "route": "unknown", "status": "404"}
    ]


async def test_the_page_is_what_prometheus_reads(http: AsyncClient) -> None:
    assert (await http.get(f"/v1/applications/{NUMBER}?name=Made")).status_code == 401
    page = await http.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=")
    families = {family.name: family for family in text_string_to_metric_families(page.text)}
    assert {"paspor_http_requests", "paspor_http_request_seconds", "process_cpu_seconds"} <= set(families)
    assert families["paspor_http_requests"].documentation
    routes = {sample.labels["route"] for sample in families["paspor_http_requests"].samples}
    assert "/v1/applications/{number}" in routes
    assert NUMBER not in page.text
    assert "Made" not in page.text
