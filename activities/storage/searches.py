"""Which case a duplicate search belongs to: the matcher knows its request id only.

The portrait that was sent in is kept with it: it is the picture of this enrolment that officers compare with later.
"""

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import SearchCode


def remember(conn: Connection, number: str, request_id: str, reference_id: str = "", portrait: str = "") -> None:
    """Note that results under this id are this application's; a repeat changes nothing.

    `reference_id` is what the matcher calls the person, `portrait` the SHA-256 of the sealed picture.
    """
    row = {"request_id": request_id, "number": number, "reference_id": reference_id, "portrait": portrait}
    conn.execute(insert(SearchCode).values(row).on_conflict_do_nothing(index_elements=[SearchCode.request_id]))
