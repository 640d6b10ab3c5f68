"""Booklets, printers, and codes of other systems."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "printer",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="up", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_by", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state = 'up' OR reason ~ '[^ ]'", name=op.f("printer_down_for_a_reason_check")),
        sa.CheckConstraint("state IN ('up', 'down')", name=op.f("printer_state_known_check")),
        sa.CheckConstraint("uri ~ '^(ipps?|https?)://'", name=op.f("printer_uri_form_check")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("printer_office_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("printer_pkey")),
        schema="paspor",
    )
    op.create_index(op.f("printer_office_idx"), "printer", ["office"], unique=False, schema="paspor")
    op.create_table(
        "bill",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("code ~ '[^ ]'", name=op.f("bill_code_filled_check")),
        sa.CheckConstraint("amount > 0", name=op.f("bill_amount_positive_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("bill_number_fkey")),
        sa.PrimaryKeyConstraint("code", name=op.f("bill_pkey")),
        schema="paspor",
    )
    op.create_index(op.f("bill_number_idx"), "bill", ["number"], unique=False, schema="paspor")
    op.create_table(
        "booklet",
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="stock", nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("attempt", sa.SmallInteger(), nullable=True),
        sa.Column("allocation_key", sa.Text(), nullable=True),
        sa.Column("settlement_key", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("serial ~ '^[A-Z][0-9]{7}$'", name=op.f("booklet_serial_form_check")),
        sa.CheckConstraint("state <> 'stock' OR number IS NULL", name=op.f("booklet_stock_is_free_check")),
        sa.CheckConstraint(
            "state IN ('stock', 'allocated', 'used', 'spoiled', 'cancelled')", name=op.f("booklet_state_known_check")
        ),
        sa.CheckConstraint(
            "state NOT IN ('allocated', 'used') OR number IS NOT NULL", name=op.f("booklet_bound_to_case_check")
        ),
        sa.CheckConstraint("(number IS NULL) = (allocation_key IS NULL)", name=op.f("booklet_key_of_case_check")),
        sa.CheckConstraint("(number IS NULL) = (attempt IS NULL)", name=op.f("booklet_attempt_of_case_check")),
        sa.CheckConstraint("attempt > 0", name=op.f("booklet_attempt_counts_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("booklet_number_fkey")),
        sa.ForeignKeyConstraint(["office"], ["paspor.office.id"], name=op.f("booklet_office_fkey")),
        sa.PrimaryKeyConstraint("serial", name=op.f("booklet_pkey")),
        sa.UniqueConstraint("allocation_key", name=op.f("booklet_allocation_key_key")),
        schema="paspor",
    )
    op.create_index(
        "booklet_one_allocated",
        "booklet",
        ["number"],
        unique=True,
        schema="paspor",
        postgresql_where=sa.text("state = 'allocated'"),
    )
    op.create_index(
        "booklet_stock_idx",
        "booklet",
        ["office", "serial"],
        unique=False,
        schema="paspor",
        postgresql_where=sa.text("state = 'stock'"),
    )
    op.create_table(
        "print_attempt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("printer", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("job_uuid", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="started", nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "changed_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "state <> 'submitted' OR job_id IS NOT NULL", name=op.f("print_attempt_submitted_has_job_check")
        ),
        sa.CheckConstraint(
            "state IN ('started', 'submitted', 'printed', 'aborted', 'unknown')",
            name=op.f("print_attempt_state_known_check"),
        ),
        sa.CheckConstraint("job_id > 0", name=op.f("print_attempt_job_id_counts_check")),
        sa.ForeignKeyConstraint(["printer"], ["paspor.printer.id"], name=op.f("print_attempt_printer_fkey")),
        sa.PrimaryKeyConstraint("key", name=op.f("print_attempt_pkey")),
        schema="paspor",
    )
    op.create_table(
        "search",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("request_id ~ '[^ ]'", name=op.f("search_request_id_filled_check")),
        sa.ForeignKeyConstraint(["number"], ["paspor.application.number"], name=op.f("search_number_fkey")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("search_pkey")),
        schema="paspor",
    )
    op.create_index(op.f("search_number_idx"), "search", ["number"], unique=False, schema="paspor")
