"""Public pages of the offices: hours, what limits them and by how much, seats left, and when the next ones open."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.responses import Response

from activities.storage import reads
from api.fields import OfficeId
from api.installation import House, Installation
from api.pages import dates, seats
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem
from workflows.case.facts import Lane

routes = pages()
DAYS_SHOWN = 14
# As far as a release can lie ahead of what is shown: a month after a month, or shares three months before.
DAYS_ASKED = 92
WEEK = range(7)
SATURDAY = 5


@routes.get("/offices")
async def list_offices(page: Shown, house: House) -> Response:
    """All offices, each with its first free day, or the moment of its next seats."""
    places = await house.database.read(reads.glances, Lane.REGULAR, DAYS_SHOWN)
    return page.show("places.html", places=places, count=DAYS_SHOWN)


@routes.get("/offices/{office}")
async def show_office(office: OfficeId, page: Shown, house: House) -> Response:
    """One office."""
    now = await house.database.read(reads.office_now, office)
    if now is None:
        raise Problem("not_found")
    lanes = [lane for lane in Lane if lane in now.office.lanes]
    found = await asyncio.gather(*(_seats(house, now.office, lane, DAYS_ASKED) for lane in lanes))
    about: dict[str, Any] = {"now": now, "lanes": lanes, "hours": week(page, now.opening), "count": DAYS_SHOWN}
    about["table"] = [one for one in zip(*(lane.days[: DAYS_SHOWN + 1] for lane in found), strict=True) if _open(one)]
    about["next"], about["release"] = seats.next_seats(found), release_said(page, now)
    about["widest"] = max([now.planned, *(work.seats for work in now.works)], default=0) or 1
    return page.show("place.html", **about)


def week(page: Page, rule: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Days that follow each other and have the same hours, as people say them."""
    if rule is None:
        return []
    rows: list[tuple[int, int, str]] = []
    for day in WEEK:
        said = _hours(page, rule, day)
        if rows and rows[-1][2] == said:
            rows[-1] = (rows[-1][0], day, said)
        else:
            rows.append((day, day, said))
    names = dates.DAYS[page.language]
    return [
        (names[first] if first == last else page.t("office.hours.to", first=names[first], last=names[last]), said)
        for first, last, said in rows
    ]


def release_said(page: Page, now: reads.OfficeNow) -> str:
    """The rule by which seats are released, in words."""
    rule = now.release
    if rule is None or now.opening is None:
        return ""
    values: dict[str, Any] = {"days": now.opening["horizon_days"], "zone": dates.ZONES[_offset(now, rule)]}
    if "time" in rule:
        values["time"] = _clock(page, rule["time"])
    if "weekday" in rule:
        values["weekday"] = dates.DAYS[page.language][rule["weekday"]]
    stages = sorted(rule.get("stages", ()), key=lambda stage: -int(stage["months_before"]))
    values["stages"] = ", ".join(
        page.t("office.release.stage", percent=stage["percent"], months=stage["months_before"]) for stage in stages
    )
    return page.t(f"office.release.{rule['kind']}", **values)


def _offset(now: reads.OfficeNow, rule: Mapping[str, Any]) -> int:
    return int(rule.get("utc_offset", now.office.utc_offset))


def _hours(page: Page, rule: Mapping[str, Any], day: int) -> str:
    part = rule.get("saturday") if day == SATURDAY else None
    if part is None and not rule.get("every_day") and day not in rule["weekdays"]:
        return page.t("office.hours.shut")
    spans = (part or rule)["hours"]
    return ", ".join(f"{_clock(page, opens)}–{_clock(page, closes)}" for opens, closes in spans)


def _clock(page: Page, written: str) -> str:
    return written.replace(":", ".") if page.language == "id" else written


def _open(days: Sequence[reads.Day]) -> bool:
    return any(day.seats or (day.closed_reason is None and not day.slots) for day in days)


async def _seats(house: Installation, place: reads.OfficeRow, lane: Lane, days: int) -> reads.Availability:
    first = datetime.now(UTC).astimezone(dates.zone(place.utc_offset)).date()
    last = first + timedelta(days=days)
    found = await house.database.read(reads.availability, place.id, lane, first, last)
    if found is None:
        raise Problem("not_found")
    return found
