"""What a step does for a message belongs to the trace of who sent it.

Handlers put messages on the desk and wait; the step that takes one runs in the workflow's own task, whose trace began
with the filing, perhaps months ago. So as long as a handler waits for its verdict, what the case asks for is put under
the handler's span. Only headers depend on it, no command: a replay with or without it is the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import context
from opentelemetry.context import Context
from temporalio.worker import (
    HandleUpdateInput,
    Interceptor,
    StartActivityInput,
    StartLocalActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)
from temporalio.workflow import ActivityHandle


class OfTheUpdate(Interceptor):
    """To be given after the one that opens spans."""

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        """The part within workflows."""
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        self._waiting: list[Context] = []
        super().init(_Outbound(outbound, self._waiting))

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        own = context.get_current()
        self._waiting.append(own)
        try:
            return await super().handle_update_handler(input)
        finally:
            self._waiting[:] = [other for other in self._waiting if other is not own]


class _Outbound(WorkflowOutboundInterceptor):
    def __init__(self, next: WorkflowOutboundInterceptor, waiting: list[Context]) -> None:
        super().__init__(next)
        self._waiting = waiting

    def start_activity(self, input: StartActivityInput) -> ActivityHandle[Any]:
        with self._under_the_update():
            return super().start_activity(input)

    def start_local_activity(self, input: StartLocalActivityInput) -> ActivityHandle[Any]:
        with self._under_the_update():
            return super().start_local_activity(input)

    @contextmanager
    def _under_the_update(self) -> Iterator[None]:
        if not self._waiting:
            yield
            return
        # The oldest: trays are served in the order in which their messages came.
        token = context.attach(self._waiting[0])
        try:
            yield
        finally:
            context.detach(token)
