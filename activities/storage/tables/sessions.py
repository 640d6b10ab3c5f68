"""Sessions of people who use the pages."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from activities.storage.tables.base import Base, Stamp, filled, pattern


class Session(Base):
    """Somebody signed in at a browser. The id itself is in the browser only, here is its hash.

    `content` says who it is, sealed for this row.
    """

    __tablename__ = "session"
    __table_args__ = (
        pattern("id_hash", "^[0-9a-f]{64}$"),
        filled("subject"),
        CheckConstraint("octet_length(content) > 28", name="content_sealed"),
        CheckConstraint("expires_at > created_at", name="expires_after_created"),
        Index("session_expires_at_idx", "expires_at"),
    )

    id_hash: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    content: Mapped[bytes]
    created_at: Mapped[Stamp]
    seen_at: Mapped[Stamp]
    expires_at: Mapped[datetime]
