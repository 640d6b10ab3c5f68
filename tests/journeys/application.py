"""One application, from filing to handover, by careful clients; things may happen between its steps, or in one."""

import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.journeys.careful import Careful, Meanwhile
from tests.journeys.installation import Installation
from tests.journeys.outside import plant
from workers.local.demonstration.citizen import citizen, document, finger, portrait, signature

OFFICE = "latihan"
STEPS = (
    "file",
    "upload",
    "book",
    "pay",
    "check_in",
    "examine",
    "interview",
    "enrol",
    "allocate",
    "inspect",
    "hand_over",
)
_applicants = itertools.count(700)

Happening = Callable[[], None]


class Application:
    """The people around one application, and how far it has come."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self._people: dict[str, Careful] = {}
        self.person = citizen()
        self.owner = self._careful(f"applicant-{next(_applicants)}")
        self.number = self.booklet = self.bill = ""
        self._gone = 0

    def runs(
        self,
        *,
        since: str = "",
        until: str = STEPS[-1],
        after: Mapping[str, Happening] | None = None,
        during: Mapping[str, Meanwhile] | None = None,
    ) -> None:
        """The steps that are left, or those since one, to `until`.

        What is to happen `after` a step finds no request of ours under way; what happens `during` it, does.
        """
        if since:
            self._gone = STEPS.index(since)
        for step in STEPS[self._gone : STEPS.index(until) + 1]:
            meanwhile = (during or {}).get(step)
            getattr(self, step)(*([meanwhile] if meanwhile else []))
            self._gone += 1
            if step in (after or {}):
                (after or {})[step]()

    @property
    def silences(self) -> int:
        """How many requests of its people were never answered."""
        return sum(person.silences for person in self._people.values())

    @property
    def put_offs(self) -> int:
        """How many requests of its people were answered that they should come again."""
        return sum(person.put_offs for person in self._people.values())

    def moves_to(self, installation: Installation) -> None:
        """Its people go on at another installation, which knows them and it."""
        self.close()
        self.installation, self._people = installation, {}
        self.owner = self._careful(self.owner.name)

    def close(self) -> None:
        """Close all connections."""
        for person in self._people.values():
            person.close()

    def path(self, rest: str = "") -> str:
        """Its address."""
        return f"/v1/applications/{self.number}{rest}"

    def comes_to(self, stage: str) -> dict[str, Any]:
        """Wait for a stage."""
        found: dict[str, Any] = self.owner.until(
            self.path(), lambda now: now if now["stage"] == stage else None, f"{self.number} as {stage}"
        )
        return found

    def file(self, meanwhile: Meanwhile | None = None) -> None:
        """File."""
        form = {
            "applicant": self.person.claims(),
            "kind": "new",
            "document": {"type": "electronic", "validity_years": 10},
            "service": "regular",
        }
        self.number = self.owner.does("POST", "/v1/applications", meanwhile, json=form)["number"]
        # The registers may have been away for a moment.
        self.owner.until(self.path(), lambda now: now["next_step"]["what"] == "choose_appointment", "leave to book")

    def upload(self, meanwhile: Meanwhile | None = None) -> None:
        """Upload what is asked for."""
        for paper in self.owner.reads(self.path())["documents"]:
            page = {"file": ("page.png", document(paper["kind"]), "image/png")}
            self.owner.does("PUT", self.path(f"/documents/{paper['kind']}"), meanwhile, files=page)
            meanwhile = None

    def slot(self) -> str:
        """The first seat that is free."""
        first = datetime.now(UTC)
        span = {"from": first.date().isoformat(), "to": (first + timedelta(days=1)).date().isoformat()}
        found = self.owner.reads(f"/v1/offices/{OFFICE}/availability", **span, lane="regular")
        return next(str(slot["id"]) for day in found["days"] for slot in day["slots"] if slot["left"] > 0)

    def book(self, meanwhile: Meanwhile | None = None) -> None:
        """Take a seat, and wait for its bill."""
        self.owner.does("PUT", self.path("/appointment"), meanwhile, json={"slot_id": self.slot()})
        self.billed()

    def billed(self) -> None:
        """Wait for the bill."""
        self.bill = self.owner.until(self.path("/bill"), lambda bill: bill.get("code"), "the bill")

    def pay(self) -> None:
        """Pay at the bank, and wait until the case knows."""
        self.pays_at_the_bank()
        self.owner.until(self.path(), lambda now: now["appointment"]["state"] == "confirmed", "a confirmed seat")

    def pays_at_the_bank(self, **how: Any) -> None:
        """Pay; the bank tells us, as `how` says."""
        plant(self.installation, "billing", "pay", bill_code=self.bill, **how)

    def check_in(self, meanwhile: Meanwhile | None = None) -> None:
        """Come to the office."""
        kiosk = self._careful(f"kiosk@{OFFICE}")
        kiosk.does("POST", f"/v1/offices/{OFFICE}/check-ins", meanwhile, json={"number": self.number})

    def examine(self, meanwhile: Meanwhile | None = None) -> None:
        """Documents complete."""
        self.decides("examiner", "documents", meanwhile, outcome="complete")

    def interview(self, meanwhile: Meanwhile | None = None) -> None:
        """Interview passed."""
        self.decides("interviewer", "interview", meanwhile, outcome="pass")

    def enrol(self, meanwhile: Meanwhile | None = None) -> None:
        """Capture, and wait until the systems have said nothing against it."""
        self.captures(meanwhile)
        self.comes_to("approved")

    def captures(self, meanwhile: Meanwhile | None = None) -> None:
        """Portrait, signature and fingers."""
        files = {
            "portrait": ("portrait.jpg", portrait(), "image/jpeg"),
            "signature": ("signature.png", signature(), "image/png"),
            "finger_1": ("1.png", finger(), "image/png"),
            "finger_6": ("6.png", finger(), "image/png"),
        }
        officer = self._careful(f"interviewer@{OFFICE}")
        form = {"lease": self._lease(officer, "enrolment"), "exceptions": json.dumps([])}
        officer.does("POST", self.path("/decisions/enrolment"), meanwhile, files=files, data=form)

    def withdraws(self) -> None:
        """Take it back, and wait until it has ended."""
        self.owner.does("POST", self.path("/withdrawal"), json={"reason": "I travel later"})
        self.comes_to("ended")

    def allocate(self, meanwhile: Meanwhile | None = None) -> None:
        """Bind the first blank booklet, and wait until it is printed."""
        officer = self._careful(f"printer@{OFFICE}")
        self.booklet = officer.reads(f"/v1/offices/{OFFICE}/booklets")["serials"][0]
        self.decides("printer", "allocation", meanwhile, outcome="allocated", booklet=self.booklet)
        self._task(self._careful(f"inspector@{OFFICE}"), "quality")

    def inspect(self, meanwhile: Meanwhile | None = None) -> None:
        """Quality passed."""
        self.decides("inspector", "quality", meanwhile, outcome="pass", booklet_number=self.booklet)
        self.comes_to("ready")

    def hand_over(self, meanwhile: Meanwhile | None = None) -> None:
        """Into its holder's hands."""
        collector = {"relation": "self", "id_kind": "id_card", "id_number": self.person.nik}
        act = {"outcome": "collected", "booklet_number": self.booklet, "collector": collector}
        self.decides("handover", "handover", meanwhile, **act)
        self.comes_to("collected")

    def decides(self, who: str, step: str, meanwhile: Meanwhile | None = None, **act: Any) -> None:
        """An officer's decision, under a lease."""
        officer = self._careful(f"{who}@{OFFICE}")
        body = {"lease": self._lease(officer, step), **act}
        officer.does("POST", self.path(f"/decisions/{step}"), meanwhile, json=body)

    def _careful(self, name: str) -> Careful:
        if name not in self._people:
            self._people[name] = Careful(self.installation, name)
        return self._people[name]

    def _task(self, officer: Careful, step: str) -> str:
        def ours(found: Any) -> str | None:
            return next((task["id"] for task in found["items"] if task["application"] == self.number), None)

        path = f"/v1/tasks?step={step}&office={OFFICE}&state=open&limit=100"
        return str(officer.until(path, ours, f"the task {step}"))

    def _lease(self, officer: Careful, step: str) -> str:
        choice = {"reason": "the test's own case"}
        return str(officer.does("POST", f"/v1/tasks/{self._task(officer, step)}/claim", json=choice)["lease"]["id"])


@contextmanager
def application(installation: Installation) -> Iterator[Application]:
    """A new application; its connections are closed at the end."""
    begun = Application(installation)
    try:
        yield begun
    finally:
        begun.close()
