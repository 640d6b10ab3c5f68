"""Offices of the benchmark: open day and night, with seats and booklets for everybody, and a printer each."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

from activities.storage import seed

# A printer takes one booklet at a time, so one office alone would be the limit.
NAMES = tuple(f"cabang-{number}" for number in range(1, 9))
BLANKS = 3000
SEATS = 5000
RULES: Mapping[str, Mapping[str, Any]] = {
    "opening": {
        "weekdays": list(range(7)),
        "hours": [["00:00", "24:00"]],
        "slot_minutes": 60,
        "seats": {"regular": SEATS, "priority": 1, "same_day": 1},
        "horizon_days": 2,
        "every_day": True,
    },
    "attendance": {"early_minutes": 24 * 60, "late_minutes": 15},
}
SLOTS = text("""
    SELECT DISTINCT ON (office) office, paspor.public_slot(id) FROM paspor.slot
     WHERE office = ANY (:offices) AND lane = 'regular' AND starts_at > now() + interval '15 minutes'
     ORDER BY office, starts_at""")


def open_offices(connection: Connection, printers: str) -> None:
    """Set them up. `printers` is the HTTP address of the printers' stand-in."""
    base = printers.replace("http://", "ipp://", 1).rstrip("/")
    for place, name in enumerate(NAMES, start=1):
        office = seed.PracticeOffice(
            id=name,
            name=f"Kantor {name}",
            time_zone="Asia/Makassar",
            utc_offset=8,
            serials=f"B{place}",
            rules=RULES,
        )
        seed.seed_office(connection, office, f"{base}/ipp/print/{name}-1", blanks=BLANKS)


def slots(connection: Connection) -> dict[str, str]:
    """A slot of each office, soon enough for a check-in now."""
    return dict(connection.execute(SLOTS, {"offices": list(NAMES)}).tuples().all())
