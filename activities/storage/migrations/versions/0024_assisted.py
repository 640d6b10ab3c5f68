"""Filings by institutions' operators for citizens: counted by the day, within the limits of a dated rule."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from activities.storage.migrations.scripts import run

revision = "0024"
down_revision = "0023"

HOUSE = "Setting of this installation"


def upgrade() -> None:
    """Make the tables and the function, enter the rule."""
    op.create_table(
        "assisted_filing",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("operator ~ '[^ ]'", name=op.f("assisted_filing_operator_filled_check")),
        sa.PrimaryKeyConstraint("number", name=op.f("assisted_filing_pkey")),
        schema="paspor",
    )
    op.create_index("assisted_filing_day_idx", "assisted_filing", ["day"], schema="paspor")
    op.create_table(
        "assisted_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("filings", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.CheckConstraint("scope IN ('operator', 'institution')", name=op.f("assisted_day_scope_known_check")),
        sa.CheckConstraint("filings > 0 AND filings <= most", name=op.f("assisted_day_within_limit_check")),
        sa.PrimaryKeyConstraint("day", "scope", "who", name=op.f("assisted_day_pkey")),
        schema="paspor",
    )
    run("0024_assisted.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema="paspor",
    )
    value = {"operator_filings": 40, "institution_filings": 200}
    op.bulk_insert(rule, [{"name": "assistance", "effective_from": date(2022, 1, 27), "value": value, "source": HOUSE}])
