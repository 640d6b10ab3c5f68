"""Offices for tests."""

from sqlalchemy import Connection, insert

from activities.storage.tables import Office


def an_office(conn: Connection, name: str = "sanur", utc_offset: int = 8, zone: str = "Asia/Makassar") -> str:
    """An office without slots; its id."""
    row = {"id": name, "name": name.title(), "time_zone": zone, "utc_offset": utc_offset}
    conn.execute(insert(Office), {**row, "lanes": ["regular", "priority", "same_day"]})
    return name
