"""Which case a bill belongs to: the billing system knows its own code only."""

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import BillCode
from workflows.case.facts import Bill


def remember(conn: Connection, number: str, bill: Bill) -> None:
    """Note that this code leads to this application; a repeat changes nothing."""
    row = {"code": bill.code, "number": number, "amount": bill.amount, "due_at": bill.due_at}
    conn.execute(insert(BillCode).values(row).on_conflict_do_nothing(index_elements=[BillCode.code]))
