"""Partners that record what they were asked and answer as told: they stand in for the outside, not for the engine."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.exceptions import ApplicationError

from workflows.case.facts import Bill, CaptureQuality, FingerQuality, Ticket
from workflows.case.notifications import MatchResult, PaymentNotice
from workflows.case.record import CaseView, Entry, Task
from workflows.case.rules import Rule, RuleName, Rules
from workflows.partners.bills import BillOrder, BillRequest, Bills
from workflows.partners.biometrics import Biometrics, CaptureSet, DuplicateSearch, SearchRequest
from workflows.partners.booklets import Allocation, Booklets, Settlement
from workflows.partners.ledger import Ledger, Note, Opening
from workflows.partners.notices import Notice, Notices
from workflows.partners.passports import HeldPassport, HoldingsQuery, Issue, Passports
from workflows.partners.population import ClaimsCheck, ClaimsVerdict, Population
from workflows.partners.printers import Printers, PrintOrder, PrintReport, PrintState
from workflows.partners.rulebook import Rulebook, RulesQuery, WorkingDays
from workflows.partners.seats import Admission, KnownSeat, SeatRequest, Seats
from workflows.partners.watchlist import Ban, BanQuery, Watchlist

Answer = Callable[[Any], Any]
USUAL = object()  # a planted answer that leaves it at the usual one

LONG_AGO = date(2020, 1, 1)
VALUES: dict[RuleName, dict[str, object]] = {
    RuleName.TARIFF: {"ordinary_5": 350000, "electronic_5": 650000, "electronic_10": 950000, "same_day": 1000000},
    RuleName.VALIDITY: {"adult_age": 17, "adult_years": 10, "minor_years": 5},
    RuleName.PAPERS: {
        "new_adult": ["id_card", "family_card", "birth_record"],
        "new_child": ["parents_ids", "family_card", "birth_record", "parents_consent"],
        "replacement_adult": ["id_card", "previous_passport"],
        "replacement_child": ["parents_ids", "family_card", "previous_passport"],
    },
    RuleName.ELIGIBILITY: {
        "months_left": 6,
        "walk_in_reasons": ["lost", "damaged", "data_change"],
        "same_day_reasons": ["new", "expired"],
    },
    RuleName.BOOKING: {"days": 30},
    RuleName.PAYMENT: {"minutes": 120},
    RuleName.ATTENDANCE: {"early_minutes": 45, "late_minutes": 15},
    RuleName.COMPLETION: {"days": 30},
    RuleName.SUSPENSION: {"days": 30, "most_days": 730, "default_action": "refuse"},
    RuleName.ENROLMENT: {"face_quality": 40, "finger_quality": 30, "fingers": 1},
    RuleName.MATCHING: {"poll_minutes": 30},
    RuleName.PROMISE: {"working_days": 4, "same_day_working_days": 0},
    RuleName.COLLECTION: {"months": 1},
}


@dataclass
class Outside:
    """Everything that the procedure asked, in order, and the answers that a test plants by activity name."""

    asked: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[str, Answer] = field(default_factory=dict)
    rules: list[Rule] = field(
        default_factory=lambda: [
            Rule(name=name, effective_from=LONG_AGO, value=value) for name, value in VALUES.items()
        ]
    )

    gates: list[threading.Event] = field(default_factory=list)

    def gate(self, name: str, when: Callable[[Any], bool] = lambda about: True) -> threading.Event:
        """Make one request wait, of those that `when` picks, until the event is set: the way to stage a race."""
        opened = threading.Event()
        self.gates.append(opened)

        def wait(about: Any) -> Any:
            if when(about):
                assert opened.wait(8), f"nobody opened the gate of {name}"
            return USUAL

        self.answers[name] = wait
        return opened

    def open_gates(self) -> None:
        """Let everything go on."""
        for gate in self.gates:
            gate.set()

    def ask(self, name: str, about: Any, usual: Any) -> Any:
        """Record the request; the planted answer, else the usual one."""
        self.asked[name].append(about)
        planted = self.answers.get(name)
        answer = planted(about) if planted else USUAL
        return usual if answer is USUAL else answer

    @property
    def entries(self) -> list[Entry]:
        """The record of the case."""
        opened = [opening.entry for opening in self.asked["ledger.open_case"]]
        return opened + [note.entry for note in self.asked["ledger.note"]]

    @property
    def actions(self) -> list[str]:
        """The record's actions."""
        return [entry.action for entry in self.entries]

    def entry(self, action: str) -> Entry:
        """The newest entry of an action."""
        return [entry for entry in self.entries if entry.action == action][-1]

    def keys(self, name: str) -> list[str]:
        """The keys that a partner was asked with, in order."""
        return [about.key for about in self.asked[name]]

    @property
    def view(self) -> CaseView:
        """What people read now."""
        return max((note.view for note in self.asked["ledger.note"]), key=lambda view: view.version)

    @property
    def tasks(self) -> dict[str, Task]:
        """What officers see now, by step."""
        note: Note = max(self.asked["ledger.note"], key=lambda note: note.view.version)
        return {task.step.value: task for task in note.tasks}

    def activities(self) -> list[Callable[..., Any]]:
        """All partners' requests, for a worker."""
        partners = (
            FakeRulebook, FakeLedger, FakeSeats, FakeBills, FakePopulation, FakePassports, FakeWatchlist,
            FakeBiometrics, FakeBooklets, FakePrinters, FakeNotices,
        )  # fmt: skip
        found = []
        for partner in partners:
            fake = partner(self)
            found += [getattr(fake, name) for name in vars(partner) if not name.startswith("_")]
        return found


class _Fake:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside


class FakeRulebook(_Fake, Rulebook):
    @activity.defn(name="rulebook.in_force")
    def in_force(self, query: RulesQuery) -> Rules:
        self._outside.asked["rulebook.in_force"].append(query)
        found = []
        for name in query.names:
            dated = [rule for rule in self._outside.rules if rule.name is name and rule.effective_from <= query.on]
            own = [rule for rule in dated if rule.office == query.office]
            nations = [rule for rule in dated if not rule.office]
            found += sorted(own or nations, key=lambda rule: rule.effective_from)[-1:]
        rules = Rules(rules=tuple(found))
        if rules.lacking(*query.names, needs=query.needs):
            raise ApplicationError("no such rule is in force", type="rule_missing")
        return rules

    @activity.defn(name="rulebook.working_day")
    def working_day(self, query: WorkingDays) -> date:
        return self._outside.ask("rulebook.working_day", query, query.after + timedelta(days=query.days))


class FakeLedger(_Fake, Ledger):
    @activity.defn(name="ledger.open_case")
    def open_case(self, opening: Opening) -> Entry | None:
        return self._outside.ask("ledger.open_case", opening, opening.entry)

    @activity.defn(name="ledger.note")
    def note(self, note: Note) -> Entry:
        return self._outside.ask("ledger.note", note, note.entry)


class FakeSeats(_Fake, Seats):
    @activity.defn(name="seats.confirm")
    def confirm(self, request: SeatRequest) -> bool:
        return self._outside.ask("seats.confirm", request, True)

    @activity.defn(name="seats.release")
    def release(self, request: SeatRequest) -> None:
        self._outside.ask("seats.release", request, None)

    @activity.defn(name="seats.sought")
    def sought(self, known: KnownSeat) -> bool:
        return self._outside.ask("seats.sought", known, False)

    @activity.defn(name="seats.admit")
    def admit(self, admission: Admission) -> Ticket:
        return self._outside.ask("seats.admit", admission, Ticket(number="A-001", state=admission.state))


class FakeBills(_Fake, Bills):
    @activity.defn(name="bills.create")
    def create(self, order: BillOrder) -> Bill:
        amount = sum(item.amount for item in order.items)
        bill = Bill(code="820261124000001", amount=amount, items=order.items, due_at=order.due_at)
        return self._outside.ask("bills.create", order, bill)

    @activity.defn(name="bills.inquire")
    def inquire(self, request: BillRequest) -> PaymentNotice | None:
        return self._outside.ask("bills.inquire", request, None)

    @activity.defn(name="bills.void")
    def void(self, request: BillRequest) -> PaymentNotice | None:
        return self._outside.ask("bills.void", request, None)


class FakePopulation(_Fake, Population):
    @activity.defn(name="population.verify")
    def verify(self, check: ClaimsCheck) -> ClaimsVerdict:
        return self._outside.ask("population.verify", check, ClaimsVerdict(status="found"))


class FakePassports(_Fake, Passports):
    @activity.defn(name="passports.held_by")
    def held_by(self, query: HoldingsQuery) -> tuple[HeldPassport, ...]:
        return self._outside.ask("passports.held_by", query, ())

    @activity.defn(name="passports.record_issue")
    def record_issue(self, issue: Issue) -> None:
        self._outside.ask("passports.record_issue", issue, None)


class FakeWatchlist(_Fake, Watchlist):
    @activity.defn(name="watchlist.check")
    def check(self, query: BanQuery) -> tuple[Ban, ...]:
        return self._outside.ask("watchlist.check", query, ())


class FakeBiometrics(_Fake, Biometrics):
    @activity.defn(name="biometrics.assess")
    def assess(self, capture: CaptureSet) -> CaptureQuality:
        fingers = tuple(FingerQuality(finger=image.finger, quality=70) for image in capture.fingers)
        return self._outside.ask("biometrics.assess", capture, CaptureQuality(face_quality=80, fingers=fingers))

    @activity.defn(name="biometrics.search")
    def search(self, search: DuplicateSearch) -> None:
        self._outside.ask("biometrics.search", search, None)

    @activity.defn(name="biometrics.result")
    def result(self, request: SearchRequest) -> MatchResult | None:
        return self._outside.ask("biometrics.result", request, MatchResult(request_id=request.key))


class FakeBooklets(_Fake, Booklets):
    @activity.defn(name="booklets.allocate")
    def allocate(self, allocation: Allocation) -> bool:
        return self._outside.ask("booklets.allocate", allocation, True)

    @activity.defn(name="booklets.settle")
    def settle(self, settlement: Settlement) -> None:
        self._outside.ask("booklets.settle", settlement, None)


class FakePrinters(_Fake, Printers):
    @activity.defn(name="printers.personalise")
    def personalise(self, order: PrintOrder) -> PrintReport:
        return self._outside.ask("printers.personalise", order, PrintReport(state=PrintState.PRINTED, printer="p1"))


class FakeNotices(_Fake, Notices):
    @activity.defn(name="notices.send")
    def send(self, notice: Notice) -> None:
        self._outside.ask("notices.send", notice, None)


def away(_: Any) -> Any:
    """An answer that does not come: the partner is away."""
    raise ApplicationError("away", type="unknown")


def away_for_long(_: Any) -> Any:
    """The partner is away, and is asked again in an hour only: an outage of days in few tries."""
    raise ApplicationError("away", type="unknown", next_retry_delay=timedelta(hours=1))


def declines(_: Any) -> Any:
    """A partner that says no for good."""
    raise ApplicationError("declined", type="declined", non_retryable=True)


def in_turn(*answers: Any) -> Answer:
    """One answer after the other; the last one stays. An answer may be a function."""
    left = list(answers)

    def answer(about: Any) -> Any:
        now = left.pop(0) if len(left) > 1 else left[0]
        return now(about) if callable(now) else now

    return answer


def dated(name: RuleName, effective_from: date, value: dict[str, object], office: str = "") -> Rule:
    """A rule of a test."""
    return Rule(name=name, effective_from=effective_from, value=value, office=office)


def moved(bill: Bill, due_at: datetime) -> Bill:
    """The same bill with another due time."""
    return replace(bill, due_at=due_at)
