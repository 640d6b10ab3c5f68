"""The booking proof of an application: a signed text, its QR code as a picture, and a sheet to print."""

from datetime import timedelta
from typing import Annotated

from fastapi import Header, Response

from activities.storage import reads
from api.current import current, view_of
from api.installation import House, Installation
from api.language import Language
from api.lookup import VisibleCase
from api.pages.dates import ZONES, clock, day
from api.pages.dates import number as spaced
from api.pages.rules import in_force
from api.pages.texts import text
from api.problems import Problem
from api.proof import Proof, qr_svg, sign_proof
from api.proof_sheet import Sheet, proof_pdf
from api.routing import made_of, router
from api.shown import Application
from workflows.case.rules import RuleName

routes = router("applicants")
SVG, PDF, TEXT = "image/svg+xml", "application/pdf", "text/plain"


@routes.get("/v1/applications/{number}/pass", **made_of(SVG, PDF, TEXT))
async def booking_proof(
    case: VisibleCase, house: House, language: Language, accept: Annotated[str, Header()] = SVG
) -> Response:
    """The signed proof of the appointment: a QR code, a sheet for `application/pdf`, its text for `text/plain`."""
    wanted = next((kind for kind in named(accept) if kind in (SVG, PDF, TEXT)), SVG)
    return await proof_as(house, case.number, wanted, language)


async def proof_as(house: Installation, number: str, kind: str, language: str) -> Response:
    """The proof as a picture, a sheet or a text; raises `not_found` where there is none."""
    signed = await proof_of(house, number)
    sheet = await sheet_of(house, number, language) if kind == PDF else None
    if signed is None or (kind == PDF and sheet is None):
        raise Problem("not_found")
    made = {"Vary": "Accept, Accept-Language", "Cache-Control": "private, no-cache"}
    if sheet is not None:
        named = f'inline; filename="paspor-{number}.pdf"'
        return Response(proof_pdf(sheet), media_type=PDF, headers={**made, "Content-Disposition": named})
    content = qr_svg(signed, "Paspor") if kind == SVG else signed
    return Response(content, media_type=kind, headers=made)


async def proof_of(house: Installation, number: str) -> str | None:
    """The text that proves the appointment of a live application; None where there is none."""
    view = await view_of(house, number)
    if view.appointment is None or view.ending is not None:
        return None
    seat = view.appointment
    proof = Proof(number=number, office=seat.office, starts_at=seat.local(seat.starts_at))
    return sign_proof(proof, house.keys.proof)


async def sheet_of(house: Installation, number: str, language: str) -> Sheet | None:
    """What the sheet says, in the person's language; None where there is no appointment to prove."""
    shown, signed = await current(house, number, Response()), await proof_of(house, number)
    seat, person = shown.appointment, await house.database.read(reads.applicant, number, house.keys.columns)
    if signed is None or seat is None or person is None:
        return None
    offset = seat.starts_at.utcoffset() or timedelta()
    zone = ZONES.get(int(offset.total_seconds() // 3600), "")
    times = f"{clock(seat.starts_at, language)}–{clock(seat.ends_at, language)} {zone}"
    names = {one.id: one.name for one in await house.database.read(reads.offices)}
    return Sheet(
        proof=signed,
        title=text("proof.title", language),
        facts=(
            (text("track.when", language), f"{day(seat.starts_at.date(), language)}, {times}"),
            (text("track.where", language), names.get(seat.office, seat.office)),
            (text("proof.number", language), spaced(number)),
            (text("proof.for", language), person.full_name),
        ),
        between=await _between(house, shown, zone, language),
        bring=text("proof.bring", language),
        papers=tuple(text(f"paper.{one.kind}", language) for one in shown.documents if one.required),
        note=text("proof.show", language),
    )


async def _between(house: Installation, shown: Application, zone: str, language: str) -> str:
    """From when until when the person is let in, by the rule."""
    seat = shown.appointment
    assert seat is not None
    window = (await in_force(house, RuleName.ATTENDANCE, office=seat.office))[RuleName.ATTENDANCE]
    opens = seat.starts_at - timedelta(minutes=window.number("early_minutes"))
    first = max(opens, seat.starts_at.replace(hour=0, minute=0))  # another day is no day of the appointment
    last = seat.starts_at + timedelta(minutes=window.number("late_minutes"))
    about = {"first": clock(first, language), "last": clock(last, language), "zone": zone}
    return text("proof.between", language, **about)


def named(accept: str) -> list[str]:
    """The kinds that an `Accept` header names, the most wanted first."""
    found = []
    for place, part in enumerate(accept.split(",")[:20]):
        kind, _, weight = part.strip().partition(";q=")
        try:
            found.append((-float(weight or 1), place, kind.partition(";")[0].strip().lower()))
        except ValueError:
            continue
    return [kind for weight, _, kind in sorted(found) if weight < 0]
