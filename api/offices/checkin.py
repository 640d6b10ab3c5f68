"""Check-in: by the proof at a kiosk, or by number at the front desk."""

from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from activities.storage import queue, seats
from api.current import view_of
from api.fields import Form, OfficeId
from api.idempotency import MessageId
from api.installation import Caller, House, Installation
from api.language import Language
from api.lookup import NUMBER, Case, find_case
from api.problems import Problem, invalid
from api.proof import MOST_CHARACTERS, InvalidProof, read_proof
from api.routing import router
from api.shown import Seat, seat
from workflows.case.facts import Ticket
from workflows.messages import CheckIn

routes = router("offices")

WHY = {
    "waiting": {"id": "Silakan menunggu panggilan.", "en": "Please wait to be called."},
    "too_early": {
        "id": "Anda datang lebih awal; Anda dipanggil mulai waktu janji temu.",
        "en": "You are early; you are called when the window of your appointment opens.",
    },
    "late": {
        "id": "Anda datang terlambat; urutan dihitung dari waktu kedatangan.",
        "en": "You are late; your place counts from your arrival.",
    },
}


class ArrivalForm(Form):
    """Who is here: the text of the QR code, or the number of the application."""

    proof: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)] | None = None
    number: Annotated[str, Field(pattern=NUMBER)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.proof is None) == (self.number is None):
            raise ValueError("takes either `proof` or `number`")
        return self


class Minutes(BaseModel):
    """How long it will be, from the pace of today."""

    from_minutes: int
    to_minutes: int


class Arrived(BaseModel):
    """The ticket, and what it means."""

    ticket: str
    state: str
    appointment: Seat
    ahead: int
    estimate: Minutes
    why: str


@routes.post("/v1/offices/{office}/check-ins", status_code=201)
async def check_in(
    office: OfficeId,
    form: ArrivalForm,
    actor: Caller,
    house: House,
    message_id: MessageId,
    language: Language,
) -> Arrived:
    """The person is at the office and gets a place in the queue."""
    case = await find_case(house, actor, _number(house, form, office))
    if case.office != office:
        raise Problem("not_found")
    try:
        verdict = await house.cases.tell(case.place, "check_in", CheckIn(by=actor), message_id)
    except Problem as problem:
        return await _again(house, case, message_id, language, problem)
    if verdict.ticket is None:
        raise Problem("engine_slow")
    return await arrived(house, office, case.number, verdict.ticket, language)


async def _again(house: Installation, case: Case, message_id: str, language: str, problem: Problem) -> Arrived:
    """A person whom the case has seen on an earlier day is wanted once more, so today they need a ticket of today.

    The case itself takes no second arrival: where it was sent back to does not depend on it.
    """
    if problem.code != "already_checked_in":
        raise problem
    ticket = await house.database.run(seats.admit_again, case.office, case.number, message_id)
    if ticket is None:
        raise problem
    return await arrived(house, case.office, case.number, ticket, language)


def _number(house: Installation, form: ArrivalForm, office: str) -> str:
    if form.number is not None:
        return form.number
    try:
        proof = read_proof(form.proof or "", house.keys.proof)
    except InvalidProof:
        raise invalid("/proof", "is no booking proof") from None
    if proof.office != office:
        raise Problem("not_found")
    return proof.number


async def arrived(house: Installation, office: str, number: str, ticket: Ticket, language: str) -> Arrived:
    """What a ticket means: how many are ahead, and for about how long."""
    view = await view_of(house, number)
    if view.appointment is None:
        raise Problem("not_found")
    estimate = await house.database.read(queue.estimate, office, ticket.ahead)
    return Arrived(
        ticket=ticket.number,
        state=ticket.state,
        appointment=seat(view.appointment),
        ahead=ticket.ahead,
        estimate=Minutes(from_minutes=estimate.from_minutes, to_minutes=estimate.to_minutes),
        why=WHY[ticket.state][language] if ticket.state in WHY else ticket.state,
    )
