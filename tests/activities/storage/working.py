"""Offices that work at a pace: leases that ended with a decision, and booklets that were printed."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from typing import Any

from sqlalchemy import Connection, text

from activities.storage import rules, slots
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office

ANY = count(1)
OPENING: dict[str, Any] = {
    "weekdays": [0, 1, 2, 3, 4],
    "hours": [["08:00", "12:00"], ["13:00", "17:00"]],
    "slot_minutes": 60,
    "seats": {"regular": 30, "priority": 10},
    "horizon_days": 10,
    "every_day": True,
}
CAPACITY: dict[str, Any] = {
    "staffed": {"document_desks": 5, "booths": 4, "verifiers": 2},
    "per_hour": {"document_desks": 12, "booths": 10, "verifiers": 30, "printer": 20},
    "measurements": 5,
    "latest": 50,
    "recent_days": 28,
    "booklets": "counted",
}


def today() -> date:
    """The office's own date, as it is when it is asked for."""
    return datetime.now(UTC).astimezone(timezone(timedelta(hours=8))).date()


def working(conn: Connection, release: dict[str, Any] | None = None, **changes: Any) -> str:
    """An office in Bali that is open every day for eight hours and plans 320 seats; its slots are made."""
    office = an_office(conn)
    capacity = {**CAPACITY, **changes.pop("capacity", {})}
    enacted = {"opening": {**OPENING, **changes}, "capacity": capacity, **({"release": release} if release else {})}
    for name, value in enacted.items():
        rules.enact(conn, name, today(), value, "head", office)
    slots.open_days(conn, office, today() + timedelta(days=366))
    return office


def printed(conn: Connection, printer: str, minutes: float, times: int = 5) -> None:
    """So many booklets that took so long, the newest just now."""
    conn.execute(
        text("INSERT INTO paspor.print_attempt (key, printer, state, started_at, changed_at) "
             "SELECT 'p' || CAST(:first AS int) + n, :printer, 'printed', "
             "now() - make_interval(secs => 60 * :minutes + n), "
             "now() - make_interval(secs => n) FROM generate_series(1, :times) AS n"),
        {"first": next(ANY) * 1000, "printer": printer, "minutes": minutes, "times": times},
    )  # fmt: skip


def decided(conn: Connection, office: str, step: str, minutes: float, times: int = 5, done: bool = True) -> None:
    """So many decisions that took so long under their lease; not `done`: leases that were given back."""
    for _ in range(times):
        number = a_case(conn, f"{2 * 10**15 + next(ANY)}")
        conn.execute(
            text("INSERT INTO paspor.lease (number, office, steps, officer, granted_at, until, ended_at) "
                 "VALUES (:number, :office, ARRAY[:step], 'ani', now() - make_interval(secs => 60 * :minutes), "
                 "now() + interval '1 hour', now())"),
            {"number": number, "office": office, "step": step, "minutes": minutes},
        )  # fmt: skip
        if done:
            add_done(conn, number, office, step)


def add_done(conn: Connection, number: str, office: str, step: str) -> None:
    """A task of the case that was done just now."""
    conn.execute(
        text("INSERT INTO paspor.task (key, number, step, role, office, since, state, done_at) "
             "VALUES (:key, :number, :step, 'examiner', :office, now(), 'done', now())"),
        {"key": f"{number}/{step}", "number": number, "step": step, "office": office},
    )  # fmt: skip
