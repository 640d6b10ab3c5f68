"""Half-filled applications: one a person, sealed for that person, kept for the days that the rule `drafts` says."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, text

from activities.keyring import CannotOpen, KeyRing
from activities.storage.tables import Draft

# The row is there and locked, so that two windows of one person add to each other's answers and lose none.
LOCK = text("""
    INSERT INTO paspor.draft AS d (owner, content, kept_until) VALUES (:owner, :nothing, clock_timestamp())
    ON CONFLICT (owner) DO UPDATE SET owner = d.owner
    RETURNING d.content, d.kept_until > clock_timestamp() AS good""")
KEEP = text("""
    UPDATE paspor.draft SET content = :content, changed_at = clock_timestamp(),
           kept_until = clock_timestamp() + make_interval(days => :days)
     WHERE owner = :owner""")
DAYS = text("""
    SELECT (paspor.rule_value('drafts', '', (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date) ->> 'days')::int""")

Answers = dict[str, Any]


def find(conn: Connection, owner: str, ring: KeyRing) -> tuple[Answers, datetime | None]:
    """What somebody has filled in, and until when it is kept; nothing where there is none, or its key is gone."""
    good = (Draft.owner == owner, Draft.kept_until > text("clock_timestamp()"))
    row = conn.execute(select(Draft.content, Draft.kept_until).where(*good)).first()
    if row is None:
        return {}, None
    answers = _opened(bytes(row.content), owner, ring)
    return answers, row.kept_until if answers else None


def add(conn: Connection, owner: str, answers: Answers, ring: KeyRing, *, afresh: bool = False) -> Answers:
    """Add answers to what is there, or begin with them; all of them. It is kept so many days from now."""
    row = conn.execute(LOCK, {"owner": owner, "nothing": _sealed({}, owner, ring)}).one()
    before = _opened(bytes(row.content), owner, ring) if row.good and not afresh else {}
    whole = {**before, **answers}
    conn.execute(KEEP, {"owner": owner, "content": _sealed(whole, owner, ring), "days": days(conn)})
    return whole


def forget(conn: Connection, owner: str, ring: KeyRing, key: str = "") -> bool:
    """Throw a draft away; with `key` only the one that is being filed, not one begun meanwhile. False without one."""
    held = conn.execute(select(Draft.content).where(Draft.owner == owner).with_for_update()).scalar()
    if held is None or (key and _opened(bytes(held), owner, ring).get("key") != key):
        return False
    return conn.execute(delete(Draft).where(Draft.owner == owner)).rowcount == 1


def days(conn: Connection) -> int:
    """How many days a draft is kept, by the rule of today."""
    return int(conn.execute(DAYS).scalar_one())


def forget_old(conn: Connection) -> int:
    """Remove the drafts whose time is over; how many there were."""
    return conn.execute(delete(Draft).where(Draft.kept_until < text("clock_timestamp()"))).rowcount


def _sealed(answers: Answers, owner: str, ring: KeyRing) -> bytes:
    return ring.seal(json.dumps(answers).encode(), _place(owner))


def _opened(content: bytes, owner: str, ring: KeyRing) -> Answers:
    try:
        found: Answers = json.loads(ring.open(content, _place(owner)))
    except CannotOpen:  # sealed by a key that is no longer in the ring
        return {}
    return found


def _place(owner: str) -> bytes:
    return f"draft|{owner}".encode()
