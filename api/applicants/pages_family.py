"""Pages of a family: its applications, and one choice of office, day and time for all of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from activities.storage import reads
from activities.storage.reads import Day, OfficeRow, OpenSlot
from api.applicants.families import Family, MyFamily, shown, take_seats
from api.applicants.forms import SeatForm
from api.applicants.pages_room import waiting
from api.applicants.pages_visiting import DAYS_SHOWN, SEAT_REFUSED
from api.fields import ISO_DATE
from api.installation import Caller, House, Installation
from api.pages.acting import FormId
from api.pages.dates import zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from api.problems import Problem
from workflows.case.facts import Lane
from workflows.case.rules import RuleName

routes = pages()
FAMILY = "/families/{family}"


@routes.get(FAMILY)
async def follow(family: MyFamily, page: Shown, house: House, filed: bool = False) -> Response:
    """All of the family's applications, and what is to be done for all of them at once."""
    found = await shown(house, family.id)
    about: dict[str, Any] = {
        "choosing": _choosing(found),
        "offset": _offset(found),
        "names": await _names(house, found),
    }
    return page.show("family.html", family=found, filed=filed, **about)


@routes.get(FAMILY + "/appointment")
async def choose(family: MyFamily, page: Shown, house: House, office: str = "", day: str = "") -> Response:
    """First the office, then the day, then the time at which all of them find room."""
    waits = await house.room.enter(page.actor, family.members[0].number)
    if waits:
        return waiting(page, family.members[0].number, waits)
    return await _asked(page, house, family, office, day)


@routes.post(FAMILY + "/appointment")
async def take(family: MyFamily, page: Shown, house: House, actor: Caller, message_id: FormId) -> Response:
    """Take the seats of all; where somebody was faster, the times are shown again."""
    slot, office, day = page.field("slot"), page.field("office"), page.field("day")
    try:
        await take_seats(SeatForm(slot_id=slot), family, actor, house, message_id)
    except ValueError:
        return await _asked(page, house, family, office, day, "wrong.slot")
    except Problem as problem:
        if problem.code == "waiting_room":
            return page.go(f"/families/{family.id}/appointment")
        if problem.code not in SEAT_REFUSED:
            raise
        code = "family_full" if problem.code == "slot_full" else problem.code
        return await _asked(page, house, family, office, day, f"refused.{code}")
    return page.go(f"/families/{family.id}")


async def _names(house: Installation, family: Family) -> dict[str, str]:
    """The members' names, by number: whoever filed for them knows them."""
    ring = house.keys.columns
    people = [(one.number, await house.database.read(reads.applicant, one.number, ring)) for one in family.applications]
    return {number: person.full_name for number, person in people if person}


def _choosing(family: Family) -> bool:
    """Whether the next thing to do is to choose a time for all."""
    living = [one for one in family.applications if not one.ending]
    return bool(living) and all(one.next_step.what == "choose_appointment" for one in living)


def _offset(family: Family) -> int | None:
    seats = [one.appointment for one in family.applications if one.appointment]
    offset = seats[0].starts_at.utcoffset() if seats else None
    return int(offset.total_seconds() // 3600) if offset else None


async def _asked(
    page: Page, house: Installation, family: reads.FamilyRow, office: str, day: str, wrong: str = ""
) -> Response:
    if not family.living:
        return page.go(f"/families/{family.id}")
    errors, status = [("slot", page.t(wrong))] if wrong else [], 422 if wrong else 200
    offices = await house.database.read(reads.offices)
    place = next((one for one in offices if one.id == office), None)
    about: dict[str, Any] = {"family": family, "size": len(family.living), "errors": errors}
    if place is None:
        return page.show("family_offices.html", status, offices=offices, **about)
    lane, days = await _days(house, family, place)
    about |= {"office": place, "lane": lane}
    chosen = next((one for one in days if ISO_DATE.fullmatch(day) and one.date.isoformat() == day), None)
    if chosen is None or not chosen.slots:
        return page.show("family_days.html", status, days=days, count=len(days), **about)
    return page.show("family_times.html", status, day=chosen, **about)


async def _days(house: Installation, family: reads.FamilyRow, place: OfficeRow) -> tuple[Lane, list[Day]]:
    """The days ahead, with those slots only at which all of the family find room."""
    quick = all(member.service == "same_day" for member in family.living)
    lane = Lane.SAME_DAY if quick else Lane.REGULAR
    first = datetime.now(UTC).astimezone(zone(place.utc_offset)).date()
    found = await house.database.read(reads.availability, place.id, lane, first, first + timedelta(days=DAYS_SHOWN))
    if found is None:
        raise Problem("not_found")
    rule = (await in_force(house, RuleName.FAMILY, office=place.id))[RuleName.FAMILY]
    more = rule.number("adjacent_slots", 0)
    return lane, [replace(day, slots=with_room(day.slots, len(family.living), more)) for day in found.days]


def with_room(slots: tuple[OpenSlot, ...], size: int, more: int) -> tuple[OpenSlot, ...]:
    """The slots from which on so many people find room, in it and in `more` that follow without a pause."""
    fitting = []
    for place, slot in enumerate(slots):
        room, end = slot.left, slot.ends_at
        for after in slots[place + 1 : place + 1 + more]:
            if after.starts_at != end:
                break
            room, end = room + after.left, after.ends_at
        if room >= size:
            fitting.append(slot)
    return tuple(fitting)
