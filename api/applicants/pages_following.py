"""Pages of who follows an application: the list of one's own, the tracker, taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from activities.storage import assisted, moving, reads
from activities.storage.families import ENDED_WITH_FAMILY
from activities.storage.reads.waiting import waiting as entry_of
from api.applicants import reseating
from api.applicants.filing import withdraw
from api.applicants.forms import WithdrawalForm
from api.applicants.pages_filing import draft_and_end
from api.applicants.progress import steps
from api.applicants.proofs import proof_of
from api.applicants.waiting import ahead
from api.current import current
from api.installation import House, Installation
from api.lookup import VisibleCase
from api.pages.acting import Acting, SeenCase
from api.pages.dates import CAPITAL
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.pages.rules import in_force
from api.pages.texts import has
from api.proof import qr_svg
from api.shown import Application
from workflows.case.facts import Ending, Role, Turn
from workflows.case.rules import Rule, RuleName

routes = pages()
MINE = "/applications/{number}"
# Where an applicant goes for what is asked of them now.
DOORS = {
    "choose_appointment": "appointment",
    "choose_another_appointment": "appointment",
    "make_bill": "bill",
    "pay": "bill",
    "bring_missing_documents": "documents",
}
# A reason in words of the office; what a list said, or an adjudicator thought, is no news for the person.
TOLD = (Ending.REFUSED, Ending.CANCELLED)
UNTOLD = ("exit ban", "exit_ban", "duplicate_confirmed")


@routes.get("/applications")
async def my_applications(page: Shown, house: House) -> Response:
    """One's own applications."""
    assert page.signed is not None
    owned = await house.database.read(reads.owned_by, page.signed.actor.id)
    draft, until = await draft_and_end(page)
    actor, today = page.signed.actor, None
    if Role.ASSISTANT in actor.roles:
        today = await house.database.read(assisted.today, actor.id, actor.office)
    return page.show("applications.html", assisted=today, groups=_groups(owned), draft=bool(draft), until=until)


def _groups(owned: Sequence[reads.OwnedRow]) -> list[list[reads.OwnedRow]]:
    """Applications as they are listed: those of one family together, where its newest stands."""
    found: dict[object, list[reads.OwnedRow]] = {}
    for one in owned:
        found.setdefault(one.family or one.number, []).append(one)
    return list(found.values())


@routes.get(MINE)
async def track(case: SeenCase, page: Shown, house: House, filed: bool = False) -> Response:
    """Where the application stands, whose turn it is, and the one promised date."""
    shown = await current(house, case.number, Response())
    about = await _about(house, shown)
    standing = None if shown.ending else await house.database.read(moving.standing, case.number)
    about |= {"reseated": reseating.shown(standing) if standing else None}
    entry = None if shown.ending else await house.database.read(entry_of, case.number)
    about |= {"entry": entry, "ahead": ahead(entry, page.language) if entry else None}
    return page.show("tracker.html", shown=shown, filed=filed, reason=_reason(page, shown), **about)


@routes.get(MINE + "/withdrawal")
async def ask_to_withdraw(case: SeenCase, page: Shown, house: House) -> Response:
    """The one question before it ends."""
    shown = await current(house, case.number, Response())
    return page.go(f"/applications/{case.number}") if shown.ending else page.show("withdraw.html", number=case.number)


@routes.post(MINE + "/withdrawal")
async def take_back(case: VisibleCase, page: Shown, speaker: Acting) -> Response:
    """Withdraw, when the box is ticked."""
    if page.field("sure") != "yes":
        errors = [("sure", page.t("wrong.sure"))]
        return page.show("withdraw.html", 422, number=case.number, errors=errors)
    await withdraw(speaker, WithdrawalForm())
    return page.go(f"/applications/{case.number}")


async def _about(house: Installation, shown: Application) -> dict[str, Any]:
    seat = shown.appointment
    offset = seat.starts_at.utcoffset() if seat else None
    office = shown.office or (seat.office if seat else "")
    rules = await in_force(house, RuleName.PROMISE, RuleName.RESCHEDULE, office=office)
    live = shown.ending is None and seat is not None
    names = {one.id: one.name for one in await house.database.read(reads.offices)}
    proof = await proof_of(house, shown.number) if live and shown.ticket is None else None
    return {
        "steps": steps(shown),
        "offset": int(offset.total_seconds() // 3600) if offset else CAPITAL,
        "door": DOORS.get(shown.next_step.what) if shown.next_step.who is not Turn.OFFICE else None,
        "asked": next((one.note for one in reversed(shown.timeline) if one.what == "documents.examined"), None),
        "moving": _moving(shown, rules[RuleName.RESCHEDULE]),
        "missing": sum(one.required and one.state in ("missing", "returned") for one in shown.documents),
        "promise_days": rules[RuleName.PROMISE].number("working_days"),
        "assisting": names.get(shown.assistance.institution, shown.assistance.institution) if shown.assistance else "",
        "office_name": names.get(office, office),
        "proof": Markup(qr_svg(proof, "Paspor").decode()) if proof and shown.stage != "booked" else None,  # noqa: S704
        "same_day": seat is not None and seat.lane == "same_day",
    }


@dataclass(frozen=True, slots=True)
class Moving:
    """Whether an appointment can be moved: freely while it is held, and then as often and as long as the rule says."""

    can: bool
    last: date | None
    left: int


def _moving(shown: Application, rule: Rule) -> Moving | None:
    seat = shown.appointment
    if seat is None or shown.ending or shown.ticket:
        return None
    if seat.state != "confirmed":
        return Moving(can=True, last=None, left=1)
    last = seat.starts_at.date() - timedelta(days=rule.number("days_before"))
    # What the office moved for a cause is no use of it.
    left = max(rule.number("times") - sum(one.what == "seat.rescheduled" for one in shown.timeline), 0)
    today = datetime.now(seat.starts_at.tzinfo).date()
    return Moving(can=left > 0 and today <= last, last=last, left=left)


def _reason(page: Page, shown: Application) -> str:
    if shown.ending is Ending.NOT_ACCEPTED:
        key = f"why.{shown.ending_reason}"
        return page.t(key) if has(key) else ""
    if shown.ending_reason == ENDED_WITH_FAMILY:
        return page.t("ending.family_refused")
    told = shown.ending in TOLD and shown.ending_reason and not shown.ending_reason.startswith(UNTOLD)
    return shown.ending_reason or "" if told else ""
