"""Is the record as it was written? Chains of cases are counted again, and the seals over them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from activities.storage import seal

# All events of every case that has one recorded in the span: a chain is whole or not.
BROKEN = text("""
    SELECT number, seq, CASE WHEN altered THEN 'altered' WHEN seq <> place THEN 'missing before' ELSE 'torn' END AS what
      FROM (
        SELECT e.number, e.seq, row_number() OVER chain AS place,
               e.hash <> paspor.event_hash(
                   e.prev, e.number, e.seq, e.key, e.at, e.action, e.stage, e.outcome, e.actor, e.role, e.office,
                   e.reason, e.rule, e.details, e.recorded_at) AS altered,
               e.prev <> coalesce(lag(e.hash) OVER chain, decode(repeat('00', 32), 'hex')) AS torn
          FROM paspor.case_event e
         WHERE e.number IN (SELECT number FROM paspor.case_event WHERE recorded_at >= :first AND recorded_at < :last)
        WINDOW chain AS (PARTITION BY e.number ORDER BY e.seq)) AS counted
     WHERE altered OR torn OR seq <> place
    UNION ALL
    -- The case's view was written with its last event, whose key ends in the view's version.
    SELECT a.number, max(e.seq) + 1, 'missing after'
      FROM paspor.application a JOIN paspor.case_event e ON e.number = a.number
     WHERE a.number IN (SELECT number FROM paspor.case_event WHERE recorded_at >= :first AND recorded_at < :last)
     GROUP BY a.number, a.version HAVING NOT bool_or(e.key = a.number || '/' || a.version)
    UNION ALL
    SELECT a.number, 0, 'no record' FROM paspor.application a
     WHERE a.created_at >= :first AND a.created_at < :last
       AND NOT EXISTS (SELECT 1 FROM paspor.case_event e WHERE e.number = a.number)
     ORDER BY 1, 2""")
COUNTED = text("""
    SELECT count(DISTINCT number) AS cases, count(*) AS events FROM paspor.case_event
     WHERE recorded_at >= :first AND recorded_at < :last""")
SPAN = text("""
    SELECT coalesce(CAST(:first AS date)::timestamptz, '-infinity') AS first,
           coalesce((CAST(:last AS date) + 1)::timestamptz, 'infinity') AS last""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Where a chain does not hold: `altered`, `missing before`, `missing after`, `torn`, or `no record`."""

    number: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A seal over many events, in hexadecimal; `holds` says whether the record still has this root."""

    at: datetime | None
    events: int
    root: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was counted, and where it does not hold."""

    cases: int
    events: int
    broken: tuple[Broken, ...]
    roots: tuple[Root, ...]


def verification(conn: Connection, first: date | None = None, last: date | None = None) -> Verification:
    """Count the chains of all cases with events recorded in the span (UTC dates, both included), and its seals."""
    row = conn.execute(SPAN, {"first": first, "last": last}).one()
    span = {"first": row.first, "last": row.last}
    counted = conn.execute(COUNTED, span).one()
    broken = tuple(Broken(**found._mapping) for found in conn.execute(BROKEN, span))
    return Verification(cases=counted.cases, events=counted.events, broken=broken, roots=_roots(conn, first, last))


def _roots(conn: Connection, first: date | None, last: date | None) -> tuple[Root, ...]:
    all_seals, roots = seal.seals(conn), []
    for before, one in zip([None, *all_seals], all_seals, strict=False):
        assert one.at is not None
        if (first is None or one.at.date() >= first) and (last is None or one.at.date() <= last):
            roots.append(Root(at=one.at, events=one.events, root=one.root.hex(), holds=seal.holds(conn, one, before)))
    return tuple(roots)
