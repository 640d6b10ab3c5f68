"""A lease knows its request; reasons hold no NIK; who has left waits no more; two settings become dated rules."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from activities.storage.migrations.scripts import run

revision = "0014"
down_revision = "0013"

SINCE, HOUSE = date(2014, 3, 20), "Setting of this installation"
RULES = {
    # How long a seat is held after its bill is due: the case's own timer is the punctual one.
    "hold": {"grace_minutes": 15},
    # Before there is a pace of today at an office: minutes a person at one counter (about 60 people a day at a booth).
    "queue": {"usual_minutes": 7, "few_calls": 5},
}


def upgrade() -> None:
    """Add the column, change the functions, enter the rules."""
    op.add_column("lease", sa.Column("request", sa.Text(), server_default="", nullable=False), schema="paspor")
    op.create_index(
        "lease_one_a_request",
        "lease",
        ["officer", "request"],
        unique=True,
        schema="paspor",
        postgresql_where=sa.text("request <> ''"),
    )
    run("0014_leases_by_request.sql")
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema="paspor",
    )
    rows = [{"name": name, "effective_from": SINCE, "value": value, "source": HOUSE} for name, value in RULES.items()]
    op.bulk_insert(rule, rows)
