"""Histories of cases as the engine keeps them: the reading side beside `api/cases.py`.

They are found without our own tables, by the number as a search attribute, so that an auditor has them even when
those tables are lost.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from api.cases import Place
from api.happenings import Happening, happenings
from api.problems import Problem
from workflows import search

PATIENCE = timedelta(seconds=10)


class Histories:
    """What the engine knows of a case; None where it does not retain it any more."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def find(self, number: str) -> Place | None:
        """The case of a number, by the engine alone. `number` must be 16 digits: it becomes part of a query."""
        query = f"{search.NUMBER.name} = '{number}'"
        try:
            async for found in self._client.list_workflows(query, limit=1, rpc_timeout=PATIENCE):
                return Place(found.id, found.run_id)
        except (RPCError, RuntimeError) as error:  # the SDK says RuntimeError of a server that it never reached
            raise Problem("engine_slow") from error
        return None

    async def story(self, place: Place) -> list[Happening] | None:
        """What happened, decoded."""
        history = await self._fetched(place)
        return await happenings(history.events, self._client.data_converter) if history else None

    async def as_json(self, place: Place) -> dict[str, Any] | None:
        """The engine's own JSON with every payload opened; it can be replayed."""
        history = await self._fetched(place)
        if history is None:
            return None
        opened = [await self._opened(event) for event in history.events]
        return WorkflowHistory(workflow_id=place.workflow_id, events=opened).to_json_dict()

    async def sizes(self, place: Place) -> list[dict[str, Any]] | None:
        """Each event with its bytes, as sealed in the engine's store."""
        history = await self._fetched(place)
        if history is None:
            return None
        return [
            {"event_id": event.event_id, "type": event.WhichOneof("attributes"), "bytes": event.ByteSize()}
            for event in history.events
        ]

    async def _fetched(self, place: Place) -> WorkflowHistory | None:
        handle = self._client.get_workflow_handle(place.workflow_id, run_id=place.run_id)
        try:
            return await handle.fetch_history(rpc_timeout=PATIENCE)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise Problem("engine_slow") from error
        except RuntimeError as error:
            raise Problem("engine_slow") from error

    async def _opened(self, event: HistoryEvent) -> HistoryEvent:
        opened = HistoryEvent()
        opened.CopyFrom(event)
        codec = self._client.data_converter.payload_codec
        for payload in list(_payloads(opened)):
            if codec is not None:
                payload.CopyFrom((await codec.decode([payload]))[0])
        return opened


def _payloads(message: Message) -> Iterator[Payload]:
    """Every payload in a message, however deep."""
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            inner = [item for item in value.values() if isinstance(item, Message)]
        else:
            inner = list(value) if field.is_repeated else [value]
        for item in inner:
            if isinstance(item, Payload):
                yield item
            else:
                yield from _payloads(item)
