"""The way to Temporal: one client a process, and the namespace in which all cases live."""

import asyncio
import logging
import time
from datetime import timedelta
from functools import cache

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter
from temporalio.service import RPCError, RPCStatusCode

from activities.keyring import Keys
from workers.runtime.codec import data_converter
from workers.runtime.settings import Settings
from workflows import search

RETENTION = timedelta(days=90)
RETRY_EVERY = timedelta(seconds=0.5)
RPC_LIMIT = timedelta(seconds=5)

log = logging.getLogger(__name__)


class EngineUnreachable(Exception):
    """Temporal did not answer within the patience of the caller."""


class NamespaceMismatch(Exception):
    """The namespace has a search attribute of ours under another type; it cannot be changed in place."""


async def connect(settings: Settings, keys: Keys, patience: timedelta | None = timedelta(seconds=60)) -> Client:
    """A client whose payloads are sealed, as soon as Temporal answers.

    `patience` is how long to go on trying, for ever when None; raises `EngineUnreachable` when it is over.
    """
    client = await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys.payloads),
        lazy=True,
        runtime=_runtime(),
    )
    await until_reachable(client, patience)
    return client


async def until_reachable(client: Client, patience: timedelta | None) -> None:
    """Return when Temporal answers; raises `EngineUnreachable` when it has not within `patience`."""
    end = None if patience is None else time.monotonic() + patience.total_seconds()
    said = False
    while not await _answers(client):
        if end is not None and time.monotonic() > end:
            raise EngineUnreachable(f"Temporal at {client.service_client.config.target_host} does not answer")
        if not said:
            log.warning("waiting for Temporal at %s", client.service_client.config.target_host)
            said = True
        await asyncio.sleep(RETRY_EVERY.total_seconds())


async def ensure_namespace(client: Client, retention: timedelta = RETENTION) -> None:
    """Make the client's namespace with our retention and search attributes, or bring one that is there up to them.

    May be called any number of times. Raises `NamespaceMismatch` when an attribute has another type.
    """
    await _ensure_retention(client, retention)
    await _ensure_search_attributes(client)


@cache
def _runtime() -> Runtime:
    # The SDK's core would print its own lines on standard output; they belong among our logs.
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    wanted = TelemetryFilter(core_level="WARN", other_level="ERROR")
    return Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=wanted, forwarding=forwarding)))


async def _answers(client: Client) -> bool:
    try:
        return await client.service_client.check_health(timeout=RPC_LIMIT)
    except (RPCError, RuntimeError):  # the SDK raises RuntimeError while a lazy client cannot connect
        return False


async def _ensure_retention(client: Client, retention: timedelta) -> None:
    service, wanted = client.workflow_service, Duration()
    wanted.FromTimedelta(retention)
    try:
        found = await service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), timeout=RPC_LIMIT
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        request = RegisterNamespaceRequest(namespace=client.namespace, workflow_execution_retention_period=wanted)
        await service.register_namespace(request, timeout=RPC_LIMIT)
        return
    if found.config.workflow_execution_retention_ttl != wanted:
        config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
        await service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config), timeout=RPC_LIMIT
        )


async def _ensure_search_attributes(client: Client) -> None:
    service = client.operator_service
    listed = await service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), timeout=RPC_LIMIT
    )
    wanted = {key.name: IndexedValueType.ValueType(int(key.indexed_value_type)) for key in search.ALL}
    for name, kind in wanted.items():
        if listed.custom_attributes.get(name, kind) != kind:
            raise NamespaceMismatch(f"search attribute {name} has another type in {client.namespace}")
    missing = {name: kind for name, kind in wanted.items() if name not in listed.custom_attributes}
    if missing:
        request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        await service.add_search_attributes(request, timeout=RPC_LIMIT)
