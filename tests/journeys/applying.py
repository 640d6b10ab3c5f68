"""One application as its applicant has it: filed, with papers and a seat, paid."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx2

from tests.journeys.installation import wait_until
from tests.journeys.people import Person, done
from workers.local.demonstration.citizen import Citizen, citizen, document

if TYPE_CHECKING:
    from tests.journeys.town import Town

OFFICE = "latihan"


def form(person: Citizen, **changes: Any) -> dict[str, Any]:
    """A filing as the form sends it; `applicant` among the changes is laid over the claims."""
    claims = {**person.claims(), **changes.pop("applicant", {})}
    filing = {"kind": "new", "document": {"type": "ordinary", "validity_years": 10}, "service": "regular"}
    return {"applicant": claims, **filing, **changes}


class Applying:
    """An application and its applicant."""

    STEPS: tuple[tuple[str, str], ...] = (("booked", "books"), ("paid", "pays"))

    def __init__(self, town: "Town", owner: Person, office: str = OFFICE) -> None:
        self.town, self.owner, self.office = town, owner, office
        self.citizen = citizen()
        self.number = self.bill = self.booklet = ""
        self._gone = 0

    def path(self, rest: str = "") -> str:
        """Its address."""
        return f"/v1/applications/{self.number}{rest}"

    def shown(self) -> dict[str, Any]:
        """As its owner reads it."""
        found: dict[str, Any] = self.owner.reads(self.path())
        return found

    def comes_to(self, stage: str, limit: float = 30.0) -> dict[str, Any]:
        """Wait for a stage."""
        return self.waits_until(lambda now: now["stage"] == stage, f"{self.number} to be {stage}", limit)

    def ends(self, ending: str) -> dict[str, Any]:
        """Wait for an ending."""
        return self.waits_until(lambda now: now["ending"] == ending, f"{self.number} to end {ending}")

    def waits_until(self, there: Any, what: str, limit: float = 30.0) -> dict[str, Any]:
        """Wait until its owner reads something."""

        def look() -> dict[str, Any] | None:
            now = self.shown()
            return now if there(now) else None

        found: dict[str, Any] = wait_until(look, what, limit)
        return found

    def _did(self, step: str) -> None:
        """A step is done, whoever asked for it: `goes_to` goes on after it."""
        names = [name for name, _ in self.STEPS]
        self._gone = max(self._gone, names.index(step) + 1)

    def files(self, **changes: Any) -> dict[str, Any]:
        """File."""
        answer = self.owner.asks("POST", "/v1/applications", form(self.citizen, **changes))
        filed: dict[str, Any] = done(answer)
        assert answer.status_code == 201
        self.number = filed["number"]
        return filed

    def uploads(self, *kinds: str) -> None:
        """Upload pages, by default all that are required and missing."""
        wanted = kinds or [one["kind"] for one in self.shown()["documents"] if one["required"]]
        for kind in wanted:
            page = {"file": (f"{kind}.png", document(kind), "image/png")}
            self.owner.does(self.path(f"/documents/{kind}"), verb="PUT", files=page)

    def slots(self, lane: str = "regular", days: int = 1) -> list[dict[str, Any]]:
        """Seats that are free, the soonest first."""
        first = datetime.now(UTC) + timedelta(hours=8)
        span = {"from": first.date().isoformat(), "to": (first + timedelta(days=days)).date().isoformat()}
        found = self.owner.reads(f"/v1/offices/{self.office}/availability", **span, lane=lane)
        return [slot for day in found["days"] for slot in day["slots"] if slot["left"]]

    def takes(self, slot: str) -> httpx2.Response:
        """Ask for a seat."""
        return self.owner.asks("PUT", self.path("/appointment"), {"slot_id": slot})

    def books(self) -> None:
        """Take the soonest seat."""
        done(self.takes(self.slots()[0]["id"]))
        self._did("booked")

    def billed(self) -> dict[str, Any]:
        """Wait for the bill."""

        def look() -> dict[str, Any] | None:
            answer = self.owner.asks("GET", self.path("/bill"))
            return answer.json() if answer.is_success else None

        bill: dict[str, Any] = wait_until(look, "the bill", 20.0)
        self.bill = bill["code"]
        return bill

    def pays(self, **how: Any) -> dict[str, Any]:
        """Pay the bill at the bank, and wait until that is known."""
        code = self.billed()["code"]
        self.town.standins["billing"].plants("pay", bill_code=code, **how)
        paid = self.waits_until(lambda now: now["appointment"]["state"] == "confirmed", "a confirmed seat")
        self._did("paid")
        return paid
