"""Pages of documents, appointment and payment."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from activities.storage import reads
from activities.storage.reads.waiting import has_waiting_list
from api.applicants.appointment import take_seat
from api.applicants.documents import upload
from api.applicants.filing import complete
from api.applicants.forms import SeatForm
from api.applicants.pages_room import waiting
from api.current import current
from api.fields import ISO_DATE
from api.installation import House, Installation
from api.lookup import VisibleCase
from api.pages import seats
from api.pages.acting import Acting, SeenCase
from api.pages.dates import CAPITAL, zone
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from api.problems import Problem
from api.shown import Application
from api.uploads import MOST_FILE_BYTES, MOST_PAGES, MOST_PIXELS, SCANS
from workflows.case.facts import Lane, PaperKind
from workflows.case.rules import RuleName

routes = pages()
MINE = "/applications/{number}"
DAYS_SHOWN = 21
DAYS_ASKED = 92  # as far as the next seats may be announced
MOST_MEGABYTES = MOST_FILE_BYTES // 1024**2
# How long a page waits for the bill to come before it says that it is being made.
BILL_LOOKS, BILL_LOOK_SECONDS = 20, 0.25
SEAT_REFUSED = ("slot_full", "slot_gone", "reschedule_used", "too_late", "not_your_turn", "overloaded")


@routes.get(MINE + "/documents")
async def list_documents(case: SeenCase, page: Shown, house: House, kept: PaperKind | None = None) -> Response:
    """The documents, each with its state; first of all, that the one just sent was kept."""
    shown = await current(house, case.number, Response())
    if shown.ending:
        return page.go(f"/applications/{case.number}")
    there = kept if any(one.kind == kept and one.state in ("uploaded", "verified") for one in shown.documents) else None
    return page.show("documents.html", shown=shown, kept=there)


@routes.post(MINE + "/documents")
async def are_complete(case: VisibleCase, page: Shown, speaker: Acting) -> Response:
    """Say that what was asked for is there."""
    await complete(speaker)
    return page.go(f"/applications/{case.number}")


@routes.get(MINE + "/documents/{kind}")
async def choose_file(kind: PaperKind, case: SeenCase, page: Shown, house: House, too_large: bool = False) -> Response:
    """One document, one page."""
    return await _upload(page, house, case.number, kind, "wrong.file_large" if too_large else "")


@routes.post(MINE + "/documents/{kind}")
async def send_file(kind: PaperKind, case: VisibleCase, page: Shown, house: House, speaker: Acting) -> Response:
    """Keep the file as the API does; where it cannot be kept, what was there before stays."""
    file = page.form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await _upload(page, house, case.number, kind, "wrong.file")
    try:
        await upload(kind, file, speaker)  # type: ignore[arg-type]  # FastAPI's class is Starlette's with more of it
    except Problem as problem:
        if problem.code not in ("unsupported_file", "file_too_large"):
            raise
        return await _upload(page, house, case.number, kind, await _fault(file, problem.code))
    return page.go(f"/applications/{case.number}/documents?kept={kind}")


async def _fault(file: UploadFile, code: str) -> str:
    """What is wrong with a file that was refused, so that the person knows what to change."""
    if code == "file_too_large":
        return "wrong.file_large" if (file.size or 0) > MOST_FILE_BYTES else "wrong.file_long"
    await file.seek(0)
    known = (await file.read(8)).startswith(tuple(SCANS))
    return "wrong.file_broken" if known else "wrong.file_kind"


async def _upload(page: Page, house: Installation, number: str, kind: PaperKind, wrong: str) -> Response:
    shown = await current(house, number, Response())
    if shown.ending:
        return page.go(f"/applications/{number}")
    state = next((one.state for one in shown.documents if one.kind == kind), "missing")
    limits = {"most": MOST_MEGABYTES, "pages": MOST_PAGES, "pixels": MOST_PIXELS // 1_000_000}
    errors = [("file", page.t(wrong, paper=page.t(f"paper.{kind}"), **limits))] if wrong else []
    about: dict[str, Any] = {"number": number, "kind": kind, "state": state, "limits": limits, "errors": errors}
    return page.show("upload.html", 422 if wrong else 200, **about)


@routes.get(MINE + "/appointment")
async def choose(case: SeenCase, page: Shown, house: House, office: str = "", day: str = "") -> Response:
    """First the office, then the day, then the time. A family's first time is chosen on the family's own page."""
    if case.family is not None:
        together: bool = await house.database.read(reads.to_be_seated_together, case.number)
        if together:
            return page.go(f"/families/{case.family}/appointment")
    waits = await house.room.enter(page.actor, case.number)
    return waiting(page, case.number, waits) if waits else await _choosing(page, house, case.number, office, day)


@routes.post(MINE + "/appointment")
async def take(case: VisibleCase, page: Shown, house: House, speaker: Acting) -> Response:
    """Take the seat; where somebody was faster, the times are shown again."""
    slot = page.field("slot")
    office, day = page.field("office"), page.field("day")
    if not slot or len(slot) > 128:
        return await _choosing(page, house, case.number, office, day, "wrong.slot")
    try:
        shown = await take_seat(SeatForm(slot_id=slot), speaker)
    except ValueError:
        return await _choosing(page, house, case.number, office, day, "wrong.slot")
    except Problem as problem:
        if problem.code == "waiting_room":
            return page.go(f"/applications/{case.number}/appointment")
        if problem.code not in SEAT_REFUSED:
            raise
        return await _choosing(page, house, case.number, office, day, f"refused.{problem.code}")
    unpaid = shown.stage in ("filed", "booked")
    return page.go(f"/applications/{case.number}/bill" if unpaid else f"/applications/{case.number}")


async def _choosing(page: Page, house: Installation, number: str, office: str, day: str, wrong: str = "") -> Response:
    shown = await current(house, number, Response())
    if shown.ending or shown.ticket:
        return page.go(f"/applications/{number}")
    offices = await house.database.read(reads.offices)
    errors = [("slot", page.t(wrong))] if wrong else []
    status = 422 if wrong else 200
    place = next((one for one in offices if one.id == office), None)
    if place is None:
        places = await house.database.read(reads.glances, await _lane(house, shown), DAYS_SHOWN)
        return page.show("offices.html", status, shown=shown, places=places, count=DAYS_SHOWN, errors=errors)
    found = await _seats(house, shown, place)
    about: dict[str, Any] = {"shown": shown, "office": place, "lane": found.lane, "errors": errors}
    about["move"] = (await in_force(house, RuleName.RESCHEDULE, office=place.id))[RuleName.RESCHEDULE]
    waits = await house.database.read(has_waiting_list, place.id, found.days[0].date)
    about["waits"] = waits and shown.appointment is None
    about["next"] = seats.next_seats([found])
    chosen = next((one for one in found.days if ISO_DATE.fullmatch(day) and one.date.isoformat() == day), None)
    if chosen is None or not chosen.left:
        weeks = seats.by_week(found.days[: DAYS_SHOWN + 1])
        return page.show("days.html", status, weeks=weeks, count=DAYS_SHOWN, **about)
    return page.show("times.html", status, day=chosen, parts=seats.by_part(chosen.slots), **about)


async def _lane(house: Installation, shown: Application) -> Lane:
    filing = await house.database.read(reads.application, shown.number)
    return Lane.SAME_DAY if filing is not None and filing.service == "same_day" else Lane.REGULAR


async def _seats(house: Installation, shown: Application, place: reads.OfficeRow) -> reads.Availability:
    lane = await _lane(house, shown)
    first = datetime.now(UTC).astimezone(zone(place.utc_offset)).date()
    last = first + timedelta(days=DAYS_ASKED)
    found = await house.database.read(reads.availability, place.id, lane, first, last)
    if found is None:
        raise Problem("not_found")
    return found


@routes.get(MINE + "/bill")
async def pay(case: SeenCase, page: Shown, house: House) -> Response:
    """The bill and how to pay it. It is on its way when the seat was just taken, so the page waits a little."""
    shown = await current(house, case.number, Response())
    for _ in range(BILL_LOOKS):
        if shown.bill or not shown.appointment or shown.ending:
            break
        await asyncio.sleep(BILL_LOOK_SECONDS)
        shown = await current(house, case.number, Response())
    seat = shown.appointment
    offset = seat.starts_at.utcoffset() if seat else None
    hours = int(offset.total_seconds() // 3600) if offset else CAPITAL
    return page.show("bill.html", shown=shown, offset=hours, line=partial(_line, page))


def _line(page: Page, what: str) -> str:
    """A line of the bill in the person's language; the treasury's own words where we do not know them."""
    known = re.fullmatch(r"(electronic )?passport, (\d+) years", what)
    if known:
        return page.t(f"product.{'electronic' if known[1] else 'ordinary'}_{known[2]}")
    return page.t("bill.line.same_day") if what == "same-day service" else what
