# ruff: noqa: E501 - as Alembic rendered it
"""Tasks of officers, and leases on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "lease",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("steps", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False),
        sa.Column("counter", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "granted_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("officer ~ '[^ ]'", name=op.f("lease_officer_filled_check")),
        sa.CheckConstraint("cardinality(steps) > 0", name=op.f("lease_steps_some_check")),
        sa.CheckConstraint("ended_at >= granted_at", name=op.f("lease_ended_after_granted_check")),
        sa.CheckConstraint("until > granted_at", name=op.f("lease_until_after_granted_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("lease_number_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("lease_pkey")),
        schema="paspor",
    )
    op.create_index(
        "lease_live_idx",
        "lease",
        ["number"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "lease_reason_idx",
        "lease",
        ["granted_at"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("reason <> ''"),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("barred", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_id", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name=op.f("task_done_at_fits_state_check")),
        sa.CheckConstraint(
            "role IN ('applicant', 'examiner', 'interviewer', 'adjudicator', 'printer', 'inspector', 'handover', 'supervisor', 'head', 'assistant', 'auditor', 'kiosk', 'board', 'system')",
            name=op.f("task_role_known_check"),
        ),
        sa.CheckConstraint("state = 'open' OR owner IS NULL", name=op.f("task_done_is_free_check")),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("task_state_known_check")),
        sa.CheckConstraint(
            "step IN ('documents', 'interview', 'resume', 'enrolment', 'adjudication', 'allocation', 'print_question', 'quality', 'handover')",
            name=op.f("task_step_known_check"),
        ),
        sa.CheckConstraint("(owner IS NULL) = (lease_id IS NULL)", name=op.f("task_owner_has_lease_check")),
        sa.CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name=op.f("task_owner_has_end_check")),
        sa.CheckConstraint("owner IS NULL OR NOT owner = ANY (barred)", name=op.f("task_owner_not_barred_check")),
        sa.ForeignKeyConstraint(["lease_id"], ["paspor.lease.id"], name=op.f("task_lease_id_fkey")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("task_number_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("task_pkey")),
        sa.UniqueConstraint("key", name=op.f("task_key_key")),
        schema="paspor",
    )
    op.create_index("task_number_idx", "task", ["number"], unique=False, schema="paspor")
    op.create_index(
        "task_open_idx",
        "task",
        ["office", "step", "since"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state = 'open'"),
    )
