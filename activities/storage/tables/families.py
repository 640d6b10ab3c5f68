"""Families: applications that were filed in one act, and what became of the act."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Stamp, Texts, among, filled


class Family(Base):
    """One act: who filed, for which applications, in the order of the act. All of them stand, or none is left.

    `refusal` is what who filed hears (a code, and the fields that it is about), and hears again.
    """

    __tablename__ = "family"
    __table_args__ = (
        filled("owner"),
        among("state", ("filing", "stands", "refused")),
        CheckConstraint("cardinality(numbers) > 0", name="members_some"),
        CheckConstraint("(state = 'filing') = (decided_at IS NULL)", name="decided_at_fits_state"),
        CheckConstraint("(state = 'refused') = (refusal IS NOT NULL)", name="refusal_fits_state"),
        Index("family_unsettled_idx", "state", "created_at", postgresql_where=text("state <> 'stands'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner: Mapped[str]
    numbers: Mapped[Texts]
    state: Mapped[str] = mapped_column(server_default="filing")
    refusal: Mapped[dict[str, Any] | None]
    created_at: Mapped[Stamp]
    decided_at: Mapped[datetime | None]
