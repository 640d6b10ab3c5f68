"""Cases: the projection that people read, the append-only record, the officers' tasks and the leases on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, BigInt, Blank, MadeId, Stamp, Texts, among, filled, pattern
from workflows.case.facts import DocumentType, Ending, Kind, ReplacementReason, Role, Service, Stage
from workflows.case.nik import NIK_FORM
from workflows.case.record import TaskStep

NUMBER_FORM = "^[A-Za-z0-9-]{4,40}$"
NIK_IN_TEXT = f"(^|[^0-9]){NIK_FORM}([^0-9]|$)"


class Application(Base):
    """One case as it stands; written by the ledger only. Who it is about lies sealed in `applicant`."""

    __tablename__ = "application"
    __table_args__ = (
        pattern("number", NUMBER_FORM),
        # A keyed hash has 32 hexadecimal digits: a NIK (16 digits) cannot land here.
        pattern("person_key", "^[0-9a-f]{32}$"),
        among("stage", Stage),
        among("ending", Ending),
        among("kind", Kind),
        among("replacement_reason", ReplacementReason),
        among("document_type", DocumentType),
        among("service", Service),
        CheckConstraint("(kind = 'replacement') OR replacement_reason IS NULL", name="reason_fits_kind"),
        CheckConstraint("validity_years BETWEEN 1 AND 10", name="validity_years_lawful"),
        CheckConstraint("ending IS NULL OR stage IN ('collected', 'ended')", name="ending_fits_stage"),
        CheckConstraint("(ending IS NULL) = (ended_at IS NULL)", name="ended_at_fits_ending"),
        CheckConstraint("ending IS NULL OR NOT bookable", name="ended_not_bookable"),
        CheckConstraint("ended_at >= created_at", name="ended_after_created"),
        CheckConstraint("version >= 0", name="version_counts"),
        CheckConstraint("jsonb_typeof(view) = 'object'", name="view_object"),
        CheckConstraint("octet_length(applicant) > 28", name="applicant_sealed"),
        Index("application_one_live", "person_key", unique=True, postgresql_where=text("ending IS NULL")),
        Index("application_live_idx", "stage", "office", "due_at", postgresql_where=text("ending IS NULL")),
        Index("application_office_stage_idx", "office", "stage"),
        Index("application_created_at_idx", "created_at"),
        Index("application_owner_idx", "owner"),
        Index("application_family_idx", "family", postgresql_where=text("family IS NOT NULL")),
    )

    number: Mapped[str] = mapped_column(primary_key=True)
    person_key: Mapped[str]
    filing_key: Mapped[str] = mapped_column(unique=True)
    owner: Mapped[str]
    workflow_id: Mapped[str]
    run_id: Mapped[Blank]
    office: Mapped[str | None] = mapped_column(ForeignKey("paspor.office.id"))
    kind: Mapped[str]
    replacement_reason: Mapped[str | None]
    document_type: Mapped[str]
    validity_years: Mapped[int] = mapped_column(SmallInteger)
    service: Mapped[str]
    stage: Mapped[str]
    ending: Mapped[str | None]
    bookable: Mapped[bool]
    version: Mapped[int]
    view: Mapped[dict[str, Any]]
    applicant: Mapped[bytes]
    created_at: Mapped[Stamp]
    updated_at: Mapped[Stamp]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    family: Mapped[UUID | None]


class CaseEvent(Base):
    """Who did what in a case. Append-only; a trigger sets `seq`, `prev` and `hash` (a chain for each case)."""

    __tablename__ = "case_event"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_counts"),
        pattern("action", "^[a-z0-9_]+(\\.[a-z0-9_]+)*$"),
        among("stage", Stage),
        among("role", Role),
        filled("actor"),
        CheckConstraint(f"reason !~ '{NIK_IN_TEXT}'", name="reason_without_nik"),
        # Text, since it is hashed as it stands: jsonb would put the keys in another order.
        CheckConstraint("jsonb_typeof(details::jsonb) = 'object'", name="details_object"),
        CheckConstraint("octet_length(prev) = 32 AND octet_length(hash) = 32", name="hashes_whole"),
        UniqueConstraint("key"),
        Index("case_event_recorded_at_idx", "recorded_at"),
        Index("case_event_actor_idx", "actor"),
        Index("case_event_xact_idx", "xact"),
    )

    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=FetchedValue())
    key: Mapped[str]
    at: Mapped[datetime]
    action: Mapped[str]
    stage: Mapped[str]
    outcome: Mapped[Blank]
    actor: Mapped[str]
    role: Mapped[str]
    office: Mapped[Blank]
    reason: Mapped[Blank]
    rule: Mapped[Blank]
    details: Mapped[str] = mapped_column(server_default="{}")
    recorded_at: Mapped[datetime]
    xact: Mapped[BigInt]
    prev: Mapped[bytes]
    hash: Mapped[bytes]


class Lease(Base):
    """An officer's right to decide on the tasks of these steps in one case, until `until`."""

    __tablename__ = "lease"
    __table_args__ = (
        filled("officer"),
        CheckConstraint("cardinality(steps) > 0", name="steps_some"),
        CheckConstraint("until > granted_at", name="until_after_granted"),
        CheckConstraint("ended_at >= granted_at", name="ended_after_granted"),
        Index("lease_live_idx", "number", postgresql_where=text("ended_at IS NULL")),
        Index("lease_ended_idx", "office", "ended_at", postgresql_where=text("ended_at IS NOT NULL")),
        Index("lease_reason_idx", "granted_at", postgresql_where=text("reason <> ''")),
        # "Give me the next one" asked twice under one key is one lease.
        Index("lease_one_a_request", "officer", "request", unique=True, postgresql_where=text("request <> ''")),
    )

    id: Mapped[MadeId]
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    office: Mapped[str]
    steps: Mapped[Texts]
    officer: Mapped[str]
    counter: Mapped[Blank]
    reason: Mapped[Blank]
    request: Mapped[Blank]
    granted_at: Mapped[Stamp]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Task(Base):
    """Work that waits for an officer. Who holds it stands in the row itself: a lock on the row re-checks it."""

    __tablename__ = "task"
    __table_args__ = (
        among("step", TaskStep),
        among("role", Role),
        among("state", ("open", "done")),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at_fits_state"),
        CheckConstraint("(owner IS NULL) = (lease_id IS NULL)", name="owner_has_lease"),
        CheckConstraint("(owner IS NULL) = (lease_until IS NULL)", name="owner_has_end"),
        CheckConstraint("state = 'open' OR owner IS NULL", name="done_is_free"),
        # Four eyes: who is barred never holds the task, whoever writes the row.
        CheckConstraint("owner IS NULL OR NOT owner = ANY (barred)", name="owner_not_barred"),
        UniqueConstraint("key"),
        Index("task_open_idx", "office", "step", "since", postgresql_where=text("state = 'open'")),
        Index("task_number_idx", "number"),
    )

    id: Mapped[MadeId]
    key: Mapped[str]
    number: Mapped[str] = mapped_column(ForeignKey("paspor.application.number"))
    step: Mapped[str]
    role: Mapped[str]
    office: Mapped[str]
    since: Mapped[datetime]
    due_at: Mapped[datetime | None]
    barred: Mapped[Texts] = mapped_column(server_default="{}")
    state: Mapped[str] = mapped_column(server_default="open")
    done_at: Mapped[datetime | None]
    owner: Mapped[str | None]
    lease_id: Mapped[UUID | None] = mapped_column(ForeignKey("paspor.lease.id"))
    lease_until: Mapped[datetime | None]
