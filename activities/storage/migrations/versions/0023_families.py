"""Families: applications filed in one act, their seats together or not at all, and the rule of how many."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from activities.storage.migrations.scripts import run

revision = "0023"
down_revision = "0022"

M_PASPOR = "M-Paspor, Directorate General of Immigration (up to five people an account)"


def upgrade() -> None:
    """Make the table and the functions, enter the rule."""
    op.create_table(
        "family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("numbers", ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="filing", nullable=False),
        sa.Column("refusal", JSONB(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("owner ~ '[^ ]'", name=op.f("family_owner_filled_check")),
        sa.CheckConstraint("cardinality(numbers) > 0", name=op.f("family_members_some_check")),
        sa.CheckConstraint("state IN ('filing', 'stands', 'refused')", name=op.f("family_state_known_check")),
        sa.CheckConstraint(
            "(state = 'filing') = (decided_at IS NULL)", name=op.f("family_decided_at_fits_state_check")
        ),
        sa.CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name=op.f("family_refusal_fits_state_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("family_pkey")),
        schema="paspor",
    )
    op.create_index(
        "family_unsettled_idx",
        "family",
        ["state", "created_at"],
        schema="paspor",
        postgresql_where=sa.text("state <> 'stands'"),
    )
    run("0023_families.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema="paspor",
    )
    value = {"most": 5, "adjacent_slots": 1, "filing_minutes": 15}
    op.bulk_insert(rule, [{"name": "family", "effective_from": date(2023, 1, 10), "value": value, "source": M_PASPOR}])
