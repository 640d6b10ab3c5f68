"""A process's own page for Prometheus: ours and the SDK's on one address, and whether its event loop answers."""

import socket
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from prometheus_client import Counter
from prometheus_client.parser import text_string_to_metric_families
from temporalio.runtime import Runtime, TelemetryConfig

from workers.runtime import metrics
from workers.runtime.metrics import measuring, our_registry, served


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


async def answer(address: str, path: str) -> httpx2.Response:
    async with httpx2.AsyncClient(timeout=5.0, trust_env=False) as http:
        return await http.get(f"http://{address}{path}")


async def test_a_page_shows_what_is_counted_and_another_is_not_found(address: str) -> None:
    registry = our_registry()
    Counter("paspor_trials", "Trials.", registry=registry).inc(3)
    async with served(address, registry):
        page = await answer(address, "/metrics")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/plain")
        found = {family.name: family for family in text_string_to_metric_families(page.text)}
        assert [(one.name, one.value) for one in found["paspor_trials"].samples] == [("paspor_trials_total", 3)]
        assert {"paspor_build_info", "process_resident_memory_bytes"} <= set(found)
        assert (await answer(address, "/healthz")).text == "ok\n"
        assert (await answer(address, "/")).status_code == 404
    with pytest.raises(httpx2.ConnectError):
        await answer(address, "/healthz")


async def test_a_loop_that_does_not_answer_is_not_well(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "SDK_LIMIT", 0.2)
    with ThreadPoolExecutor(1) as others:
        async with served(address, our_registry()):
            asked = others.submit(httpx2.get, f"http://{address}/healthz", trust_env=False, timeout=10.0)
            assert asked.result(10.0).status_code == 503, "this line itself blocks the loop"
            assert (await answer(address, "/healthz")).status_code == 200


async def test_nothing_is_served_where_nothing_is_wanted() -> None:
    async with served("", our_registry()):
        pass


async def test_an_address_that_is_taken_is_told(address: str) -> None:
    async with served(address, our_registry()):
        with pytest.raises(OSError, match="in use"):
            async with served(address, our_registry()):
                raise AssertionError("served twice")


async def test_what_the_sdk_counts_stands_on_the_same_page(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_sdk_ports", [])
    runtime = measuring(lambda page: TelemetryConfig(logging=None, metrics=page))
    runtime.metric_meter.create_counter("trials", "Trials.").add(2)
    async with served(address, our_registry()):
        page = (await answer(address, "/metrics")).text
        assert {"paspor_build_info", "trials"} <= {one.name for one in text_string_to_metric_families(page)}
    del runtime
    monkeypatch.setattr(metrics, "_sdk_ports", [free_port()])
    async with served(address, our_registry()):
        assert "paspor_build_info" in (await answer(address, "/metrics")).text, "an SDK that is away hides nothing else"


def test_another_port_is_tried_when_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_sdk_ports", [])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        ports = iter([taken.getsockname()[1], free_port()])
        monkeypatch.setattr(metrics, "_free_port", lambda: next(ports))
        assert isinstance(measuring(lambda page: TelemetryConfig(logging=None, metrics=page)), Runtime)
    assert metrics._sdk_ports != [taken]
    assert next(ports, None) is None
