"""Hash chain, notes and leases."""

from activities.storage.migrations.scripts import run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the functions and triggers."""
    run("0008_record.sql")
