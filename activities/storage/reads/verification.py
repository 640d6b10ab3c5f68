"""Is the record as it was written? Chains of cases are counted again, and the seals over them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, TextClause, text

from activities.storage import seal

# All events of every case that is meant: a chain is whole or not. Each question says which cases those are.
ALTERED = """
    SELECT number, seq, CASE WHEN altered THEN 'altered' WHEN seq <> place THEN 'missing before' ELSE 'torn' END AS what
      FROM (
        SELECT e.number, e.seq, row_number() OVER chain AS place,
               e.hash <> paspor.event_hash(
                   e.prev, e.number, e.seq, e.key, e.at, e.action, e.stage, e.outcome, e.actor, e.role, e.office,
                   e.reason, e.rule, e.details, e.recorded_at) AS altered,
               e.prev <> coalesce(lag(e.hash) OVER chain, decode(repeat('00', 32), 'hex')) AS torn
          FROM paspor.case_event e WHERE e.number IN ({meant})
        WINDOW chain AS (PARTITION BY e.number ORDER BY e.seq)) AS counted
     WHERE altered OR torn OR seq <> place"""
# The case's view was written with its last event, whose key ends in the view's version.
CUT_OFF = """
    SELECT a.number, max(e.seq) + 1, 'missing after'
      FROM paspor.application a JOIN paspor.case_event e ON e.number = a.number
     WHERE a.number IN ({meant})
     GROUP BY a.number, a.version HAVING NOT bool_or(e.key = a.number || '/' || a.version)"""
NO_RECORD = """
    SELECT a.number, 0, 'no record' FROM paspor.application a
     WHERE {filed} AND NOT EXISTS (SELECT 1 FROM paspor.case_event e WHERE e.number = a.number)"""


def _question(meant: str, filed: str) -> TextClause:
    parts = (ALTERED.format(meant=meant), CUT_OFF.format(meant=meant), NO_RECORD.format(filed=filed))
    return text(" UNION ALL ".join(parts) + " ORDER BY 1, 2")


BROKEN = _question(
    "SELECT number FROM paspor.case_event WHERE recorded_at >= :first AND recorded_at < :last",
    "a.created_at >= :first AND a.created_at < :last",
)
BROKEN_CASE = _question(":number", "a.number = :number")
HEAD = text("""
    SELECT count(*) OVER () AS events, hash FROM paspor.case_event
     WHERE number = :number ORDER BY seq DESC LIMIT 1""")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProof:
    """One case's chain counted again: how many events, the hash of the last, and how many lie under which seals."""

    events: int
    head: str
    broken: tuple[Broken, ...]
    sealed: int
    seals: tuple[Root, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found against it."""
        return self.events > 0 and not self.broken and all(one.holds for one in self.seals)


def case_proof(conn: Connection, number: str) -> CaseProof:
    """Count one case's chain, and the seals over its events; a case without events proves nothing."""
    last = conn.execute(HEAD, {"number": number}).first()
    broken = tuple(Broken(**found._mapping) for found in conn.execute(BROKEN_CASE, {"number": number}))
    over = seal.over_case(conn, number)
    return CaseProof(
        events=last.events if last else 0,
        head=bytes(last.hash).hex() if last else "",
        broken=broken,
        sealed=sum(covered for _, covered in over),
        seals=tuple(_root(conn, one, seal.before(conn, one)) for one, _ in over),
    )


def _roots(conn: Connection, first: date | None, last: date | None) -> tuple[Root, ...]:
    found = seal.seals(conn, first, last)
    prior = seal.before(conn, found[0]) if found else None
    return tuple(_root(conn, one, before) for before, one in zip([prior, *found], found, strict=False))


def _root(conn: Connection, one: seal.SealRow, before: seal.SealRow | None) -> Root:
    return Root(at=one.at, events=one.events, root=one.root.hex(), holds=seal.holds(conn, one, before))
