"""Real stand-ins as processes, and a receiver for what they send."""

import base64
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook, WebhookVerificationError

LIMIT = 15.0  # seconds that a condition may take
SECRET = "whsec_" + base64.b64encode(b"a secret for the tests of webhooks").decode()


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for a condition to give something true, at most `LIMIT`."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {LIMIT} s in vain for {what}")


@dataclass
class Running:
    """One stand-in as a process; `control` speaks to its own side, never through the faults."""

    name: str
    store: Path
    environment: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    control: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.control = httpx2.Client(base_url=f"{self.url}/standins/{self.name}", trust_env=False)

    def start(self) -> None:
        command = [sys.executable, "-m", f"workers.local.standins.{self.name}"]
        arguments = ["--port", str(self.port), "--store", str(self.store)]
        self.process = subprocess.Popen([*command, *arguments], env={**os.environ, **self.environment})
        until(self.healthy, f"{self.name} to start")

    def healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"{self.name} ended"
        try:
            return httpx2.get(f"{self.url}/healthz", trust_env=False).is_success
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(LIMIT)
        self.control.close()

    def fault(self, kind: str, **more: Any) -> None:
        assert self.control.post("/faults", json={"kind": kind, **more}).status_code == 201

    def heal(self) -> None:
        assert self.control.delete("/faults").status_code == 204

    def plant(self, what: str, **content: Any) -> Any:
        answer = self.control.post(f"/{what}", json=content)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def log(self, key: str | None = None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.control.get("/log").json()["items"]
        return [item for item in items if key is None or item["key"] == key]

    def effects(self, key: str) -> int:
        return sum(item["effect"] for item in self.log(key))


@dataclass(frozen=True)
class Heard:
    """One webhook whose signature was verified."""

    path: str
    webhook_id: str
    body: dict[str, Any]
    answered: int


@dataclass
class Receiver:
    """Hears webhooks as our API would, and answers what `statuses` says, then 204."""

    statuses: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                try:
                    content = Webhook(SECRET).verify(body, dict(self.headers.items()))
                except WebhookVerificationError:
                    status, content = 401, {}
                receiver.heard.append(Heard(self.path, self.headers["webhook-id"], content, status))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *arguments: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def about(self, field_name: str, value: str) -> list[Heard]:
        return [heard for heard in self.heard if heard.body.get(field_name) == value]

    def wait_about(self, field_name: str, value: str, count: int = 1) -> list[Heard]:
        until(lambda: len(self.about(field_name, value)) >= count, f"{count} webhooks about {value}")
        return self.about(field_name, value)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    yield running
    running.close()


@pytest.fixture(scope="module")
def standins(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Iterator[Callable[[str], Running]]:
    """Gives the running stand-in of a name, started at its first use in the module."""
    running: dict[str, Running] = {}

    def give(name: str) -> Running:
        if name not in running:
            environment = {"PASPOR_API_URL": receiver.url, "PASPOR_WEBHOOK_SECRET": SECRET}
            running[name] = Running(name, tmp_path_factory.mktemp(name), environment)
            running[name].start()
        return running[name]

    yield give
    for one in running.values():
        one.close()


@pytest.fixture
def wait_until() -> Callable[[Callable[[], Any], str], Any]:
    return until
