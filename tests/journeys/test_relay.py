"""A seat that was taken when the API died before it told the case: the case hears of it, or the seat is given back."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from activities.keyring import load_keys
from tests.journeys.application import Application, application
from tests.journeys.installation import Installation, wait_until
from workers.runtime.connection import connect
from workers.runtime.settings import Settings
from workflows.case.facts import Actor, Role
from workflows.messages import Withdrawal

BOOKING = "SELECT id, slot_id, state FROM paspor.booking WHERE number = :number"
TAKEN = "SELECT taken FROM paspor.slot WHERE id = :slot"
UNSENT = "SELECT 1 FROM paspor.outbox WHERE number = :number AND sent_at IS NULL"

pytestmark = [pytest.mark.journey, pytest.mark.kill]


@pytest.fixture
def case(installation: Installation) -> Iterator[Application]:
    with application(installation) as begun:
        begun.runs(until="upload")
        yield begun


def wins_a_seat_and_nobody_tells(installation: Installation, case: Application, withdraws: bool = False) -> None:
    """The applicant takes a seat; API and engine die with what they had in hand before the case has heard of it."""
    slot = case.slot()
    with installation.killing("api", "temporal") as kill, installation.frozen("worker-cases"):
        if withdraws:
            asyncio.run(withdrawn_by_push(installation, case))

        @contextmanager
        def meanwhile() -> Iterator[None]:
            yield
            wait_until(lambda: installation.sql(BOOKING, number=case.number), "the seat in the database")
            kill()

        case.owner.is_not_answered("PUT", case.path("/appointment"), meanwhile, json={"slot_id": slot})
        assert installation.sql(UNSENT, number=case.number)


async def withdrawn_by_push(installation: Installation, case: Application) -> None:
    """A withdrawal that lies on the desk before the seat does: a signal is kept by the engine whatever dies."""
    known = {name.removeprefix("PASPOR_").lower(): value for name, value in installation.environment.items()}
    settings = Settings.model_validate(known)
    client = await connect(settings, load_keys(settings.keys_file))
    (row,) = installation.sql(
        "SELECT workflow_id, owner FROM paspor.application WHERE number = :number", number=case.number
    )
    message = Withdrawal(by=Actor(id=row.owner, roles=(Role.APPLICANT,)))
    await client.get_workflow_handle(row.workflow_id).signal("push_withdraw", message)


def test_the_case_hears_of_a_seat_that_nobody_told_it(installation: Installation, case: Application) -> None:
    wins_a_seat_and_nobody_tells(installation, case)
    case.billed()
    assert case.owner.reads(case.path())["stage"] == "booked"
    wait_until(lambda: not installation.sql(UNSENT, number=case.number), "the relay's own note")
    assert [row.state for row in installation.sql(BOOKING, number=case.number)] == ["held"]


def test_a_seat_that_the_case_does_not_want_is_given_back(installation: Installation, case: Application) -> None:
    wins_a_seat_and_nobody_tells(installation, case, withdraws=True)
    (booking,) = installation.sql(BOOKING, number=case.number)
    wait_until(lambda: not installation.sql(UNSENT, number=case.number), "the relay's own note")
    assert case.owner.reads(case.path())["ending"] == "withdrawn"
    (after,) = installation.sql(BOOKING, number=case.number)
    assert after.state == "released"
    (slot,) = installation.sql(TAKEN, slot=booking.slot_id)
    states = "'offered', 'held', 'confirmed', 'used'"
    live = f"SELECT count(*) FROM paspor.booking WHERE slot_id = :slot AND state IN ({states})"
    assert [slot.taken] == [row.count for row in installation.sql(live, slot=booking.slot_id)]
