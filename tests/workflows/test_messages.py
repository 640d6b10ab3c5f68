"""What a case takes, from whom, and how it refuses: at once, typed, and without harm to the case."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from tests.workflows.conftest import Start, serving, starting
from tests.workflows.driving import BOOKLET, CITIZEN, Driven, officer
from tests.workflows.fakes import Outside, away, in_turn
from workflows.case.facts import Actor, CaptureQuality, Ending, PaperKind, Role, Stage
from workflows.case.notifications import PaymentNotice
from workflows.case.record import TaskStep
from workflows.messages import (
    AdjudicationDecision,
    AdjudicationOutcome,
    AllocationDecision,
    Cancellation,
    CheckIn,
    Claims,
    Completion,
    DocumentsDecision,
    DocumentsOutcome,
    InterviewDecision,
    InterviewOutcome,
    PaperAdded,
    PrintAnswer,
    PrintAnswerOutcome,
    QualityDecision,
    QualityOutcome,
    Recognition,
    ResumeDecision,
    ResumeOutcome,
    SeatTaken,
    Verdict,
    Withdrawal,
)
from workflows.tray import Tray

STRANGER = Actor(id="applicant-2", roles=(Role.APPLICANT,))


def documents(by: Actor) -> DocumentsDecision:
    return DocumentsDecision(by=by, outcome=DocumentsOutcome.COMPLETE)


def interview(by: Actor) -> InterviewDecision:
    return InterviewDecision(by=by, outcome=InterviewOutcome.PASS)


def opinion(by: Actor) -> AdjudicationDecision:
    return AdjudicationDecision(by=by, outcome=AdjudicationOutcome.NO_MATCH)


def booklet(by: Actor) -> AllocationDecision:
    return AllocationDecision(by=by, booklet=BOOKLET)


def print_answer(by: Actor) -> PrintAnswer:
    return PrintAnswer(by=by, outcome=PrintAnswerOutcome.PRINTED, booklet=BOOKLET)


def quality(by: Actor) -> QualityDecision:
    return QualityDecision(by=by, outcome=QualityOutcome.PASS, booklet_number=BOOKLET)


# Step, update, the role it is for, and the act.
DECISIONS: list[tuple[str, str, Role, Callable[[Actor], Any]]] = [
    ("documents", "decide_documents", Role.EXAMINER, documents),
    ("interview", "decide_interview", Role.INTERVIEWER, interview),
    ("adjudication", "adjudicate", Role.ADJUDICATOR, opinion),
    ("allocation", "allocate", Role.PRINTER, booklet),
    ("print_question", "answer_print", Role.PRINTER, print_answer),
    ("quality", "decide_quality", Role.INSPECTOR, quality),
]


async def test_out_of_turn(start: Start, outside: Outside) -> None:
    """Before its step has opened its tray, no act is taken; the case stands as it stood."""
    case = await start()
    await case.file()
    version = outside.view.version
    acts: list[tuple[str, Any]] = [(update, act(officer(role))) for _, update, role, act in DECISIONS]
    acts += [
        ("enrol", case.capture()),
        ("hand_over", case.collection()),
        ("check_in", CheckIn(by=officer(Role.EXAMINER))),
        ("complete_papers", Completion(by=CITIZEN)),
        ("resume", ResumeDecision(by=officer(Role.HEAD), outcome=ResumeOutcome.RESUME)),
    ]
    for update, act in acts:
        assert await case.refused(update, act) == "not_your_turn", update
    assert outside.view.version == version
    assert await case.refused_pushes() == []


async def test_nothing_is_taken_twice(start: Start) -> None:
    case = await start()
    await case.to_booth()
    assert await case.refused("decide_documents", documents(officer(Role.EXAMINER))) == "not_your_turn"
    assert await case.refused("check_in", CheckIn(by=officer(Role.EXAMINER))) == "already_checked_in"
    await case.interview()
    assert await case.refused("decide_interview", interview(officer(Role.INTERVIEWER))) == "not_your_turn"


@pytest.mark.parametrize(("step", "update", "role", "act"), DECISIONS, ids=[one[0] for one in DECISIONS])
async def test_wrong_role_and_office(
    start: Start, outside: Outside, step: str, update: str, role: Role, act: Callable[[Actor], Any]
) -> None:
    case = await start()
    await case.to_step(step)
    assert TaskStep(step).value in outside.tasks
    assert outside.tasks[step].role is role
    for wrong in set(Role) - {role}:
        assert await case.refused(update, act(officer(wrong))) == "role_not_allowed", wrong
    assert await case.refused(update, act(officer(role, office="tabanan"))) == "role_not_allowed"
    verdict = await case.tell(update, act(Actor(id="both", roles=(Role.AUDITOR, role), office="denpasar")))
    assert verdict.version > 0


async def test_another_persons_case(start: Start) -> None:
    case = await start()
    await case.file()
    seat = await case.appointment()
    assert await case.refused("take_seat", SeatTaken(by=STRANGER, appointment=seat)) == "role_not_allowed"
    assert await case.refused("withdraw", Withdrawal(by=STRANGER)) == "role_not_allowed"
    paper = PaperAdded(by=STRANGER, kind=PaperKind.ID_CARD, sha256="0", pages=1)
    assert await case.refused("add_paper", paper) == "role_not_allowed"
    assert await case.refused("cancel", Cancellation(by=CITIZEN, reason="mine")) == "role_not_allowed"
    helped = SeatTaken(by=officer(Role.ASSISTANT), appointment=seat)
    assert await case.refused("take_seat", helped) == "role_not_allowed"


async def test_four_eyes(start: Start, outside: Outside) -> None:
    """Neither the interviewer nor whoever has said an opinion says the next one."""
    case = await start()
    await case.to_adjudication()
    assert outside.tasks["adjudication"].barred == ("interviewer",)
    interviewer = Actor(id="interviewer", roles=(Role.ADJUDICATOR,), office="denpasar")
    assert await case.refused("adjudicate", opinion(interviewer)) == "same_officer"
    await case.opinion("adjudicator-1", AdjudicationOutcome.NO_MATCH)
    again = officer(Role.ADJUDICATOR, "adjudicator-1")
    assert await case.refused("adjudicate", opinion(again)) == "same_officer"
    assert outside.tasks["adjudication"].barred == ("interviewer", "adjudicator-1")
    await case.opinion("adjudicator-2", AdjudicationOutcome.NO_MATCH)
    await case.noted("application.approved")


async def test_the_head_is_a_third_person(start: Start) -> None:
    case = await start()
    await case.to_adjudication()
    await case.opinion("adjudicator-1", AdjudicationOutcome.UNSURE)
    await case.opinion("adjudicator-2", AdjudicationOutcome.UNSURE)
    same = officer(Role.HEAD, "adjudicator-2")
    assert await case.refused("adjudicate", opinion(same)) == "same_officer"
    assert await case.refused("adjudicate", opinion(officer(Role.ADJUDICATOR, "third"))) == "role_not_allowed"
    await case.opinion("head", AdjudicationOutcome.NO_MATCH, role=Role.HEAD)


async def both(case: Driven, update: str, *messages: Any) -> list[str]:
    """Send acts at once; what came of each."""

    async def sent(message: Any) -> str:
        try:
            await case.tell(update, message)
        except WorkflowUpdateFailedError as failed:
            return getattr(failed.cause, "type", "untyped")
        return "applied"

    return sorted(await asyncio.gather(*map(sent, messages)))


async def test_two_decisions_at_once(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    one, two = documents(officer(Role.EXAMINER, "e-1")), documents(officer(Role.EXAMINER, "e-2"))
    assert await both(case, "decide_documents", one, two) == ["applied", "not_your_turn"]
    assert outside.actions.count("documents.examined") == 1


async def test_an_act_that_comes_while_another_is_entered(start: Start, outside: Outside) -> None:
    """Sent while the first one's entry is being written: it waits for the engine, not for a person."""
    case = await start()
    await case.to_checked_in()
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "documents.examined")
    first = asyncio.create_task(case.documents())
    await case.noted("documents.examined")
    second = asyncio.create_task(case.refused("decide_documents", documents(officer(Role.EXAMINER, "e-2"))))
    gate.set()
    assert (await first).stage is Stage.DOCUMENTS_EXAMINED
    assert await second == "not_your_turn"


def test_two_that_pass_the_validator_together() -> None:
    """Both were in turn when they were checked; the tray takes one."""
    tray: Tray[CheckIn] = Tray("a check-in")
    tray.open()
    one, two = CheckIn(by=officer(Role.EXAMINER, "e-1")), CheckIn(by=officer(Role.EXAMINER, "e-2"))
    tray.check(one)
    tray.check(two)
    tray.put(one)
    with pytest.raises(ApplicationError) as refused:
        tray.put(two)
    assert refused.value.type == "not_your_turn"
    assert refused.value.non_retryable
    taken = tray.take()
    assert taken is not None
    assert taken.message is one


async def test_the_same_update_id_gets_the_same_answer(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    key = str(uuid.uuid4())
    act = documents(officer(Role.EXAMINER))
    answers = [await case.handle.execute_update("decide_documents", act, id=key, result_type=Verdict) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert outside.actions.count("documents.examined") == 1


async def test_a_refused_message_leaves_the_tray_open(start: Start, outside: Outside) -> None:
    """A capture that is not good enough is taken anew, and a better one is accepted."""
    poor = CaptureQuality(face_quality=10, face_findings=("blurred",))
    outside.answers["biometrics.assess"] = in_turn(poor, CaptureQuality(face_quality=90))
    case = await start()
    await case.to_booth()
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await case.enrol()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "capture_not_accepted"
    assert cause.details[0]["findings"] == ["face:blurred", "face:quality"]
    assert "enrolment" in outside.tasks
    verdict = await case.enrol()
    assert verdict.quality == CaptureQuality(face_quality=90)
    assert len(set(outside.keys("biometrics.assess"))) == 2


async def test_too_early_a_day_is_refused_and_the_right_day_taken(start: Start) -> None:
    case = await start()
    seat = await case.to_paid()
    assert await case.refused("check_in", CheckIn(by=officer(Role.KIOSK))) == "wrong_day"
    await case.sleep_until(seat.starts_at - timedelta(minutes=10))
    verdict = await case.tell("check_in", CheckIn(by=officer(Role.KIOSK)))
    assert verdict.ticket is not None
    assert verdict.ticket.number == "A-001"


async def test_pushed_acts_do_the_same(start: Start, outside: Outside) -> None:
    """The whole procedure by signals alone."""
    case = await start()
    await case.push("add_paper", PaperAdded(by=CITIZEN, kind=PaperKind.ID_CARD, sha256="a1", pages=1))
    await case.noted("paper.added")
    await case.noted("claims.verified")
    seat = await case.appointment()
    await case.push("take_seat", SeatTaken(by=CITIZEN, appointment=seat))
    await case.noted("bill.made")
    await case.pay()
    await case.sleep_until(seat.starts_at)
    await case.push("check_in", CheckIn(by=officer(Role.KIOSK)))
    await case.noted("applicant.checked_in")
    returned = DocumentsDecision(by=officer(Role.EXAMINER), outcome=DocumentsOutcome.RETURN, missing=())
    await case.push("decide_documents", returned)
    await case.noted("documents.examined")
    await case.push("complete_papers", Completion(by=CITIZEN))
    await case.noted("documents.completed")
    await case.push("decide_documents", documents(officer(Role.EXAMINER)))
    await case.noted("booth.opened")
    await case.push("enrol", case.capture())
    await case.noted("enrolment.captured")
    suspended = InterviewDecision(by=officer(Role.INTERVIEWER), outcome=InterviewOutcome.SUSPEND, reason="record")
    await case.push("decide_interview", suspended)
    await case.noted("interview.held")
    await case.push("resume", ResumeDecision(by=officer(Role.HEAD), outcome=ResumeOutcome.RESUME))
    await case.match("G-9")
    await case.noted("duplicates.searched")
    await case.push("adjudicate", opinion(officer(Role.ADJUDICATOR, "a-1")))
    await case.noted("adjudication.opinion")
    await case.push("adjudicate", opinion(officer(Role.ADJUDICATOR, "a-2")))
    await case.noted("application.approved")
    await case.push("allocate", booklet(officer(Role.PRINTER)))
    await case.noted("booklet.personalised")
    await case.push("decide_quality", quality(officer(Role.INSPECTOR)))
    await case.noted("passport.ready")
    await case.push("hand_over", case.collection())
    assert await case.ending() is Ending.COLLECTED
    assert await case.refused_pushes() == []


@pytest.mark.parametrize(("push", "ending"), [("withdraw", Ending.WITHDRAWN), ("cancel", Ending.CANCELLED)])
async def test_pushed_exits(start: Start, push: str, ending: Ending) -> None:
    case = await start()
    await case.to_booth()
    if push == "withdraw":
        await case.push(push, Withdrawal(by=CITIZEN))
    else:
        await case.push(push, Cancellation(by=officer(Role.HEAD), reason="false statement"))
    assert await case.ending() is ending


async def test_a_pushed_refusal_is_noted(start: Start, outside: Outside) -> None:
    """Nobody hears it, so the case remembers: what the tray refused, and what the step refused."""
    case = await start()
    await case.to_approved()
    await case.push("decide_quality", quality(officer(Role.INSPECTOR)))
    await case.push("allocate", booklet(officer(Role.EXAMINER)))
    outside.answers["booklets.allocate"] = in_turn(False, True)
    await case.push("allocate", booklet(officer(Role.PRINTER)))
    await case.until(lambda: outside.asked["booklets.allocate"])
    await case.tell("allocate", booklet(officer(Role.PRINTER)))
    assert await case.refused_pushes() == [
        "a quality check: not_your_turn",
        "a booklet: role_not_allowed",
        "a booklet: booklet_not_available",
    ]


async def test_before_the_first_workflow_task(environment: WorkflowEnvironment, outside: Outside) -> None:
    """Sent with the start, while no worker runs: a payment lies on the desk, an act out of turn is refused."""
    early = PaymentNotice(bill_code="820261124000001", amount=350000, paid_at=await environment.get_current_time(),
                          receipt_no="NTPN000000000001")  # fmt: skip
    async with starting(environment, outside) as begin:
        case = await begin()
        await case.handle.signal("payment", early)
        await case.push("decide_documents", documents(officer(Role.EXAMINER)))
        await case.push("add_paper", PaperAdded(by=CITIZEN, kind=PaperKind.ID_CARD, sha256="a1", pages=2))
        async with serving(environment.client, outside):
            await case.file()
            await case.noted("paper.added")
            await case.book()
            await case.noted("bill.paid")
            assert await case.refused_pushes() == ["a document examination: not_your_turn"]
            await case.put_away()


async def test_a_withdrawal_before_the_first_workflow_task(environment: WorkflowEnvironment, outside: Outside) -> None:
    async with starting(environment, outside) as begin:
        case = await begin()
        await case.push("withdraw", Withdrawal(by=CITIZEN))
        async with serving(environment.client, outside):
            assert await case.ending() is Ending.WITHDRAWN
            assert outside.asked["bills.create"] == []


async def test_papers_come_beside_the_procedure(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_checked_in()
    paper = PaperAdded(by=CITIZEN, kind=PaperKind.FAMILY_CARD, sha256="b2", pages=3)
    await case.tell("add_paper", paper)
    states = {paper.kind.value: (paper.state, paper.sha256, paper.pages) for paper in outside.view.papers}
    assert states["family_card"] == ("uploaded", "b2", 3)
    await case.documents()
    assert await case.refused("add_paper", paper) == "not_your_turn"


async def test_a_paper_on_its_way_when_the_case_ends(environment: WorkflowEnvironment, outside: Outside) -> None:
    """It hears that the case has ended, and does not keep the case from closing."""
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "paper.added")
    outside.answers["ledger.open_case"] = lambda _: None
    paper = PaperAdded(by=CITIZEN, kind=PaperKind.FAMILY_CARD, sha256="b2", pages=3)
    async with starting(environment, outside) as begin:
        case = await begin()
        sent = asyncio.create_task(case.refused("add_paper", paper))
        async with serving(environment.client, outside):
            try:
                async with asyncio.timeout(6):
                    assert await sent == "not_your_turn"
                    assert await case.ending() is Ending.NOT_ACCEPTED
            finally:
                gate.set()


async def test_a_capture_that_comes_with_a_suspension(start: Start, outside: Outside) -> None:
    """The interview is suspended while the capture lies on its tray: it hears so at once, not weeks later."""
    case = await start()
    await case.to_checked_in()
    gate = outside.gate("ledger.note", lambda note: note.entry.action == "booth.opened")
    await case.documents()
    await case.noted("booth.opened")
    suspended = InterviewDecision(by=officer(Role.INTERVIEWER), outcome=InterviewOutcome.SUSPEND, reason="record")
    await case.push("decide_interview", suspended)
    await case.push("enrol", case.capture())
    gate.set()
    await case.noted("interview.held")
    assert await case.refused_pushes() == ["a biometric enrolment: not_your_turn"]
    await case.resume()
    assert await case.waiting_for() != []
    assert outside.asked["biometrics.assess"] == []


def test_who_comes_after_the_step_is_turned_away() -> None:
    tray: Tray[CheckIn] = Tray("a check-in")
    tray.open()
    late = tray.put(CheckIn(by=officer(Role.EXAMINER)))
    heard: list[str] = []
    late.on_refusal = lambda refused: heard.append(refused.type or "")
    tray.turn_away("the step is done")
    assert heard == ["not_your_turn"]
    assert not tray.is_open
    assert not tray.filled


async def test_who_guesses_learns_nothing(start: Start) -> None:
    case = await start()
    person = case.filing.applicant

    async def recognised(**changes: Any) -> Recognition:
        claims = Claims(nik=person.nik, full_name=person.full_name, birth_date=person.birth_date, sex=person.sex,
                        key="another")  # fmt: skip
        changed = Claims(**{**{name: getattr(claims, name) for name in claims.__slots__}, **changes})
        found: Recognition = await case.handle.query("recognise", changed, result_type=Recognition)
        return found

    await case.file()
    assert await recognised(key=case.filing.key) is Recognition.SAME_FILING
    assert await recognised(full_name="  ni made  CONTOH ") is Recognition.SAME_PERSON
    assert await recognised(full_name="Ni Made Lain") is Recognition.STRANGER
    assert await recognised(sex="M") is Recognition.STRANGER
    await case.withdraw()
    assert await case.ending() is Ending.WITHDRAWN
    assert await recognised() is Recognition.NOT_YET_KNOWN


async def test_claims_are_not_recognised_before_the_register_has_spoken(start: Start, outside: Outside) -> None:
    outside.answers["population.verify"] = away
    case = await start()
    person = case.filing.applicant
    claims = Claims(nik=person.nik, full_name=person.full_name, birth_date=person.birth_date, sex=person.sex, key="x")
    await case.until(lambda: outside.asked["population.verify"])
    found = await case.handle.query("recognise", claims, result_type=Recognition)
    assert found is Recognition.NOT_YET_KNOWN
