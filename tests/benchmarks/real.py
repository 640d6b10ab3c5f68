"""Drives real cases by the messages that the API sends, in the API's own words to the engine."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Engine
from temporalio.client import Client, WorkflowHandle

from activities.storage import outbox
from activities.storage.committer import SeatCommitter
from api.cases import CAPTURE_PATIENCE, Cases, Place
from api.problems import Problem
from tests.benchmarks import offices
from tests.benchmarks.people import Person
from tests.benchmarks.timing import Stopwatch
from tests.benchmarks.watching import Watcher
from workflows.case.collection import Collector
from workflows.case.facts import Actor, Ending, PaperKind, Relation, Role
from workflows.case.notifications import PaymentNotice
from workflows.messages import (
    AllocationDecision,
    CheckIn,
    Completion,
    DocumentsDecision,
    DocumentsOutcome,
    Enrolment,
    HandoverDecision,
    InterviewDecision,
    InterviewOutcome,
    OfficerAct,
    PaperAdded,
    QualityDecision,
    QualityOutcome,
    SeatTaken,
    Verdict,
)
from workflows.passport import PassportApplication

T = TypeVar("T")
PATIENCE = 120.0  # seconds; far more than on a machine that has nothing else to do
PAPERS = (PaperKind.ID_CARD, PaperKind.FAMILY_CARD, PaperKind.BIRTH_RECORD)


class Office:
    """What all cases share: the way to the engine and to the database, seats, and booklets."""

    def __init__(self, client: Client, engine: Engine, seats: SeatCommitter, watcher: Watcher) -> None:
        self.client, self.engine, self.seats, self.watcher = client, engine, seats, watcher
        self.cases, self.watch = Cases(client), Stopwatch()
        with engine.begin() as connection:
            self._slots = itertools.cycle(sorted(offices.slots(connection).items()))
        self._serials = {name: itertools.count(1) for name in offices.NAMES}

    def slot(self) -> tuple[str, str]:
        """An office and a slot of its own, in turn."""
        return next(self._slots)

    def booklet(self, office: str) -> str:
        """The next blank booklet of an office."""
        return f"B{offices.NAMES.index(office) + 1}{next(self._serials[office]):06d}"


class RealCase:
    """One application."""

    def __init__(self, office: Office, person: Person) -> None:
        self._office, self.person = office, person
        self.number = person.filing.number
        self._owner = Actor(id=person.filing.owner, roles=(Role.APPLICANT,))
        self._place = Place(f"passport-{person.filing.person_key}", None)
        self._at, self._slot = office.slot()

    @property
    def handle(self) -> WorkflowHandle[PassportApplication, Any]:
        """Its workflow."""
        return self._office.client.get_workflow_handle_for(PassportApplication.run, self._place.workflow_id)

    async def runs(self) -> "RealCase":
        """From filing to handover."""
        await self.files()
        await self.goes_to_the_office()
        await self.decides("decide_documents", DocumentsDecision, Role.EXAMINER, outcome=DocumentsOutcome.COMPLETE)
        await self._comes_to("interview_and_enrol")
        await self.decides("decide_interview", InterviewDecision, Role.INTERVIEWER, outcome=InterviewOutcome.PASS)
        await self._enrols()
        await self._comes_to("allocate_booklet")
        booklet = self._office.booklet(self._at)
        await self.decides("allocate", AllocationDecision, Role.PRINTER, booklet=booklet)
        await self._comes_to("check_quality")
        passed = QualityOutcome.PASS
        await self.decides("decide_quality", QualityDecision, Role.INSPECTOR, outcome=passed, booklet_number=booklet)
        await self._comes_to("collect")
        await self._collects(booklet)
        return self

    async def files(self) -> None:
        """File, and hear what the registers say: from then on the case waits for a person."""
        key = str(uuid4())
        asking = _kept_at(lambda: self._office.cases.submit(self.person.filing, key))
        await self._office.watch.over("admission", asking)

    async def goes_to_the_office(self) -> None:
        """Upload, take a seat, pay, and check in: from then on the examiner decides."""
        for kind in PAPERS:
            await self._tells("add_paper", PaperAdded(by=self._owner, kind=kind, sha256=uuid4().hex * 2, pages=1))
        await self._takes_seat()
        await self._pays()
        await self._tells("check_in", CheckIn(by=self._officer(Role.EXAMINER)))

    async def decides(self, update: str, act: type[OfficerAct], role: Role, **what: Any) -> Verdict:
        """An officer's decision."""
        return await self._tells(update, act(by=self._officer(role), lease=str(uuid4()), **what))

    async def returned(self) -> None:
        """The examiner returns the documents, and the applicant brings what was missing: both may come again."""
        outcome = DocumentsOutcome.RETURN
        missing = (PaperKind.BIRTH_RECORD,)
        await self.decides("decide_documents", DocumentsDecision, Role.EXAMINER, outcome=outcome, missing=missing)
        await self._tells("complete_papers", Completion(by=self._owner))

    async def _takes_seat(self) -> None:
        today = datetime.now(UTC).date()
        taken = await self._office.seats.take(self.number, self._slot, str(uuid4()), today)
        assert taken.appointment is not None, taken.code
        key = f"{taken.appointment.booking}:{taken.revision}"
        await self._tells("take_seat", SeatTaken(by=self._owner, appointment=taken.appointment), key)
        with self._office.engine.begin() as connection:
            outbox.mark_sent_by_key(connection, key)

    async def _pays(self) -> None:
        bill = await self._comes_to("pay")
        notice = PaymentNotice(
            bill_code=bill.bill, amount=bill.amount, paid_at=datetime.now(UTC), receipt_no=uuid4().hex[:16].upper()
        )
        await _kept_at(lambda: self._office.cases.push(self._place, notice))
        await self._comes_to("attend")

    async def _enrols(self) -> None:
        pictures = self.person.pictures
        assert pictures is not None
        act = Enrolment(
            by=self._officer(Role.INTERVIEWER),
            portrait=pictures.portrait,
            signature=pictures.signature,
            fingers=pictures.fingers,
        )
        await self._tells("enrol", act)

    async def _collects(self, booklet: str) -> None:
        self_collecting = Collector(
            relation=Relation.SELF, id_kind="id_card", id_number=self.person.filing.applicant.nik
        )
        collected = {"outcome": "collected", "booklet_number": booklet, "collector": self_collecting}
        await self.decides("hand_over", HandoverDecision, Role.HANDOVER, **collected)
        outcome = await self.handle.result()
        assert outcome.ending is Ending.COLLECTED, outcome

    async def _tells(self, update: str, message: Any, key: str = "") -> Verdict:
        key = key or str(uuid4())
        told = _kept_at(lambda: self._office.cases.tell(self._place, update, message, key, CAPTURE_PATIENCE))
        return await self._office.watch.over(update, told)

    async def _comes_to(self, what: str) -> Any:
        return await self._office.watcher.until_next(self.number, what)

    def _officer(self, role: Role) -> Actor:
        return Actor(id=f"{role.value}-1", roles=(role,), office=self._at)


async def _kept_at(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask again by the same key after silence, as a careful client does; that is part of the time that it took."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                return await ask()
            except Problem as problem:
                if problem.code != "engine_slow":
                    raise
