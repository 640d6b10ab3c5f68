"""The API as the process that an installation runs: it comes up, is ready, and stops at once with streams open."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import Engine
from temporalio.client import Client

from activities.keyring import new_key_file
from tests.activities.storage.places import an_office

NOWHERE = "http://127.0.0.1:1"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(database_url: str, temporal: Client, folder: Path) -> dict[str, str]:
    new_key_file(folder / "keys.json")
    ours = {
        "DATABASE_URL": database_url,
        "TEMPORAL_ADDRESS": temporal.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": temporal.namespace,
        "KEYS_FILE": str(folder / "keys.json"),
        "FILES_DIR": str(folder / "files"),
        **{f"{name}_URL": NOWHERE for name in ("POPULATION", "PASSPORTS", "WATCHLIST", "BILLING", "ABIS", "CAPTURE")},
        "OIDC_ISSUER": NOWHERE,
    }
    return {**os.environ, **{f"PASPOR_{name}": value for name, value in ours.items()}}


async def until_ready(http: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await http.get("/readyz")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.1)


@pytest.fixture
async def process(
    engine: Engine, database_url: str, client: Client, tmp_path: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, httpx2.AsyncClient]]:
    with engine.begin() as connection:
        an_office(connection, "denpasar")
    port = free_port()
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "api.app:app", "--port", str(port), "--timeout-graceful-shutdown", "30"),
        env=environment(database_url, client, tmp_path),
        stderr=asyncio.subprocess.PIPE,
    )
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        await until_ready(http)
        yield started, http
    if started.returncode is None:
        started.kill()
        await started.communicate()


async def test_it_is_ready_and_stops_at_once_with_a_stream_open(
    process: tuple[asyncio.subprocess.Process, httpx2.AsyncClient],
) -> None:
    started, http = process
    async with http.stream("GET", "/v1/offices/denpasar/queue/events") as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith("event: estimate")
        asked = time.monotonic()
        started.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            _, errors = await started.communicate()
    assert time.monotonic() - asked < 5
    assert b"Traceback" not in errors
