"""Slots: made ahead from the office's dated rule `opening`, known outside by opaque ids."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from activities.storage import dated, opening, release_rules, releasing, rules
from activities.storage.tables import Office, Slot

PUBLIC_ID = re.compile(r"s[0-9a-f]{1,15}")
RULES = ("opening", "release")
MISCOUNTED = text("""
    SELECT s.id FROM paspor.slot s LEFT JOIN paspor.booking b
        ON b.slot_id = s.id AND b.state IN ('offered', 'held', 'confirmed', 'used')
     GROUP BY s.id HAVING s.taken <> count(b.id) ORDER BY s.id""")


class NoSuchOffice(LookupError):
    """No office has this id."""


def public_id(slot: int) -> str:
    """How a slot is called outside; the schema's `public_slot` says the same."""
    return f"s{slot:x}"


def slot_number(slot_id: str) -> int | None:
    """The slot of a public id; None where it can be none of ours."""
    return int(slot_id[1:], 16) if PUBLIC_ID.fullmatch(slot_id) else None


def open_days(conn: Connection, office: str, until: date) -> int:
    """Make the slots from today up to `until`, and release what is due; how many are new. What is there stays.

    Each day follows the rules that will be in force on it: `opening`, at most to its horizon, or as far ahead as
    `release` needs the day; and `release`. Days off and closures get no slots. Raises `NoSuchOffice`, and `NoSuchRule`
    for an office without the rule `opening`.
    """
    made = make_days(conn, office, until)
    releasing.settle(conn, [office])
    return made


def make_days(conn: Connection, office: str, until: date) -> int:
    """As `open_days`, but nothing is released yet."""
    place = conn.execute(select(Office).where(Office.id == office)).first()
    if place is None:
        raise NoSuchOffice("no office has this id")
    zone = timezone(timedelta(hours=place.utc_offset))
    today = datetime.now(UTC).astimezone(zone).date()
    horizon = int(rules.value(conn, "opening", office, today)["horizon_days"])
    versions = dated.versions(conn, office, RULES)
    holidays, closed = opening.days_off(conn, office, today, until)
    rows: list[dict[str, Any]] = []
    for day in (today + timedelta(days=ahead) for ahead in range((until - today).days + 1)):
        rule, release = (versions.on(name, day) for name in RULES)
        far = max(horizon, release_rules.reach(release) if release else 0)
        part = opening.part_of(rule, day, day in holidays) if rule and day not in closed else None
        if part and day <= today + timedelta(days=far):
            rows += list(_slots(office, day, part, zone, place.lanes))
    if not rows:
        return 0
    new = insert(Slot).values(rows).on_conflict_do_nothing().returning(Slot.day, Slot.lane)
    made = conn.execute(new).all()
    releasing.announce(conn, office, zone, {(row.day, row.lane) for row in made})
    return len(made)


def miscounted(conn: Connection) -> tuple[str, ...]:
    """Slots whose counter is not the number of their bookings: none, or somebody wrote past the schema's functions."""
    return tuple(public_id(slot) for slot in conn.execute(MISCOUNTED).scalars())


def _slots(
    office: str, day: date, part: Mapping[str, Any], zone: timezone, lanes: list[str]
) -> Iterator[dict[str, Any]]:
    for start, end in opening.starts(part, day, zone):
        span = {"office": office, "day": day, "starts_at": start, "ends_at": end, "seats": 0}
        for lane, seats in part["seats"].items():
            if lane in lanes and seats:
                yield {**span, "lane": lane, "planned": seats}
