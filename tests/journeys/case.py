"""One application and how far it has come: what its applicant and its officers do."""

from typing import Any

import httpx2

from tests.journeys.applying import Applying
from tests.journeys.installation import wait_until
from tests.journeys.people import Person, done
from workers.local.demonstration.citizen import finger, portrait, signature

# Which officer takes which step.
TAKES = {
    "documents": "examiner",
    "interview": "interviewer",
    "enrolment": "interviewer",
    "resume": "head",
    "adjudication": "adjudicator",
    "allocation": "printer",
    "print_question": "printer",
    "quality": "inspector",
    "handover": "handover",
}


def captured(**fields: str) -> dict[str, Any]:
    """A capture at the booth, for `asks`: files and fields of the multipart form."""
    files = {
        "portrait": ("portrait.jpg", portrait(), "image/jpeg"),
        "signature": ("signature.png", signature(), "image/png"),
        "finger_1": ("1.png", finger(), "image/png"),
        "finger_6": ("6.png", finger(), "image/png"),
    }
    return {"files": files, "data": {"exceptions": "[]", **fields}}


class Case(Applying):
    """One application at its office, and how far it has come."""

    STEPS = (
        ("booked", "books"),
        ("paid", "pays"),
        ("checked_in", "checks_in"),
        ("documents_examined", "is_examined"),
        ("interviewed", "is_interviewed"),
        ("enrolled", "is_enrolled"),
        ("approved", "is_approved"),
        ("printing", "is_allocated"),
        ("printed", "is_printed"),
        ("ready", "is_inspected"),
        ("collected", "is_collected"),
    )

    def officer(self, name: str) -> Person:
        """Somebody of its office."""
        return self.town.person(name, self.office)

    def goes_to(self, stage: str) -> None:
        """Do all that is left until a stage."""
        names = [name for name, _ in self.STEPS]
        last = names.index(stage) + 1 if stage != "filed" else 0
        while self._gone < last:
            getattr(self, self.STEPS[self._gone][1])()

    def checks_in(self) -> dict[str, Any]:
        """Come to the office."""
        desk = self.officer("kiosk")
        ticket: dict[str, Any] = desk.does(f"/v1/offices/{self.office}/check-ins", {"number": self.number})
        self._did("checked_in")
        return ticket

    def task(self, step: str, who: str = "") -> dict[str, Any]:
        """Wait for its open task of a step."""
        officer = self.officer(who or TAKES[step])

        def look() -> dict[str, Any] | None:
            cursor = ""
            while True:
                page = officer.reads("/v1/tasks", step=step, office=self.office, state="open", limit=100, cursor=cursor)
                for item in page["items"]:
                    if item["application"] == self.number:
                        return dict(item)
                cursor = page["next"]
                if not cursor:
                    return None

        found: dict[str, Any] = wait_until(look, f"the task {step} of {self.number}", 30.0)
        return found

    def lease(self, step: str, who: str = "") -> str:
        """Claim its task of a step."""
        officer = self.officer(who or TAKES[step])
        claimed = officer.does(f"/v1/tasks/{self.task(step, who)['id']}/claim", {"reason": "the test's own case"})
        return str(claimed["lease"]["id"])

    def tries(self, step: str, who: str = "", lease: str = "", **act: Any) -> httpx2.Response:
        """Decide, and hear whatever comes of it."""
        officer = self.officer(who or TAKES[step])
        body = {"lease": lease or self.lease(step, who), **act}
        return officer.asks("POST", self.path(f"/decisions/{step}"), body)

    def decides(self, step: str, who: str = "", **act: Any) -> dict[str, Any]:
        """Decide with success."""
        found: dict[str, Any] = done(self.tries(step, who, **act))
        return found

    def is_examined(self) -> None:
        """Documents complete, and no exit ban."""
        self.decides("documents", outcome="complete")
        self._did("documents_examined")

    def is_interviewed(self) -> None:
        """Interview passed."""
        self.decides("interview", outcome="pass")
        self._did("interviewed")

    def captures(self, **fields: str) -> httpx2.Response:
        """Capture at the booth, whatever comes of it."""
        lease = fields.pop("lease", "") or self.lease("enrolment")
        officer = self.officer("interviewer")
        answer = officer.asks("POST", self.path("/decisions/enrolment"), **captured(lease=lease, **fields))
        if answer.is_success:
            self._did("enrolled")
        return answer

    def is_enrolled(self) -> None:
        """Captured well enough."""
        done(self.captures())

    def is_approved(self) -> None:
        """Wait for the systems to say nothing against it."""
        self.comes_to("approved")
        self._did("approved")

    def blank(self) -> str:
        """A blank booklet of the office's stock."""
        return str(self.officer("printer").reads(f"/v1/offices/{self.office}/booklets")["serials"][0])

    def is_allocated(self) -> None:
        """Bind the first blank booklet."""
        self.booklet = self.blank()
        self.decides("allocation", outcome="allocated", booklet=self.booklet)
        self._did("printing")

    def is_printed(self) -> None:
        """Wait until the inspector has something to look at."""
        self.task("quality")
        self._did("printed")

    def is_inspected(self) -> None:
        """Quality passed."""
        self.decides("quality", outcome="pass", booklet_number=self.booklet)
        self.comes_to("ready")
        self._did("ready")

    def handed(self, **changes: Any) -> httpx2.Response:
        """Hand over, whatever comes of it."""
        collector = {"relation": "self", "id_kind": "id_card", "id_number": self.citizen.nik, **changes}
        return self.tries("handover", outcome="collected", booklet_number=self.booklet, collector=collector)

    def is_collected(self) -> None:
        """Handed over to its holder."""
        done(self.handed())
        self.comes_to("collected")
        self._did("collected")
