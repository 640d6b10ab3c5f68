"""A case that runs in a real engine, and stands in the tables of its office."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import Engine, text
from temporalio.client import WorkflowHandle

from activities.storage import seats
from tests.activities.storage.cases import a_task, noted
from workflows.case.facts import Appointment, Lane
from workflows.case.record import TaskStep
from workflows.partners.seats import Admission

NUMBER = "4000000000000001"
CASE = f"/v1/applications/{NUMBER}"


@dataclass
class Known:
    """A case that runs, and stands in the tables of its office."""

    handle: WorkflowHandle[object, object]
    engine: Engine

    async def told(self) -> int:
        return int(str(await self.handle.query("how_often_told")))

    async def paid(self) -> int:
        return int(str(await self.handle.query("how_often_paid")))

    def forget_requests(self) -> None:
        """As when this process dies between the case's answer and ours."""
        self.run("DELETE FROM paspor.idempotent_request")

    def run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement))

    def one(self, question: str) -> object:
        with self.engine.connect() as connection:
            return connection.execute(text(question)).scalar()


OFFICE = "/v1/offices/denpasar"
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)


def a_slot(engine: Engine, capacity: int = 1, lane: str = "regular", starts_at: datetime = SOON) -> str:
    statement = text("""
        INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats)
        VALUES ('denpasar', :lane, :day, :start, :end, :seats) RETURNING id""")
    values = {"lane": lane, "day": (starts_at + timedelta(hours=8)).date(), "start": starts_at, "seats": capacity}
    with engine.begin() as connection:
        slot = connection.execute(statement, {**values, "end": starts_at + timedelta(minutes=30)}).scalar_one()
    return seats.public_id(slot)


def bookable(known: Known, version: int = 3, **changes: Any) -> None:
    with known.engine.begin() as connection:
        noted(connection, NUMBER, version, office="denpasar", bookable=True, **changes)


def appointment() -> Appointment:
    return Appointment(
        booking="b",
        slot_id="s1",
        office="denpasar",
        lane=Lane.REGULAR,
        starts_at=SOON,
        ends_at=SOON + timedelta(minutes=30),
        utc_offset=8,
    )


def picture(form: str) -> bytes:
    made = io.BytesIO()
    Image.new("L" if form == "WSQ" else "RGB", (64, 64)).save(made, form)
    return made.getvalue()


def admitted(known: Known) -> None:
    """The person has a ticket of today, and a task waits at each counter."""
    tasks = [a_task(NUMBER, step, "denpasar") for step in (TaskStep.DOCUMENTS, TaskStep.INTERVIEW)]
    now = datetime.now(UTC)
    admission = Admission(
        key="a", number=NUMBER, booking="b", office="denpasar", lane=Lane.REGULAR, state="waiting", rank_from=now
    )
    with known.engine.begin() as connection:
        noted(connection, NUMBER, 4, *tasks, office="denpasar")
        seats.admit(connection, admission)
