"""The desk's pages of a move for a cause: found by its number, then a day, a time and a reason."""

from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from activities.storage import reads
from api.current import current
from api.fields import ISO_DATE
from api.installation import Caller, House
from api.lookup import VisibleCase
from api.officers.finding import found
from api.officers.pages_work import DESK, Place, place_of
from api.officers.rescheduling import RescheduleForm, reschedule
from api.pages.acting import Acting, SeenCase
from api.pages.dates import zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.facts import Actor, Lane

routes = pages()
FIND = DESK + "/reschedule"
MOVE = DESK + "/applications/{number}/reschedule"
DAYS_SHOWN = 30
REFUSED = ("slot_full", "slot_gone", "not_your_turn", "overloaded")


@routes.get(FIND)
async def find(page: Shown, actor: Caller, house: House, number: str | None = None) -> Response:
    """Whose, by the number of the application."""
    return await found(page, house, actor, number, "desk/find_reschedule.html", MOVE)


@routes.get(MOVE)
async def choose(
    case: SeenCase, page: Shown, house: House, actor: Caller, day: str = "", lane: str = "", done: bool = False
) -> Response:
    """The appointment as it is, and where to."""
    return await _choosing(page, house, actor, case.number, day, lane, done=done)


@routes.post(MOVE)
async def move(case: VisibleCase, page: Shown, house: House, actor: Caller, speaker: Acting) -> Response:
    """Move by the very code of the API."""
    day, lane = page.field("day"), page.field("lane")
    try:
        form = RescheduleForm.model_validate({"slot_id": page.field("slot"), "reason": page.field("reason")})
        await reschedule(form, speaker)
    except ValidationError as error:
        names = {str(one["loc"][0]) for one in error.errors()}
        wrong = {"slot": "wrong.slot"} if "slot_id" in names else {}
        wrong |= {"reason": "desk.wrong.reason"} if "reason" in names else {}
        return await _choosing(page, house, actor, case.number, day, lane, wrong)
    except Problem as problem:
        if problem.code not in REFUSED:
            raise
        return await _choosing(page, house, actor, case.number, day, lane, {"slot": f"refused.{problem.code}"})
    return page.go(MOVE.format(number=case.number) + "?done=true")


async def _choosing(
    page: Page,
    house: House,
    actor: Actor,
    number: str,
    day: str,
    lane: str,
    wrong: dict[str, str] | None = None,
    *,
    done: bool = False,
) -> Response:
    shown = await current(house, number, Response())
    place, seat = await place_of(house, actor), shown.appointment
    movable = seat is not None and not shown.ending and not shown.ticket and seat.state in ("held", "confirmed")
    wanted = Lane(lane) if lane in tuple(Lane) else Lane(seat.lane) if seat else Lane.REGULAR
    days = await _days(house, actor, place, wanted) if movable else []
    chosen = next((one for one in days if ISO_DATE.fullmatch(day) and one.date.isoformat() == day), None)
    said = {name: page.t(key) for name, key in (wrong or {}).items()}
    about: dict[str, Any] = {
        "shown": shown,
        "place": place,
        "movable": movable,
        "lane": wanted,
        "lanes": [Lane.REGULAR, Lane.PRIORITY, *([Lane.SAME_DAY] if seat and seat.lane == Lane.SAME_DAY else [])],
        "days": days,
        "day": chosen,
        "done": done,
        "typed": page.field("reason")[:1000],
        "picked": page.field("slot"),
        "wrong": said,
        "errors": [(name, said[name]) for name in ("slot", "reason") if name in said],
    }
    return page.show("desk/reschedule.html", 422 if said else 200, **about)


async def _days(house: House, actor: Actor, place: Place, lane: Lane) -> list[reads.Day]:
    first = datetime.now(UTC).astimezone(zone(place.offset)).date()
    last = first + timedelta(days=DAYS_SHOWN)
    found = await house.database.read(reads.availability, actor.office, lane, first, last)
    return [one for one in found.days if one.left] if found else []
