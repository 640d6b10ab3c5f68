"""Who looked at what, and who tried what they may not (UU 27/2022: reads of personal data leave a trace)."""

from sqlalchemy import Connection, insert

from activities.storage.tables import AccessRecord


def record(conn: Connection, actor: str, role: str, action: str, number: str | None, outcome: str, why: str) -> None:
    """Write one line; it can never be changed."""
    row = {"actor": actor, "role": role, "action": action, "number": number, "outcome": outcome, "why": why}
    conn.execute(insert(AccessRecord), row)
