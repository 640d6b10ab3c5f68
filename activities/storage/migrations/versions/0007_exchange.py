"""Messages, repeated requests, access log, seals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("action ~ '[^ ]'", name=op.f("access_log_action_filled_check")),
        sa.CheckConstraint("actor ~ '[^ ]'", name=op.f("access_log_actor_filled_check")),
        sa.CheckConstraint("outcome ~ '[^ ]'", name=op.f("access_log_outcome_filled_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("access_log_pkey")),
        schema="paspor",
    )
    op.create_index("access_log_actor_idx", "access_log", ["actor", "id"], unique=False, schema="paspor")
    op.create_index("access_log_number_idx", "access_log", ["number", "id"], unique=False, schema="paspor")
    op.create_table(
        "idempotent_request",
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status IS NULL) = (body IS NULL)", name=op.f("idempotent_request_body_fits_end_check")),
        sa.CheckConstraint(
            "(status IS NULL) = (finished_at IS NULL)", name=op.f("idempotent_request_status_fits_end_check")
        ),
        sa.CheckConstraint("status BETWEEN 200 AND 499", name=op.f("idempotent_request_status_final_check")),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("idempotent_request_pkey")),
        schema="paspor",
    )
    op.create_index(
        "idempotent_request_started_at_idx", "idempotent_request", ["started_at"], unique=False, schema="paspor"
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left_over", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(left_over_at IS NULL) = (left_over = '')", name=op.f("inbox_left_over_for_a_reason_check")
        ),
        sa.CheckConstraint("jsonb_typeof(body) = 'object'", name=op.f("inbox_body_object_check")),
        sa.CheckConstraint("sender IN ('billing', 'abis')", name=op.f("inbox_sender_known_check")),
        sa.CheckConstraint("delivered_at IS NULL OR left_over_at IS NULL", name=op.f("inbox_one_fate_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("inbox_pkey")),
        sa.UniqueConstraint("sender", "message_id", name=op.f("inbox_sender_message_id_key")),
        schema="paspor",
    )
    op.create_index(
        "inbox_undelivered_idx",
        "inbox",
        ["id"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("delivered_at IS NULL AND left_over_at IS NULL"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("workflow_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("topic ~ '[^ ]'", name=op.f("outbox_topic_filled_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("outbox_pkey")),
        sa.UniqueConstraint("key", name=op.f("outbox_key_key")),
        schema="paspor",
    )
    op.create_index(
        "outbox_unsent_idx",
        "outbox",
        ["id"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("sent_at IS NULL"),
    )
    op.create_table(
        "seal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("from_xact", sa.BigInteger(), nullable=False),
        sa.Column("upto_xact", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("events > 0", name=op.f("seal_events_some_check")),
        sa.CheckConstraint("octet_length(root) = 32 AND octet_length(prev) = 32", name=op.f("seal_hashes_whole_check")),
        sa.CheckConstraint("upto_xact > from_xact", name=op.f("seal_range_ordered_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("seal_pkey")),
        sa.UniqueConstraint("from_xact", name=op.f("seal_from_xact_key")),
        schema="paspor",
    )
