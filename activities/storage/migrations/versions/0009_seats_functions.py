"""Taking, confirming and freeing seats."""

from activities.storage.migrations.scripts import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the functions and triggers."""
    run("0009_seats.sql")
