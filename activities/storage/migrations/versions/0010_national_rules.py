"""The nation's rules, each from its day and with its source."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

PP_2019 = "PP 28/2019"
PP_2024 = "PP 45/2024"
AMENDMENT = "Permenkumham 18/2022 art. 2A"
REGULATION = "Permenkumham 8/2014"
M_PASPOR = "M-Paspor, Directorate General of Immigration"
HOUSE = "Setting of this installation"

SURCHARGES = {"same_day": 1_000_000, "lost": 1_000_000, "damaged": 500_000}
CHEAP = {"ordinary_5": 350_000, "electronic_5": 650_000, **SURCHARGES}
ADULT = ["id_card", "family_card", "birth_record"]
CHILD = ["parents_ids", "family_card", "birth_record", "parents_consent"]

RULES: list[tuple[str, date, dict[str, Any], str]] = [
    ("tariff", date(2019, 5, 3), CHEAP, PP_2019),
    # Ten years came at the price of five, until the new tariff.
    ("tariff", date(2022, 10, 12), {**CHEAP, "ordinary_10": 350_000, "electronic_10": 650_000}, PP_2019),
    ("tariff", date(2024, 12, 17), {**CHEAP, "ordinary_10": 650_000, "electronic_10": 950_000}, PP_2024),
    ("validity", date(2014, 3, 20), {"adult_age": 17, "adult_years": 5, "minor_years": 5}, REGULATION),
    ("validity", date(2022, 10, 12), {"adult_age": 17, "adult_years": 10, "minor_years": 5}, AMENDMENT),
    (
        "papers",
        date(2014, 3, 20),
        {
            "new_adult": ADULT,
            "replacement_adult": ["id_card", "previous_passport"],
            "new_child": CHILD,
            "replacement_child": [*CHILD, "previous_passport"],
        },
        "Permenkumham 8/2014; 19/2024 for children",
    ),
    (
        "eligibility",
        date(2022, 1, 27),
        {
            "months_left": 6,
            "walk_in_reasons": ["lost", "damaged", "data_change"],
            "same_day_reasons": ["new", "expired"],
        },
        M_PASPOR,
    ),
    ("booking", date(2022, 1, 27), {"days": 30}, HOUSE),
    ("payment", date(2022, 1, 27), {"minutes": 120}, M_PASPOR),
    ("reschedule", date(2022, 1, 27), {"times": 1, "days_before": 1}, M_PASPOR),
    ("attendance", date(2022, 1, 27), {"early_minutes": 45, "late_minutes": 15}, HOUSE),
    ("completion", date(2014, 3, 20), {"days": 30}, REGULATION),
    ("suspension", date(2014, 3, 20), {"days": 30, "most_days": 730, "default_action": "refuse"}, REGULATION),
    ("enrolment", date(2014, 3, 20), {"face_quality": 40, "finger_quality": 30, "fingers": 1}, HOUSE),
    ("matching", date(2014, 3, 20), {"poll_minutes": 30}, HOUSE),
    ("promise", date(2014, 3, 20), {"working_days": 4, "same_day_working_days": 0}, f"{REGULATION} art. 22"),
    ("collection", date(2014, 3, 20), {"months": 1}, f"{REGULATION} art. 30"),
    ("lease", date(2014, 3, 20), {"minutes": 15}, HOUSE),
]


def upgrade() -> None:
    """Enter the rules."""
    rule = sa.table(
        "rule",
        sa.column("name", sa.Text),
        sa.column("effective_from", sa.Date),
        sa.column("value", JSONB),
        sa.column("source", sa.Text),
        schema="paspor",
    )
    fields = ("name", "effective_from", "value", "source")
    rows = [dict(zip(fields, entry, strict=True)) for entry in RULES]
    op.bulk_insert(rule, rows)
