"""Which case a duplicate search belongs to: the matcher knows its request id only."""

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import SearchCode


def remember(conn: Connection, number: str, request_id: str) -> None:
    """Note that results under this id are this application's; a repeat changes nothing."""
    row = {"request_id": request_id, "number": number}
    conn.execute(insert(SearchCode).values(row).on_conflict_do_nothing(index_elements=[SearchCode.request_id]))
