"""The namespace in which all cases live: its retention and its search attributes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

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
from temporalio.service import RPCError, RPCStatusCode

from workers.runtime.settings import HISTORY_DAYS
from workflows import search

RPC_LIMIT = timedelta(seconds=5)
KNOWN_WITHIN = 30.0  # seconds
ASK_AGAIN = 0.2

T = TypeVar("T")


class NamespaceMismatch(Exception):
    """The namespace has a search attribute of ours under another type; it cannot be changed in place."""


async def ensure_namespace(client: Client, history_days: int = HISTORY_DAYS) -> None:
    """Make the client's namespace, which keeps histories so long, with our search attributes; or bring one up to it.

    May be called any number of times. Raises `NamespaceMismatch` when an attribute has another type.
    """
    await _ensure_retention(client, timedelta(days=history_days))
    await once_known(lambda: _ensure_search_attributes(client))


async def once_known(work: Callable[[], Awaitable[T]], patience: float = KNOWN_WITHIN) -> T:
    """The outcome of `work` in a namespace that may be new.

    The engine's services hear of a new namespace one by one, each within about ten seconds, and until then say that it
    is not there: as long as `patience` (in seconds) that is not taken for an answer.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return await work()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND or time.monotonic() > end:
                raise
        await asyncio.sleep(ASK_AGAIN)


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
