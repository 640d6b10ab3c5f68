"""Open cases by stage, office and due time: what the watch counts every few seconds, without reading the cases."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "application_live_idx",
        "application",
        ["stage", "office", "due_at"],
        schema="paspor",
        postgresql_where=sa.text("ending IS NULL"),
    )
