"""Decisions on cases: one address for each step, each checked for its lease and told to the case."""

from datetime import timedelta
from typing import Annotated

from activities.storage import claims
from api.acts import Speaking
from api.cases import PATIENCE
from api.officers import forms
from api.provided import provided
from api.routing import SHOWN, router
from api.shown import Application
from workflows.case.record import TaskStep
from workflows.messages import OfficerAct, Verdict

routes = router("officers")
ADDRESS = "/v1/applications/{number}/decisions"
# Steps whose verdict waits for a partner, which may be back when the same request comes again.
WAIT_FOR_PARTNERS = (TaskStep.ENROLMENT, TaskStep.HANDOVER)


class Decider:
    """An officer who holds, or does not hold, the lease of a step of one case."""

    def __init__(self, speaker: Speaking) -> None:
        self.speaker = speaker

    async def decides(self, step: TaskStep, message: str, act: OfficerAct, patience: timedelta = PATIENCE) -> Verdict:
        """Tell the case; raises `lease_lost`, `same_officer` or `not_your_turn` before it hears anything."""
        who = self.speaker
        if step in WAIT_FOR_PARTNERS:
            await who.tries_anew()
        objection = await who.house.database.read(claims.objection, act.lease, act.by.id, who.case.number, step)
        if objection:
            # The lease ends with the decision: a repeat of a decision whose answer got lost comes here too.
            return await who.heard_before(objection)
        return await who.says(message, act, patience)

    async def applies(self, step: TaskStep, message: str, form: forms.DecisionForm) -> Application:
        """Tell the case what a form says, and show the application after it."""
        await self.decides(step, message, form.act(self.speaker.actor))
        return await self.speaker.sees()


Deciding = Annotated[Decider, provided(Decider)]


@routes.post(ADDRESS + "/documents", **SHOWN)
async def documents(form: forms.DocumentsForm, officer: Deciding) -> Application:
    """The examiner held originals against uploads."""
    return await officer.applies(TaskStep.DOCUMENTS, "decide_documents", form)


@routes.post(ADDRESS + "/interview", **SHOWN)
async def interview(form: forms.InterviewForm, officer: Deciding) -> Application:
    """The interviewer heard the person."""
    return await officer.applies(TaskStep.INTERVIEW, "decide_interview", form)


@routes.post(ADDRESS + "/resume", **SHOWN)
async def resume(form: forms.ResumeForm, officer: Deciding) -> Application:
    """The head decides on a suspended case."""
    return await officer.applies(TaskStep.RESUME, "resume", form)


@routes.post(ADDRESS + "/adjudication", **SHOWN)
async def adjudication(form: forms.AdjudicationForm, officer: Deciding) -> Application:
    """One of two adjudicators on a possible duplicate."""
    return await officer.applies(TaskStep.ADJUDICATION, "adjudicate", form)


@routes.post(ADDRESS + "/allocation", **SHOWN)
async def allocation(form: forms.AllocationForm, officer: Deciding) -> Application:
    """A blank booklet was taken from stock."""
    return await officer.applies(TaskStep.ALLOCATION, "allocate", form)


@routes.post(ADDRESS + "/print_question", **SHOWN)
async def print_question(form: forms.PrintAnswerForm, officer: Deciding) -> Application:
    """Whether the booklet is printed, seen by a person."""
    return await officer.applies(TaskStep.PRINT_QUESTION, "answer_print", form)


@routes.post(ADDRESS + "/quality", **SHOWN)
async def quality(form: forms.QualityForm, officer: Deciding) -> Application:
    """The inspector read the booklet."""
    return await officer.applies(TaskStep.QUALITY, "decide_quality", form)


@routes.post(ADDRESS + "/handover", **SHOWN)
async def handover(form: forms.HandoverForm, officer: Deciding) -> Application:
    """The passport goes to its holder, or to who may collect it."""
    return await officer.applies(TaskStep.HANDOVER, "hand_over", form)
