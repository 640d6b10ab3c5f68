"""Under which reference the matcher knows the person of a case, and the portrait that was captured."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns; searches from before have neither."""
    for column in ("reference_id", "portrait"):
        op.add_column("search", sa.Column(column, sa.Text(), server_default="", nullable=False), schema="paspor")
    form = "portrait ~ '^([0-9a-f]{64})?$'"
    op.create_check_constraint(op.f("search_portrait_form_check"), "search", form, schema="paspor")
    op.create_index(
        "search_reference_idx",
        "search",
        ["reference_id"],
        schema="paspor",
        postgresql_where=sa.text("reference_id <> ''"),
    )
