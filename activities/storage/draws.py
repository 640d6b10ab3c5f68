"""Draws as they are opened, entered, closed and carried out. How ranks come about: `workflows.case.lots`."""

import logging
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from activities.keyring import CannotOpen, KeyRing
from activities.storage import rules
from activities.storage.tables import Draw
from workflows.case.facts import Lane
from workflows.case.lots import digest

ONE_AT_A_TIME = "draw_one_at_a_time"
LOTS_AT_ONCE = 100  # lots that are offered seats in one transaction, which locks the slots of the draw's days

log = logging.getLogger(__name__)

ENTER = text("SELECT paspor.enter_draw(:number, :draw, :first, :last, :salt)")
LEAVE = text("SELECT paspor.leave_draw(:number, :draw)")
CLOSE = text("SELECT paspor.close_draw(:draw, :seed)")
ASSIGN = text("SELECT paspor.assign_draw(:draw, :most)")
DAYS = text("SELECT first_day, last_day FROM paspor.draw WHERE id = :draw")
DUE = text("""
    SELECT id FROM paspor.draw
     WHERE state = 'drawn' OR state = 'committed' AND closes_at <= clock_timestamp() ORDER BY closes_at, id""")
SEED = text("""
    SELECT sealed_seed FROM paspor.draw
     WHERE id = :draw AND state = 'committed' AND closes_at <= clock_timestamp()""")
TO_GIVE = text("""
    SELECT coalesce(sum(paspor.undrawn(s) + s.kept), 0) FROM paspor.slot s
     WHERE s.office = :office AND s.lane = :lane AND s.day BETWEEN :first AND :last AND s.starts_at > :from""")
ANY_SLOT = text("""
    SELECT EXISTS (SELECT 1 FROM paspor.slot WHERE office = :office AND lane = :lane AND day BETWEEN :first AND :last
                      AND starts_at > :from)""")
CLOCK = text("SELECT clock_timestamp()")


class NothingToDraw(Exception):
    """The days have no seat that could still be offered after the window: none unreleased, none that may come back."""


class WindowOver(Exception):
    """The window begins before now, or ends before it begins."""


class DrawnAlready(Exception):
    """Another draw of this office and lane has some of the days, in a window that overlaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraw:
    """What an office opens: which days of which lane, and when people may enter (at once where `opens_at` is None)."""

    office: str
    lane: Lane
    first_day: date
    last_day: date
    opens_at: datetime | None
    closes_at: datetime
    opened_by: str


def open_draw(conn: Connection, new: NewDraw, ring: KeyRing, seed: str = "", draw: UUID | None = None) -> UUID:
    """Commit to a seed for these days; the draw's id. The seed comes from the operating system unless it is given.

    Raises `WindowOver`, `NothingToDraw` and `DrawnAlready`.
    """
    seed, draw = seed or secrets.token_hex(32), draw or uuid4()
    now = conn.execute(CLOCK).scalar_one()
    opens_at = new.opens_at or now
    if not now <= opens_at < new.closes_at:
        raise WindowOver
    if not _worth_it(conn, new):
        raise NothingToDraw
    values = {name: getattr(new, name) for name in NewDraw.__slots__}
    values |= {"id": draw, "lane": new.lane.value, "opens_at": opens_at, "committed_at": now}
    values |= {"seed_hash": digest(seed), "sealed_seed": ring.seal(seed.encode(), _context(draw))}
    try:
        with conn.begin_nested():
            conn.execute(insert(Draw).values(values))
    except IntegrityError as error:
        if ONE_AT_A_TIME in str(error.orig):
            raise DrawnAlready from None
        raise
    return draw


def enter(
    conn: Connection, number: str, draw: UUID, first: date | None = None, last: date | None = None, salt: str = ""
) -> str:
    """Enter an application with its family, or change its days; the function's code, or `other_days`.

    Days that are not said are the draw's own. The salt is made here unless it is given.
    """
    days = conn.execute(DAYS, {"draw": draw}).first()
    if days is None:
        return "no_draw"
    first, last = first or days.first_day, last or days.last_day
    if not days.first_day <= first <= last <= days.last_day:
        return "other_days"
    values = {"number": number, "draw": draw, "first": first, "last": last, "salt": salt or secrets.token_hex(16)}
    return str(conn.execute(ENTER, values).scalar_one())


def leave(conn: Connection, number: str, draw: UUID) -> int:
    """Leave a draw with the family, also the line of those who were not drawn; how many left."""
    return int(conn.execute(LEAVE, {"number": number, "draw": draw}).scalar_one())


def due(conn: Connection) -> tuple[UUID, ...]:
    """Draws whose window has closed and that are not done, the earliest first."""
    return tuple(conn.execute(DUE).scalars())


def carry_out(conn: Connection, ring: KeyRing, draw: UUID) -> int:
    """Reveal a draw that has closed, and offer its free seats by rank; how many lots were offered some.

    May be done at any time, by several processes at once, and again after one died: nothing is offered twice. In a
    transaction of its own, since it locks the slots of its days by id.
    """
    sealed = conn.execute(SEED, {"draw": draw}).scalar()
    if sealed is not None:
        try:
            seed = ring.open(bytes(sealed), _context(draw)).decode()
        except CannotOpen:
            log.error("the seed of draw %s cannot be opened, so that it stays closed", draw)
            return 0
        conn.execute(CLOSE, {"draw": draw, "seed": seed})
    return int(conn.execute(ASSIGN, {"draw": draw, "most": LOTS_AT_ONCE}).scalar_one())


def carry_all_out(engine: Engine, ring: KeyRing) -> int:
    """Each draw that is due by itself: one that cannot be carried out holds up no other; how many lots were offered."""
    with engine.begin() as conn:
        draws = due(conn)
    given = 0
    for draw in draws:
        try:
            with engine.begin() as conn:
                given += carry_out(conn, ring, draw)
        except DBAPIError:
            log.exception("draw %s could not be carried out; it is tried again", draw)
    return given


def _worth_it(conn: Connection, new: NewDraw) -> bool:
    """Whether there is something to give: seats that were not released, or those that come back and wait for a draw."""
    hours = int(rules.value(conn, "draw", new.office, new.first_day)["notice_hours"])
    span = {
        "office": new.office,
        "lane": new.lane.value,
        "first": new.first_day,
        "last": new.last_day,
        "from": new.closes_at + timedelta(hours=hours),
    }
    if conn.execute(TO_GIVE, span).scalar_one():
        return True
    try:
        returned = rules.value(conn, "returned", new.office, new.first_day)
    except rules.NoSuchRule:
        return False
    return returned["to"] == "draw" and bool(conn.execute(ANY_SLOT, span).scalar_one())


def _context(draw: UUID) -> bytes:
    return f"draw/{draw}".encode()
