"""Limits of requests, shared by all processes of the API: counted in PostgreSQL, a batch in one round trip."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, text

from activities.storage.tables import RequestCount

ALLOW = text("SELECT wait FROM paspor.allow_requests(:kinds, :classes, :whos, :addresses) ORDER BY ord")
GIVE_BACK = text("""
    UPDATE paspor.request_count SET count = count - 1 WHERE kind = :kind AND who = :who AND count > 0""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its kind, and keyed hashes of who asks (of which class) and from where; empty counts for none."""

    kind: str
    of: str
    who: str
    address: str


def allow(conn: Connection, batch: Sequence[Asked]) -> list[int]:
    """For each request, in order: 0 where it may go on and is counted, else the seconds after which to ask again."""
    columns = {
        "kinds": [one.kind for one in batch],
        "classes": [one.of for one in batch],
        "whos": [one.who for one in batch],
        "addresses": [one.address for one in batch],
    }
    return [int(wait) for wait in conn.execute(ALLOW, columns).scalars()]


def give_back(conn: Connection, kind: str, who: str) -> None:
    """Take one request back that turned out not to be meant by the limit."""
    conn.execute(GIVE_BACK, {"kind": kind, "who": who})


def forget_old(conn: Connection) -> int:
    """Remove counts whose window is over, and with them every hash of an address; how many there were."""
    return conn.execute(delete(RequestCount).where(RequestCount.ends_at < text("clock_timestamp()"))).rowcount
