"""One visit to the booth: interview and biometric enrolment, in either order."""

from dataclasses import replace
from datetime import datetime, timedelta

from temporalio.exceptions import ActivityError

from workflows.admission import by_decider
from workflows.case.casefile import Capture
from workflows.case.facts import CaptureQuality, Ending, Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.case.rules import Rule, RuleName
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import Enrolment, InterviewDecision, InterviewOutcome
from workflows.partners.biometrics import CaptureSet, capture_assessed
from workflows.tray import Delivery, refusal


async def interview_and_enrol(case: Casework) -> None:
    """Until both are done, or the interviewer suspends the case."""
    await _open(case)
    while not case.file.booth_done() and case.file.suspension is None:
        desk = case.desk
        came = await desk.wait(
            desk.interview, desk.enrolment, until=case.file.complete_by, summary="interview, enrolment"
        )
        if not came:
            raise CaseEnds(
                Ending.INCOMPLETE, "interview and enrolment were not completed in time", rule=case.file.completion_rule
            )
        if heard := desk.interview.take():
            await _interviewed(case, heard)
        elif captured := desk.enrolment.take():
            await _enrolled(case, captured)
    case.desk.interview.turn_away("the visit to the booth is over")
    case.desk.enrolment.turn_away("the visit to the booth is over")


async def _open(case: Casework) -> None:
    case.stand(case.file.stage, Turn.OFFICE, "interview_and_enrol", case.file.complete_by)
    if case.file.interviewed_at is None:
        case.desk.interview.open(by_decider(TaskStep.INTERVIEW, case.file.office))
        case.open_task(TaskStep.INTERVIEW, case.file.complete_by)
    if case.file.capture is None:
        case.desk.enrolment.open(by_decider(TaskStep.ENROLMENT, case.file.office))
        case.open_task(TaskStep.ENROLMENT, case.file.complete_by)
    await case.note(case.entry("booth.opened", outcome="no_exit_ban"))


async def _interviewed(case: Casework, heard: Delivery[InterviewDecision]) -> None:
    decision = heard.message
    if decision.until and not await _is_ahead(case, decision.until):
        heard.refuse(refusal("invalid_input", "the deadline of a suspension lies ahead, in bounds", pointer="/until"))
        return
    case.close_task(TaskStep.INTERVIEW)
    if decision.outcome is InterviewOutcome.REFUSE:
        raise CaseEnds(Ending.REFUSED, decision.reason, asked=heard, role=Role.INTERVIEWER)
    case.file.interviewed_by, case.file.interviewed_at = decision.by, case.now()
    rule = ""
    if decision.outcome is InterviewOutcome.SUSPEND:
        case.close_task(TaskStep.ENROLMENT)
        rule = (await case.suspend(decision.reason, RuleName.SUSPENSION, decision.until, decision.by.id)).rule
    else:
        _stand_in_booth(case, Stage.INTERVIEWED)
    entry = case.entry("interview.held", act=decision, role=Role.INTERVIEWER, outcome=decision.outcome.value, rule=rule)
    heard.answer(await case.note(entry))


async def _is_ahead(case: Casework, until: datetime) -> bool:
    """A suspension ends after now, and within what the rule allows at most (two years, for gross negligence)."""
    most = (await case.look_up(RuleName.SUSPENSION))[RuleName.SUSPENSION].number("most_days")
    return case.now() < until <= case.now() + timedelta(days=most)


async def _enrolled(case: Casework, captured: Delivery[Enrolment]) -> None:
    act = captured.message
    rule = (await case.look_up(RuleName.ENROLMENT))[RuleName.ENROLMENT]
    case.file.captures += 1
    capture = CaptureSet(key=case.key(f"capture/{case.file.captures}"), portrait=act.portrait, fingers=act.fingers)
    try:
        quality = await capture_assessed(capture)
    except ActivityError:
        captured.refuse(refusal("partner_away", "the quality service did not answer; send the capture again"))
        return
    findings = _findings(act, quality, rule)
    if findings:
        why = "the capture is not good enough: " + ", ".join(findings)
        captured.refuse(refusal("capture_not_accepted", why, findings=findings))
        return
    case.file.capture = Capture(portrait=act.portrait, signature=act.signature, fingers=act.fingers, quality=quality)
    case.close_task(TaskStep.ENROLMENT)
    _stand_in_booth(case, Stage.ENROLLED)
    missing = " ".join(str(exception.finger) for exception in act.exceptions)
    entry = case.entry(
        "enrolment.captured",
        act=act,
        role=Role.INTERVIEWER,
        outcome="accepted",
        rule=rule.reference,
        details={"fingers": str(len(act.fingers)), "exceptions": missing},
    )
    captured.answer(replace(await case.note(entry), quality=quality))


def _stand_in_booth(case: Casework, stage: Stage) -> None:
    if case.file.booth_done():
        case.stand(Stage.ENROLLED, Turn.SYSTEM, "search_duplicates")
    else:
        case.stand(stage, Turn.OFFICE, "interview_and_enrol", case.file.complete_by)


def _findings(act: Enrolment, quality: CaptureQuality, rule: Rule) -> list[str]:
    """What is wrong with a capture, by the rule in force. A finger that is missing for a stated cause is no fault."""
    found = [f"face:{code}" for code in quality.face_findings]
    if quality.face_quality < rule.number("face_quality"):
        found.append("face:quality")
    for finger in quality.fingers:
        found += [f"finger_{finger.finger}:{code}" for code in finger.findings]
        if finger.quality < rule.number("finger_quality"):
            found.append(f"finger_{finger.finger}:quality")
    if len(act.fingers) + len(act.exceptions) < rule.number("fingers"):
        found.append("fingers:too_few")
    return found
