"""What officers decide, as they send it; each form becomes one message to the case."""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from api.fields import BookletNumber, Form, Moment, Reason, Text, Word
from api.problems import invalid
from workflows.case.collection import Collector
from workflows.case.facts import Actor, MissingFinger, PaperKind, Relation
from workflows.messages import (
    AdjudicationDecision,
    AdjudicationOutcome,
    AllocationDecision,
    DocumentsDecision,
    DocumentsOutcome,
    HandoverDecision,
    InterviewDecision,
    InterviewOutcome,
    OfficerAct,
    PrintAnswer,
    PrintAnswerOutcome,
    QualityDecision,
    QualityOutcome,
    ResumeDecision,
    ResumeOutcome,
)


class DecisionForm(Form):
    """A decision under the lease of a claimed task: `lease` is the `id` of the lease."""

    lease: Annotated[str, Field(min_length=1, max_length=128)]
    reason: Text = ""

    def act(self, by: Actor) -> OfficerAct:
        """The message to the case."""
        raise TypeError(f"{type(self).__name__} is no decision of its own")

    def _of(self, by: Actor) -> dict[str, Any]:
        return {"by": by, "lease": self.lease, "reason": self.reason}


def _with_reason(form: "DecisionForm", outcome: str, *wanting: str) -> None:
    if outcome in wanting and not form.reason:
        raise ValueError("a decision against the applicant needs its reason")


class DocumentsForm(DecisionForm):
    """Document examination: originals against uploads."""

    outcome: DocumentsOutcome
    missing: Annotated[tuple[PaperKind, ...], Field(max_length=len(PaperKind))] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _with_reason(self, self.outcome, DocumentsOutcome.REFUSE)
        return self

    def act(self, by: Actor) -> DocumentsDecision:
        """The examiner's decision."""
        return DocumentsDecision(**self._of(by), outcome=self.outcome, missing=self.missing)


class InterviewForm(DecisionForm):
    """The interview."""

    outcome: InterviewOutcome
    until: Moment | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        _with_reason(self, self.outcome, InterviewOutcome.SUSPEND, InterviewOutcome.REFUSE)
        return self

    def act(self, by: Actor) -> InterviewDecision:
        """The interviewer's decision."""
        return InterviewDecision(**self._of(by), outcome=self.outcome, until=self.until)


class ResumeForm(DecisionForm):
    """What becomes of a suspended case."""

    outcome: ResumeOutcome
    reason: Reason

    def act(self, by: Actor) -> ResumeDecision:
        """The head's decision."""
        return ResumeDecision(**self._of(by), outcome=self.outcome)


class AdjudicationForm(DecisionForm):
    """Whether the person and a candidate are one."""

    outcome: AdjudicationOutcome
    reason: Reason

    def act(self, by: Actor) -> AdjudicationDecision:
        """One adjudicator's opinion."""
        return AdjudicationDecision(**self._of(by), outcome=self.outcome)


class AllocationForm(DecisionForm):
    """A blank booklet for this case."""

    outcome: Literal["allocated"] = "allocated"
    booklet: BookletNumber

    def act(self, by: Actor) -> AllocationDecision:
        """The booklet that was taken."""
        return AllocationDecision(**self._of(by), booklet=self.booklet)


class PrintAnswerForm(DecisionForm):
    """What a person saw in the printer."""

    outcome: PrintAnswerOutcome
    booklet: BookletNumber

    def act(self, by: Actor) -> PrintAnswer:
        """The answer to the one question."""
        return PrintAnswer(**self._of(by), outcome=self.outcome, booklet=self.booklet)


class QualityForm(DecisionForm):
    """Quality assurance of the printed booklet."""

    outcome: QualityOutcome
    booklet_number: BookletNumber
    defect: Text = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.outcome is QualityOutcome.FAIL and not (self.defect or self.reason):
            raise ValueError("a failed booklet needs its defect")
        return self

    def act(self, by: Actor) -> QualityDecision:
        """The inspector's decision."""
        return QualityDecision(
            **self._of(by), outcome=self.outcome, booklet_number=self.booklet_number, defect=self.defect
        )


class CollectorForm(Form):
    """The person at the counter."""

    relation: Relation
    id_kind: Word
    id_number: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")]
    letter: Text = ""


class HandoverForm(DecisionForm):
    """The passport leaves the office."""

    outcome: Literal["collected"] = "collected"
    booklet_number: BookletNumber
    collector: CollectorForm

    def act(self, by: Actor) -> HandoverDecision:
        """Into whose hands it went."""
        collector = Collector(**self.collector.model_dump())
        return HandoverDecision(
            **self._of(by), outcome=self.outcome, booklet_number=self.booklet_number, collector=collector
        )


class MissingFingerForm(Form):
    """A finger that could not be captured."""

    finger: Annotated[int, Field(ge=1, le=10, strict=True)]
    reason: Reason


_MISSING = TypeAdapter(Annotated[list[MissingFingerForm], Field(max_length=10)])


def missing_fingers(text: str) -> tuple[MissingFinger, ...]:
    """The `exceptions` of an enrolment, which come as JSON in a field of a multipart form."""
    try:
        listed = _MISSING.validate_python(json.loads(text))
    except (ValidationError, ValueError, RecursionError):
        raise invalid("/exceptions", "is no list of {finger, reason}") from None
    return tuple(MissingFinger(finger=one.finger, reason=one.reason) for one in listed)
