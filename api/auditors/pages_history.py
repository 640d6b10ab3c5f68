"""The history of one case as a page: what happened, how long it took, whether the record holds; and exports."""

import csv
import io
import json
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from activities.storage import reads
from api.auditors import lengths
from api.auditors.agreement import agreement
from api.auditors.chronicle import Line
from api.auditors.history import Told, told
from api.auditors.passage import Calendar, shares, stays
from api.auditors.timeline import KINDS, actors, moments, narrowed
from api.installation import Caller, House, Installation
from api.lookup import CaseNumber
from api.pages.dates import CAPITAL, zone
from api.pages.layout import Shown
from api.pages.routing import pages

routes = pages()
CASE = "/audit/applications/{number}"
# What a spreadsheet would take for a formula (OWASP: CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@routes.get(CASE)
async def history(number: CaseNumber, request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """The whole way of a case, or the part of it that is of a kind or by somebody."""
    found = await told(house, auditor, request, number, page.language)
    case = await house.database.read(reads.application, number)
    office = await _office(house, case, found)
    clock = await _calendar(house, office, found.lines)
    kind, actor = request.query_params.get("kind", ""), request.query_params.get("actor", "")
    kind, actor = (kind if kind in KINDS else ""), (actor if actor in actors(found.lines) else "")
    now = datetime.now(UTC)
    stood = stays(found.lines, clock, now)
    total = clock.lasted(found.lines[0].at, stood[-1].until if stood else found.lines[-1].at)
    return page.show(
        "audit/history.html",
        room="cases",
        number=number,
        case=case,
        told=found,
        moments=moments(narrowed(found.lines, kind, actor), clock, await house.database.run(reads.rule_sources)),
        kind=kind,
        kinds=KINDS,
        actor=actor,
        actors=actors(found.lines),
        stays=stood,
        bars=_bars(stood),
        shares=shares(stood),
        total=total,
        office=office,
        offset=office.utc_offset if office else CAPITAL,
        proof=await house.database.run(reads.case_proof, number),
        both=agreement(found.lines, found.ledger) if found.source == "engine" else None,
        lengths=lengths,
        now=now,
    )


@routes.get(CASE + "/history.json")
async def as_json(number: CaseNumber, request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """The history as the API has it, with the proof of the record beside it."""
    found = await told(house, auditor, request, number, page.language)
    proof = await house.database.run(reads.case_proof, number)
    about: dict[str, Any] = {
        "number": number,
        "exported_at": datetime.now(UTC).isoformat(),
        "source": found.source,
        "items": [line.shown() for line in found.lines],
        "proof": {**asdict(proof), "holds": proof.holds},
    }
    content = json.dumps(about, ensure_ascii=False, indent=2, default=_written)
    return _file(f"{number}.json", "application/json", content)


@routes.get(CASE + "/history.csv")
async def as_csv(number: CaseNumber, request: Request, page: Shown, house: House, auditor: Caller) -> Response:
    """The history as a table (RFC 4180)."""
    found = await told(house, auditor, request, number, page.language)
    made = io.StringIO()
    table = csv.writer(made)
    names = [field.name for field in fields(Line)]
    table.writerow(names)
    for line in found.lines:
        table.writerow([_cell(value) for value in line.shown().values()])
    return _file(f"{number}.csv", "text/csv; charset=utf-8", made.getvalue())


def _file(name: str, media: str, content: str) -> Response:
    return Response(content, media_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cell(value: object) -> str:
    written = "" if value is None else str(value)
    return f"'{written}" if written.startswith(FORMULA) else written


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not written as JSON")


async def _office(house: Installation, case: reads.ApplicationRow | None, found: Told) -> reads.OfficeRow | None:
    """The office that serves the case, by our row; without one, by what the story says last."""
    told_last = next((line.office for line in reversed(found.lines) if line.office), "")
    named = (case.office if case else None) or told_last
    return next((one for one in await house.database.read(reads.offices) if one.id == named), None)


async def _calendar(house: Installation, office: reads.OfficeRow | None, lines: list[Line]) -> Calendar:
    clock: tzinfo = zone(office.utc_offset if office else CAPITAL)
    first = lines[0].at.astimezone(clock).date() - timedelta(days=1)
    last = datetime.now(UTC).astimezone(clock).date()
    return Calendar(clock, await house.database.run(reads.days_off, office.id if office else "", first, last))


WIDE, THIN = 1000.0, 4.0


def _bars(stood: list[Any]) -> list[tuple[float, float]]:
    """Where each stay begins on a line of a thousand, and how long it is; what is short can still be seen."""
    if not stood:
        return []
    begun = stood[0].since
    whole = max((stood[-1].until - begun).total_seconds(), 0.001)
    found = []
    for one in stood:
        width = max((one.until - one.since).total_seconds() / whole * WIDE, THIN)
        start = (one.since - begun).total_seconds() / whole * WIDE
        found.append((round(min(start, WIDE - width), 1), round(width, 1)))
    return found
