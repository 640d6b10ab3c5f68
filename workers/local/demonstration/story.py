"""One application at the practice office, from filing to handover: a line a step, as it happens."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from workers.local.demonstration.citizen import citizen, document, finger, portrait, signature
from workers.local.demonstration.wire import Caller, DemonstrationFailed

OFFICE = "latihan"
Tell = Callable[[str, float, str], None]


class Story:
    """The people of the story, and what they do."""

    def __init__(self, addresses: dict[str, Any], tell: Tell, stack: ExitStack) -> None:
        self._addresses, self._tell, self._stack = addresses, tell, stack
        self._applicant = self._person("applicant-1")
        self.number = ""

    def run(self) -> dict[str, Any]:
        """Carry one application through; the application as it stands at the end."""
        self._file()
        self._upload()
        self._book_and_pay()
        self._attend()
        self._decide("examiner", "documents", {"outcome": "complete"}, "documents complete")
        self._decide("interviewer", "interview", {"outcome": "pass"}, "interview passed")
        self._enrol()
        self._wait_for_stage("approved", "no duplicate, no exit ban: approved")
        self._allocate()
        self._wait_for_task("inspector", "quality", "personalised by the printer")
        self._decide("inspector", "quality", {"outcome": "pass", "booklet_number": self._booklet}, "quality passed")
        self._wait_for_stage("ready", "ready")
        collector = {"relation": "self", "id_kind": "id_card", "id_number": self._nik}
        act = {"outcome": "collected", "booklet_number": self._booklet, "collector": collector}
        self._decide("handover", "handover", act, "handed over")
        return self._wait_for_stage("collected", "collected")

    def _person(self, name: str) -> Caller:
        caller = Caller(self._addresses, name)
        self._stack.callback(caller.close)
        return caller

    @contextmanager
    def _step(self, what: str, say: Callable[[], str] = str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._tell(what, time.monotonic() - began, say())

    def _path(self, rest: str = "") -> str:
        return f"/v1/applications/{self.number}{rest}"

    def _file(self) -> None:
        person = citizen()
        self._nik = person.nik
        filing = {
            "applicant": person.claims(),
            "kind": "new",
            "document": {"type": "electronic", "validity_years": 10},
            "service": "regular",
        }
        with self._step("filed", lambda: f"application {self.number}"):
            self.number = self._applicant.post("/v1/applications", filing)["number"]

    def _upload(self) -> None:
        wanted = [paper["kind"] for paper in self._applicant.get(self._path())["documents"] if paper["required"]]
        with self._step("documents uploaded", lambda: ", ".join(wanted)):
            for kind in wanted:
                page = {"file": (f"{kind}.png", document(kind), "image/png")}
                self._applicant.upload(self._path(f"/documents/{kind}"), page)

    def _book_and_pay(self) -> None:
        appointment: dict[str, Any] = {}
        bill: dict[str, Any] = {}
        with self._step("seat held", lambda: f"{appointment['office']} {appointment['starts_at']}"):
            slot = self._free_slot()
            appointment.update(self._applicant.put(self._path("/appointment"), {"slot_id": slot})["appointment"])
        with self._step("bill made", lambda: f"code {bill['code']}, Rp {bill['amount']:,}, due {bill['due_at']}"):
            bill.update(self._applicant.until(self._path("/bill"), lambda found: "code" in found, "the bill"))
        with self._step("paid", lambda: "the bank tells us by a signed notification"):
            self._pay(bill["code"])
            self._applicant.until(self._path(), lambda found: found["stage"] == "paid", "the payment")

    def _free_slot(self) -> str:
        # The practice office opens every day, and its check-in window is a whole day: today or tomorrow will do.
        first = datetime.now(UTC).date()
        last = first + timedelta(days=1)
        found = self._applicant.get(
            f"/v1/offices/{OFFICE}/availability",
            **{"from": first.isoformat(), "to": last.isoformat(), "lane": "regular"},
        )
        free = [slot["id"] for day in found["days"] for slot in day["slots"] if slot["left"] > 0]
        if not free:
            raise DemonstrationFailed("the practice office has no seat left today or tomorrow")
        return str(free[0])

    def _pay(self, code: str) -> None:
        billing = self._addresses["standins"]["billing"]
        with httpx2.Client(trust_env=False, timeout=10.0) as bank:
            bank.post(f"{billing}/standins/billing/pay", json={"bill_code": code}).raise_for_status()

    def _attend(self) -> None:
        ticket: dict[str, Any] = {}
        with self._step("checked in", lambda: f"ticket {ticket['ticket']}"):
            kiosk = self._person(f"kiosk@{OFFICE}")
            ticket.update(kiosk.post(f"/v1/offices/{OFFICE}/check-ins", {"number": self.number}))

    def _lease(self, officer: Caller, step: str) -> str:
        """Claim this application's task of a step: chosen, not the next one, so with a reason."""
        found = officer.until(f"/v1/tasks?step={step}&office={OFFICE}&state=open", self._holds, f"the task {step}")
        task = next(item for item in found["items"] if item["application"] == self.number)
        claimed = officer.post(f"/v1/tasks/{task['id']}/claim", {"reason": "demonstration"})
        return str(claimed["lease"]["id"])

    def _holds(self, found: dict[str, Any]) -> bool:
        return any(item["application"] == self.number for item in found["items"])

    def _decide(self, who: str, step: str, act: dict[str, Any], what: str) -> None:
        officer = self._person(f"{who}@{OFFICE}")
        with self._step(what, lambda: f"by {officer.name}"):
            officer.post(self._path(f"/decisions/{step}"), {"lease": self._lease(officer, step), **act})

    def _enrol(self) -> None:
        officer = self._person(f"interviewer@{OFFICE}")
        files = {
            "portrait": ("portrait.jpg", portrait(), "image/jpeg"),
            "signature": ("signature.png", signature(), "image/png"),
            "finger_1": ("1.png", finger(), "image/png"),
            "finger_6": ("6.png", finger(), "image/png"),
        }
        with self._step("enrolled", lambda: "portrait, signature, two fingers"):
            form = {"lease": self._lease(officer, "enrolment"), "exceptions": json.dumps([])}
            officer.upload(self._path("/decisions/enrolment"), files, form, verb="POST")

    def _allocate(self) -> None:
        officer = self._person(f"printer@{OFFICE}")
        with self._step("booklet allocated", lambda: self._booklet):
            stock = officer.get(f"/v1/offices/{OFFICE}/booklets")
            if not stock["serials"]:
                raise DemonstrationFailed("the practice office has no blank booklet left")
            self._booklet = str(stock["serials"][0])
            act = {"lease": self._lease(officer, "allocation"), "outcome": "allocated", "booklet": self._booklet}
            officer.post(self._path("/decisions/allocation"), act)

    def _wait_for_task(self, who: str, step: str, what: str) -> None:
        officer = self._person(f"{who}@{OFFICE}")
        with self._step(what, lambda: f"booklet {self._booklet}"):
            officer.until(f"/v1/tasks?step={step}&office={OFFICE}&state=open", self._holds, what)

    def _wait_for_stage(self, stage: str, what: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        with self._step(what, lambda: _promise(found)):
            found.update(self._applicant.until(self._path(), lambda now: now["stage"] == stage, what))
        return found


def _promise(application: dict[str, Any]) -> str:
    promise = application.get("promise") or {}
    return f"to be collected on {promise['collect_on']}" if promise else ""
