"""Sessions of people who use the pages, and what the issuer who signs them in has published."""

from datetime import datetime
from typing import Any

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


class IssuerKeys(Base):
    """The configuration and the public keys of an issuer, as it said them last."""

    __tablename__ = "issuer_keys"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    configuration: Mapped[dict[str, Any]]
    keys: Mapped[dict[str, Any]]
    asked_at: Mapped[Stamp]
