"""Quality assurance: the booklet is read before it is ready. A defect means another booklet, without a new fee."""

from dataclasses import replace

from workflows.admission import by_decider
from workflows.case.facts import Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.casework import Casework
from workflows.messages import QualityDecision, QualityOutcome
from workflows.stock import spoil
from workflows.tray import Delivery, refusal


async def assure_quality(case: Casework) -> bool:
    """True when the booklet passed; False when it is spoiled (Permenkumham 8/2014 art. 30 e) and printed anew."""
    inspected = await _inspected(case)
    passport = case.file.passport
    assert passport is not None
    case.close_task(TaskStep.QUALITY)
    passed = inspected.message.outcome is QualityOutcome.PASS
    if passed:
        case.file.passport = replace(passport, state="quality_checked")
        case.stand(Stage.QUALITY_CHECKED, Turn.SYSTEM, "make_ready")
    else:
        await spoil(case, passport, inspected.message.defect)
    entry = case.entry(
        "quality.checked",
        act=inspected.message,
        role=Role.INSPECTOR,
        outcome=inspected.message.outcome.value,
        reason=inspected.message.reason or inspected.message.defect,
        details={"booklet": passport.number},
    )
    inspected.answer(await case.note(entry))
    return passed


async def _inspected(case: Casework) -> Delivery[QualityDecision]:
    tray, passport = case.desk.quality, case.file.passport
    assert passport is not None
    officer = by_decider(TaskStep.QUALITY, case.file.office)

    def rule(decision: QualityDecision) -> None:
        officer(decision)
        if decision.booklet_number != passport.number:
            raise refusal("wrong_booklet", "another booklet was printed for this case")

    tray.open(rule)
    await case.desk.wait(tray, summary="quality assurance")
    inspected = tray.take()
    assert inspected is not None
    return inspected
