"""What officers decide, step by step."""

from collections.abc import Callable
from typing import Any

from tests.workflows.people import BOOKLET
from workflows.case.facts import Actor, Role
from workflows.messages import (
    AdjudicationDecision,
    AdjudicationOutcome,
    AllocationDecision,
    DocumentsDecision,
    DocumentsOutcome,
    InterviewDecision,
    InterviewOutcome,
    PrintAnswer,
    PrintAnswerOutcome,
    QualityDecision,
    QualityOutcome,
)


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
