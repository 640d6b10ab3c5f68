"""One case at work: its file, its desk, and what every step does: look up a rule, open a task, note what happened."""

import asyncio
from datetime import date, datetime, timedelta
from itertools import count

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, RetryState, is_cancelled_exception

from workflows import search
from workflows.case.casefile import CaseFile, Suspension
from workflows.case.dates import NATION
from workflows.case.facts import Actor, Filing, Role, Stage, Turn
from workflows.case.payments import Receipt
from workflows.case.record import DECIDERS, Entry, NextStep, Task, TaskStep
from workflows.case.rules import RuleName, Rules
from workflows.desk import Desk
from workflows.messages import Act, OfficerAct, Outcome, Verdict
from workflows.partners import ledger, rulebook
from workflows.partners.bills import BillOrder
from workflows.partners.notices import Notice, NoticeKind, notice_sent

# Between two questions for a rule that is not in force; doubles in between.
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)


class Casework:
    """What every step is given."""

    def __init__(self, filing: Filing) -> None:
        self.file = CaseFile(filing=filing)
        self.desk = Desk(filing.owner, lambda: self.file.office)
        self.accounting = False
        self.bill_order: BillOrder | None = None
        self._letters: list[asyncio.Task[None]] = []
        self._rules_of = (date.min, "")

    # The clock and the rules

    def now(self) -> datetime:
        """The engine's clock."""
        return workflow.now()

    def today(self) -> date:
        """The date at the office that serves the case; before there is one, at the capital."""
        zone = self.file.appointment.zone() if self.file.appointment else NATION
        return self.now().astimezone(zone).date()

    async def look_up(self, *names: RuleName, needs: tuple[str, ...] = ()) -> Rules:
        """Rules in force at this office today; they are dated by the day, so that none is looked up twice a day.

        Waits while one is not in force, or lacks a field that all cases read or this one `needs`.
        """
        for again in count():
            day_and_place = (self.today(), self.file.office)
            if day_and_place != self._rules_of:
                self._rules_of, self.file.rules = day_and_place, Rules()
            missing = tuple(name for name in names if self.file.rules.lacking(name, needs=_of(name, needs)))
            needed = tuple(one for name in missing for one in _of(name, needs))
            if not missing or await self._found(missing, needed):
                break
            # Nobody has entered it yet: asked again soon, and then every five minutes, for the day that it then is.
            pause = min(FIRST_PAUSE * 2 ** min(again, 10), LONGEST_PAUSE)
            await workflow.sleep(pause, summary=f"not in force: {' '.join(missing)}")
        return self.file.rules

    async def _found(self, names: tuple[RuleName, ...], needs: tuple[str, ...]) -> bool:
        """Ask for rules; False when one is not in force, or the database did not answer."""
        day, office = self._rules_of
        try:
            found = await rulebook.rules_in_force(*names, on=day, office=office, needs=needs)
        except FailureError as error:  # of an activity beside the case the engine gives the bare failure
            if is_cancelled_exception(error):
                raise
            return False
        self.file.rules = self.file.rules.merged(found.rules)
        return True

    # The record

    def key(self, what: str) -> str:
        """An idempotency key of this case; `what` names the effect and, where it can recur, its number."""
        return f"{self.file.number}/{what}"

    def open_task(
        self,
        step: TaskStep,
        due_at: datetime | None = None,
        *,
        barred: tuple[str, ...] = (),
        role: Role | None = None,
    ) -> Task:
        """Put work before officers of the step's usual role or another one, with the next note."""
        task = Task(
            key=self.key(f"{step.value}/{self.file.version + 1}"),
            step=step,
            role=role or DECIDERS[step][0],
            office=self.file.office,
            due_at=due_at,
            barred=barred,
        )
        self.file.tasks[step.value] = task
        return task

    def close_task(self, *steps: TaskStep) -> None:
        """Take work off the list, with the next note."""
        for step in steps:
            self.file.tasks.pop(step.value, None)

    def stand(self, stage: Stage, who: Turn, what: str, by: datetime | None = None) -> None:
        """Where the case stands from now on, and whose turn it is; people read it with the next note."""
        self.file.stage = stage
        self.file.next_step = NextStep(who=who, what=what, by=by)

    def entry(
        self,
        action: str,
        *,
        act: Act | None = None,
        role: Role = Role.SYSTEM,
        outcome: str = "",
        reason: str = "",
        rule: str = "",
        details: dict[str, str] | None = None,
    ) -> Entry:
        """The next entry of the record."""
        self.file.version += 1
        actor = act.by if act else Actor(id="system", roles=(Role.SYSTEM,))
        if role is Role.APPLICANT and self.file.filing.consent:
            # Under the operator's own name, and said to be for the citizen.
            role, details = Role.ASSISTANT, {"acted_for": "citizen", **(details or {})}
        return Entry(
            key=self.key(str(self.file.version)),
            at=self.now(),
            action=action,
            stage=self.file.stage,
            outcome=outcome,
            actor=actor.id,
            role=role,
            office=actor.office or self.file.office,
            reason=reason or (act.reason if isinstance(act, OfficerAct) else ""),
            rule=rule,
            details=details or {},
        )

    async def note(self, entry: Entry, *receipts: Receipt) -> Verdict:
        """Write the entry down with the view and the tasks as they are now; the verdict for who asked.

        `receipts` are payments whose outcome this is: it is entered with the entry, or not at all.
        """
        run_id, tasks = workflow.info().run_id, tuple(self.file.tasks.values())
        note = ledger.Note(entry=entry, view=self.file.view(), tasks=tasks, run_id=run_id, receipts=receipts)
        await ledger.noted(note)
        return self.verdict()

    def verdict(self) -> Verdict:
        """Where the case stands, as an answer."""
        return Verdict(stage=self.file.stage, version=self.file.version)

    def show_operators(self) -> None:
        """Bring the search attributes up to date: at the few moments that an operator filters on."""
        updates = [search.STAGE.value_set(self.file.stage.value)]
        if self.file.office:
            updates.append(search.OFFICE.value_set(self.file.office))
        due = self.file.next_step.by
        workflow.upsert_search_attributes([*updates, search.DUE.value_set(due) if due else search.DUE.value_unset()])

    def outcome(self) -> Outcome:
        """How the case ended."""
        assert self.file.ending is not None
        objection = self.file.objection
        why, pointer = (objection.why, objection.field_name) if objection else ("", "")
        return Outcome(ending=self.file.ending, reason=self.file.ending_reason, why=why, pointer=pointer)

    # Messages to the applicant

    def send(self, kind: NoticeKind, key: str = "", **facts: str) -> None:
        """Send a message beside the procedure, which does not wait for the mail."""
        self._letters.append(asyncio.create_task(self._deliver(self.letter(kind, key, **facts))))

    def letter(self, kind: NoticeKind, key: str = "", **facts: str) -> Notice:
        """A message with its key and address; without a key of its own it is by what the record has reached."""
        filing = self.file.filing
        return Notice(
            key=self.key(key or f"notice/{kind.value}/{self.file.version}"),
            kind=kind,
            to=filing.applicant.email,
            language=filing.language,
            facts={"number": filing.number, **facts},
        )

    async def _deliver(self, letter: Notice) -> None:
        try:
            await notice_sent(letter)
        except ActivityError as error:
            if not is_cancelled_exception(error):
                await self.note(self.entry("notice.failed", outcome=letter.kind.value))

    def stop_letters(self) -> None:
        """The case closes: what is still on its way is given up."""
        for letter in self._letters:
            letter.cancel()

    def local_text(self, moment: datetime) -> str:
        """A moment as the office's clock shows it, for messages."""
        appointment = self.file.appointment
        local = appointment.local(moment) if appointment else moment.astimezone(NATION)
        return local.isoformat(timespec="minutes")

    # Holds

    async def suspend(
        self, reason: str, rule_name: RuleName, until: datetime | None = None, by: str = ""
    ) -> Suspension:
        """Put the case on hold: reason, deadline and default action are stored together. Who did so may not lift it."""
        rule = (await self.look_up(rule_name))[rule_name]
        hold = Suspension(
            reason=reason,
            since=self.now(),
            until=until or self.now() + timedelta(days=rule.number("days")),
            default_action=rule.text("default_action"),
            rule=rule.reference,
            stage_before=self.file.stage,
            by=by,
        )
        self.file.suspension = hold
        self.stand(Stage.ON_HOLD, Turn.OFFICE, "decide_suspension", hold.until)
        self.open_task(TaskStep.RESUME, hold.until, barred=(by,) if by else ())
        return hold


def _of(name: RuleName, needs: tuple[str, ...]) -> list[str]:
    return [one for one in needs if one.startswith(f"{name}.")]


def is_declined(error: ActivityError) -> bool:
    """Whether a partner said no for good, so that asking again is of no use and a person must look."""
    return error.retry_state is RetryState.NON_RETRYABLE_FAILURE
