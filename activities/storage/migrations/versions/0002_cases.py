# ruff: noqa: E501 - as Alembic rendered it
"""Cases and their record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "application",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("filing_key", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("replacement_reason", sa.Text(), nullable=True),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("validity_years", sa.SmallInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.Column("bookable", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("view", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("applicant", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'replacement') OR replacement_reason IS NULL", name=op.f("application_reason_fits_kind_check")
        ),
        sa.CheckConstraint(
            "document_type IN ('ordinary', 'electronic')", name=op.f("application_document_type_known_check")
        ),
        sa.CheckConstraint(
            "ending IN ('collected', 'lapsed_unpaid', 'no_show', 'withdrawn', 'refused', 'incomplete', 'uncollected', 'cancelled', 'not_accepted')",
            name=op.f("application_ending_known_check"),
        ),
        sa.CheckConstraint(
            "ending IS NULL OR stage IN ('collected', 'ended')", name=op.f("application_ending_fits_stage_check")
        ),
        sa.CheckConstraint("jsonb_typeof(view) = 'object'", name=op.f("application_view_object_check")),
        sa.CheckConstraint("kind IN ('new', 'replacement')", name=op.f("application_kind_known_check")),
        sa.CheckConstraint("number ~ '^[A-Za-z0-9-]{4,40}$'", name=op.f("application_number_form_check")),
        sa.CheckConstraint("person_key ~ '^[0-9a-f]{32}$'", name=op.f("application_person_key_form_check")),
        sa.CheckConstraint(
            "replacement_reason IN ('expired', 'pages_full', 'lost', 'damaged', 'data_change')",
            name=op.f("application_replacement_reason_known_check"),
        ),
        sa.CheckConstraint("service IN ('regular', 'same_day')", name=op.f("application_service_known_check")),
        sa.CheckConstraint(
            "stage IN ('filed', 'booked', 'paid', 'checked_in', 'documents_examined', 'interviewed', 'enrolled', 'verified', 'adjudication', 'approved', 'printing', 'quality_checked', 'ready', 'collected', 'on_hold', 'ended')",
            name=op.f("application_stage_known_check"),
        ),
        sa.CheckConstraint(
            "(ending IS NULL) = (ended_at IS NULL)", name=op.f("application_ended_at_fits_ending_check")
        ),
        sa.CheckConstraint("ended_at >= created_at", name=op.f("application_ended_after_created_check")),
        sa.CheckConstraint("ending IS NULL OR NOT bookable", name=op.f("application_ended_not_bookable_check")),
        sa.CheckConstraint("octet_length(applicant) > 28", name=op.f("application_applicant_sealed_check")),
        sa.CheckConstraint("validity_years BETWEEN 1 AND 10", name=op.f("application_validity_years_lawful_check")),
        sa.CheckConstraint("version >= 0", name=op.f("application_version_counts_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("application_office_fkey")),
        sa.PrimaryKeyConstraint("number", name=op.f("application_pkey")),
        sa.UniqueConstraint("filing_key", name=op.f("application_filing_key_key")),
        schema="paspor",
    )
    op.create_index("application_created_at_idx", "application", ["created_at"], unique=False, schema="paspor")
    op.create_index("application_office_stage_idx", "application", ["office", "stage"], unique=False, schema="paspor")
    op.create_index(
        "application_one_live",
        "application",
        ["person_key"],
        unique=True,
        schema="paspor",
        postgresql_where=sa.text("ending IS NULL"),
    )
    op.create_index("application_owner_idx", "application", ["owner"], unique=False, schema="paspor")
    op.create_table(
        "case_event",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.FetchedValue(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.Column("details", sa.Text(), server_default="{}", nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("action ~ '^[a-z0-9_]+(\\.[a-z0-9_]+)*$'", name=op.f("case_event_action_form_check")),
        sa.CheckConstraint("actor ~ '[^ ]'", name=op.f("case_event_actor_filled_check")),
        sa.CheckConstraint("jsonb_typeof(details::jsonb) = 'object'", name=op.f("case_event_details_object_check")),
        sa.CheckConstraint(
            "reason !~ '(^|[^0-9])[1-9][0-9]{5}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}([^0-9]|$)'",
            name=op.f("case_event_reason_without_nik_check"),
        ),
        sa.CheckConstraint(
            "role IN ('applicant', 'examiner', 'interviewer', 'adjudicator', 'printer', 'inspector', 'handover', 'supervisor', 'head', 'assistant', 'auditor', 'kiosk', 'board', 'system')",
            name=op.f("case_event_role_known_check"),
        ),
        sa.CheckConstraint(
            "stage IN ('filed', 'booked', 'paid', 'checked_in', 'documents_examined', 'interviewed', 'enrolled', 'verified', 'adjudication', 'approved', 'printing', 'quality_checked', 'ready', 'collected', 'on_hold', 'ended')",
            name=op.f("case_event_stage_known_check"),
        ),
        sa.CheckConstraint(
            "octet_length(prev) = 32 AND octet_length(hash) = 32", name=op.f("case_event_hashes_whole_check")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("case_event_seq_counts_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("case_event_number_fkey")),
        sa.PrimaryKeyConstraint("number", "seq", name=op.f("case_event_pkey")),
        sa.UniqueConstraint("key", name=op.f("case_event_key_key")),
        schema="paspor",
    )
    op.create_index("case_event_actor_idx", "case_event", ["actor"], unique=False, schema="paspor")
    op.create_index("case_event_recorded_at_idx", "case_event", ["recorded_at"], unique=False, schema="paspor")
    op.create_index("case_event_xact_idx", "case_event", ["xact"], unique=False, schema="paspor")
