"""The whole procedure on time skipping: one test an ending."""


from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside
from workflows.case.facts import Ending, Stage


async def test_collected(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_ready()
    verdict = await case.tell("hand_over", case.collection())
    assert verdict.stage is Stage.COLLECTED
    assert (await case.handle.result()).ending is Ending.COLLECTED
    assert [issue.number for issue in outside.asked["passports.record_issue"]] == ["X0000001"]
    assert outside.view.promise is not None
    assert outside.tasks == {}
