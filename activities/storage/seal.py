"""Seals: a Merkle root (RFC 6962) over the hashes of all events of a range of transactions, chained to the seal before.

The chain of a case does not show that its last entries were cut off; a root that lies elsewhere does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, text

from activities.storage.tables import Seal

NOTHING = bytes(32)
LOCK = 0x7365616C
# Transactions below the snapshot's oldest are over: no event can slip into the range afterwards.
SETTLED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
LEAVES = text("""
    SELECT hash FROM paspor.case_event WHERE xact >= :from_xact AND xact < :upto_xact ORDER BY xact, number, seq""")
SEALS = select(Seal.from_xact, Seal.upto_xact, Seal.events, Seal.root, Seal.prev, Seal.at)
# A case's events are few, and each is looked up under the seal that begins last before it.
OVER_CASE = text("""
    SELECT s.from_xact, s.upto_xact, s.events, s.root, s.prev, s.at, count(*) AS covered
      FROM paspor.case_event e
      JOIN LATERAL (SELECT * FROM paspor.seal WHERE from_xact <= e.xact ORDER BY from_xact DESC LIMIT 1) s
           ON e.xact < s.upto_xact
     WHERE e.number = :number
     GROUP BY s.id, s.from_xact, s.upto_xact, s.events, s.root, s.prev, s.at ORDER BY s.id""")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """A seal: how many events of which transactions have this root, and the hash of the seal before."""

    from_xact: int
    upto_xact: int
    events: int
    root: bytes
    prev: bytes
    at: datetime | None = None

    def digest(self) -> bytes:
        """What the next seal is chained to."""
        about = f"{self.from_xact}|{self.upto_xact}|{self.events}|".encode()
        return hashlib.sha256(about + self.root + self.prev).digest()


def seal(conn: Connection) -> SealRow | None:
    """Seal what happened since the last seal; None when that is nothing."""
    conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    last = _row(conn.execute(SEALS.order_by(Seal.id.desc()).limit(1)).first())
    made = _sealed(conn, last.upto_xact if last else 0, int(conn.execute(SETTLED).scalar_one()), last)
    if made.events == 0:
        return None
    columns = {name: getattr(made, name) for name in ("from_xact", "upto_xact", "events", "root", "prev")}
    conn.execute(insert(Seal), columns)
    return made


def seals(conn: Connection, first: date | None = None, last: date | None = None) -> list[SealRow]:
    """The seals set from `first` to `last` (UTC dates, both included), in order; without dates all there are."""
    span = []
    if first:
        span.append(Seal.at >= datetime.combine(first, time(), UTC))
    if last:
        span.append(Seal.at < datetime.combine(last, time(), UTC) + timedelta(days=1))
    found = [_row(row) for row in conn.execute(SEALS.where(*span).order_by(Seal.id))]
    return [one for one in found if one]


def over_case(conn: Connection, number: str) -> list[tuple[SealRow, int]]:
    """The seals that a case's events lie under, in order, each with how many of them."""
    found = [(_row(row), int(row.covered)) for row in conn.execute(OVER_CASE, {"number": number})]
    return [(one, covered) for one, covered in found if one]


def before(conn: Connection, one: SealRow) -> SealRow | None:
    """The seal that another one is chained to; None for the first."""
    prior = SEALS.where(Seal.from_xact < one.from_xact).order_by(Seal.from_xact.desc()).limit(1)
    return _row(conn.execute(prior).first())


def holds(conn: Connection, one: SealRow, prior: SealRow | None) -> bool:
    """Whether a seal still says what is in the record, and follows the one before."""
    again = _sealed(conn, one.from_xact, one.upto_xact, prior)
    return (again.events, again.root, again.prev) == (one.events, one.root, one.prev)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The tree head of RFC 6962 section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def _row(row: Any) -> SealRow | None:
    if row is None:
        return None
    names = SealRow.__dataclass_fields__
    found = {name: getattr(row, name) for name in names}
    return SealRow(**{**found, "root": bytes(row.root), "prev": bytes(row.prev)})


def _sealed(conn: Connection, first: int, upto: int, prior: SealRow | None) -> SealRow:
    leaves = [bytes(leaf) for leaf in conn.execute(LEAVES, {"from_xact": first, "upto_xact": upto}).scalars()]
    prev = prior.digest() if prior else NOTHING
    return SealRow(from_xact=first, upto_xact=upto, events=len(leaves), root=merkle_root(leaves), prev=prev)
