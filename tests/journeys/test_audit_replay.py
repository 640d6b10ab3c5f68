"""The engine's own JSON history: it replays, and it is there when all our tables are lost."""

import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer

from tests.journeys.auditing import engines, lines, workflow_of
from tests.journeys.case import Case
from tests.journeys.installation import installed, wait_until
from tests.journeys.people import refused
from tests.journeys.town import Town
from workflows.passport import PassportApplication
from workflows.sandbox import runner

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


async def replayed(town: Town, case: Case) -> None:
    """The engine's JSON is a history that today's procedure makes again, without any key."""
    history = WorkflowHistory.from_json(workflow_of(town, case).workflow_id, engines(town, case))
    player = Replayer(workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner())
    await player.replay_workflow(history)


async def test_the_engines_json_replays_when_collected(town: Town) -> None:
    case = town.case_at("collected")
    await replayed(town, case)


async def test_the_engines_json_replays_while_open(town: Town) -> None:
    for stage in ("filed", "paid", "approved"):
        await replayed(town, town.case_at(stage))


async def test_the_engines_json_replays_after_refusals_outages_and_a_withdrawal(town: Town) -> None:
    case = town.case_at("documents_examined")
    lease = case.lease("enrolment")
    with town.standins["capture"].failing("error", rate=0.5), town.standins["abis"].failing("error", rate=0.34):
        assert case.captures(lease=lease).is_success
    case.decides("interview", outcome="suspend", reason="purpose unclear")
    case.decides("resume", outcome="resume", reason="seen")
    case.owner.does(case.path("/withdrawal"))
    await replayed(town, case)


async def test_a_changed_history_does_not_replay(town: Town) -> None:
    """That a replay can fail at all: without this the tests above would show nothing."""
    case = town.case_at("paid")
    history = json.dumps(engines(town, case))
    scheduled = next(
        event for event in engines(town, case)["events"] if "activityTaskScheduledEventAttributes" in event
    )
    name = scheduled["activityTaskScheduledEventAttributes"]["activityType"]["name"]
    changed = history.replace(f'"name": "{name}"', '"name": "another.request"')
    assert changed != history
    player = Replayer(workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner())
    with pytest.raises(Exception, match=r"(?i)nondeterminism"):
        await player.replay_workflow(WorkflowHistory.from_json(workflow_of(town, case).workflow_id, changed))


async def test_an_open_case_is_told_after_all_our_tables_are_lost(tmp_path: Path) -> None:
    """Not one row of ours is left, the engine's are: an installation of its own, for nothing lives in it after this."""
    with installed(tmp_path / "data") as lost:
        town = Town(lost)
        try:
            case = town.case_at("approved")
            told, place = lines(town, case), workflow_of(town, case)
            names = ", ".join(f'paspor."{name}"' for name in town.rows() if name != "alembic_version")
            with town.engine.begin() as connection:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                connection.exec_driver_sql(f"TRUNCATE {names} CASCADE")
            assert set(town.rows().values()) <= {0, 1}
            assert wait_until(lambda: lines(town, case), "the history", 10.0) == told
            history = WorkflowHistory.from_json(place.workflow_id, engines(town, case))
            player = Replayer(
                workflows=[PassportApplication], data_converter=pydantic_data_converter, workflow_runner=runner()
            )
            await player.replay_workflow(history)
            path = f"/v1/audit/applications/{case.number}/history"
            assert town.person("auditor").reads(path, form="sizes")["items"]
            refused(case.owner.asks("GET", case.path()), 404, "not_found")
        finally:
            town.leaves()
