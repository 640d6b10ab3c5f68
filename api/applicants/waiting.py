"""The waiting list: joining it, one's place in one sentence, what is offered, refusing, leaving."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, Field
from starlette.requests import Request

from activities.storage import waiting
from activities.storage.reads.waiting import WaitingRow, waiting_limits
from activities.storage.reads.waiting import waiting as entry_of
from api import trail
from api.fields import OFFICE_ID, Form, IsoDate
from api.idempotency import MessageId
from api.installation import Caller, House, Installation
from api.language import Language
from api.lookup import VisibleCase
from api.pages.texts import text
from api.problems import Problem, invalid
from api.routing import SHOWN, router
from workflows.case.facts import Lane

routes = router("applicants")
WAITING = "/v1/applications/{number}/waiting"


class WaitingForm(Form):
    """Any seat of an office and lane between two of the office's dates, both included."""

    office: Annotated[str, Field(pattern=OFFICE_ID)]
    lane: Lane
    first: Annotated[IsoDate, Field(alias="from")]
    last: Annotated[IsoDate, Field(alias="to")]

    def wish(self) -> waiting.Wish:
        """As the list calls it; raises `invalid_input` where the days are none."""
        if self.last < self.first:
            raise invalid("/to", "is before `from`")
        return waiting.Wish(office=self.office, lane=self.lane, first=self.first, last=self.last)


class OfferShown(BaseModel):
    """A seat that is offered until `until`: taken by `PUT appointment`, by a family from `first_slot_id` on."""

    slot_id: str
    first_slot_id: str
    starts_at: datetime
    ends_at: datetime
    until: datetime


class StepShown(BaseModel):
    """What happened while waiting; `starts_at` is of the seat that it is about, `why` a code."""

    at: datetime
    what: str
    why: str | None = None
    starts_at: datetime | None = None


class WaitingShown(BaseModel):
    """An entry of the waiting list. `position` counts families as one; it is left out when the entry has ended."""

    state: str
    office: str
    lane: Lane
    first: date = Field(alias="from")
    last: date = Field(alias="to")
    joined_at: datetime
    people: int
    position: int | None = None
    people_before: int | None = None
    ahead_explained: str | None = None
    refusals: int
    refusals_allowed: int
    why: str | None = None
    offer: OfferShown | None = None
    steps: list[StepShown]


@routes.post(WAITING, status_code=201, **SHOWN)
async def join(
    form: WaitingForm, case: VisibleCase, house: House, message_id: MessageId, language: Language
) -> WaitingShown:
    """Wait for a seat, with all of the family who have none. Where nobody waits and a seat is free, it is offered."""
    await joined(house, case.number, form.wish(), message_id)
    return await _now(house, case.number, language)


async def joined(house: Installation, number: str, wish: waiting.Wish, key: str) -> None:
    """Put the application into the list; raises why it cannot wait for that."""
    code = await house.database.run(waiting.join, number, wish, key)
    if code != "ok":
        raise await _refusal(house, wish, code)
    for day in await house.database.read(waiting.days_without_others, number):
        if await house.database.run(waiting.pass_on, day, public=True):
            break


@routes.get(WAITING, **SHOWN)
async def read(case: VisibleCase, request: Request, actor: Caller, house: House, language: Language) -> WaitingShown:
    """One's place in the list, what is offered, and why seats went by; also how the waiting ended."""
    await trail.looked(house, actor, request, case.number)
    return await _now(house, case.number, language)


@routes.delete(WAITING, status_code=204, response_class=Response)
async def leave(case: VisibleCase, house: House) -> None:
    """Leave the list, a family as one; what is offered is refused by it."""
    if not await house.database.run(waiting.leave, case.number):
        await _entry(house, case.number)


@routes.delete(WAITING + "/offer", **SHOWN)
async def refuse(case: VisibleCase, house: House, message_id: MessageId, language: Language) -> WaitingShown:
    """Refuse what is offered, and keep one's place: as often as the rule of the list says."""
    await refused(house, case.number, message_id)
    return await _now(house, case.number, language)


async def refused(house: Installation, number: str, key: str) -> None:
    """Refuse the offer; raises `no_offer` where there is none (any more)."""
    if not await house.database.run(waiting.refuse, number, key):
        await _entry(house, number)
        raise Problem("no_offer")


def ahead(entry: WaitingRow, language: str) -> str | None:
    """The place in one sentence; None when there is none any more."""
    if entry.people_before is None:
        return None
    key = {0: "waiting.ahead.none", 1: "waiting.ahead.one"}.get(entry.people_before, "waiting.ahead.many")
    return text(key, language, count=entry.people_before)


async def _entry(house: Installation, number: str) -> WaitingRow:
    entry = await house.database.read(entry_of, number)
    if entry is None:
        raise Problem("not_found")
    return entry


async def _now(house: Installation, number: str, language: str) -> WaitingShown:
    entry = await _entry(house, number)
    optional: dict[str, Any] = {
        "position": entry.position,
        "people_before": entry.people_before,
        "ahead_explained": ahead(entry, language),
        "why": entry.why or None,
        "offer": entry.offer and OfferShown.model_validate(entry.offer, from_attributes=True),
    }
    return WaitingShown(
        state=entry.state,
        office=entry.office,
        lane=entry.lane,
        joined_at=entry.joined_at,
        people=entry.people,
        refusals=entry.refusals,
        refusals_allowed=entry.most_refusals,
        steps=[_step(one.at, one.what, one.why, one.starts_at) for one in entry.steps],
        **{"from": entry.first_day, "to": entry.last_day},
        **{name: value for name, value in optional.items() if value is not None},
    )


def _step(at: datetime, what: str, why: str, starts_at: datetime | None) -> StepShown:
    about: dict[str, Any] = {"why": why} if why else {}
    return StepShown(at=at, what=what, **about, **({"starts_at": starts_at} if starts_at else {}))


async def _refusal(house: Installation, wish: waiting.Wish, code: str) -> Problem:
    fields = {
        "no_such_office": ("/office", "is no office of ours"),
        "no_such_lane": ("/lane", "is not for this application at this office"),
        "days_over": ("/to", "is over"),
    }
    if code in fields:
        return invalid(*fields[code])
    if code == "too_many_days":
        today = (datetime.now(UTC) + timedelta(hours=8)).date()
        limits = await house.database.read(waiting_limits, wish.office, today)
        return invalid("/to", f"is more than {limits['most_days']} days from `from` or from today")
    return Problem("not_your_turn" if code == "not_bookable" else code)
