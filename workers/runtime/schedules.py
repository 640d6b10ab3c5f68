"""The engine's schedules: what recurs by the clock. Operators see, pause and trigger them as they do with any other.

https://docs.temporal.io/schedule. A schedule that an operator has paused stays paused when a new version comes.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleDescription,
    ScheduleHandle,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
    WorkflowExecutionStatus,
)
from temporalio.service import RPCError, RPCStatusCode

from workers.runtime.namespace import once_known
from workflows import options
from workflows.accounts import NightlyAccounts
from workflows.upkeep import HourlyUpkeep, NightlyUpkeep

RPC_LIMIT = timedelta(seconds=5)
ILL = {WorkflowExecutionStatus.FAILED, WorkflowExecutionStatus.TIMED_OUT, WorkflowExecutionStatus.TERMINATED}


def _recurring(
    name: str, kind: type, every: ScheduleIntervalSpec, catch_up: timedelta, limit: timedelta, note: str
) -> Schedule:
    """A schedule. A run that is late does not meet the next one: that is left out."""
    return Schedule(
        action=ScheduleActionStartWorkflow(kind.__name__, id=name, task_queue=options.CASES, execution_timeout=limit),
        spec=ScheduleSpec(intervals=[every]),
        # After an outage of the engine one missed run is made up for, since the work is the same for any number.
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=catch_up, pause_on_failure=False),
        state=ScheduleState(note=note),
    )


# Hours of the clock are UTC: 19:30 is 02:30 in Jakarta, 03:30 in Denpasar, 04:30 in Jayapura.
HOURLY, NIGHTLY, ACCOUNTS = "upkeep-hourly", "upkeep-nightly", "accounts-nightly"
ALL: Mapping[str, Schedule] = {
    HOURLY: _recurring(
        HOURLY,
        HourlyUpkeep,
        ScheduleIntervalSpec(every=timedelta(hours=1), offset=timedelta(minutes=7)),
        catch_up=timedelta(hours=1),
        limit=timedelta(minutes=50),
        note="Opens the days ahead; removes ended sessions, their drafts, and old answers.",
    ),
    NIGHTLY: _recurring(
        NIGHTLY,
        NightlyUpkeep,
        ScheduleIntervalSpec(every=timedelta(days=1), offset=timedelta(hours=19, minutes=30)),
        catch_up=timedelta(hours=12),
        limit=timedelta(hours=5),
        note="Counts seats against bookings, and the audit record against its chains and seals.",
    ),
    # 18:30 is 01:30 in Jakarta: the treasury's day, which is Jakarta's, is over.
    ACCOUNTS: _recurring(
        ACCOUNTS,
        NightlyAccounts,
        ScheduleIntervalSpec(every=timedelta(days=1), offset=timedelta(hours=18, minutes=30)),
        catch_up=timedelta(hours=12),
        limit=timedelta(hours=20),
        note="Holds the treasury's settlement file against the payments that we know.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a schedule stands; `trouble` is empty where it is well."""

    name: str
    trouble: str = ""
    mend: str = ""


async def ensure_schedules(client: Client) -> list[str]:
    """Make the schedules that are missing, run them once, and bring others up to this version; the names of both.

    May be called any number of times. What an operator has set (paused, the note) stays.
    """
    made = []
    for name, wanted in ALL.items():
        if await once_known(partial(_ensured, client, name, wanted)):
            made.append(name)
    return made


async def _ensured(client: Client, name: str, wanted: Schedule) -> bool:
    try:
        await client.create_schedule(name, wanted, trigger_immediately=True, rpc_timeout=RPC_LIMIT)
    except ScheduleAlreadyRunningError:
        handle = client.get_schedule_handle(name)
        found = await handle.describe(rpc_timeout=RPC_LIMIT)
        if _same(found.schedule, wanted):
            return False
        await handle.update(lambda had: _brought_up(had, wanted), rpc_timeout=RPC_LIMIT)
    return True


def _brought_up(had: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate:
    return ScheduleUpdate(schedule=dataclasses.replace(wanted, state=had.description.schedule.state))


def _same(found: Schedule, wanted: Schedule) -> bool:
    return (found.spec, found.policy, _action(found)) == (wanted.spec, wanted.policy, _action(wanted))


def _action(schedule: Schedule) -> tuple[object, ...]:
    # Not the whole of it: the engine and the SDK's plugins add to what was asked for.
    action = schedule.action
    assert isinstance(action, ScheduleActionStartWorkflow)
    return action.workflow, action.id, action.task_queue, action.execution_timeout


async def standings(client: Client) -> list[Standing]:
    """How each schedule stands; raises `RPCError` when the engine does not answer."""
    return [await _standing(client, name, client.get_schedule_handle(name)) for name in ALL]


async def _standing(client: Client, name: str, handle: ScheduleHandle) -> Standing:
    try:
        found = await handle.describe(rpc_timeout=RPC_LIMIT)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return Standing(name=name, trouble="is missing", mend="paspor migrate --engine")
    if found.schedule.state.paused:
        mend = f"once its reason is over: {_command(client, 'toggle --unpause', name)}"
        return Standing(name=name, trouble="is paused", mend=mend)
    if status := await _ended_badly(client, found):
        mend = "docs/operations.md, 'What recurs', says what the run's failure means; then: "
        mend += _command(client, "trigger", name)
        return Standing(name=name, trouble=f"its last run {status}", mend=mend)
    return Standing(name=name)


def _command(client: Client, verb: str, name: str) -> str:
    address = client.service_client.config.target_host
    return f"temporal schedule {verb} -s {name} -n {client.namespace} --address {address}"


async def _ended_badly(client: Client, found: ScheduleDescription) -> str:
    """How the last run that has ended did so, where that was not well."""
    for result in reversed(found.info.recent_actions):
        assert isinstance(result.action, ScheduleActionExecutionStartWorkflow)
        run = client.get_workflow_handle(result.action.workflow_id, run_id=result.action.first_execution_run_id)
        try:
            status = (await run.describe(rpc_timeout=RPC_LIMIT)).status
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            return ""  # longer ago than the engine remembers
        if status is WorkflowExecutionStatus.RUNNING:
            continue
        return status.name.lower().replace("_", " ") if status in ILL else ""
    return ""
