"""Draws as they are published, and the entries of one application. What is published names nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from workflows.case.facts import Lane

Phase = Literal["announced", "open", "closed", "drawn", "done"]
Outcome = Literal["won", "not_drawn", "skipped", "left"]

# What a draw gives: what is not released yet, what came back, and what its winners got.
DRAW = """
    SELECT d.*, o.name AS office_name, o.utc_offset, CASE
               WHEN d.state <> 'committed' THEN d.state WHEN clock_timestamp() < d.opens_at THEN 'announced'
               WHEN clock_timestamp() < d.closes_at THEN 'open' ELSE 'closed' END AS phase,
           n.entered, n.lots, n.won, n.won + (
               SELECT coalesce(sum(paspor.undrawn(s) + s.kept), 0) FROM paspor.slot s
                WHERE s.office = d.office AND s.lane = d.lane AND s.day BETWEEN d.first_day AND d.last_day) AS seats
      FROM paspor.draw d JOIN paspor.office o ON o.id = d.office CROSS JOIN LATERAL (
          SELECT count(*) AS entered, coalesce(max(e.rank), 0) AS lots, count(*) FILTER (WHERE e.outcome = 'won') AS won
            FROM paspor.draw_entry e WHERE e.draw_id = d.id) AS n"""
ONE = text(f"{DRAW} WHERE d.id = :draw")
OF_OFFICE = text(f"{DRAW} WHERE d.office = :office ORDER BY d.closes_at DESC, d.id LIMIT :most")
# Those that somebody may enter now or soon, of all offices.
COMING = text(f"""{DRAW}
     WHERE d.state = 'committed' AND d.closes_at > clock_timestamp() AND d.lane IN ('regular', :service)
     ORDER BY d.closes_at, d.id LIMIT :most""")
LIST = text("""
    SELECT id, lot, rank, first_day, last_day, outcome, day FROM paspor.draw_entry WHERE draw_id = :draw
     ORDER BY id COLLATE "C" """)
MINE = text("""
    SELECT e.*, d.office, o.name AS office_name, o.utc_offset, d.state = 'committed' AS before, d.closes_at,
           d.closes_at > clock_timestamp() AS open,
           (SELECT max(rank) FROM paspor.draw_entry WHERE draw_id = d.id) AS lots,
           CASE WHEN b.state = 'offered' THEN paspor.public_slot(b.slot_id) END AS slot_id, s.starts_at,
           CASE WHEN b.state = 'offered' THEN b.hold_until END AS until
      FROM paspor.draw_entry e JOIN paspor.draw d ON d.id = e.draw_id JOIN paspor.office o ON o.id = d.office
      LEFT JOIN paspor.booking b ON b.id = e.booking_id LEFT JOIN paspor.slot s ON s.id = b.slot_id
     WHERE e.number = :number ORDER BY d.closes_at DESC""")
# The days of an office whose seats wait for a draw: never released, or come back where no draw takes them yet.
DRAWABLE = text("""
    SELECT s.lane, s.day, sum(paspor.undrawn(s) + s.kept) AS seats FROM paspor.slot s
     WHERE s.office = :office AND s.starts_at > clock_timestamp() AND (paspor.undrawn(s) > 0 OR (
           s.kept > 0 AND paspor.is_drawn(s.office, s.lane, s.day)))
     GROUP BY s.lane, s.day ORDER BY s.lane, s.day""")
ALL_OFFICES = text(f"{DRAW} ORDER BY d.closes_at DESC, d.id LIMIT :most")
MOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow:
    """A draw: what was committed to, and once it has closed what came of it. `lots` counts a family once."""

    id: UUID
    office: str
    office_name: str
    utc_offset: int
    lane: Lane
    first_day: date
    last_day: date
    opens_at: datetime
    closes_at: datetime
    committed_at: datetime
    revealed_at: datetime | None
    phase: Phase
    seed_hash: str
    seed: str | None
    list_hash: str | None
    entered: int
    lots: int
    won: int
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawableDay:
    """A day of a lane, and how many of its seats a draw could give."""

    lane: Lane
    day: date
    seats: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """One line of the published list. `day` is that of the seat that was offered."""

    id: str
    lot: str
    rank: int
    first_day: date
    last_day: date
    outcome: Outcome | None
    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """An entry as its person sees it: with the salt, and what is offered. `before`: the draw has not been drawn yet.

    `open`: one may still change the days, leave, and come again.
    """

    id: str
    salt: str
    draw_id: UUID
    office: str
    office_name: str
    utc_offset: int
    first_day: date
    last_day: date
    closes_at: datetime
    before: bool
    open: bool
    rank: int | None
    lots: int | None
    outcome: Outcome | None
    why: str
    slot_id: str | None
    starts_at: datetime | None
    until: datetime | None


def draw(conn: Connection, draw: UUID) -> DrawRow | None:
    """One draw."""
    row = conn.execute(ONE, {"draw": draw}).first()
    return _draw(row) if row else None


def draws_of(conn: Connection, office: str) -> Sequence[DrawRow]:
    """The draws of an office, the newest first."""
    return [_draw(row) for row in conn.execute(OF_OFFICE, {"office": office, "most": MOST})]


def all_draws(conn: Connection) -> Sequence[DrawRow]:
    """The newest draws of all offices."""
    return [_draw(row) for row in conn.execute(ALL_OFFICES, {"most": MOST})]


def drawable_days(conn: Connection, office: str) -> Sequence[DrawableDay]:
    """The days for which the office may open a draw, by lane and day."""
    rows = conn.execute(DRAWABLE, {"office": office})
    return [DrawableDay(lane=Lane(row.lane), day=row.day, seats=int(row.seats)) for row in rows]


def coming_draws(conn: Connection, service: str) -> Sequence[DrawRow]:
    """The draws that somebody with that service may enter, now or later; those that close first come first."""
    return [_draw(row) for row in conn.execute(COMING, {"service": service, "most": MOST})]


def draw_list(conn: Connection, draw: UUID) -> Sequence[ListedEntry]:
    """All entries by their ids; of a draw that is not drawn yet there is no list."""
    rows = conn.execute(LIST, {"draw": draw}).all()
    return [ListedEntry(**row._mapping) for row in rows if row.rank is not None]


def own_entries(conn: Connection, number: str) -> Sequence[OwnEntry]:
    """The entries of an application, the newest draw first."""
    return [OwnEntry(**_fields(row, OwnEntry)) for row in conn.execute(MINE, {"number": number})]


def _draw(row: Any) -> DrawRow:
    return DrawRow(**{**_fields(row, DrawRow), "lane": Lane(row.lane)})


def _fields(row: Any, kind: type) -> dict[str, Any]:
    return {name: row._mapping[name] for name in kind.__slots__}  # type: ignore[attr-defined] # a dataclass with slots
