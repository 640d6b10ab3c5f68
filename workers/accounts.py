"""Whether the accounts with the treasury are settled, for who looks after an installation. Reads only."""

from datetime import timedelta

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from activities.storage import payments, settlement

DAYS_BACK = 31
# A payment has its outcome in seconds, unless its case cannot go on.
SOON = timedelta(hours=1)
MEND = "docs/operations.md, 'The accounts are not even'; auditors read what differs under Settlement"


def unsettled(database_url: str) -> str:
    """What is not settled, in one sentence; empty where all is. Raises `SQLAlchemyError`."""
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            days = [day.isoformat() for day in settlement.overdue(connection, DAYS_BACK)]
            receipts = payments.without_outcome(connection, SOON)
    finally:
        engine.dispose()
    said = [f"not even with the treasury: {', '.join(days)}"] if days else []
    said += [f"payments without an outcome: {', '.join(receipts)}"] if receipts else []
    return "; ".join(said)
