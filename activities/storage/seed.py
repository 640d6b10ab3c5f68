"""What a local installation begins with: offices, their rules, printers, blank booklets, and slots ahead."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from activities.storage import booklets, printers, slots
from activities.storage.tables import DatedRule, Office

SINCE = date(2022, 1, 27)  # M-Paspor
ALL_DAYS = list(range(7))
SOURCE = "Setting of a local installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeOffice:
    """An office with its own rules; `serials` is the letter and first digit of its booklets."""

    id: str
    name: str
    time_zone: str
    utc_offset: int
    serials: str
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lanes: tuple[str, ...] = ("regular", "priority", "same_day")


DENPASAR = PracticeOffice(
    id="denpasar",
    name="Kantor Imigrasi Kelas I TPI Denpasar",
    time_zone="Asia/Makassar",
    utc_offset=8,
    serials="X1",
    rules={
        "opening": {
            "weekdays": ALL_DAYS[:5],
            "hours": [["07:30", "12:00"], ["13:00", "16:00"]],
            "slot_minutes": 30,
            "seats": {"regular": 12, "priority": 2, "same_day": 2},
            "horizon_days": 30,
            "every_day": False,
        }
    },
)
LATIHAN = PracticeOffice(
    id="latihan",
    name="Kantor Latihan",
    time_zone="Asia/Makassar",
    utc_offset=8,
    serials="X2",
    rules={
        "opening": {
            "weekdays": ALL_DAYS,
            "hours": [["00:00", "24:00"]],
            "slot_minutes": 15,
            "seats": {"regular": 20, "priority": 5, "same_day": 5},
            "horizon_days": 7,
            "every_day": True,
        },
        "attendance": {"early_minutes": 24 * 60, "late_minutes": 15},
        # How long a practice lasts says nothing of people: the stated rates count, and they carry what is planned.
        "capacity": {
            "staffed": {"document_desks": 20, "booths": 20, "verifiers": 10},
            "per_hour": {"document_desks": 12, "booths": 7, "verifiers": 30, "printer": 240},
            "measurements": 1_000_000,
            "latest": 200,
            "recent_days": 28,
            "booklets": "supplied",
        },
        "release": {"kind": "rolling", "take_back": False},
    },
)
BLANKS = 200


def seed_office(conn: Connection, office: PracticeOffice, printer_uri: str, blanks: int = BLANKS) -> None:
    """Set up one office; what is there already stays as it is."""
    columns = ("id", "name", "time_zone", "utc_offset")
    row = {**{name: getattr(office, name) for name in columns}, "lanes": list(office.lanes)}
    conn.execute(insert(Office).values(row).on_conflict_do_nothing())
    for name, value in office.rules.items():
        rule = {"name": name, "office": office.id, "effective_from": SINCE, "value": dict(value), "source": SOURCE}
        conn.execute(insert(DatedRule).values(rule).on_conflict_do_nothing())
    printers.add(conn, f"{office.id}-1", office.id, printer_uri)
    booklets.receive(conn, office.id, [f"{office.serials}{serial:06d}" for serial in range(1, blanks + 1)])
    slots.open_days(conn, office.id, datetime.now(UTC).date() + timedelta(days=366))


# Everybody on one machine has one address, and tests file for hundreds: generous, though not without an end.
PRACTICE_RULES: Mapping[str, Mapping[str, Any]] = {
    "limits": {
        "seats": {
            "person": {"most": 300, "seconds": 60},
            "operator": {"most": 1000, "seconds": 60},
            "address": {"most": 1_000_000, "seconds": 60},
        },
        "filings": {
            "person": {"most": 1000, "seconds": 3600},
            "operator": {"most": 10_000, "seconds": 3600},
            "address": {"most": 1_000_000, "seconds": 3600},
        },
        "sign_ins": {"address": {"most": 100_000, "seconds": 300}},
        "status": {"number": {"most": 10, "seconds": 3600}, "address": {"most": 100_000, "seconds": 3600}},
    },
    "waiting_room": {"places": 20_000, "seconds": 180, "again": 20, "patience": 120},
}
RULES_SINCE = date(2022, 1, 28)  # the day after the nation's


def practice(conn: Connection, printer_base_url: str) -> None:
    """The offices of a local installation, its limits. `printer_base_url` is where the printers' stand-in answers."""
    for name, value in PRACTICE_RULES.items():
        rule = {"name": name, "effective_from": RULES_SINCE, "value": dict(value), "source": SOURCE}
        conn.execute(insert(DatedRule).values(rule).on_conflict_do_nothing())
    for office in (DENPASAR, LATIHAN):
        seed_office(conn, office, f"{printer_base_url.rstrip('/')}/ipp/print/{office.id}-1")
