"""The way to Temporal: one client a process, its payloads sealed, its logs among ours."""

import asyncio
import logging
import time
from datetime import timedelta
from functools import cache

from temporalio.client import Client
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError

from activities.keyring import Keys
from workers.runtime.codec import data_converter
from workers.runtime.metrics import measuring
from workers.runtime.settings import Settings
from workers.runtime.tracing import plugins

RETRY_EVERY = 0.5  # seconds
HEALTH_LIMIT = timedelta(seconds=5)

log = logging.getLogger(__name__)


class EngineUnreachable(Exception):
    """Temporal did not answer within the patience of the caller."""


async def connect(settings: Settings, keys: Keys, patience: timedelta | None = timedelta(seconds=60)) -> Client:
    """A client whose payloads are sealed, as soon as Temporal answers.

    `patience` is how long to go on trying, for ever when None; raises `EngineUnreachable` when it is over.
    """
    address, end = settings.temporal_address, None if patience is None else time.monotonic() + patience.total_seconds()
    said = False
    while True:
        try:
            # Not a lazy client, which no worker takes.
            return await Client.connect(
                address,
                namespace=settings.temporal_namespace,
                data_converter=data_converter(keys.payloads),
                runtime=_runtime(bool(settings.metrics_address)),
                plugins=plugins(),
            )
        except (RPCError, RuntimeError) as error:  # the SDK raises RuntimeError when it cannot connect
            if end is not None and time.monotonic() > end:
                raise EngineUnreachable(f"Temporal at {address} does not answer") from error
        if not said:
            log.warning("waiting for Temporal at %s", address)
            said = True
        await asyncio.sleep(RETRY_EVERY)


async def lazy_client(address: str, namespace: str) -> Client:
    """A client that connects when it is first used; it has no keys and so cannot read cases."""
    return await Client.connect(address, namespace=namespace, lazy=True, runtime=_runtime(False))


async def answers(client: Client) -> bool:
    """Does Temporal say that it is healthy?"""
    try:
        return await client.service_client.check_health(timeout=HEALTH_LIMIT)
    except (RPCError, RuntimeError):  # the SDK raises RuntimeError while a lazy client cannot connect
        return False


@cache
def _runtime(measured: bool) -> Runtime:
    # The SDK's core would print its own lines on standard output; they belong among our logs.
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    wanted = TelemetryFilter(core_level="WARN", other_level="ERROR")
    logs = LoggingConfig(filter=wanted, forwarding=forwarding)
    if measured:
        return measuring(lambda metrics: TelemetryConfig(logging=logs, metrics=metrics))
    return Runtime(telemetry=TelemetryConfig(logging=logs))
