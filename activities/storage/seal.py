"""Seals: a Merkle root (RFC 6962) over the hashes of all events of a range of transactions, chained to the seal before.

The chain of a case does not show that its last entries were cut off; a root that lies elsewhere does.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, text

from activities.storage.tables import Seal

NOTHING = bytes(32)
LOCK = 0x7365616C
# Transactions below the snapshot's oldest are over: no event can slip into the range afterwards.
SETTLED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
LEAVES = text("""
    SELECT hash FROM paspor.case_event WHERE xact >= :from_xact AND xact < :upto_xact ORDER BY xact, number, seq""")


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
    known = seals(conn)
    last = known[-1] if known else None
    made = _sealed(conn, last.upto_xact if last else 0, int(conn.execute(SETTLED).scalar_one()), last)
    if made.events == 0:
        return None
    columns = {name: getattr(made, name) for name in ("from_xact", "upto_xact", "events", "root", "prev")}
    conn.execute(insert(Seal), columns)
    return made


def seals(conn: Connection) -> list[SealRow]:
    """All seals, in order."""
    columns = (Seal.from_xact, Seal.upto_xact, Seal.events, Seal.root, Seal.prev, Seal.at)
    rows = conn.execute(select(*columns).order_by(Seal.id))
    return [SealRow(**{**row._mapping, "root": bytes(row.root), "prev": bytes(row.prev)}) for row in rows]


def holds(conn: Connection, one: SealRow, before: SealRow | None) -> bool:
    """Whether a seal still says what is in the record, and follows the one before."""
    again = _sealed(conn, one.from_xact, one.upto_xact, before)
    return (again.events, again.root, again.prev) == (one.events, one.root, one.prev)


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The tree head of RFC 6962 section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + merkle_root(leaves[:split]) + merkle_root(leaves[split:])).digest()


def _sealed(conn: Connection, first: int, upto: int, before: SealRow | None) -> SealRow:
    leaves = [bytes(leaf) for leaf in conn.execute(LEAVES, {"from_xact": first, "upto_xact": upto}).scalars()]
    prev = before.digest() if before else NOTHING
    return SealRow(from_xact=first, upto_xact=upto, events=len(leaves), root=merkle_root(leaves), prev=prev)
