"""What happened to those who wait for a seat."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Blank, Stamp, among

STEPS = ("joined", "offered", "skipped", "refused", "lapsed", "revoked", "taken", "left", "dropped")


class WaitingStep(Base):
    """One step of an entry of the waiting list, and why. Append-only.

    A step without an entry is of a seat that nobody could be offered, and so of all who waited for its day.
    """

    __tablename__ = "waiting_step"
    __table_args__ = (
        among("what", STEPS),
        CheckConstraint("what <> 'skipped' OR why <> ''", name="skipped_for_a_reason"),
        CheckConstraint("waiting_id IS NOT NULL OR slot_id IS NOT NULL", name="of_somebody"),
        UniqueConstraint("key"),
        Index("waiting_step_waiting_id_idx", "waiting_id", "id"),
        Index("waiting_step_for_all_idx", "slot_id", "at", postgresql_where=text("waiting_id IS NULL")),
        # However often one seat passes by one person for one reason, it is said once.
        Index(
            "waiting_step_skipped_once",
            "waiting_id",
            "slot_id",
            "why",
            unique=True,
            postgresql_where=text("what = 'skipped'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    waiting_id: Mapped[UUID | None] = mapped_column(ForeignKey("paspor.waiting.id"))
    slot_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("paspor.slot.id"))
    what: Mapped[str]
    why: Mapped[Blank]
    key: Mapped[str | None]
    at: Mapped[Stamp]
