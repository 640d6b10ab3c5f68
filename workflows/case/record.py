"""What is written down of a case: entries for the ledger, the view that people read, and the tasks of officers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workflows.case.facts import Appointment, Bill, ConsentKind, Ending, Passport, Promise, Role, Stage, Ticket, Turn
from workflows.case.papers import Paper


class TaskStep(StrEnum):
    """A step that waits for an officer's decision; the same words as in the decision's address."""

    DOCUMENTS = "documents"
    INTERVIEW = "interview"
    RESUME = "resume"
    ENROLMENT = "enrolment"
    ADJUDICATION = "adjudication"
    ALLOCATION = "allocation"
    PRINT_QUESTION = "print_question"
    QUALITY = "quality"
    HANDOVER = "handover"


# Who decides on which step: the usual role first. The head's part in an adjudication is the doubt of two.
DECIDERS: Mapping[TaskStep, tuple[Role, ...]] = {
    TaskStep.DOCUMENTS: (Role.EXAMINER,),
    TaskStep.INTERVIEW: (Role.INTERVIEWER,),
    TaskStep.RESUME: (Role.HEAD,),
    TaskStep.ENROLMENT: (Role.INTERVIEWER,),
    TaskStep.ADJUDICATION: (Role.ADJUDICATOR, Role.HEAD),
    TaskStep.ALLOCATION: (Role.PRINTER,),
    TaskStep.PRINT_QUESTION: (Role.PRINTER,),
    TaskStep.QUALITY: (Role.INSPECTOR,),
    TaskStep.HANDOVER: (Role.HANDOVER,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a case, as the ledger keeps it: who did what, with which outcome, why, on which rule.

    `action` is `<step>.<what>`; `key` is unique and stable over retries. No personal data of the applicant.
    """

    key: str
    at: datetime
    action: str
    stage: Stage
    outcome: str = ""
    actor: str = "system"
    role: Role = Role.SYSTEM
    office: str = ""
    reason: str = ""
    rule: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Whose turn it is, what is to be done (a code that pages translate), and by when."""

    who: Turn
    what: str
    by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work that waits for an officer. `key` is unique in all cases; `barred` may not take it (four eyes)."""

    key: str
    step: TaskStep
    role: Role
    office: str
    due_at: datetime | None = None
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistance:
    """Which institution filed for the citizen, and how and when the citizen agreed."""

    institution: str
    consent: ConsentKind
    given_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The case as applicant, officers and auditors may read it: the projection that the read model stores."""

    number: str
    version: int
    stage: Stage
    next_step: NextStep
    ending: Ending | None = None
    ending_reason: str = ""
    office: str = ""
    bookable: bool = False
    papers: tuple[Paper, ...] = ()
    appointment: Appointment | None = None
    bill: Bill | None = None
    ticket: Ticket | None = None
    promise: Promise | None = None
    passport: Passport | None = None
    assistance: Assistance | None = None
