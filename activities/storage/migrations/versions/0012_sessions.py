"""Sessions of people who use the pages."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the table."""
    now = sa.text("clock_timestamp()")
    op.create_table(
        "session",
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("draft", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=now, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id_hash ~ '^[0-9a-f]{64}$'", name=op.f("session_id_hash_form_check")),
        sa.CheckConstraint("subject ~ '[^ ]'", name=op.f("session_subject_filled_check")),
        sa.CheckConstraint("octet_length(content) > 28", name=op.f("session_content_sealed_check")),
        sa.CheckConstraint("octet_length(draft) > 28", name=op.f("session_draft_sealed_check")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("session_expires_after_created_check")),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("session_pkey")),
        schema="paspor",
    )
    op.create_index("session_expires_at_idx", "session", ["expires_at"], unique=False, schema="paspor")
