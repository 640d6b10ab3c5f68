"""Public holidays and joint leave, as far as decrees are known; later years and decrees are rows to be added."""

import holidays
import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

YEARS = range(2022, 2028)
KINDS = {"government": "joint_leave", "public": "holiday"}  # a day that is both is a holiday


def upgrade() -> None:
    """Enter the days."""
    days = {}
    for category, kind in KINDS.items():
        found = holidays.country_holidays("ID", years=YEARS, categories=(category,), language="id")
        days.update({day: {"day": day, "kind": kind, "name": name} for day, name in found.items()})
    calendar_day = sa.table(
        "calendar_day",
        sa.column("day", sa.Date),
        sa.column("kind", sa.Text),
        sa.column("name", sa.Text),
        schema="paspor",
    )
    op.bulk_insert(calendar_day, [days[day] for day in sorted(days)])
