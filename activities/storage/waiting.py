"""The waiting list: who waits for a seat of an office, lane and days, and how seats that come back are offered to them.

The schema's functions decide (`0021_waiting.sql`); each may be called by several processes at once, and again after one
died in the middle. The rule `waiting_list`: `minutes` an offer lasts, `soon_minutes` where the seat is within
`soon_hours`, none for a seat within `least_hours`, `refusals` after which one stays in the list, `most_days` of a wish.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, Engine, Row, text
from sqlalchemy.exc import DBAPIError

from workflows.case.facts import Lane

MOST_AT_ONCE = 500

log = logging.getLogger(__name__)

JOIN = text("SELECT paspor.join_waiting(:number, :office, :lane, :first, :last, :key)")
LEAVE = text("SELECT paspor.leave_waiting(:number)")
REFUSE = text("SELECT paspor.refuse_offer(:number, :key)")
EXPIRE = text("SELECT paspor.expire_offers(:most)")
TIDY = text("SELECT paspor.tidy_waiting()")
KEPT = text("SELECT office, lane, day FROM paspor.days_to_pass_on()")
ALONE = text("SELECT office, lane, day FROM paspor.days_without_others(:number)")
PASS_ON = text("SELECT paspor.pass_on(:office, :lane, :day, :public)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody waits for: any seat of this office and lane from `first` to `last`, both included."""

    office: str
    lane: Lane
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of one lane of an office."""

    office: str
    lane: str
    day: date


def join(conn: Connection, number: str, wish: Wish, key: str) -> str:
    """Put a case and those of its family who have no seat into the list: `ok`, also for the same key or wish again.

    Else `already_waiting` (for something else), `already_has_seat`, `not_bookable`, `no_such_office`, `no_such_lane`,
    `no_waiting_list` (seats of this office return otherwise), `days_over` or `too_many_days`.
    """
    return str(conn.execute(JOIN, {"number": number, **asdict(wish), "lane": wish.lane.value, "key": key}).scalar_one())


def days_without_others(conn: Connection, number: str) -> tuple[Day, ...]:
    """Days of the case's wish that have a free seat and nobody else who waits for it."""
    return _days(conn.execute(ALONE, {"number": number}).all())


def leave(conn: Connection, number: str) -> bool:
    """Take a case and its family off the list, and give back what is offered to them; False where they do not wait."""
    return bool(conn.execute(LEAVE, {"number": number}).scalar_one())


def refuse(conn: Connection, number: str, key: str) -> bool:
    """Refuse what is offered to a case and its family; they keep their place. False where nothing is offered."""
    return bool(conn.execute(REFUSE, {"number": number, "key": key}).scalar_one())


def expire(conn: Connection) -> int:
    """End the offers that nobody answered in time; how many."""
    return int(conn.execute(EXPIRE, {"most": MOST_AT_ONCE}).scalar_one())


def tidy(conn: Connection) -> None:
    """End the entries whose days are over."""
    conn.execute(TIDY)


def days_kept(conn: Connection) -> tuple[Day, ...]:
    """Days on which seats are kept for who waits."""
    return _days(conn.execute(KEPT).all())


def pass_on(conn: Connection, day: Day, public: bool = False) -> int:
    """Offer seats that are kept on a day to the first person, or family, who can use them; how many were offered.

    0: nobody can, and what was kept is free for all. `public`: seats that are free for all are offered too.
    """
    return int(conn.execute(PASS_ON, {**asdict(day), "public": public}).scalar_one())


def pass_all_on(engine: Engine) -> int:
    """One look at the list, each piece in a transaction of its own, so that no lock is held for long.

    What was not answered in time goes on, and each kept seat is offered or becomes free for all. How many were offered.
    """
    offered = 0
    with engine.begin() as conn:
        expire(conn)
    with engine.begin() as conn:
        days = days_kept(conn)
    for day in days:
        try:
            offered += _pass_day_on(engine, day)
        except DBAPIError as error:  # such as a rush that was in the way; the other days go on
            log.warning("seats of %s on %s could not be passed on yet: %s", day.office, day.day, type(error).__name__)
    return offered


def _pass_day_on(engine: Engine, day: Day) -> int:
    offered = 0
    while True:
        with engine.begin() as conn:
            given = pass_on(conn, day)
        if not given:
            return offered
        offered += given


def _days(rows: Sequence[Row[tuple[object, ...]]]) -> tuple[Day, ...]:
    return tuple(Day(**row._mapping) for row in rows)
