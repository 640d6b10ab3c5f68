"""Sessions of people at browsers: found by the hash of an id, ended by time, by silence or by themselves."""

from datetime import timedelta

from sqlalchemy import Connection, delete, func, insert, update

from activities.storage.tables import Session

# OWASP ASVS 5.0, V7.3: a session ends after a time of silence, and after a time at all. A working day, and an hour:
# long enough to look for a family card, short enough for a shared telephone.
SILENCE = timedelta(hours=1)
LONGEST = timedelta(hours=10)


def begin(conn: Connection, id_hash: str, subject: str, content: bytes) -> None:
    """Open a session."""
    now = func.clock_timestamp()
    row = {"id_hash": id_hash, "subject": subject, "content": content, "expires_at": now + LONGEST}
    conn.execute(insert(Session).values(row))


def find(conn: Connection, id_hash: str) -> bytes | None:
    """What the session by the hash of its id says, sealed; it is used now. None when there is none, or it has ended."""
    now = func.clock_timestamp()
    good = (Session.id_hash == id_hash, Session.expires_at > now, Session.seen_at > now - SILENCE)
    found = conn.execute(update(Session).where(*good).values(seen_at=now).returning(Session.content)).scalar()
    return bytes(found) if found is not None else None


def end(conn: Connection, id_hash: str) -> None:
    """End a session; nothing to do is fine."""
    conn.execute(delete(Session).where(Session.id_hash == id_hash))


def forget_old(conn: Connection) -> int:
    """Remove sessions that have ended by themselves; how many there were."""
    now = func.clock_timestamp()
    return conn.execute(delete(Session).where((Session.expires_at < now) | (Session.seen_at < now - SILENCE))).rowcount
