"""The people of the journeys: they sign in, file, pay, come to the office and decide, by HTTP alone."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from sqlalchemy import Connection, Engine, create_engine, text

from activities.storage import booklets, seed
from tests.journeys.installation import Installation, wait_until
from workers.local.demonstration.citizen import Citizen, citizen, document, finger, portrait, signature

OFFICE = "latihan"
SECONDS = 30.0
PROBLEM = {"type", "title", "status", "detail", "code", "trace"}
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


class Person:
    """One signed-in person, or nobody where there is no token."""

    def __init__(self, api: str, name: str, token: str = "") -> None:
        self.name = name
        self.http = httpx2.Client(base_url=api, timeout=SECONDS, trust_env=False)
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def asks(self, verb: str, path: str, body: Any = None, *, key: str | None = "", **more: Any) -> httpx2.Response:
        """One request, and its answer whatever it is. Each act has a key of its own; None sends none."""
        headers = dict(more.pop("headers", {}))
        if verb != "GET" and key is not None:
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        if body is not None:
            more["json"] = body
        return self.http.request(verb, path, headers=headers, **more)

    def reads(self, path: str, **query: Any) -> Any:
        """A read that succeeds."""
        return done(self.asks("GET", path, params=query))

    def does(self, path: str, body: Any = None, verb: str = "POST", **more: Any) -> Any:
        """An act that succeeds."""
        return done(self.asks(verb, path, body, **more))

    @contextmanager
    def listens(self, path: str, last: str = "") -> Iterator[Iterator[dict[str, Any]]]:
        """The events of a stream, as they come: `{id, event, data}`."""
        headers = {"Last-Event-ID": last} if last else {}
        with self.http.stream("GET", path, headers=headers, timeout=10.0) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    event: dict[str, Any] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not line and event:
            yield event
            event = {}
        elif name in ("id", "event") and colon:
            event[name] = value.strip()
        elif name == "data":
            event["data"] = json.loads(value)


def done(answer: httpx2.Response) -> Any:
    """The content of an answer that is a yes."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def refused(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer that is a no, in the form that the contract gives it."""
    assert answer.status_code == status, f"{answer.request.url.path}: {answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert set(problem) >= PROBLEM
    assert (problem["status"], problem["code"], problem["type"]) == (status, code, f"/problems/{code}")
    assert problem["trace"]
    return problem


def fits(found: Any, shape: Any, where: str = "") -> None:
    """Check a JSON value against a shape: types, `[shape]` for lists, dicts whose optional keys end in `?`."""
    if isinstance(shape, dict):
        assert isinstance(found, dict), f"{where}: {found}"
        for name, inner in shape.items():
            field = name.removesuffix("?")
            assert field in found or name.endswith("?"), f"{where}.{field} is missing in {found}"
            if field in found:
                fits(found[field], inner, f"{where}.{field}")
    elif isinstance(shape, list):
        assert isinstance(found, list), f"{where}: {found}"
        for place, item in enumerate(found):
            fits(item, shape[0], f"{where}[{place}]")
    elif isinstance(shape, re.Pattern):
        assert isinstance(found, str), f"{where}: {found}"
        assert shape.fullmatch(found), f"{where}: {found}"
    elif isinstance(shape, set):
        assert found in shape, f"{where}: {found}"
    else:
        assert isinstance(found, shape), f"{where}: {found}"


class Standin:
    """One stand-in's own side: its faults, its log and what can be planted."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.http = httpx2.Client(base_url=f"{address}/standins/{name}/", timeout=SECONDS, trust_env=False)

    @contextmanager
    def failing(self, kind: str, **more: Any) -> Iterator[None]:
        """Fail in one way while the block lasts."""
        self.plants("faults", kind=kind, **more)
        try:
            yield
        finally:
            self.heals()

    def heals(self) -> None:
        """Take all faults away."""
        done(self.http.delete("faults"))

    def plants(self, what: str, **values: Any) -> Any:
        """Tell the stand-in what to answer or do."""
        return done(self.http.post(what, json=values))

    def log(self, about: str = "") -> list[dict[str, Any]]:
        """Requests whose key contains `about`, the oldest first."""
        return [line for line in done(self.http.get("log"))["items"] if about in (line["key"] or "")]

    def effects(self, about: str) -> dict[str, int]:
        """How often the work of each key that contains `about` was really done."""
        found: dict[str, int] = {}
        for line in self.log(about):
            if line["key"]:
                found[line["key"]] = found.get(line["key"], 0) + bool(line["effect"])
        return found


class Town:
    """Everybody and everything around one installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.api: str = installation.addresses["api"]
        self.standins = {name: Standin(name, at) for name, at in installation.addresses["standins"].items()}
        self.nobody = Person(self.api, "nobody")
        self.engine: Engine = create_engine(installation.environment["PASPOR_DATABASE_URL"], pool_size=2)
        self._people: dict[str, Person] = {}
        self.cases: list[Case] = []

    def person(self, name: str, office: str = "") -> Person:
        """Somebody by the name under which the issuer knows them."""
        name = f"{name}@{office}" if office else name
        if name not in self._people:
            grant = {"grant_type": "password", "username": name}
            token = done(self.nobody.http.post(f"{self.installation.addresses['idp']}/token", data=grant))
            self._people[name] = Person(self.api, name, token["access_token"])
        return self._people[name]

    def applicant(self) -> Person:
        """An applicant whom no other test knows."""
        return self.person(f"applicant-{uuid.uuid4().int % 900_000 + 1000}")

    def files(self, by: Person | None = None, office: str = OFFICE, **changes: Any) -> "Case":
        """An application that is accepted."""
        case = Case(self, by or self.applicant(), office)
        case.files(**changes)
        self.cases.append(case)
        return case

    def case_at(self, stage: str, office: str = OFFICE, **changes: Any) -> "Case":
        """An application that has come to a stage."""
        case = self.files(office=office, **changes)
        case.goes_to(stage)
        return case

    def office(self, name: str, **rules: Mapping[str, Any]) -> str:
        """An office of one test's own, open day and night, with three booklets; no worker serves its printer."""
        name = f"{name}-{uuid.uuid4().hex[:6]}"
        opening = {**seed.LATIHAN.rules["opening"], **rules.pop("opening", {})}
        place = seed.PracticeOffice(
            id=name,
            name=f"Kantor {name}",
            time_zone="Asia/Makassar",
            utc_offset=8,
            serials="T0",
            rules={**seed.LATIHAN.rules, "opening": opening, **rules},
        )
        with self.engine.begin() as connection:
            seed.seed_office(connection, place, "ipp://127.0.0.1:9/ipp/print/none", blanks=0)
            booklets.receive(connection, name, [serial() for _ in range(3)])
        return name

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows of the installation's own database, as its superuser reads or breaks them."""
        with self.engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.engine.begin() as connection:
            return _counted(connection)

    def tidies(self) -> None:
        """Heal every stand-in, and take back what the test has left open."""
        for standin in self.standins.values():
            standin.heals()
        for case in self.cases:
            if case.number:
                case.owner.asks("POST", case.path("/withdrawal"))
        self.cases.clear()

    def leaves(self) -> None:
        """Close every connection."""
        for person in (self.nobody, *self._people.values()):
            person.http.close()
        for standin in self.standins.values():
            standin.http.close()
        self.engine.dispose()


def serial() -> str:
    """The serial of a booklet that nobody has seen yet."""
    return f"T{uuid.uuid4().int % 10_000_000:07d}"


def _counted(connection: Connection) -> dict[str, int]:
    names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'paspor'")).scalars()
    return {name: connection.execute(text(f'SELECT count(*) FROM paspor."{name}"')).scalar_one() for name in names}


def form(person: Citizen, **changes: Any) -> dict[str, Any]:
    """A filing as the form sends it; `applicant` among the changes is laid over the claims."""
    claims = {**person.claims(), **changes.pop("applicant", {})}
    filing = {"kind": "new", "document": {"type": "ordinary", "validity_years": 10}, "service": "regular"}
    return {"applicant": claims, **filing, **changes}


def captured(**fields: str) -> dict[str, Any]:
    """A capture at the booth, for `asks`: files and fields of the multipart form."""
    files = {
        "portrait": ("portrait.jpg", portrait(), "image/jpeg"),
        "signature": ("signature.png", signature(), "image/png"),
        "finger_1": ("1.png", finger(), "image/png"),
        "finger_6": ("6.png", finger(), "image/png"),
    }
    return {"files": files, "data": {"exceptions": "[]", **fields}}


class Case:
    """One application and how far it has come."""

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

    def __init__(self, town: Town, owner: Person, office: str = OFFICE) -> None:
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

    def officer(self, name: str) -> Person:
        """Somebody of its office."""
        return self.town.person(name, self.office)

    def goes_to(self, stage: str) -> None:
        """Do all that is left until a stage."""
        names = [name for name, _ in self.STEPS]
        last = names.index(stage) + 1 if stage != "filed" else 0
        while self._gone < last:
            getattr(self, self.STEPS[self._gone][1])()

    def _did(self, step: str) -> None:
        """A step is done, whoever asked for it: `goes_to` goes on after it."""
        names = [name for name, _ in self.STEPS]
        self._gone = max(self._gone, names.index(step) + 1)

    # The applicant

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

    def checks_in(self) -> dict[str, Any]:
        """Come to the office."""
        desk = self.officer("kiosk")
        ticket: dict[str, Any] = desk.does(f"/v1/offices/{self.office}/check-ins", {"number": self.number})
        self._did("checked_in")
        return ticket

    # The officers

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
